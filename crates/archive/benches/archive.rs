//! Measures what a run over 400 pages costs an archive with 200 earlier runs: `cargo bench -p docdrift-archive`.
//!
//! All benchmarks share one archive. Those that change it work on copies.
#![allow(clippy::disallowed_methods, reason = "it copies an archive")]
#![allow(clippy::unwrap_used, reason = "a benchmark may fail with a panic")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{LazyLock, OnceLock},
};

use divan::Bencher;
use docdrift_archive::{Archive, VisitOutcome};
use docdrift_files::{PRIVATE_FOLDER, RunLock, make_folder};
use docdrift_model::{Lang, Page, SourceId, config::Retention};
use tempfile::TempDir;

const SOURCES: usize = 200;
const RUNS: usize = 200;
const RETENTION: Retention = Retention { keep_days: 30, keep_versions: 2 };
const TODAY: jiff::civil::Date = jiff::civil::date(2025, 12, 1);

static ROOT: OnceLock<PathBuf> = OnceLock::new();

static IDS: LazyLock<Vec<SourceId>> =
    LazyLock::new(|| (0..SOURCES).map(|number| format!("acme/service-{number}").parse().unwrap()).collect());

/// The archive that all benchmarks share, open for reading. The first of them makes it.
static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| {
    let root = ROOT.get().unwrap();
    make_folder(root, PRIVATE_FOLDER.as_ref()).unwrap();
    let archive = Archive::new(root, Some(RunLock::acquire(root).unwrap()));
    for run in 0..RUNS {
        add_all(&archive, &pages(run));
    }
    open_read_only()
});

fn main() {
    // A static is never dropped, so the folder is removed here.
    let root = tempfile::tempdir().unwrap();
    ROOT.set(root.path().into()).unwrap();
    divan::main();
}

#[divan::bench(name = "read the index", max_time = 1)]
fn read_index(bencher: Bencher) {
    LazyLock::force(&ARCHIVE);
    bencher.with_inputs(open_read_only).bench_refs(|archive| archive.visits().unwrap());
}

#[divan::bench(name = "last visit of each page", max_time = 1)]
fn last_visits(bencher: Bencher) {
    let archive = &*ARCHIVE;
    bencher.bench(|| page_keys().filter(|(id, lang)| archive.last_visit(id, *lang).unwrap().is_some()).count());
}

#[divan::bench(name = "add, all unchanged", sample_count = 3, sample_size = 1)]
fn add_unchanged(bencher: Bencher) {
    let at = "2025-12-01T00:00:00Z";
    let outcomes: Vec<_> = page_keys().map(|(id, lang)| (id, lang, VisitOutcome::Unchanged(at))).collect();
    bencher.with_inputs(copy).bench_refs(|(archive, _)| archive.add_all(&outcomes).unwrap());
}

#[divan::bench(name = "add, all the same again", sample_count = 3, sample_size = 1)]
fn add_same(bencher: Bencher) {
    let pages = pages(RUNS - 1);
    bencher.with_inputs(copy).bench_refs(|(archive, _)| add_all(archive, &pages));
}

#[divan::bench(name = "add the same page to each source, one by one", sample_count = 3, sample_size = 1)]
fn add_one_by_one(bencher: Bencher) {
    let page = page(&IDS[0], Lang::Zh, RUNS - 1);
    bencher.with_inputs(copy).bench_refs(|(archive, _)| {
        for id in &*IDS {
            archive.add(id, Lang::Zh, &page).unwrap();
        }
    });
}

#[divan::bench(name = "add, all new", sample_count = 3, sample_size = 1)]
fn add_new(bencher: Bencher) {
    let pages = pages(RUNS * 2);
    bencher.with_inputs(copy).bench_refs(|(archive, _)| add_all(archive, &pages));
}

#[divan::bench(name = "every visit of one page", max_time = 1)]
fn read_page_visits(bencher: Bencher) {
    let archive = &*ARCHIVE;
    bencher.bench(|| {
        let visits = archive.page_visits(&IDS[7], Lang::Zh).unwrap();
        visits.iter().filter(|visit| archive.page_at(visit).is_ok()).count()
    });
}

#[divan::bench(name = "check", max_time = 1)]
fn check(bencher: Bencher) {
    let archive = &*ARCHIVE;
    bencher.bench(|| archive.check().unwrap());
}

#[divan::bench(name = "prune, dry run", max_time = 1)]
fn count_prunable(bencher: Bencher) {
    let archive = &*ARCHIVE;
    bencher.bench(|| archive.prune(RETENTION, TODAY, &BTreeSet::new(), true).unwrap());
}

#[divan::bench(name = "prune", sample_count = 3, sample_size = 1)]
fn prune(bencher: Bencher) {
    bencher
        .with_inputs(copy)
        .bench_refs(|(archive, _)| archive.prune(RETENTION, TODAY, &BTreeSet::new(), false).unwrap());
}

fn open_read_only() -> Archive {
    Archive::new(ROOT.get().unwrap(), None)
}

/// Returns a copy of the shared archive, open for writing, with its index already read, and the folder that holds it.
fn copy() -> (Archive, TempDir) {
    LazyLock::force(&ARCHIVE);
    let folder = tempfile::tempdir().unwrap();
    copy_folder(ROOT.get().unwrap(), folder.path());
    let archive = Archive::new(folder.path(), Some(RunLock::acquire(folder.path()).unwrap()));
    archive.visits().unwrap();
    (archive, folder)
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (entry, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if entry.is_dir() {
            fs::create_dir(&to).unwrap();
            copy_folder(&entry, &to);
        } else {
            fs::copy(entry, to).unwrap();
        }
    }
}

fn page_keys() -> impl Iterator<Item = (&'static SourceId, Lang)> {
    IDS.iter().flat_map(|id| Lang::ALL.map(|lang| (id, lang)))
}

/// Makes the pages of one run. Their bodies change every forty runs.
fn pages(run: usize) -> Vec<Page> {
    page_keys().map(|(id, lang)| page(id, lang, run)).collect()
}

/// Adds one visit of each page.
fn add_all(archive: &Archive, pages: &[Page]) {
    let outcomes: Vec<_> =
        page_keys().zip(pages).map(|((id, lang), page)| (id, lang, VisitOutcome::Page(page))).collect();
    archive.add_all(&outcomes).unwrap();
}

fn page(id: &SourceId, lang: Lang, run: usize) -> Page {
    let row =
        |number| format!("<tr><td>404</td><td>Cup.{number:04}</td><td>No cup {number} in {}.</td></tr>\n", run / 40);
    let rows: String = (0..100).map(row).collect();
    let day = jiff::civil::date(2025, 1, 1).checked_add(jiff::Span::new().days(i64::try_from(run).unwrap())).unwrap();
    Page {
        url: format!("https://docs.acme.test/{lang}/{id}"),
        fetched_at: format!("{day}T00:00:00Z"),
        status: Some(200),
        headers: vec![("etag".into(), format!("\"{}\"", run / 40))],
        body: format!("{id} {lang}\n{rows}").into(),
    }
}
