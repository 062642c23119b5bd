mod check;
mod export;
mod prune;

use std::{fs, path::Path};

use docdrift_files::{Result, StorageErrorKind};
use docdrift_model::{Lang, Page, SourceId};

use crate::{
    Archive,
    contents::{Contents, VisitOutcome},
    index::{FILE_NAME as INDEX, Index},
    objects::object_path,
};

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

fn add(folder: &Path, id: &SourceId, lang: Lang, page: &Page) -> Result<()> {
    Contents::open(folder, &mut Index::default())?.add(folder, &[(id, lang, VisitOutcome::Page(page))])
}

fn add_all<'a>(folder: &Path, pages: impl Iterator<Item = (&'a SourceId, Lang, &'a Page)>) {
    let outcomes: Vec<_> = pages.map(|(id, lang, page)| (id, lang, VisitOutcome::Page(page))).collect();
    Contents::open(folder, &mut Index::default()).unwrap().add(folder, &outcomes).unwrap();
}

fn add_unchanged(folder: &Path, id: &SourceId, lang: Lang, at: &str) -> Result<()> {
    Contents::open(folder, &mut Index::default())?.add(folder, &[(id, lang, VisitOutcome::Unchanged(at))])
}

fn last_visit(folder: &Path, id: &SourceId, lang: Lang) -> Result<Option<String>> {
    Ok(Contents::open(folder, &mut Index::default())?.last_visit(id, lang)?.map(|visit| visit.fetched_at))
}

fn latest_page(folder: &Path, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
    Contents::open(folder, &mut Index::default())?.latest_page(id, lang)
}

fn add_zh(folder: &Path, page: &Page) {
    add(folder, &id(), Lang::Zh, page).unwrap();
}

fn index_lines(folder: &Path) -> usize {
    fs::read_to_string(folder.join(INDEX)).unwrap().lines().count()
}

#[test]
fn the_latest_page_is_returned() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), None);
    add_zh(folder, &page("one", 1));
    add_zh(folder, &page("two", 2));
    assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(page("two", 2)));
    assert_eq!(latest_page(folder, &id(), Lang::En).unwrap(), None);

    add_zh(folder, &page("two", 3));
    assert_eq!(index_lines(folder), 3, "one line per visit");
    let again = latest_page(folder, &id(), Lang::Zh).unwrap().unwrap();
    assert_eq!(again.header("etag"), Some("\"3\""), "the headers of the last visit");
    add_zh(folder, &page("one", 4));
    assert_eq!(fs::read_dir(folder.join("objects")).unwrap().count(), 2, "each body is stored once");
    assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap().unwrap().fetched_at, "2024-05-04T07:08:09Z");
}

#[test]
fn an_unchanged_page_has_the_time_of_the_last_visit() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    assert!(add_unchanged(folder, &id(), Lang::Zh, "2024-05-09T00:00:00Z").is_err());
    assert_eq!(last_visit(folder, &id(), Lang::Zh).unwrap(), None);
    add_zh(folder, &page("one", 1));
    add_unchanged(folder, &id(), Lang::Zh, "2024-05-09T00:00:00Z").unwrap();
    assert_eq!(last_visit(folder, &id(), Lang::Zh).unwrap().as_deref(), Some("2024-05-09T00:00:00Z"));
    let expected = Page { fetched_at: "2024-05-09T00:00:00Z".into(), ..page("one", 1) };
    assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(expected));
}

#[test]
fn the_same_body_under_another_content_type() {
    let dir = tempfile::tempdir().unwrap();
    add_zh(dir.path(), &page("one", 1));
    let mut other = page("one", 2);
    other.headers = vec![("content-type".into(), "text/plain; charset=gbk".into())];
    add(dir.path(), &id(), Lang::En, &other).unwrap();
    let back = latest_page(dir.path(), &id(), Lang::En).unwrap().unwrap();
    assert_eq!(back.header("content-type"), Some("text/plain; charset=gbk"));
    add_zh(dir.path(), &other);
    assert_eq!(index_lines(dir.path()), 3);
}

