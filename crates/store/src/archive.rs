//! Every page as it was received: `objects/<ab>/<sha256 of the body>.warc.gz`, each body once, and `index.jsonl`, which
//! tells by one line a visit what each source's page was when. Nothing in it is ever rewritten.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use docdrift_model::{Lang, Page, SourceId};
use serde::{Deserialize, Serialize};

use crate::{files, warc};

const INDEX: &str = "index.jsonl";

/// A line of the index. Some headers stand here too: the same body may come under different ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    source: SourceId,
    lang: Lang,
    url: String,
    fetched_at: String,
    digest: String,
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
}

impl Line {
    fn of(id: &SourceId, lang: Lang, page: &Page) -> Self {
        let header = |name| page.header(name).map(str::to_owned);
        Self {
            source: id.clone(),
            lang,
            url: page.url.clone(),
            fetched_at: page.fetched_at.clone(),
            digest: page.digest(),
            status: page.status,
            content_type: header("content-type"),
            etag: header("etag"),
            last_modified: header("last-modified"),
        }
    }

    /// The headers that the page came with this time, in place of those that its body was first kept with.
    fn put_headers(self, page: &mut Page) {
        let now = [("content-type", self.content_type), ("etag", self.etag), ("last-modified", self.last_modified)];
        for (name, value) in now {
            if page.header(name) != value.as_deref() {
                page.headers.retain(|(other, _)| other != name);
                page.headers.extend(value.map(|value| (name.to_owned(), value)));
            }
        }
    }
}

/// Keeps `page` in the archive `folder`; `scratch` is a private folder of the same file system.
pub(crate) fn keep(folder: &Path, scratch: &Path, id: &SourceId, lang: Lang, page: &Page) -> Result<()> {
    let line = Line::of(id, lang, page);
    keep_object(folder, scratch, &line.digest, page)?;
    let index = folder.join(INDEX);
    append(&index, whole_lines(&index)?.len(), &line)
}

/// Notes that the server said at `at`, RFC 3339 in UTC, that its latest page is unchanged. An error where there is none.
pub(crate) fn keep_unchanged(folder: &Path, id: &SourceId, lang: Lang, at: &str) -> Result<()> {
    let index = folder.join(INDEX);
    let bytes = whole_lines(&index)?;
    let line = latest(&index, &bytes, id, lang)?;
    let line = line.with_context(|| format!("no {lang} page of {id} is archived that could be unchanged"))?;
    append(&index, bytes.len(), &Line { fetched_at: at.to_owned(), ..line })
}

/// When the page of that source and language was last received or said to be unchanged.
pub(crate) fn last_visit(folder: &Path, id: &SourceId, lang: Lang) -> Result<Option<String>> {
    let index = folder.join(INDEX);
    Ok(latest(&index, &whole_lines(&index)?, id, lang)?.map(|line| line.fetched_at))
}

/// The latest page of that source and language. An error where the archive is damaged: what is not what its digest
/// says is never trusted.
pub(crate) fn latest_page(folder: &Path, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
    let index = folder.join(INDEX);
    let Some(line) = latest(&index, &whole_lines(&index)?, id, lang)? else { return Ok(None) };
    let path = object_path(folder, &line.digest)?;
    let advice = || format!("the archived {lang} page of {id} is lost: fetch it again and remove {}", path.display());
    let gzipped = files::read_optional(&path)?.with_context(advice)?;
    let record = warc::read(&gzipped).with_context(advice)?;
    let mut page = Page {
        url: line.url.clone(),
        fetched_at: line.fetched_at.clone(),
        status: line.status,
        headers: record.headers,
        body: record.body,
    };
    ensure!(page.digest() == line.digest, "{}: it holds another page than its name says", advice());
    if page.status.is_none() {
        page.headers.clear();
    }
    line.put_headers(&mut page);
    Ok(Some(page))
}

fn object_path(folder: &Path, digest: &str) -> Result<PathBuf> {
    let hex = digest.strip_prefix("sha256:").filter(|_| docdrift_model::text::is_digest(digest));
    let Some((hex, start)) = hex.and_then(|hex| Some((hex, hex.get(..2)?))) else {
        bail!("`{}` in {} is no digest", digest.escape_debug(), folder.join(INDEX).display())
    };
    Ok(folder.join("objects").join(start).join(format!("{hex}.warc.gz")))
}

/// Writes the object unless it is there in good order. One that is damaged is replaced: the page is at hand.
fn keep_object(folder: &Path, scratch: &Path, digest: &str, page: &Page) -> Result<()> {
    let path = object_path(folder, digest)?;
    let there = files::read_optional(&path)?;
    if there.is_some_and(|gzipped| warc::read(&gzipped).is_ok_and(|record| record.body == page.body)) {
        return Ok(());
    }
    let relative = path.strip_prefix(folder)?;
    files::check_target(folder, relative)?;
    files::make_folder(folder, relative.parent().unwrap_or(Path::new("")))?;
    files::write_whole(scratch, &path, &warc::write(page)?)
}

