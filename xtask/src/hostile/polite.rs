//! How docdrift treats a site that behaves: it waits between requests, and asks only for what changed.

use std::{collections::BTreeSet, path::Path};

use anyhow::ensure;

use crate::{
    hostile::{
        folder::{Files, Folder, Run, Watched},
        log::Visit,
        route::{Expected, PAGE, Place, Route},
        server::Server,
    },
    say,
};

/// The pages of the host that is to be asked slowly.
const SLOW_PAGES: usize = 5;
/// The least time between two requests to one host where sources.toml says nothing, in milliseconds.
const INTERVAL_MS: u128 = 1000;
/// How much later than it was made a request may be noted by a busy server, in milliseconds.
const BLUR_MS: u128 = 50;
/// The pages of the site that does not change.
const STILL_PAGES: usize = 40;
/// What every run notes, whatever it finds: the visits, and who holds the folder.
const NOTES: [&str; 2] = [".docdrift/archive/index.jsonl", ".docdrift/lock"];
/// What a run writes that finds other than the run before.
const REPORT: &str = ".docdrift/report";
/// An unchanged site costs at most this share of the work that reading it did, in percent.
const SHARE: u128 = 50;

/// A host of so many pages, refreshed with the default interval: no two requests are closer.
pub(crate) fn interval() -> anyhow::Result<()> {
    let server = one_host()?;
    let folder = Folder::new(&server.site.certificates.authority)?;
    folder.watch("", &pages(&server, SLOW_PAGES))?;
    let run = folder.refresh(server.proxy)?;
    ensure!(run.code == Some(0), "a site that behaves is not refreshed:\n{}", run.said);
    let visits = server.site.log.visits();
    let gaps = visits.windows(2).filter_map(|pair| {
        let [first, second] = pair else { return None };
        Some(second.at.duration_since(first.at).as_millis())
    });
    let gaps: Vec<u128> = gaps.collect();
    let least = gaps.iter().min().copied().unwrap_or_default();
    say(&format!(
        "politeness: {} requests to one host, {gaps:?} ms apart; the least is {least} ms, the default interval {INTERVAL_MS} ms",
        visits.len()
    ));
    server.stop();
    ensure!(gaps.len() >= SLOW_PAGES - 1, "only {} requests for {SLOW_PAGES} pages", visits.len());
    ensure!(least + BLUR_MS >= INTERVAL_MS, "two requests to one host were {least} ms apart");
    Ok(())
}

/// A site refreshed again without a change: that costs answers without bodies and a fraction of the work, and writes
/// nothing but the notes of every run.
pub(crate) fn unchanged() -> anyhow::Result<()> {
    let server = one_host()?;
    let folder = Folder::new(&server.site.certificates.authority)?;
    folder.watch("interval_ms = 0", &pages(&server, STILL_PAGES))?;
    let run = || -> anyhow::Result<(Run, Files)> {
        server.site.log.clear();
        let run = folder.refresh(server.proxy)?;
        ensure!(run.code == Some(0), "a site that behaves is not refreshed:\n{}", run.said);
        Ok((run, folder.files()?))
    };
    let ((first, read), (second, said), (_, same)) = (run()?, run()?, run()?);
    let visits = server.site.log.visits();
    let asking = server.site.log.time(0).unwrap_or_default().as_secs_f64();
    server.stop();
    let is_page = |visit: &&Visit| visit.path != "/robots.txt";
    let count = |status: &str| visits.iter().filter(is_page).filter(|visit| visit.status == status).count();
    let (fresh, not_modified) = (count("200"), count("304"));
    let mut data = written(&read, &said);
    data.retain(|path| !path.starts_with(REPORT));
    let rest = written(&said, &same);
    say(&format!(
        "unchanged site: {STILL_PAGES} pages, {}; again, {}, with {not_modified} × 304 and {fresh} × 200 in {asking:.2} s; \
         {} files of data written, and {} files in all by a third run",
        cost(&first),
        cost(&second),
        data.len(),
        rest.len()
    ));
    ensure!((not_modified, fresh) == (STILL_PAGES, 0), "{not_modified} of {STILL_PAGES} were 304, {fresh} sent again");
    ensure!(data.is_empty() && rest.is_empty(), "written although nothing changed: {data:?} {rest:?}");
    if let (Some(first), Some(second)) = (first.cost.work, second.cost.work) {
        ensure!(
            second.as_millis() * 100 <= first.as_millis() * SHARE,
            "as much work as before: {second:?} of {first:?}"
        );
    }
    Ok(())
}

/// What differs, but for the notes that every run makes of itself.
fn written<'a>(before: &'a Files, after: &'a Files) -> BTreeSet<&'a Path> {
    let paths = before.keys().chain(after.keys());
    let changed = paths.filter(|path| before.get(*path) != after.get(*path)).map(AsRef::as_ref);
    changed.filter(|path: &&Path| NOTES.iter().all(|note| !path.starts_with(note))).collect()
}

fn cost(run: &Run) -> String {
    let work = run.cost.work.map_or_else(|| "n/a".to_owned(), |work| format!("{:.2} s", work.as_secs_f64()));
    format!("{:.2} s of which {work} at work", run.time.as_secs_f64())
}

/// A server of one route that behaves.
fn one_host() -> anyhow::Result<Server> {
    Server::start(vec![Route::at(Place::Closed, "polite", "behaves", Expected::Unchanged)])
}

/// So many sources with a page each on the one host.
fn pages(server: &Server, count: usize) -> Vec<Watched> {
    let port = server.ports.first().copied().unwrap_or_default();
    let page =
        |n| Watched { service: format!("page-{n}"), url: format!("http://127.0.0.1:{port}/{n}{PAGE}"), local: true };
    (1..=count).map(page).collect()
}
