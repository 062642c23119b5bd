//! Lists the files below a folder of the root.

use std::{
    fs,
    path::{Path, PathBuf},
};

use docdrift_files::{IoContext as _, Result, check_folder, check_target};

use super::VerifyIssue;

/// The depth of docdrift's deepest folder below the root: `snapshots/<vendor>/<service>`.
const MAX_DEPTH: usize = 3;

/// Lists the plain files below a folder of the root, sorted, and adds issues for what docdrift could not read or write.
/// Hidden files belong to other programs.
pub(super) fn files_below(root: &Path, folder: &Path, issues: &mut Vec<VerifyIssue>) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if fs::symlink_metadata(root.join(&folder)).is_err() {
            continue;
        }
        if let Err(error) = check_folder(root, &root.join(&folder)) {
            issues.push(VerifyIssue::new(&folder, format!("{error:#}")));
            continue;
        }
        for item in fs::read_dir(root.join(&folder)).io_context("list", &folder)? {
            let name = item.io_context("list", &folder)?.file_name();
            let path = folder.join(&name);
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if root.join(&path).is_dir() {
                folders.push(path);
            } else if let Err(error) = check_target(root, &path) {
                issues.push(VerifyIssue::new(&path, format!("{error:#}")));
            } else {
                found.push(path);
            }
        }
        folders.retain(|folder| folder.components().count() <= MAX_DEPTH);
    }
    found.sort();
    Ok(found)
}
