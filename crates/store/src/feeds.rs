//! `output/history/`: the feeds, which the caller renders. Besides them the folder holds only the dataset files of a vendor
//! with that name.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    path::{Component, Path, PathBuf},
};

use docdrift_files::{Result, StorageError, list_folder};

use crate::{dataset, journal::Change};

const FOLDER: &str = "history";

/// Adds to `change` the files of `feeds`, by path below `output/`, and the removal of all other feeds.
pub(crate) fn plan(root: &Path, feeds: &BTreeMap<PathBuf, Vec<u8>>, change: &mut Change) -> Result<()> {
    let folder = Path::new(dataset::FOLDER).join(FOLDER);
    let mut given = BTreeSet::new();
    for (path, bytes) in feeds {
        let name = feed_name(path)?;
        change.writes.insert(folder.join(name), bytes.clone());
        given.insert(name);
    }
    for name in list_folder(&root.join(&folder))? {
        let target = folder.join(&name);
        if may_be_feed(OsStr::new(&name)) && !given.contains(OsStr::new(&name)) && root.join(&target).is_file() {
            change.removes.insert(target);
        }
    }
    Ok(())
}

/// Returns the name of a feed in the folder.
fn feed_name(path: &Path) -> Result<&OsStr> {
    let mut parts = path.components();
    let shown = path.to_string_lossy();
    let shown = shown.escape_debug();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Component::Normal(folder)), Some(Component::Normal(name)), None) if folder == FOLDER => {
            if may_be_feed(name) {
                return Ok(name);
            }
            let message = format!("`{shown}` is hidden, or named as the dataset names the file of a source");
            Err(StorageError::invalid(message))
        }
        _ => {
            let message = format!(
                "`{shown}` is no file directly in the folder {FOLDER}/ of the dataset: no other file is allowed"
            );
            Err(StorageError::invalid(message))
        }
    }
}

/// Returns whether a name may be a feed's. Hidden files belong to other programs.
fn may_be_feed(name: &OsStr) -> bool {
    let is_hidden = name.as_encoded_bytes().starts_with(b".");
    !is_hidden && dataset::parse_source_path(&Path::new(FOLDER).join(name)).is_none()
}

#[cfg(test)]
mod tests;
