//! `objects/<ab>/<sha256 of the body>.warc.gz`: each body once, as the page it was first received as.

use std::{
    fs,
    path::{Path, PathBuf},
};

use docdrift_files::{
    Result, StorageError, StorageErrorKind, check_target, list_folder, make_folder, read_optional, remove_all,
    replace_file,
};
use docdrift_model::{Page, text::is_digest};

use crate::{
    index::Visit,
    warc::{self, Record},
};

const FOLDER: &str = "objects";
const EXTENSION: &str = ".warc.gz";

/// Returns where the object of a body lies.
pub(crate) fn object_path(folder: &Path, digest: &str) -> Result<PathBuf> {
    let hex = digest.strip_prefix("sha256:").filter(|_| is_digest(digest));
    let Some((hex, start)) = hex.and_then(|hex| Some((hex, hex.get(..2)?))) else {
        return Err(StorageError::invalid(format!("`{}` is no digest", digest.escape_debug())));
    };
    Ok(folder.join(FOLDER).join(start).join(format!("{hex}{EXTENSION}")))
}

/// Writes the object unless an intact one exists. A damaged one is replaced, since the page is at hand.
pub(crate) fn store(folder: &Path, scratch: &Path, digest: &str, page: &Page) -> Result<()> {
    let relative = object_path(Path::new(""), digest)?;
    let path = folder.join(&relative);
    let existing = read_optional(&path)?;
    if existing.is_some_and(|gzipped| warc::read(&gzipped).is_ok_and(|record| record.body == page.body)) {
        return Ok(());
    }
    check_target(folder, &relative)?;
    make_folder(folder, relative.parent().unwrap_or(Path::new("")))?;
    replace_file(scratch, &path, &warc::write(page)?)
}

/// Returns whether there is an object of the body, intact or not.
pub(crate) fn exists(folder: &Path, digest: &str) -> bool {
    object_path(folder, digest).is_ok_and(|path| path.is_file())
}

/// Reads the object of a body. `None` when there is none. An error when it does not match its name.
pub(crate) fn read(folder: &Path, digest: &str) -> Result<Option<Record>> {
    let path = object_path(folder, digest)?;
    let Some(gzipped) = read_optional(&path)? else { return Ok(None) };
    let record = warc::read(&gzipped).map_err(|error| error.at(&path))?;
    if docdrift_model::text::digest(&record.body) != digest {
        return Err(StorageError::damaged("it holds another page than its name says").at(&path));
    }
    Ok(Some(record))
}

/// Reads the page of a visit. `None` when its object is missing.
pub(crate) fn read_page_optional(folder: &Path, visit: &Visit) -> Result<Option<Page>> {
    let Some(record) = read(folder, &visit.digest).map_err(|error| page_error(folder, visit, error))? else {
        return Ok(None);
    };
    let headers = if visit.status.is_some() { record.headers } else { Vec::new() };
    let (url, fetched_at) = (visit.url.clone(), visit.fetched_at.clone());
    let mut page = Page { url, fetched_at, status: visit.status, headers, body: record.body };
    visit.update_headers(&mut page);
    Ok(Some(page))
}

/// Reads the page of a visit, whose object must exist.
pub(crate) fn read_page(folder: &Path, visit: &Visit) -> Result<Page> {
    read_page_optional(folder, visit)?.ok_or_else(|| {
        let missing = StorageError::new(StorageErrorKind::Missing, "that file is missing");
        page_error(folder, visit, missing.at(&object_path(folder, &visit.digest).unwrap_or_default()))
    })
}

/// Says whose page is lost. A page whose file only cannot be read is not lost.
fn page_error(folder: &Path, visit: &Visit, error: StorageError) -> StorageError {
    let Visit { source, lang, digest, .. } = visit;
    let file = object_path(folder, digest).unwrap_or_default();
    let is_lost = matches!(error.kind(), StorageErrorKind::Damaged | StorageErrorKind::Missing);
    error.context(if is_lost {
        format!("the archived {lang} page of {source} is lost: fetch it again and remove {}", file.display())
    } else {
        format!("the archived {lang} page of {source} cannot be read")
    })
}

/// A file of the folder of objects. Paths are below the archive's folder.
pub(crate) enum Item {
    /// A file named like an object.
    Object {
        digest: String,
        path: PathBuf,
        /// Its size on disk.
        bytes: u64,
    },
    /// Any other file.
    Stray(PathBuf),
}

impl Item {
    pub(crate) fn is_object(&self) -> bool {
        matches!(self, Self::Object { .. })
    }
}

/// Returns the files in the folder of objects, sorted by path.
pub(crate) fn list(folder: &Path) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for start in list_folder(&folder.join(FOLDER))? {
        let below = Path::new(FOLDER).join(start);
        if !folder.join(&below).is_dir() {
            items.push(Item::Stray(below));
            continue;
        }
        for name in list_folder(&folder.join(&below))? {
            items.push(item(folder, below.join(&name), &name));
        }
    }
    Ok(items)
}

fn item(folder: &Path, relative: PathBuf, name: &str) -> Item {
    let digest = name.strip_suffix(EXTENSION).map(|hex| format!("sha256:{hex}"));
    let has_right_place = |digest: &String| object_path(Path::new(""), digest).is_ok_and(|path| path == relative);
    match (digest.filter(has_right_place), fs::symlink_metadata(folder.join(&relative))) {
        (Some(digest), Ok(metadata)) if metadata.is_file() => {
            Item::Object { digest, path: relative, bytes: metadata.len() }
        }
        _ => Item::Stray(relative),
    }
}

/// Removes the folders that hold no object any more.
pub(crate) fn remove_empty_folders(folder: &Path) -> Result<()> {
    for start in list_folder(&folder.join(FOLDER))? {
        let below = folder.join(FOLDER).join(start);
        if below.is_dir() && list_folder(&below)?.is_empty() {
            remove_all(&below)?;
        }
    }
    Ok(())
}
