//! How docdrift treats a site that behaves: it waits between requests, and transfers only pages that changed.

use std::{collections::BTreeSet, path::Path};

use anyhow::ensure;

use crate::{
    file_tree::FileTree,
    hostile::{
        log::LoggedRequest,
        root::{FinishedRun, ListedSource, TestRoot},
        route::{Endpoint, Expected, PAGE_PATH, Route},
        server::Server,
    },
    output::print_line,
};

/// The number of pages of the host whose intervals are measured.
const INTERVAL_PAGES: usize = 5;
/// The least time between two requests to one host where sources.toml has none, in milliseconds.
const INTERVAL_MS: u128 = 1000;
/// How much later than it was sent a request may be logged by a busy server, in milliseconds.
const LOG_DELAY_MS: u128 = 50;
/// The number of pages of the site that does not change.
const UNCHANGED_PAGES: usize = 40;
/// What every run writes: the visits, and who holds the root.
const ALWAYS_WRITTEN: [&str; 2] = [".docdrift/archive/index.jsonl", ".docdrift/lock"];
/// What a run writes whose findings differ from those of the run before.
const REPORT: &str = ".docdrift/report";
/// An unchanged site costs at most this share of the CPU time of its first run, in percent.
const MAX_CPU_PERCENT: u128 = 50;

/// Refreshes several pages of one host with the default interval, and checks that no two requests are closer.
pub(crate) fn check_interval() -> anyhow::Result<()> {
    let server = start_polite_server()?;
    let root = TestRoot::new(&server.site.certificates.authority)?;
    root.write_sources("", &list_pages(&server, INTERVAL_PAGES))?;
    let run = root.refresh(server.proxy_port)?;
    ensure!(run.code == Some(0), "a site that behaves is not refreshed:\n{}", run.output);
    let requests = server.site.log.requests();
    let gaps = requests.windows(2).filter_map(|pair| {
        let [first, second] = pair else { return None };
        Some(second.at.duration_since(first.at).as_millis())
    });
    let gaps: Vec<u128> = gaps.collect();
    let least = gaps.iter().min().copied().unwrap_or_default();
    print_line(&format!(
        "politeness: {} requests to one host, {gaps:?} ms apart; the least is {least} ms, the default interval {INTERVAL_MS} ms",
        requests.len()
    ));
    server.stop();
    ensure!(gaps.len() >= INTERVAL_PAGES - 1, "only {} requests for {INTERVAL_PAGES} pages", requests.len());
    ensure!(least + LOG_DELAY_MS >= INTERVAL_MS, "two requests to one host were {least} ms apart");
    Ok(())
}

/// Refreshes an unchanged site again, and checks that this transfers no page, takes a fraction of the CPU time and
/// writes only what every run writes.
pub(crate) fn check_unchanged_site() -> anyhow::Result<()> {
    let server = start_polite_server()?;
    let root = TestRoot::new(&server.site.certificates.authority)?;
    root.write_sources("interval_ms = 0", &list_pages(&server, UNCHANGED_PAGES))?;
    let run = || -> anyhow::Result<(FinishedRun, FileTree)> {
        server.site.log.clear();
        let run = root.refresh(server.proxy_port)?;
        ensure!(run.code == Some(0), "a site that behaves is not refreshed:\n{}", run.output);
        Ok((run, root.read_files()?))
    };
    let ((first, first_files), (second, second_files), (_, third_files)) = (run()?, run()?, run()?);
    let requests = server.site.log.requests();
    let asking = server.site.log.contact_time(0).unwrap_or_default().as_secs_f64();
    server.stop();
    let is_page = |logged: &&LoggedRequest| logged.request.path != "/robots.txt";
    let count = |status: &str| requests.iter().filter(is_page).filter(|logged| logged.status == status).count();
    let (fresh, not_modified) = (count("200"), count("304"));
    let mut data = changed_files(&first_files, &second_files);
    data.retain(|path| !path.starts_with(REPORT));
    let rest = changed_files(&second_files, &third_files);
    print_line(&format!(
        "unchanged site: {UNCHANGED_PAGES} pages, {}; again, {}, with {not_modified} × 304 and {fresh} × 200 in {asking:.2} s; \
         {} files of data written, and {} files in all by a third run",
        describe_cost(&first),
        describe_cost(&second),
        data.len(),
        rest.len()
    ));
    let is_unsent = (not_modified, fresh) == (UNCHANGED_PAGES, 0);
    ensure!(is_unsent, "{not_modified} of {UNCHANGED_PAGES} were 304, {fresh} sent again");
    ensure!(data.is_empty() && rest.is_empty(), "written although nothing changed: {data:?} {rest:?}");
    if let (Some(first), Some(second)) = (first.cost.cpu_time, second.cost.cpu_time) {
        let is_cheap = second.as_millis() * 100 <= first.as_millis() * MAX_CPU_PERCENT;
        ensure!(is_cheap, "as much work as before: {second:?} of {first:?}");
    }
    Ok(())
}

/// The files that differ, without those that every run writes.
fn changed_files<'a>(before: &'a FileTree, after: &'a FileTree) -> BTreeSet<&'a Path> {
    let paths = before.keys().chain(after.keys());
    let changed = paths.filter(|path| before.get(*path) != after.get(*path)).map(AsRef::as_ref);
    changed.filter(|path: &&Path| ALWAYS_WRITTEN.iter().all(|name| !path.starts_with(name))).collect()
}

fn describe_cost(run: &FinishedRun) -> String {
    let cpu_time = run.cost.cpu_time.map_or_else(|| "n/a".to_owned(), |time| format!("{:.2} s", time.as_secs_f64()));
    format!("{:.2} s of which {cpu_time} at work", run.time.as_secs_f64())
}

/// Starts a server of one route that behaves.
fn start_polite_server() -> anyhow::Result<Server> {
    Server::start(vec![Route::at(Endpoint::Closed, "polite", "behaves", Expected::Unchanged)])
}

/// Sources with one page each, all on the server's host.
fn list_pages(server: &Server, count: usize) -> Vec<ListedSource> {
    let port = server.ports.first().copied().unwrap_or_default();
    let page = |n| ListedSource {
        service: format!("page-{n}"),
        url: format!("http://127.0.0.1:{port}/{n}{PAGE_PATH}"),
        is_local: true,
    };
    (1..=count).map(page).collect()
}
