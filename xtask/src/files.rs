//! Folders and files, in the order of their names.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde_json::Value;

/// The folders in a folder.
pub(crate) fn list_folders(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(list_entries(parent)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// The files in a folder.
pub(crate) fn list_files(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(list_entries(parent)?.into_iter().filter(|path| path.is_file()).collect())
}

/// All that is in a folder.
pub(crate) fn list_entries(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(parent).with_context(|| parent.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Reads all files below a folder: their bytes by path.
pub(crate) fn read_tree(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for path in list_entries(folder)? {
        if path.is_dir() {
            files.append(&mut read_tree(&path)?);
        } else {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            files.insert(path, bytes);
        }
    }
    Ok(files)
}

pub(crate) fn read_json(path: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Writes a file; its folder is made where it is missing.
pub(crate) fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// The last part of a path, as text.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
