//! Writing files so that they are on the disk, whole, when a function returns.

use std::{
    fs::{self, File},
    io::{self, BufWriter, IntoInnerError, Write},
    path::Path,
};

use crate::{IoContext as _, Result, StorageError};

/// Appends `text` to the file at `path` and creates the file if needed. For files of other programs: nothing keeps two
/// writers apart.
pub fn append_text(path: &Path, text: &str) -> Result<()> {
    let file = File::options().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).io_context("write", path)
}

/// Writes a file and syncs it. Others may see it half-written: for private folders only.
pub fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().io_context("write", path)
}

/// Writes a file that others see whole or not at all. `scratch` is a private folder of the same file system.
pub fn replace_file(scratch: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(scratch)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().io_context("write", path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Writes a file anywhere, whole or not at all, with what `write` puts into it.
pub fn write_atomically<T, E: From<StorageError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut file = BufWriter::new(user_file(folder).io_context("write", path)?);
    let written = write(&mut file)?;
    let finish = || -> io::Result<()> {
        let file = file.into_inner().map_err(IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    finish().io_context("write", path)?;
    Ok(written)
}

/// Creates a temporary file that, unlike others, has the permissions of the files that the user writes.
fn user_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Replaces the text of a user's file, whole or not at all. Permissions stay, and a link to the file stays a link.
pub fn replace_text(path: &Path, text: &str) -> Result<()> {
    let path = fs::canonicalize(path).io_context("find", path)?;
    let permissions = fs::metadata(&path).io_context("read", &path)?.permissions();
    write_atomically(&path, |file| file.write_all(text.as_bytes()).io_context("write", &path))?;
    fs::set_permissions(&path, permissions).io_context("write", &path)
}

/// Syncs the names in `folder` to the disk.
pub fn sync_folder(folder: &Path) -> Result<()> {
    // Elsewhere a folder cannot be opened as a file, and the file system orders renames itself.
    if cfg!(unix) {
        let sync = File::open(folder).and_then(|handle| handle.sync_all());
        sync.io_context("sync the folder", folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::replace_file;

    #[test]
    fn a_file_is_replaced_and_no_temporary_file_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        replace_file(dir.path(), &path, b"one").unwrap();
        replace_file(dir.path(), &path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
