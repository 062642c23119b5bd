use crate::{Role, Vendor};

/// What a page is read by, beside what every page is read by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadRules {
    /// The known vendors.
    pub vendors: Vec<Vendor>,
    /// The hints of the page's source.
    pub hints: ReadHints,
}

/// A maintainer's hints for the pages of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadHints {
    /// A CSS selector of the part of the page that is read.
    pub within: Option<String>,
    /// Titles or headers (cells joined by ` | `) of tables to take whatever their score.
    pub tables: Vec<String>,
    /// Titles or headers of tables never to take.
    pub skip: Vec<String>,
    /// Header words and the roles of their columns, in file order.
    pub columns: Vec<(String, Role)>,
}
