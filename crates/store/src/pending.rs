//! `.docdrift/pending.json`: removals that were seen and wait to be seen again. Written when that changes only.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub(crate) const FILE_NAME: &str = "pending.json";

/// The removals of one source that are not taken over yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The ids of the entries that were gone.
    pub removed: BTreeSet<String>,
    /// On how many successive runs just these were gone.
    pub runs: u64,
}
