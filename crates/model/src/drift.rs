use serde::{Deserialize, Serialize};

use crate::{Lang, Severities, Severity};

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

/// A column that a table of one page has now and had not before, or the other way round: what filled most of its cells
/// on one side and none on the other. The cells' edits are in [`Drift::changed`] as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnChange {
    /// The title of the table as it is now.
    pub table: String,
    /// Whose page.
    pub lang: Lang,
    /// `status`, `message`, `description`, `solution`, `group`, or the header of another column.
    pub column: String,
    /// Whether the column came; else it went.
    pub gained: bool,
    /// How grave: as its gravest edit.
    pub severity: Severity,
}

impl ColumnChange {
    /// Whether an edit of an entry in `table` is one cell of this.
    pub fn covers(&self, table: &str, edit: &Edit) -> bool {
        // A status that both pages print is told once for both.
        edit.lang.is_none_or(|lang| lang == self.lang)
            && self.column == edit.field
            && self.table == table
            && is_turned(self.gained, edit)
    }
}

/// A language that the source has now and had not before, or the other way round. The cells' edits are in
/// [`Drift::changed`] as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageChange {
    /// Which language.
    pub lang: Lang,
    /// Whether it came; else it went.
    pub gained: bool,
    /// How grave: as its gravest edit.
    pub severity: Severity,
}

impl LanguageChange {
    /// Whether an edit is one cell of this.
    pub fn covers(&self, edit: &Edit) -> bool {
        edit.lang == Some(self.lang) && is_turned(self.gained, edit)
    }
}

fn is_turned(gained: bool, edit: &Edit) -> bool {
    if gained { edit.old.is_empty() } else { edit.new.is_empty() }
}

/// An added error that was there once before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// The entry; it is among [`Drift::added`] as well.
    #[serde(flatten)]
    pub key: Key,
    /// The date of the snapshot that lacked it first, `YYYY-MM-DD`.
    pub removed_on: String,
}

/// What changed between two states of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Errors that were not there before.
    pub added: Vec<Key>,
    /// Errors that are gone.
    pub removed: Vec<Key>,
    /// The same errors under other codes.
    pub renamed: Vec<Rename>,
    /// The same errors with other texts or statuses.
    pub changed: Vec<Change>,
    /// The same errors in other tables.
    pub moved: Vec<Move>,
    /// Columns that came or went.
    #[serde(default)]
    pub columns: Vec<ColumnChange>,
    /// Languages that came or went.
    #[serde(default)]
    pub languages: Vec<LanguageChange>,
    /// Those of the added errors that are back.
    #[serde(default)]
    pub returned: Vec<Return>,
    /// How grave each kind counts in this source, where sources.toml says otherwise than the default. Edits, columns
    /// and languages carry their severity themselves.
    #[serde(default, skip_serializing_if = "Severities::is_default")]
    pub severities: Severities,
    /// The gravest of all.
    pub severity: Severity,
}

impl Drift {
    /// Whether an edit of an entry in `table` only tells what a change of a whole column or language tells already.
    pub fn covers(&self, table: &str, edit: &Edit) -> bool {
        self.languages.iter().any(|change| change.covers(edit))
            || self.columns.iter().any(|change| change.covers(table, edit))
    }

    /// Whether nothing changed at all.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.renamed.is_empty()
            && self.changed.is_empty()
            && self.moved.is_empty()
    }
}
