//! The difference between two states of a source.

use jiff::civil::Date;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Lang, Severity, date, severities::Severities};

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

/// An error that has another code now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rename {
    /// The entry before.
    pub from: Key,
    /// The entry now.
    pub to: Key,
}

/// One changed cell of one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// `status`, `code`, `message`, `description`, `solution`, `group`, or the header of another column.
    pub field: String,
    /// The page; `None` for what both pages share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// The text before; a digest where it is not published.
    pub old: String,
    /// The text now; a digest where it is not published.
    pub new: String,
    /// The severity of this edit.
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
    /// The highest severity of its edits.
    pub severity: Severity,
    /// Each change, zh before en.
    pub edits: Vec<Edit>,
}

/// An entry that is in another table now.
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

/// A column that a table of one page gained or lost: most of its cells are filled on one side and none on the other. The
/// edits of the cells are in [`Drift::changed`] as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnChange {
    /// The title of the table as it is now.
    pub table: String,
    /// The page.
    pub lang: Lang,
    /// `status`, `message`, `description`, `solution`, `group`, or the header of another column.
    pub column: String,
    /// Whether the column was gained; otherwise it was lost.
    pub gained: bool,
    /// The highest severity of its edits.
    pub severity: Severity,
}

impl ColumnChange {
    /// Whether an edit of an entry in `table` is one cell of this.
    pub fn covers(&self, table: &str, edit: &Edit) -> bool {
        // A status that both pages print is one edit for both.
        edit.lang.is_none_or(|lang| lang == self.lang)
            && self.column == edit.field
            && self.table == table
            && is_turned(self.gained, edit)
    }
}

/// A language that the source gained or lost. The edits of the cells are in [`Drift::changed`] as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageChange {
    /// Which language.
    pub lang: Lang,
    /// Whether it was gained; otherwise it was lost.
    pub gained: bool,
    /// The highest severity of its edits.
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

/// An added error that an earlier snapshot had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// The entry; it is among [`Drift::added`] as well.
    #[serde(flatten)]
    pub key: Key,
    /// The date of the first snapshot without it.
    #[serde(deserialize_with = "date::deserialize")]
    pub removed_on: Date,
}

/// What changed between two states of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// New errors.
    pub added: Vec<Key>,
    /// Removed errors.
    pub removed: Vec<Key>,
    /// The same errors under other codes.
    pub renamed: Vec<Rename>,
    /// The same errors with other texts or statuses.
    pub changed: Vec<Change>,
    /// The same errors in other tables.
    pub moved: Vec<Move>,
    /// Gained and lost columns.
    #[serde(default)]
    pub columns: Vec<ColumnChange>,
    /// Gained and lost languages.
    #[serde(default)]
    pub languages: Vec<LanguageChange>,
    /// The added errors that an earlier snapshot had.
    #[serde(default)]
    pub returned: Vec<Return>,
    /// The severities of this source, where sources.toml changes the default. Edits, columns and languages have their
    /// own severity.
    #[serde(default, skip_serializing_if = "Severities::is_default")]
    pub severities: Severities,
    /// The highest severity of all.
    pub severity: Severity,
}

impl Drift {
    /// Whether an edit of an entry in `table` is part of a change of a whole column or language.
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

/// Removals of one source that more runs have to find before they are published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRemovals {
    /// The ids of the removed entries.
    pub removed: BTreeSet<String>,
    /// The number of successive runs that found exactly these removed.
    pub runs: u64,
}
