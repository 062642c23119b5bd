use serde::{Deserialize, Serialize};

use crate::Lang;

/// How grave a drift is for those who program against the API, the least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing changed.
    #[default]
    None,
    /// Only white space, punctuation width or letter case changed.
    Cosmetic,
    /// A description, solution or other column was reworded.
    Editorial,
    /// A wire message was reworded.
    Wording,
    /// A code was added.
    Added,
    /// A code was removed or renamed, a status or the placeholders of a wire message changed.
    Breaking,
}

impl Severity {
    /// The name used in files, options and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::None => "none",
            Severity::Cosmetic => "cosmetic",
            Severity::Editorial => "editorial",
            Severity::Wording => "wording",
            Severity::Added => "added",
            Severity::Breaking => "breaking",
        }
    }
}

/// Names an entry in a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The HTTP status as printed.
    pub status: String,
    /// The error code as printed.
    pub code: String,
    /// The title of its table.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub table: String,
    /// The entry's id, where it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
}

/// The same error under another code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rename {
    /// What it was.
    pub from: Key,
    /// What it is now.
    pub to: Key,
}

/// One cell of one language that reads otherwise now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// `status`, `code`, `message`, `description`, `solution`, `group`, or the header of another column.
    pub field: String,
    /// Whose page; `None` for what both pages share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// The text before; a digest where it is not published.
    pub old: String,
    /// The text now; a digest where it is not published.
    pub new: String,
    /// How grave this edit is.
    pub severity: Severity,
}

/// An entry whose cells changed while it stayed the same error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The entry, with its status as it is now.
    #[serde(flatten)]
    pub key: Key,
    /// The fields that changed in either language, each once.
    pub fields: Vec<String>,
    /// The gravest of its edits.
    pub severity: Severity,
    /// Each change, zh before en.
    pub edits: Vec<Edit>,
}

/// An entry that stands in another table now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The HTTP status as printed.
    pub status: String,
    /// The error code as printed.
    pub code: String,
    /// The title of the table it was in.
    pub from: String,
    /// The title of the table it is in now.
    pub to: String,
}

/// What changed between two states of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Errors that were not there.
    pub added: Vec<Key>,
    /// Errors that are gone.
    pub removed: Vec<Key>,
    /// The same errors under other codes.
    pub renamed: Vec<Rename>,
    /// The same errors with other texts or statuses.
    pub changed: Vec<Change>,
    /// The same errors in other tables.
    pub moved: Vec<Move>,
    /// The gravest of all.
    pub severity: Severity,
}

impl Drift {
    /// Whether nothing changed at all.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.renamed.is_empty()
            && self.changed.is_empty()
            && self.moved.is_empty()
    }
}