#[test]
fn a_torn_line_counts_as_never_written() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let index = folder.join(INDEX);
    add_zh(folder, &page("one", 1));
    let first = fs::read_to_string(&index).unwrap();
    add_zh(folder, &page("two", 2));
    let both = fs::read_to_string(&index).unwrap();
    for cut in first.len()..both.len() {
        fs::write(&index, &both[..cut]).unwrap();
        assert_eq!(latest_page(folder, &id(), Lang::Zh).unwrap(), Some(page("one", 1)), "{cut}");
        add_zh(folder, &page("two", 2));
        assert_eq!(fs::read_to_string(&index).unwrap(), both, "{cut}");
    }
}

#[test]
fn a_damaged_archive_is_never_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    add_zh(folder, &page("one", 1));
    add_zh(folder, &page("two", 2));
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
    add_zh(folder, &page("two", 2));
    assert_eq!(fs::read(&two).unwrap(), good, "a new fetch repairs it");
}

/// Damaged lines of the index, and for which sources they are an error: the source itself, another archived source, a
/// source that was never archived.
#[test]
fn a_damaged_line_is_an_error_for_the_sources_it_may_be_about() {
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
        add_zh(folder, &page("one", 1));
        add(folder, &other, Lang::Zh, &page("other", 1)).unwrap();
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
            add_zh(folder, again);
            assert_eq!(read(&id()).unwrap().as_ref(), Some(again), "a new fetch repairs it: {shown}");
        }
        assert!(fs::read(&index).unwrap().windows(bad.len() + 2).any(|w| w == [b"\n", bad, b"\n"].concat()));
    }
}

#[test]
fn a_damaged_line_before_a_good_one_is_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let index = dir.path().join(INDEX);
    fs::write(&index, "{\"source\":\"acme/vault\",\"lang\n").unwrap();
    assert!(latest_page(dir.path(), &id(), Lang::Zh).is_err());
    add_zh(dir.path(), &page("one", 1));
    assert_eq!(latest_page(dir.path(), &id(), Lang::Zh).unwrap(), Some(page("one", 1)));
}

/// The tests may run as root, whom no folder denies access. A file in place of the object's folder has a
/// similar effect: the system refuses to open a path through it, and with another error than `not found`.
#[test]
fn an_unreadable_page_is_not_called_lost() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    add_zh(folder, &page("one", 1));
    let object = object_path(folder, &page("one", 1).digest()).unwrap();
    fs::remove_dir_all(object.parent().unwrap()).unwrap();
    fs::write(object.parent().unwrap(), "").unwrap();
    let error = latest_page(folder, &id(), Lang::Zh).unwrap_err();
    assert_eq!((error.kind(), error.path()), (StorageErrorKind::Io, Some(object.as_path())));
    let text = format!("{error:#}");
    let expected = format!("the archived zh page of acme/vault cannot be read: cannot read {}: ", object.display());
    assert!(text.starts_with(&expected), "{text}");

    fs::remove_file(object.parent().unwrap()).unwrap();
    let error = latest_page(folder, &id(), Lang::Zh).unwrap_err();
    assert_eq!((error.kind(), error.path()), (StorageErrorKind::Missing, Some(object.as_path())));
    assert!(error.to_string().contains("is lost: fetch it again"), "{error}");
}

#[test]
fn an_archive_without_lock_is_read_only() {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::new(dir.path(), None);
    assert_eq!(archive.latest_page(&id(), Lang::Zh).unwrap(), None);
    let error = archive.add(&id(), Lang::Zh, &page("one", 1)).unwrap_err();
    assert_eq!(error.kind(), StorageErrorKind::ReadOnly);
    assert!(error.to_string().contains("open for reading only"), "{error}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is written");
}
