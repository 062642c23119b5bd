//! Reads pages that a user saved as files.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
};

use docdrift_files::{IoContext as _, Result, StorageError, StorageErrorKind};
use docdrift_model::{Lang, Page, SourceId};

/// The largest page that is read. The longest real error-code page is some hundred times smaller.
const MAX_PAGE_BYTES: u64 = 32 * 1024 * 1024;

/// Reads the page saved as `DIR/<vendor>/<service>/<zh|en>.<any extension>`. `None` when there is no such file. Two such
/// files are an error, and so is a missing `dir`.
pub fn saved_page(dir: &Path, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
    if !is_folder(dir)? {
        let message =
            format!("{} is no folder; saved pages lie in FOLDER/<vendor>/<service>/<zh|en>.<extension>", dir.display());
        return Err(StorageError::new(StorageErrorKind::Missing, message).at(dir));
    }
    let mut found = find_candidates(&dir.join(&id.vendor).join(&id.service), lang)?;
    found.sort();
    match found.as_slice() {
        [] => Ok(None),
        [file] => read_page(file).map(Some),
        [a, b, ..] => {
            let message =
                format!("both {} and {} could be the {lang} page of {id}: keep one", a.display(), b.display());
            Err(StorageError::invalid(message).at(a))
        }
    }
}

/// Returns whether there is a folder at `path`. An error when that cannot be determined.
fn is_folder(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.is_dir()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StorageError::io("read", path, error)),
    }
}

fn find_candidates(folder: &Path, lang: Lang) -> Result<Vec<PathBuf>> {
    let action = "list the saved pages in";
    let items = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        items => items.io_context(action, folder)?,
    };
    let mut found = Vec::new();
    for item in items {
        let path = item.io_context(action, folder)?.path();
        let is_named = path.file_stem().is_some_and(|stem| stem == lang.as_str()) && path.extension().is_some();
        if is_named && path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

/// Reads the file at `path` as a page. Its URL is the path, and its time is when the file was last modified. It has
/// neither status nor headers. A file larger than 32 MiB is an error.
pub fn read_page(path: &Path) -> Result<Page> {
    let shown = path.display();
    let mut file = File::open(path).io_context("open the page", path)?;
    let metadata = file.metadata().io_context("open the page", path)?;
    if metadata.is_dir() {
        return Err(StorageError::invalid(format!("{shown} is a folder, not a page")).at(path));
    }
    let mut body = Vec::new();
    // The file system's length is not reliable: a pipe or a growing file has none.
    let mut limited = (&mut file).take(MAX_PAGE_BYTES + 1);
    limited.read_to_end(&mut body).io_context("read the page", path)?;
    if u64::try_from(body.len()).is_ok_and(|length| length > MAX_PAGE_BYTES) {
        let limit = MAX_PAGE_BYTES >> 20;
        let message = format!("{shown} is larger than {limit} MiB, no error-code page is: nothing was read");
        return Err(StorageError::invalid(message).at(path));
    }
    let fetched_at = metadata.modified().ok().and_then(|time| jiff::Timestamp::try_from(time).ok()).unwrap_or_default();
    let fetched_at = jiff::Timestamp::from_second(fetched_at.as_second()).unwrap_or_default().to_string();
    Ok(Page { url: shown.to_string(), fetched_at, status: None, headers: Vec::new(), body })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use docdrift_model::{Lang, SourceId};

    use super::{MAX_PAGE_BYTES, read_page, saved_page};

    #[test]
    fn a_saved_page_is_found_under_any_extension() {
        let dir = tempfile::tempdir().unwrap();
        let id: SourceId = "acme/vault".parse().unwrap();
        let folder = dir.path().join("acme/vault");
        assert_eq!(saved_page(dir.path(), &id, Lang::Zh).unwrap(), None, "no folder");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("zh.html"), "甲").unwrap();
        for other in ["zh", "zhx.html", "zh.html.bak", "notes.txt"] {
            fs::write(folder.join(other), "another").unwrap();
        }
        let page = saved_page(dir.path(), &id, Lang::Zh).unwrap().unwrap();
        assert_eq!((page.body.as_slice(), page.status), ("甲".as_bytes(), None));
        assert!(page.url.ends_with("zh.html"));
        assert!(page.fetched_at.parse::<jiff::Timestamp>().is_ok(), "{}", page.fetched_at);
        assert_eq!(saved_page(dir.path(), &id, Lang::En).unwrap(), None);

        fs::write(folder.join("zh.md"), "乙").unwrap();
        let error = saved_page(dir.path(), &id, Lang::Zh).unwrap_err().to_string();
        assert!(error.contains("zh.html") && error.contains("zh.md"), "{error}");
    }

    #[test]
    fn files_that_are_no_pages_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let id: SourceId = "acme/vault".parse().unwrap();
        let missing = saved_page(&dir.path().join("nowhere"), &id, Lang::Zh).unwrap_err().to_string();
        assert!(missing.contains("nowhere is no folder"), "{missing}");
        assert!(read_page(dir.path()).unwrap_err().to_string().contains("is a folder"));
        let large = dir.path().join("large.html");
        fs::File::create(&large).unwrap().set_len(MAX_PAGE_BYTES + 1).unwrap();
        assert!(read_page(&large).unwrap_err().to_string().contains("larger than 32 MiB"));
        fs::File::options().write(true).open(&large).unwrap().set_len(MAX_PAGE_BYTES).unwrap();
        assert!(read_page(&large).is_ok());
    }
}
