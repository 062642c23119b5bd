//! `.docdrift/known.json`: cache of evaluation results, keyed by the digests of everything they depend on. When it is
//! lost, everything is evaluated again.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use docdrift_files::{Result, list_folder, read_optional};
use docdrift_model::text::digest;
use serde::{Deserialize, Serialize};

use crate::{dataset, snapshots};

pub(super) const FILE_NAME: &str = "known.json";

/// A cached result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CacheEntry {
    /// A digest of everything the result depends on. With another digest the result is not valid.
    pub key: String,
    /// The result.
    #[serde(rename = "told")]
    pub value: serde_json::Value,
}

/// Returns what distinguishes this build of the running program from others, since builds may evaluate differently.
/// `None` when it cannot be determined.
pub fn build_fingerprint() -> Option<String> {
    let metadata = std::env::current_exe().ok()?.metadata().ok()?;
    let built = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{} {}", metadata.len(), built.as_nanos()))
}

/// Returns a digest of the names and bytes of all snapshots and of the dataset below `root`.
pub(crate) fn data_digest(root: &Path) -> Result<String> {
    let mut listing = Vec::new();
    let mut folders = vec![PathBuf::from(snapshots::FOLDER), PathBuf::from(dataset::FOLDER)];
    while let Some(folder) = folders.pop() {
        for name in list_folder(&root.join(&folder))? {
            let path = folder.join(&name);
            let metadata = fs::symlink_metadata(root.join(&path)).ok();
            if metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
                folders.push(path);
            } else {
                let bytes = read_optional(&root.join(&path))?.unwrap_or_default();
                listing.extend([path.to_string_lossy().escape_debug().to_string(), digest(&bytes)]);
            }
        }
    }
    Ok(digest(listing.join("\n").as_bytes()))
}
