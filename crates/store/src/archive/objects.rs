//! `objects/<ab>/<sha256 of the body>.warc.gz`: each body once, as the page it was first received as.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use docdrift_model::{Page, text::is_digest};

use super::index::Visit;
use crate::{
    files,
    warc::{self, Record},
};

pub(super) const FOLDER: &str = "objects";
const ENDING: &str = ".warc.gz";

/// Where the object of a body lies.
pub(super) fn path(folder: &Path, digest: &str) -> Result<PathBuf> {
    let hex = digest.strip_prefix("sha256:").filter(|_| is_digest(digest));
    let Some((hex, start)) = hex.and_then(|hex| Some((hex, hex.get(..2)?))) else {
        bail!("`{}` is no digest", digest.escape_debug())
    };
    Ok(folder.join(FOLDER).join(start).join(format!("{hex}{ENDING}")))
}

/// Writes the object unless it is there in good order. One that is damaged is replaced: the page is at hand.
pub(super) fn keep(folder: &Path, scratch: &Path, digest: &str, page: &Page) -> Result<()> {
    let path = path(folder, digest)?;
    let there = files::read_optional(&path)?;
    if there.is_some_and(|gzipped| warc::read(&gzipped).is_ok_and(|record| record.body == page.body)) {
        return Ok(());
    }
    let relative = path.strip_prefix(folder)?;
    files::check_target(folder, relative)?;
    files::make_folder(folder, relative.parent().unwrap_or(Path::new("")))?;
    files::write_whole(scratch, &path, &warc::write(page)?)
}

/// Whether there is an object of the body, whatever is in it.
pub(super) fn is_there(folder: &Path, digest: &str) -> bool {
    path(folder, digest).is_ok_and(|path| path.is_file())
}

/// The object of a body; `None` where there is none. What is not what its name says is never trusted.
pub(super) fn read(folder: &Path, digest: &str) -> Result<Option<Record>> {
    let path = path(folder, digest)?;
    let Some(gzipped) = files::read_optional(&path)? else { return Ok(None) };
    let record = warc::read(&gzipped)?;
    ensure!(docdrift_model::text::digest(&record.body) == digest, "it holds another page than its name says");
    Ok(Some(record))
}

/// The page of a visit; `None` where its object is not there.
pub(super) fn page(folder: &Path, visit: &Visit) -> Result<Option<Page>> {
    let Some(record) = read(folder, &visit.digest).with_context(|| lost(folder, visit))? else { return Ok(None) };
    let headers = if visit.status.is_some() { record.headers } else { Vec::new() };
    let (url, fetched_at) = (visit.url.clone(), visit.fetched_at.clone());
    let mut page = Page { url, fetched_at, status: visit.status, headers, body: record.body };
    visit.put_headers(&mut page);
    Ok(Some(page))
}

/// The page of a visit, whose object must be there.
pub(super) fn needed_page(folder: &Path, visit: &Visit) -> Result<Page> {
    page(folder, visit)?.with_context(|| format!("{}: that file is missing", lost(folder, visit)))
}

fn lost(folder: &Path, visit: &Visit) -> String {
    let Visit { source, lang, .. } = visit;
    let file = path(folder, &visit.digest).unwrap_or_default();
    format!("the archived {lang} page of {source} is lost: fetch it again and remove {}", file.display())
}

/// A file of the folder of objects; paths are below the archive's folder.
pub(super) enum Item {
    /// What by its name is an object.
    Object {
        digest: String,
        path: PathBuf,
        /// Its size on the disk.
        bytes: u64,
    },
    /// Anything else.
    Stray(PathBuf),
}

impl Item {
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Object { .. })
    }
}

/// All that is in the folder of objects, sorted by path.
pub(super) fn list(folder: &Path) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for start in files::list(&folder.join(FOLDER))? {
        let below = Path::new(FOLDER).join(start);
        if !folder.join(&below).is_dir() {
            items.push(Item::Stray(below));
            continue;
        }
        for name in files::list(&folder.join(&below))? {
            items.push(item(folder, below.join(&name), &name));
        }
    }
    Ok(items)
}

fn item(folder: &Path, relative: PathBuf, name: &str) -> Item {
    let digest = name.strip_suffix(ENDING).map(|hex| format!("sha256:{hex}"));
    let is_own = |digest: &String| path(Path::new(""), digest).is_ok_and(|path| path == relative);
    match (digest.filter(is_own), fs::symlink_metadata(folder.join(&relative))) {
        (Some(digest), Ok(facts)) if facts.is_file() => Item::Object { digest, path: relative, bytes: facts.len() },
        _ => Item::Stray(relative),
    }
}

/// Removes the folders that hold no object any more.
pub(super) fn remove_empty_folders(folder: &Path) -> Result<()> {
    for start in files::list(&folder.join(FOLDER))? {
        let below = folder.join(FOLDER).join(start);
        if below.is_dir() && files::list(&below)?.is_empty() {
            files::remove_all(&below)?;
        }
    }
    Ok(())
}
