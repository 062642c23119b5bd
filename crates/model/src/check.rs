//! The result of one check of the guard, as plain data. `docdrift_report` puts it into words.

use crate::{
    Lang,
    reason::{Reason, Subject, WrittenLanguage},
};

/// The result of one check of the guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name in answers, as `rows-lost`.
    pub name: &'static str,
    /// The page that it is about; `None` for what both pages share.
    pub lang: Option<Lang>,
    /// What was checked.
    pub subject: Subject,
    /// What was found.
    pub figure: Figure,
    /// What is still accepted; `None` where there is no threshold.
    pub limit: Option<Limit>,
    /// Some of the codes or tables that it is about.
    pub sample: Vec<String>,
    /// Why the page must not replace the last data; `None` where the check passed.
    pub reason: Option<Reason>,
}

impl Check {
    /// Whether nothing speaks against the page.
    pub fn has_passed(&self) -> bool {
        self.reason.is_none()
    }
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The page is there, or is a page of its own.
    Yes,
    /// It is not.
    No,
    /// No warning was found.
    NothingSeen,
    /// A login form, a captcha or the like is in the page's place.
    Wall,
    /// Nothing can be read.
    Unreadable,
    /// The page is complete.
    Whole,
    /// The page is cut.
    Cut,
    /// The text is readable.
    Readable,
    /// The text is garbled.
    Garbled,
    /// The language of the tables, where enough text tells it.
    Language(Option<WrittenLanguage>),
    /// A share of a whole, printed in percent as well.
    Share {
        /// How many.
        part: usize,
        /// Of how many.
        whole: usize,
    },
    /// Tables of all tables.
    Tables {
        /// How many.
        part: usize,
        /// Of how many.
        whole: usize,
    },
    /// So many columns are gone.
    Gone(usize),
    /// So many codes are not filled in.
    Unfilled(usize),
    /// The length of a page in bytes.
    Bytes {
        /// Now.
        new: u64,
        /// Before.
        old: u64,
    },
}

/// What a check still accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// A share in percent, or a small number whatever its share is.
    Share {
        /// The share in percent.
        percent: u64,
        /// The number.
        few: u64,
    },
    /// The same, of a single table.
    ShareOfTable {
        /// The share in percent.
        percent: u64,
        /// The number.
        few: u64,
    },
    /// A page may be shorter by this, in percent.
    Shorter(u64),
    /// The language that the page should have.
    Language(Lang),
}
