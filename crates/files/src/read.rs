//! Reading files and folders that may be missing.

use std::{fs, io::ErrorKind, path::Path};

use crate::{IoContext as _, Result, StorageError, StorageErrorKind};

/// Reads the file at `path`. `None` when there is none.
pub fn read_optional(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some).io_context("read", path),
    }
}

/// Reads the text of the file at `path`. `None` when there is none.
pub fn read_text_optional(path: &Path) -> Result<Option<String>> {
    let Some(bytes) = read_optional(path)? else { return Ok(None) };
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| {
        let message = format!("{} is not UTF-8: it was damaged or is no file of docdrift", path.display());
        StorageError::damaged(message).at(path)
    })
}

/// Reads the text of the file at `path`, which must exist.
pub fn read_text(path: &Path) -> Result<String> {
    read_text_optional(path)?.ok_or_else(|| {
        StorageError::new(StorageErrorKind::Missing, format!("there is no file {}", path.display())).at(path)
    })
}

/// Returns whether there is a file at `path`. An error when the system denies access.
pub fn is_file(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.is_file()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(StorageError::io("read", path, error)),
    }
}

/// Returns the sorted names of what is in `folder`; none when there is no such folder. Names that are not UTF-8 are left
/// out: docdrift writes none.
pub fn list_folder(folder: &Path) -> Result<Vec<String>> {
    let items = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        items => items.io_context("list", folder)?,
    };
    let mut names = Vec::new();
    for item in items {
        names.extend(item.io_context("list", folder)?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{is_file, list_folder, read_optional, read_text};
    use crate::StorageErrorKind;

    #[test]
    fn a_missing_file_is_told_from_one_that_cannot_be_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, [0xff]).unwrap();
        let missing = dir.path().join("missing");
        assert_eq!(read_optional(&missing).unwrap(), None);
        assert_eq!(list_folder(&missing).unwrap(), Vec::<String>::new());
        assert_eq!(read_text(&missing).unwrap_err().kind(), StorageErrorKind::Missing);
        assert_eq!(read_text(&file).unwrap_err().kind(), StorageErrorKind::Damaged);
        // The tests may run as root, so a path through a file takes the place of a folder without permission.
        let blocked = file.join("x");
        assert!(is_file(&file).unwrap() && !is_file(&missing).unwrap() && !is_file(&blocked).unwrap());
        for error in [read_optional(&blocked).unwrap_err(), list_folder(&blocked).unwrap_err()] {
            assert_eq!((error.kind(), error.path()), (StorageErrorKind::Io, Some(blocked.as_path())));
        }
    }
}
