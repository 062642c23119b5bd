//! What lies below a folder of the root.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::Flaw;
use crate::files;

/// No folder of docdrift's is deeper below the root.
const DEPTH: usize = 3;

/// The plain files below a folder of the root, sorted, and what is in the way of reading or writing there. Hidden files
/// are those of other programs.
pub(super) fn files_below(root: &Path, folder: &Path, flaws: &mut Vec<Flaw>) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if fs::symlink_metadata(root.join(&folder)).is_err() {
            continue;
        }
        if let Err(error) = files::check_folder(root, &root.join(&folder)) {
            flaws.push(Flaw::of(&folder, format!("{error:#}")));
            continue;
        }
        let context = || format!("cannot list {}", folder.display());
        for item in fs::read_dir(root.join(&folder)).with_context(context)? {
            let name = item.with_context(context)?.file_name();
            let path = folder.join(&name);
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if root.join(&path).is_dir() {
                folders.push(path);
            } else if let Err(error) = files::check_target(root, &path) {
                flaws.push(Flaw::of(&path, format!("{error:#}")));
            } else {
                found.push(path);
            }
        }
        folders.retain(|folder| folder.components().count() <= DEPTH);
    }
    found.sort();
    Ok(found)
}
