//! Measures what a run over 400 pages costs an archive with 200 earlier runs: `cargo bench -p docdrift-archive`.
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]
#![allow(clippy::unwrap_used, reason = "a benchmark may fail with a panic")]

use std::{collections::BTreeSet, time::Instant};

use docdrift_archive::{Archive, VisitOutcome};
use docdrift_files::{PRIVATE_FOLDER, RunLock, make_folder};
use docdrift_model::{Lang, Page, SourceId, config::Retention};

const SOURCES: usize = 200;
const RUNS: usize = 200;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<SourceId> = (0..SOURCES).map(|number| format!("acme/service-{number}").parse().unwrap()).collect();
    make_folder(folder.path(), PRIVATE_FOLDER.as_ref()).unwrap();
    let lock = RunLock::acquire(folder.path()).unwrap();
    let archive = Archive::new(folder.path(), Some(lock.clone()));
    for run in 0..RUNS {
        add_run(&archive, &ids, run);
    }
    println!("{SOURCES} sources in two languages, {RUNS} visits of each page");
    let archive = Archive::new(folder.path(), Some(lock));
    measure("read the index", || archive.visits().unwrap().good.len());
    measure("last visit of each", || {
        pages(&ids).filter(|(id, lang)| archive.last_visit(id, *lang).unwrap().is_some()).count()
    });
    measure("add, all unchanged", || {
        let at = "2025-12-01T00:00:00Z";
        let outcomes: Vec<_> = pages(&ids).map(|(id, lang)| (id, lang, VisitOutcome::Unchanged(at))).collect();
        archive.add_all(&outcomes).map(|()| outcomes.len()).unwrap()
    });
    measure("add, all the same again", || add_run(&archive, &ids, RUNS - 1));
    measure("the same, one by one", || {
        let page = page(&ids[0], Lang::Zh, RUNS - 1);
        ids.iter().filter(|id| archive.add(id, Lang::Zh, &page).is_ok()).count()
    });
    measure("add, all new", || add_run(&archive, &ids, RUNS * 2));
    measure("every visit of one page", || {
        let visits = archive.page_visits(&ids[7], Lang::Zh).unwrap();
        visits.iter().filter(|visit| archive.page_at(visit).is_ok()).count()
    });
    measure("check", || archive.check().unwrap().object_count);
    let none = BTreeSet::new();
    let rules = Retention { keep_days: 30, keep_versions: 2 };
    let today = jiff::civil::date(2025, 12, 1);
    measure("prune, dry run", || archive.prune(rules, today, &none, true).unwrap().removed_visit_count);
    measure("prune", || archive.prune(rules, today, &none, false).unwrap().removed_visit_count);
}

fn measure(what: &str, run: impl FnOnce() -> usize) {
    let start = Instant::now();
    let count = run();
    println!("  {what:<26}{count:>7}{:>8} ms", start.elapsed().as_millis());
}

fn pages(ids: &[SourceId]) -> impl Iterator<Item = (&SourceId, Lang)> {
    ids.iter().flat_map(|id| Lang::ALL.map(|lang| (id, lang)))
}

/// Adds one visit of each page. The body changes every forty runs.
fn add_run(archive: &Archive, ids: &[SourceId], run: usize) -> usize {
    let found: Vec<Page> = pages(ids).map(|(id, lang)| page(id, lang, run)).collect();
    let outcomes: Vec<_> =
        pages(ids).zip(&found).map(|((id, lang), page)| (id, lang, VisitOutcome::Page(page))).collect();
    archive.add_all(&outcomes).map(|()| outcomes.len()).unwrap()
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
