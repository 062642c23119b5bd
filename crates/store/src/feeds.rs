//! `output/history/`: what changed when, in files that the caller renders. Beside them the folder holds at most the
//! dataset's own files of a vendor of that name.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    path::{Component, Path, PathBuf},
};

use anyhow::{Result, bail, ensure};

use crate::{dataset, files, journal::Change};

const FOLDER: &str = "history";

/// Adds the files of `feeds`, by path below `output/`, and takes out those that the folder has beside them.
pub(crate) fn plan(root: &Path, feeds: &BTreeMap<PathBuf, Vec<u8>>, change: &mut Change) -> Result<()> {
    let folder = Path::new(dataset::FOLDER).join(FOLDER);
    let mut given = BTreeSet::new();
    for (path, bytes) in feeds {
        let name = name_of(path)?;
        change.writes.insert(folder.join(name), bytes.clone());
        given.insert(name);
    }
    for name in files::list(&root.join(&folder))? {
        let target = folder.join(&name);
        if may_be_one(OsStr::new(&name)) && !given.contains(OsStr::new(&name)) && root.join(&target).is_file() {
            change.removes.insert(target);
        }
    }
    Ok(())
}

/// The file's name in the folder.
fn name_of(path: &Path) -> Result<&OsStr> {
    let mut parts = path.components();
    let shown = path.to_string_lossy();
    let shown = shown.escape_debug();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Component::Normal(folder)), Some(Component::Normal(name)), None) if folder == FOLDER => {
            ensure!(may_be_one(name), "`{shown}` is hidden, or named as the dataset names the file of a source");
            Ok(name)
        }
        _ => bail!("`{shown}` is no file right in the folder {FOLDER}/ of the dataset: nothing else is taken"),
    }
}

/// Hidden files are those of other programs.
fn may_be_one(name: &OsStr) -> bool {
    let is_hidden = name.as_encoded_bytes().starts_with(b".");
    !is_hidden && dataset::source_of(&Path::new(FOLDER).join(name)).is_none()
}

#[cfg(test)]
mod tests;
