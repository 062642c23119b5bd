//! Reading and writing files so that a killed run or a lost power supply leaves nothing half-written, and never outside
//! the root.

use std::{
    fs::{self, File},
    io::{BufWriter, ErrorKind, Write},
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

/// The bytes of the file at `path`; `None` where there is none.
pub(crate) fn read_optional(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// The text of the file at `path`; `None` where there is none.
pub(crate) fn read_text_optional(path: &Path) -> Result<Option<String>> {
    let Some(bytes) = read_optional(path)? else { return Ok(None) };
    let text = String::from_utf8(bytes);
    text.map(Some)
        .map_err(|_| anyhow::anyhow!("{} is not UTF-8: it was damaged or is no file of docdrift", path.display()))
}

/// The text of the file at `path`, which must be there.
pub fn read_text(path: &Path) -> Result<String> {
    read_text_optional(path)?.with_context(|| format!("there is no file {}", path.display()))
}

/// Adds `text` to the end of the file at `path`, which is made where there is none. For files of other programs: nothing
/// keeps two writers apart.
pub fn append(path: &Path, text: &str) -> Result<()> {
    let mut options = File::options();
    let file = options.append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The names of what is in `folder`, sorted; none where there is no such folder. Names that are not UTF-8 are left out:
/// docdrift writes none.
pub(crate) fn list(folder: &Path) -> Result<Vec<String>> {
    let context = || format!("cannot list {}", folder.display());
    let items = match fs::read_dir(folder) {
        Ok(items) => items,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(context),
    };
    let mut names = Vec::new();
    for item in items {
        names.extend(item.with_context(context)?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// Writes a file that is on the disk when this returns. Others may see it half-written: for private folders only.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a file that others see whole or not at all; `scratch` is a private folder of the same file system.
pub(crate) fn write_whole(scratch: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let context = || format!("cannot write {}", path.display());
    let mut file = tempfile::NamedTempFile::new_in(scratch).with_context(context)?;
    file.write_all(bytes).with_context(context)?;
    file.as_file().sync_all().with_context(context)?;
    file.persist(path).with_context(context)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Writes a file wherever a user wants it, whole or not at all, as `write` gives it.
pub(crate) fn write_beside<T>(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    let context = || format!("cannot write {}", path.display());
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut file = BufWriter::new(own_file(folder).with_context(context)?);
    let written = write(&mut file)?;
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(context)?;
    file.as_file().sync_all().with_context(context)?;
    file.persist(path).with_context(context)?;
    Ok(written)
}

/// A temporary file that, unlike others, those may read who may read what the user writes.
fn own_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Replaces the text of a file that a user keeps, whole or not at all. A link to the file stays one.
pub fn replace_text(path: &Path, text: &str) -> Result<()> {
    let path = fs::canonicalize(path).with_context(|| format!("cannot find {}", path.display()))?;
    let permissions = fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?.permissions();
    write_beside(&path, |file| Ok(file.write_all(text.as_bytes())?))?;
    fs::set_permissions(&path, permissions).with_context(|| format!("cannot write {}", path.display()))
}

/// Makes sure that the names in `folder` are on the disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // Elsewhere a folder cannot be opened as a file, and the file system orders renames itself.
    if cfg!(unix) {
        let sync = File::open(folder).and_then(|handle| handle.sync_all());
        sync.with_context(|| format!("cannot sync the folder {}", folder.display()))?;
    }
    Ok(())
}

/// Removes the file or folder at `path` with all that is in it, if there is one. A link is removed, not followed.
pub(crate) fn remove_all(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(facts) if facts.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the folder `relative` below `root` and those above it. An error where a file stands in the way or a link leads
/// outside the root.
pub(crate) fn make_folder(root: &Path, relative: &Path) -> Result<PathBuf> {
    let mut folder = root.to_path_buf();
    for part in relative.components() {
        let Component::Normal(name) = part else { bail!("{} leads outside the root", relative.display()) };
        folder.push(name);
        match fs::create_dir(&folder) {
            Ok(()) => folder.parent().map_or(Ok(()), sync_folder)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => check_folder(root, &folder)?,
            Err(error) => return Err(error).with_context(|| format!("cannot make the folder {}", folder.display())),
        }
    }
    Ok(folder)
}

/// Checks the way to `relative` as far as it exists: folders inside the root, then a plain file or nothing.
pub(crate) fn check_target(root: &Path, relative: &Path) -> Result<()> {
    let mut path = root.to_path_buf();
    for part in relative.parent().unwrap_or(Path::new("")).components() {
        let Component::Normal(name) = part else { bail!("{} leads outside the root", relative.display()) };
        path.push(name);
        if fs::symlink_metadata(&path).is_ok() {
            check_folder(root, &path)?;
        }
    }
    let target = root.join(relative);
    match fs::symlink_metadata(&target) {
        Ok(facts) if facts.is_symlink() => {
            bail!("{} is a link: docdrift writes plain files only, remove it", target.display())
        }
        Ok(facts) if !facts.is_file() => {
            bail!("{} stands where a file should be: move it away", target.display())
        }
        _ => Ok(()),
    }
}

/// An error where there is no folder, or where it is a link that leads outside the root.
pub(crate) fn check_folder(root: &Path, folder: &Path) -> Result<()> {
    let context = || format!("cannot follow {}", folder.display());
    let real = folder.canonicalize().with_context(context)?;
    if !real.is_dir() {
        bail!("{} is a file where a folder should be: move it away", folder.display());
    }
    if !real.starts_with(root.canonicalize().with_context(context)?) {
        bail!("{} is a link that leads outside {}: remove it", folder.display(), root.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{check_target, make_folder, remove_all, write_whole};

    #[test]
    fn a_target_is_a_plain_file_below_the_root() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::write(root.join("file"), "x").unwrap();
        fs::create_dir_all(root.join("a/b")).unwrap();
        for fine in ["file", "new", "a/new", "a/c/d/new"] {
            check_target(root, Path::new(fine)).unwrap();
        }
        for (bad, reason) in
            [("file/x", "file where a folder"), ("a/b", "where a file should be"), ("../x/y", "outside the root")]
        {
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
        assert!(fs::read_dir(outside.path()).unwrap().next().is_none(), "nothing was made outside");
    }

    #[test]
    fn written_whole_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        write_whole(dir.path(), &path, b"one").unwrap();
        write_whole(dir.path(), &path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        remove_all(&path).unwrap();
        remove_all(&path).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
