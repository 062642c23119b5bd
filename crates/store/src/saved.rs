//! Pages that a person or a test saved as files.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use docdrift_model::{Lang, Page, SourceId};

/// The largest page that is read, 32 MiB: the longest real error-code page is some hundred times smaller.
pub(crate) const MAX_PAGE_BYTES: u64 = 32 * 1024 * 1024;

/// The page saved as `DIR/<vendor>/<service>/<zh|en>.<any extension>`, or `None` where there is no such file. Two such
/// files are an error, and so is a missing `dir`.
pub fn saved_page(dir: &Path, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
    if !dir.is_dir() {
        bail!("{} is no folder; saved pages lie in FOLDER/<vendor>/<service>/<zh|en>.<extension>", dir.display());
    }
    let folder = dir.join(&id.vendor).join(&id.service);
    if !folder.exists() {
        return Ok(None);
    }
    let mut found = candidates(&folder, lang)?;
    found.sort();
    match found.as_slice() {
        [] => Ok(None),
        [file] => read_page(file).map(Some),
        [a, b, ..] => bail!("both {} and {} could be the {lang} page of {id}: keep one", a.display(), b.display()),
    }
}

fn candidates(folder: &Path, lang: Lang) -> Result<Vec<PathBuf>> {
    let list = || format!("cannot list the saved pages in {}", folder.display());
    let mut found = Vec::new();
    for file in fs::read_dir(folder).with_context(list)? {
        let path = file.with_context(list)?.path();
        let named = path.file_stem().is_some_and(|stem| stem == lang.as_str()) && path.extension().is_some();
        if named && path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

/// The file at `path` as a page: its URL is the path, it was fetched when the file was last modified, it has neither
/// status nor headers. A file beyond 32 MiB is an error.
pub fn read_page(path: &Path) -> Result<Page> {
    let shown = path.display();
    let mut file = File::open(path).with_context(|| format!("cannot open the page {shown}"))?;
    let facts = file.metadata().with_context(|| format!("cannot open the page {shown}"))?;
    if facts.is_dir() {
        bail!("{shown} is a folder, not a page");
    }
    let mut body = Vec::new();
    // The length that the file system tells is not trusted: a pipe or a growing file has none.
    let mut limited = (&mut file).take(MAX_PAGE_BYTES + 1);
    limited.read_to_end(&mut body).with_context(|| format!("cannot read the page {shown}"))?;
    if u64::try_from(body.len()).is_ok_and(|length| length > MAX_PAGE_BYTES) {
        bail!("{shown} is larger than {} MiB, no error-code page is: nothing was read", MAX_PAGE_BYTES >> 20);
    }
    let fetched_at = facts.modified().ok().and_then(|time| jiff::Timestamp::try_from(time).ok()).unwrap_or_default();
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
    fn what_is_no_page_is_refused() {
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
