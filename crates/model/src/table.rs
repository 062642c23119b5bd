//! What is read from a page.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Lang, Role, named_enum::named_enum, trace::Trace};

named_enum! {
    /// The format that a page was read as.
    pub enum Format {
        /// HTML.
        Html = "html",
        /// Markdown, with or without HTML tables inside.
        Markdown = "markdown",
        /// reStructuredText.
        Rst = "rst",
        /// `AsciiDoc`.
        Asciidoc = "asciidoc",
        /// Text of a page whose markup is lost.
        Text = "text",
    }
}

/// A table of error codes: spans expanded, the header row not among the rows, every row as wide as the header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorTable {
    /// The caption or the nearest heading above.
    pub title: Option<String>,
    /// The header cells; empty texts where the page prints no header.
    pub header: Vec<String>,
    /// The role of each column.
    pub roles: Vec<Role>,
    /// The cells, a list a row.
    pub rows: Vec<Vec<String>>,
}

impl ErrorTable {
    /// The cell of `row` in the first column of `role`; empty where there is no such column or row.
    pub fn cell(&self, row: usize, role: Role) -> &str {
        let column = self.roles.iter().position(|r| *r == role);
        column.and_then(|c| self.rows.get(row)?.get(c)).map_or("", String::as_str)
    }
}

/// A place on a page: indexes among its error tables and their rows, both from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Which error table.
    pub table: usize,
    /// Which row, or `None` for the table as a whole.
    pub row: Option<usize>,
}

named_enum! {
    /// What a warning is about; the guard acts on some of them.
    pub enum WarningKind {
        /// The body has no visible text.
        Empty = "empty",
        /// The body is no text at all.
        Binary = "binary",
        /// There is text, but no error table.
        NoTable = "no-table",
        /// The page ends in the middle: cut while saving or sending.
        Truncated = "truncated",
        /// The page is written in another language than it was asked in.
        WrongLanguage = "wrong-language",
        /// A login form, a captcha or a notice about scripts is in the page's place.
        Wall = "wall",
        /// Bytes that are invalid in its charset were replaced.
        Charset = "charset",
        /// The page holds the same tables twice.
        Doubled = "doubled",
        /// A row whose cells cannot be assigned to columns for sure.
        UncertainRow = "uncertain-row",
        /// The page is nested deeper, or its tables are larger, than is read.
        TooDeep = "too-deep",
        /// The server says that the page has a new permanent address.
        Moved = "moved",
    }
}

/// Something about a page that a person should know. Reading never fails: a malformed page is a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// Where, unless it is about the whole page.
    pub place: Option<Place>,
    /// One sentence: what was seen.
    pub detail: String,
}

impl Warning {
    /// A warning about the whole page.
    pub fn page(kind: WarningKind, detail: impl Into<String>) -> Self {
        Self { kind, place: None, detail: detail.into() }
    }
}

/// A table of the page that is not an error table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its title, as of an error table.
    pub title: Option<String>,
    /// Its header cells.
    pub header: Vec<String>,
    /// How many rows it has.
    pub rows: usize,
    /// Why it is no error table.
    pub reason: String,
}

/// All that was read from one page.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The vendor, known from the URL or the markup.
    pub vendor: Option<String>,
    /// The page's title.
    pub title: Option<String>,
    /// The language of the text, where there is enough of it.
    pub lang: Option<Lang>,
    /// The page's own date stamp.
    pub updated_on: Option<Date>,
    /// The document shape.
    pub format: Format,
    /// Whether nothing follows the last error table, in a shape whose end is not marked; `None` for HTML.
    pub ends_in_table: Option<bool>,
    /// The error tables in page order.
    pub tables: Vec<ErrorTable>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// The other tables.
    pub left_out: Vec<LeftOut>,
    /// The decisions made on the way.
    pub trace: Trace,
}

impl Reading {
    /// The number of rows in all error tables.
    pub fn row_count(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// Whether the page carries a warning of `kind`.
    pub fn warns(&self, kind: WarningKind) -> bool {
        self.warnings.iter().any(|warning| warning.kind == kind)
    }
}
