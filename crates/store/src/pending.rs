//! `.docdrift/pending.json`: removals that were seen and wait to be seen again. Written when that changes only.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context as _, Result};
use docdrift_model::SourceId;
use serde::{Deserialize, Serialize};

use crate::files;

pub(crate) const FILE_NAME: &str = "pending.json";

/// The removals of one source that are not taken over yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The ids of the entries that were gone.
    pub removed: BTreeSet<String>,
    /// On how many successive runs just these were gone.
    pub runs: u64,
}

/// What the file at `path` tells; nothing where there is none.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<SourceId, Pending>> {
    let Some(text) = files::read_text_optional(path)? else { return Ok(BTreeMap::new()) };
    serde_json::from_str(&text).with_context(|| format!("{} is damaged: remove it", path.display()))
}

/// The text of the file.
pub(crate) fn render(pending: &BTreeMap<SourceId, Pending>) -> Result<String> {
    Ok(serde_json::to_string_pretty(pending)? + "\n")
}