/// The index without the start of a line that a killed run left at its end: a line counts once its line break is there.
fn whole_lines(index: &Path) -> Result<Vec<u8>> {
    let mut bytes = files::read_optional(index)?.unwrap_or_default();
    bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
    Ok(bytes)
}

/// The last line about that source and language, looked for from the end, where it mostly stands.
///
/// A damaged line may be about anybody, but must not stop everybody: it is an error for the source that it names, if
/// no good line of that source follows it, and for sources without any good line. Others pass it over.
fn latest(index: &Path, bytes: &[u8], id: &SourceId, lang: Lang) -> Result<Option<Line>> {
    let named = format!("\"{id}\"");
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut damage = None;
    for (number, line) in lines.into_iter().enumerate().rev() {
        let error = match serde_json::from_slice::<Line>(line) {
            Ok(line) if line.source == *id && line.lang == lang => return Ok(Some(line)),
            Ok(_) => continue,
            Err(error) => anyhow::Error::from(error),
        };
        let place = format!("{}:{}", index.display(), number + 1);
        let advice = format!("{place} is damaged and may be about {id}: fetch its pages again, or remove that line");
        damage = Some(error.context(advice));
        if line.windows(named.len()).any(|window| window == named.as_bytes()) {
            break;
        }
    }
    damage.map_or(Ok(None), Err)
}

