//! How much a finding weighs.

use docdrift_model::Severity;

/// The weight of a finding, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// The reader made the change; nothing drifted.
    Reader,
    /// The vendor made the change.
    Vendor(Severity),
    /// The change was kept out.
    NotTaken,
}

impl Weight {
    /// Returns the name for programs.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Weight::Reader => "reader",
            Weight::Vendor(severity) => severity.as_str(),
            Weight::NotTaken => "not-taken",
        }
    }
}
