use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Removals of one source that more runs have to find before they are published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRemovals {
    /// The ids of the removed entries.
    pub removed: BTreeSet<String>,
    /// The number of successive runs that found exactly these removed.
    pub runs: u64,
}
