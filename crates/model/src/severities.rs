//! How grave each kind of change is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Severity, named_enum::named_enum};

named_enum! {
    /// The kinds of change whose severity sources.toml can set.
    pub enum ChangeKind {
        /// A code was removed.
        Removed = "removed",
        /// A code was renamed.
        Renamed = "renamed",
        /// The HTTP status changed.
        Status = "status",
        /// The placeholders of a wire message changed.
        Placeholders = "placeholders",
        /// A code was added.
        Added = "added",
        /// A wire message was reworded.
        Message = "message",
        /// A description was reworded.
        Description = "description",
        /// A solution was reworded.
        Solution = "solution",
        /// A module, category or product was reworded.
        Group = "group",
        /// A cell of another column was reworded, or the words around a status or code.
        Extra = "extra",
        /// An error moved to another table.
        Moved = "moved",
        /// A column was gained or lost.
        Column = "column",
        /// A language was gained or lost.
        Language = "language",
        /// Only white space, punctuation width or letter case changed.
        Cosmetic = "cosmetic",
    }
}

impl ChangeKind {
    /// Returns the default severity.
    pub fn severity(self) -> Severity {
        match self {
            ChangeKind::Removed | ChangeKind::Renamed | ChangeKind::Status | ChangeKind::Placeholders => {
                Severity::Breaking
            }
            ChangeKind::Added => Severity::Added,
            ChangeKind::Message => Severity::Wording,
            ChangeKind::Cosmetic => Severity::Cosmetic,
            _ => Severity::Editorial,
        }
    }
}

/// The severity of each kind of change, where that is not the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Severities(BTreeMap<ChangeKind, Severity>);

impl Severities {
    /// Returns the severity of a kind.
    pub fn get(&self, kind: ChangeKind) -> Severity {
        self.get_explicit(kind).unwrap_or_else(|| kind.severity())
    }

    /// Returns the severity that sources.toml gives a kind, if any.
    pub fn get_explicit(&self, kind: ChangeKind) -> Option<Severity> {
        self.0.get(&kind).copied()
    }

    /// Whether every kind has its default severity.
    pub fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns these severities, overridden by those of `more`.
    #[must_use]
    pub fn with(mut self, more: &Self) -> Self {
        self.0.extend(&more.0);
        self
    }
}

impl FromIterator<(ChangeKind, Severity)> for Severities {
    fn from_iter<I: IntoIterator<Item = (ChangeKind, Severity)>>(said: I) -> Self {
        Self(said.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{ChangeKind, Severities};
    use crate::Severity;

    #[test]
    fn names_and_files_agree() {
        for kind in ChangeKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn later_severities_override_earlier_ones() {
        let all = Severities::from_iter([(ChangeKind::Removed, Severity::Wording)]);
        let own = Severities::from_iter([(ChangeKind::Removed, Severity::Cosmetic)]);
        assert_eq!(all.get(ChangeKind::Removed), Severity::Wording);
        assert_eq!(all.get(ChangeKind::Added), Severity::Added);
        assert_eq!(all.with(&own).get(ChangeKind::Removed), Severity::Cosmetic);
    }
}
