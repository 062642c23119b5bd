//! What a page is read by.

use crate::{Role, vendor::Vendor};

/// The rules for reading a page, in addition to the general ones.
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
    /// Titles or headers (cells joined by ` | `) of tables to accept whatever their score.
    pub tables: Vec<String>,
    /// Titles or headers of tables never to accept.
    pub skip: Vec<String>,
    /// Header words and the roles of their columns, in file order.
    pub columns: Vec<(String, Role)>,
}
