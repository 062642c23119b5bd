//! Folders and files below a root. A link that leads outside the root is an error.

use std::{
    fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

use crate::{IoContext as _, PRIVATE_FOLDER, Result, StorageError, StorageErrorKind, sync_folder};

/// The folder of half-written files, below the private folder.
const SCRATCH: &str = "tmp";

/// Creates the folder for half-written files below the root and returns its path.
pub fn make_scratch_folder(root: &Path) -> Result<PathBuf> {
    make_folder(root, &Path::new(PRIVATE_FOLDER).join(SCRATCH))
}

/// Removes what a killed run left in the folder for half-written files.
pub fn remove_scratch_folder(root: &Path) -> Result<()> {
    remove_all(&root.join(PRIVATE_FOLDER).join(SCRATCH))
}

/// Removes the file or folder at `path` with everything in it, if it exists. A link is removed, not followed.
pub fn remove_all(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed.io_context("remove", path),
    }
}

/// Creates the folder `relative` and its parents below `root` and returns its path. An error when a file is in the way or
/// a link leads outside the root.
pub fn make_folder(root: &Path, relative: &Path) -> Result<PathBuf> {
    let mut folder = root.to_path_buf();
    for part in relative.components() {
        let Component::Normal(name) = part else { return Err(leads_outside(relative)) };
        folder.push(name);
        match fs::create_dir(&folder) {
            Ok(()) => folder.parent().map_or(Ok(()), sync_folder)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => check_folder(root, &folder)?,
            Err(error) => return Err(StorageError::io("make the folder", &folder, error)),
        }
    }
    Ok(folder)
}

/// Checks the path `relative` below `root` as far as it exists: folders inside the root, then a plain file or nothing.
pub fn check_target(root: &Path, relative: &Path) -> Result<()> {
    let mut path = root.to_path_buf();
    for part in relative.parent().unwrap_or(Path::new("")).components() {
        let Component::Normal(name) = part else { return Err(leads_outside(relative)) };
        path.push(name);
        if fs::symlink_metadata(&path).is_ok() {
            check_folder(root, &path)?;
        }
    }
    let target = root.join(relative);
    match fs::symlink_metadata(&target) {
        Ok(metadata) if metadata.is_symlink() => Err(obstructed(
            &target,
            format!("{} is a link: docdrift writes plain files only, remove it", target.display()),
        )),
        Ok(metadata) if !metadata.is_file() => {
            Err(obstructed(&target, format!("{} is in the place of a file: move it away", target.display())))
        }
        _ => Ok(()),
    }
}

/// Checks that `folder` is a folder and no link that leads outside the root.
pub fn check_folder(root: &Path, folder: &Path) -> Result<()> {
    let real = folder.canonicalize().io_context("follow", folder)?;
    if !real.is_dir() {
        let message = format!("{} is a file in the place of a folder: move it away", folder.display());
        return Err(obstructed(folder, message));
    }
    if !real.starts_with(root.canonicalize().io_context("follow", root)?) {
        let message = format!("{} is a link that leads outside {}: remove it", folder.display(), root.display());
        return Err(obstructed(folder, message));
    }
    Ok(())
}

fn obstructed(path: &Path, message: String) -> StorageError {
    StorageError::new(StorageErrorKind::Obstructed, message).at(path)
}

fn leads_outside(relative: &Path) -> StorageError {
    StorageError::invalid(format!("{} leads outside the root", relative.display())).at(relative)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{check_target, make_folder, remove_all};

    #[test]
    fn a_target_is_a_plain_file_below_the_root() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::write(root.join("file"), "x").unwrap();
        fs::create_dir_all(root.join("a/b")).unwrap();
        for fine in ["file", "new", "a/new", "a/c/d/new"] {
            check_target(root, Path::new(fine)).unwrap();
        }
        for (bad, reason) in [
            ("file/x", "file in the place of a folder"),
            ("a/b", "in the place of a file"),
            ("../x/y", "outside the root"),
        ] {
            let error = format!("{:#}", check_target(root, Path::new(bad)).unwrap_err());
            assert!(error.contains(reason), "{bad}: {error}");
        }
        assert!(make_folder(root, Path::new("file/x")).is_err());
        assert!(make_folder(root, Path::new("../x")).is_err());
        assert!(make_folder(root, Path::new("n/e/w")).unwrap().is_dir());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_the_root_only() {
        use std::os::unix::fs::symlink;
        let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = dir.path();
        fs::create_dir(root.join("real")).unwrap();
        symlink(root.join("real"), root.join("inside")).unwrap();
        symlink(outside.path(), root.join("out")).unwrap();
        symlink(root.join("nowhere"), root.join("broken")).unwrap();
        check_target(root, Path::new("inside/x")).unwrap();
        for bad in ["out/x", "broken/x", "broken"] {
            assert!(check_target(root, Path::new(bad)).is_err(), "{bad}");
        }
        assert!(make_folder(root, Path::new("out/new")).is_err());
        assert!(fs::read_dir(outside.path()).unwrap().next().is_none(), "nothing is created outside");
    }

    #[test]
    fn what_exists_is_removed_and_what_does_not_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        let (file, folder) = (dir.path().join("x"), dir.path().join("a"));
        fs::write(&file, "x").unwrap();
        fs::create_dir_all(folder.join("b")).unwrap();
        for path in [&file, &file, &folder, &folder] {
            remove_all(path).unwrap();
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