/// Adds a line after the first `length` bytes; what is behind them is a torn line.
fn append(index: &Path, length: usize, line: &Line) -> Result<()> {
    let text = serde_json::to_string(line)? + "\n";
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(index)?;
        file.set_len(u64::try_from(length).map_err(std::io::Error::other)?)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", index.display()))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use docdrift_model::{Lang, Page, SourceId};

    use super::{INDEX, keep, keep_unchanged, last_visit, latest_page, object_path};

    fn id() -> SourceId {
        "acme/vault".parse().unwrap()
    }

    fn page(body: &str, day: u8) -> Page {
        Page {
            url: "https://docs.acme.test/zh/errors".into(),
            fetched_at: format!("2024-05-{day:02}T07:08:09Z"),
            status: Some(200),
            headers: vec![("content-type".into(), "text/html".into()), ("etag".into(), format!("\"{day}\""))],
            body: body.into(),
        }
    }

    fn keep_zh(folder: &Path, page: &Page) {
        keep(folder, folder, &id(), Lang::Zh, page).unwrap();
    }

    fn index_lines(folder: &Path) -> usize {
        fs::read_to_string(folder.join(INDEX)).unwrap().lines().count()
    }

    #[test]
    fn the_latest_page_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), None);
        keep_zh(folder, &page("one", 1));
        keep_zh(folder, &page("two", 2));
        assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(page("two", 2)));
        assert_eq!(latest_page(folder, &id(), Lang::En).unwrap(), None);

        keep_zh(folder, &page("two", 3));
        assert_eq!(index_lines(folder), 3, "each visit is a line");
        let again = latest_page(folder, &id(), Lang::Zh).unwrap().unwrap();
        assert_eq!(again.header("etag"), Some("\"3\""), "headers as they came last");
        keep_zh(folder, &page("one", 4));
        assert_eq!(fs::read_dir(folder.join("objects")).unwrap().count(), 2, "each body once");
        assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap().unwrap().fetched_at, "2024-05-04T07:08:09Z");
    }

    #[test]
    fn a_page_that_the_server_says_is_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        assert!(keep_unchanged(folder, &id(), Lang::Zh, "2024-05-09T00:00:00Z").is_err());
        assert_eq!(last_visit(folder, &id(), Lang::Zh).unwrap(), None);
        keep_zh(folder, &page("one", 1));
        keep_unchanged(folder, &id(), Lang::Zh, "2024-05-09T00:00:00Z").unwrap();
        assert_eq!(last_visit(folder, &id(), Lang::Zh).unwrap().as_deref(), Some("2024-05-09T00:00:00Z"));
        let expected = Page { fetched_at: "2024-05-09T00:00:00Z".into(), ..page("one", 1) };
        assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(expected));
    }

    #[test]
    fn the_same_body_under_another_content_type() {
        let dir = tempfile::tempdir().unwrap();
        keep_zh(dir.path(), &page("one", 1));
        let mut other = page("one", 2);
        other.headers = vec![("content-type".into(), "text/plain; charset=gbk".into())];
        keep(dir.path(), dir.path(), &id(), Lang::En, &other).unwrap();
        let back = latest_page(dir.path(), &id(), Lang::En).unwrap().unwrap();
        assert_eq!(back.header("content-type"), Some("text/plain; charset=gbk"));
        keep_zh(dir.path(), &other);
        assert_eq!(index_lines(dir.path()), 3);
    }

    #[test]
    fn a_torn_line_is_as_if_never_written() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        let index = folder.join(INDEX);
        keep_zh(folder, &page("one", 1));
        let first = fs::read_to_string(&index).unwrap();
        keep_zh(folder, &page("two", 2));
        let both = fs::read_to_string(&index).unwrap();
        for cut in first.len()..both.len() {
            fs::write(&index, &both[..cut]).unwrap();
            assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(page("one", 1)), "{cut}");
            keep_zh(folder, &page("two", 2));
            assert_eq!(fs::read_to_string(&index).unwrap(), both, "{cut}");
        }
    }

    #[test]
    fn a_damaged_archive_is_never_trusted() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        keep_zh(folder, &page("one", 1));
        keep_zh(folder, &page("two", 2));
        let (one, two) = (page("one", 1).digest(), page("two", 2).digest());
        let (one, two) = (object_path(folder, &one).unwrap(), object_path(folder, &two).unwrap());
        let good = fs::read(&two).unwrap();
        let cut = good[..good.len() / 2].to_vec();
        for (what, bytes) in [("cut", cut), ("empty", Vec::new()), ("swapped", fs::read(one).unwrap())] {
            fs::write(&two, bytes).unwrap();
            let error = format!("{:#}", latest_page(folder, &id(), Lang::Zh).unwrap_err());
            assert!(error.contains("archived zh page of acme/vault is lost"), "{what}: {error}");
        }
        fs::remove_file(&two).unwrap();
        assert!(latest_page(folder, &id(), Lang::Zh).is_err());
        keep_zh(folder, &page("two", 2));
        assert_eq!(fs::read(&two).unwrap(), good, "fetched again, it is whole again");
    }

    /// A line of the index that is no line, and for whom that is an error: for the source itself, for another one that
    /// was archived, for one that never was.
    #[test]
    fn a_damaged_line_concerns_whom_it_may_be_about() {
        let other: SourceId = "acme/queue".parse().unwrap();
        let never: SourceId = "acme/never".parse().unwrap();
        for (bad, expected) in [
            (b"{\"source\":\"acme/vault\",\"lang\":\"zh\",\"url\":\"htt".as_slice(), [true, false, true]),
            (b"{\"source\":\"acme/vault\",\xff}", [true, false, true]),
            (b"{\"half\": 1", [false, false, true]),
            (b"", [false, false, true]),
            (b"\x00\x00\xff", [false, false, true]),
            (b"<<<<<<< HEAD", [false, false, true]),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let (folder, index) = (dir.path(), dir.path().join(INDEX));
            keep_zh(folder, &page("one", 1));
            keep(folder, folder, &other, Lang::Zh, &page("other", 1)).unwrap();
            let mut bytes = fs::read(&index).unwrap();
            bytes.extend([bad, b"\n"].concat());
            fs::write(&index, bytes).unwrap();

            let shown = String::from_utf8_lossy(bad);
            let read = |id: &SourceId| latest_page(folder, id, Lang::Zh);
            assert_eq!([read(&id()), read(&other), read(&never)].map(|page| page.is_err()), expected, "{shown}");
            assert_eq!(read(&other).unwrap(), Some(page("other", 1)), "{shown}");
            let error = format!("{:#}", read(&never).unwrap_err());
            assert!(error.contains("index.jsonl:3 is damaged") && error.contains("fetch"), "{error}");

            for again in [&page("one", 1), &page("two", 2)] {
                keep_zh(folder, again);
                assert_eq!(read(&id()).unwrap().as_ref(), Some(again), "fetched again, it is whole again: {shown}");
            }
            assert!(fs::read(&index).unwrap().windows(bad.len() + 2).any(|w| w == [b"\n", bad, b"\n"].concat()));
        }
    }

    #[test]
    fn a_damaged_line_before_a_good_one_is_past() {
        let dir = tempfile::tempdir().unwrap();
        let index = dir.path().join(INDEX);
        fs::write(&index, "{\"source\":\"acme/vault\",\"lang\n").unwrap();
        assert!(latest_page(dir.path(), &id(), Lang::Zh).is_err());
        keep_zh(dir.path(), &page("one", 1));
        assert_eq!(latest_page(dir.path(), &id(), Lang::Zh).unwrap(), Some(page("one", 1)));
    }
}
