//! Folders as values.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// Files below a folder: their bytes by path.
pub(crate) type FileTree = BTreeMap<PathBuf, Vec<u8>>;

/// Reads the files of these folders of `root`, by path below `root`. A folder that is missing has none; links are read
/// as files.
pub(crate) fn read_tree(root: &Path, folders: &[&str]) -> anyhow::Result<FileTree> {
    let mut files = FileTree::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|name| root.join(name)).collect();
    while let Some(folder) = open.pop() {
        for item in fs::read_dir(&folder).into_iter().flatten() {
            let path = item?.path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else {
                files.insert(path.strip_prefix(root)?.to_path_buf(), fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// Copies a folder with all its files.
pub(crate) fn copy_tree(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for item in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let (path, target) = item.map(|item| (item.path(), to.join(item.file_name())))?;
        if path.is_dir() {
            copy_tree(&path, &target)?;
        } else {
            fs::copy(path, target)?;
        }
    }
    Ok(())
}
