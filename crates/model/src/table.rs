use serde::{Deserialize, Serialize};

use crate::{Lang, Trace};

/// What a column of an error table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The HTTP status as the page prints it.
    Status,
    /// The error code: the key.
    Code,
    /// The wire message that the API answers with.
    Message,
    /// What the error means, for people.
    Description,
    /// What to do about it.
    Solution,
    /// The module, category or product that the error belongs to.
    Group,
    /// Anything else; kept as an extra under its header.
    Other,
}

impl Role {
    /// All roles, in the order of an entry's fields.
    pub const ALL: [Role; 7] =
        [Role::Status, Role::Code, Role::Message, Role::Description, Role::Solution, Role::Group, Role::Other];

    /// Returns the name used in answers and in `sources.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Status => "status",
            Role::Code => "code",
            Role::Message => "message",
            Role::Description => "description",
            Role::Solution => "solution",
            Role::Group => "group",
            Role::Other => "other",
        }
    }
}

/// The document shape a page was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// HTML.
    Html,
    /// Markdown, with or without HTML tables inside.
    Markdown,
    /// reStructuredText.
    Rst,
    /// `AsciiDoc`.
    Asciidoc,
    /// Text of a page whose markup is lost.
    Text,
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

/// What a warning is about; the guard acts on some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningKind {
    /// The body has no visible text.
    Empty,
    /// The body is no text at all.
    Binary,
    /// There is text, but no error table.
    NoTable,
    /// The page ends in the middle: cut while saving or sending.
    Truncated,
    /// The page is written in another language than it was asked in.
    WrongLanguage,
    /// A page that stands for the real one: a login form, a captcha, a notice that scripts are needed.
    Wall,
    /// Bytes that its charset does not know were replaced.
    Charset,
    /// The page holds the same tables twice.
    Doubled,
    /// A row whose cells could not be told for sure.
    UncertainRow,
    /// The page is nested or spanned beyond what is read.
    TooDeep,
    /// The server says that the page has another address for good.
    Moved,
}

impl WarningKind {
    /// The name used in answers and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            WarningKind::Empty => "empty",
            WarningKind::Binary => "binary",
            WarningKind::NoTable => "no-table",
            WarningKind::Truncated => "truncated",
            WarningKind::WrongLanguage => "wrong-language",
            WarningKind::Wall => "wall",
            WarningKind::Charset => "charset",
            WarningKind::Doubled => "doubled",
            WarningKind::UncertainRow => "uncertain-row",
            WarningKind::TooDeep => "too-deep",
            WarningKind::Moved => "moved",
        }
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

/// A table of the page that is no error table, for people who wonder where it went.
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
    /// The vendor, told from the URL or the markup.
    pub vendor: Option<String>,
    /// The page's title.
    pub title: Option<String>,
    /// The language of the text, where enough of it tells.
    pub lang: Option<Lang>,
    /// The page's own date stamp, as `YYYY-MM-DD`.
    pub updated_on: Option<String>,
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
    /// How it came to that.
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
