use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Removals of one source that have to be seen on more runs before they are published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRemovals {
    /// The ids of the removed entries.
    pub removed: BTreeSet<String>,
    /// On how many successive runs exactly these entries were missing.
    pub runs: u64,
}
