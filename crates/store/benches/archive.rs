//! What a run over 400 pages costs the archive after 200 runs before it: `cargo bench -p docdrift-store --bench archive`.
#![allow(clippy::print_stdout, reason = "a benchmark's answer is what it prints")]
#![allow(clippy::unwrap_used, reason = "a benchmark has nobody to tell of an error")]

use std::time::Instant;

use docdrift_model::{Lang, Page, Retention, SourceId};
use docdrift_store::{Arrival, Store};

const SOURCES: usize = 200;
const RUNS: usize = 200;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<SourceId> = (0..SOURCES).map(|number| format!("acme/service-{number}").parse().unwrap()).collect();
    let store = Store::open(folder.path()).unwrap();
    for run in 0..RUNS {
        archive(&store, &ids, run);
    }
    drop(store);
    println!("{SOURCES} sources in two languages, {RUNS} visits of each page");
    let store = Store::open(folder.path()).unwrap();
    told("read the index", || store.visits().unwrap().good.len());
    told("last visit of each", || {
        pages(&ids).filter(|(id, lang)| store.last_visit(id, *lang).unwrap().is_some()).count()
    });
    told("keep, all unchanged", || {
        let at = "2025-12-01T00:00:00Z";
        let arrivals: Vec<_> = pages(&ids).map(|(id, lang)| (id, lang, Arrival::Unchanged(at))).collect();
        store.archive_all(&arrivals).map(|()| arrivals.len()).unwrap()
    });
    told("keep, all the same again", || archive(&store, &ids, RUNS - 1));
    told("the same, one by one", || {
        let page = page(&ids[0], Lang::Zh, RUNS - 1);
        ids.iter().filter(|id| store.archive(id, Lang::Zh, &page).is_ok()).count()
    });
    told("keep, all new", || archive(&store, &ids, RUNS * 2));
    told("every visit of one page", || {
        let visits = store.visits_of(&ids[7], Lang::Zh).unwrap();
        visits.iter().filter(|visit| store.archived_at(visit).is_ok()).count()
    });
    told("verify", || store.verify_archive().unwrap().objects);
    let rules = Retention { keep_days: 30, keep_versions: 2 };
    let today = jiff::civil::date(2025, 12, 1);
    told("prune, only told", || store.prune_archive(rules, today, true).unwrap().visits_gone);
    told("prune", || store.prune_archive(rules, today, false).unwrap().visits_gone);
}

fn told(what: &str, run: impl FnOnce() -> usize) {
    let start = Instant::now();
    let count = run();
    println!("  {what:<26}{count:>7}{:>8} ms", start.elapsed().as_millis());
}

fn pages(ids: &[SourceId]) -> impl Iterator<Item = (&SourceId, Lang)> {
    ids.iter().flat_map(|id| Lang::ALL.map(|lang| (id, lang)))
}

/// One in forty runs finds another body.
fn archive(store: &Store, ids: &[SourceId], run: usize) -> usize {
    let found: Vec<Page> = pages(ids).map(|(id, lang)| page(id, lang, run)).collect();
    let arrivals: Vec<_> = pages(ids).zip(&found).map(|((id, lang), page)| (id, lang, Arrival::Page(page))).collect();
    store.archive_all(&arrivals).map(|()| arrivals.len()).unwrap()
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
