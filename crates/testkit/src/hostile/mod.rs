//! `cargo xtask hostile`: whole refreshes against a documentation server that misbehaves in every known way.
//!
//! Each route is one misbehaviour with a source of its own. All sources are refreshed while the server behaves. Then it
//! misbehaves, all are refreshed again, and the outcome of each is compared with the expected one. Then it behaves again,
//! and every source must recover.

mod certificates;
mod connection;
mod http2;
mod log;
mod page;
mod politeness;
mod proxy;
mod result;
mod root;
mod route;
mod routes;
mod server;
mod site;

use anyhow::ensure;

use crate::{
    hostile::{
        log::LoggedRequest,
        result::{PublishedState, RouteResult},
        root::{FinishedRun, ListedSource, ReportedSource, SECRET, SECRET_HEADER, TestRoot},
        route::PUBLIC_DOMAIN,
        server::Server,
    },
    output::print_line,
};

/// Short waits, so that a run over misbehaving servers is short too.
const FETCH: &str = "\
interval_ms = 0
connect_timeout_ms = 1200
read_timeout_ms = 2000
request_timeout_ms = 4000
retries = 2
backoff_ms = 50
";
/// Nearly all routes misbehave at once, so the share of failing sources must not stop the run.
const GUARD: &str = "\n[guard]\nfailing_percent = 100\n";
/// The most memory that a run over all routes may take, in bytes: five pages of the largest size (20 MB), twice.
const MEMORY_LIMIT: u64 = 200 << 20;
/// The route whose host receives the secret header.
const SECRET_ROUTE: &str = "public-to-sibling";

/// Runs the suite and prints its tables.
///
/// # Errors
/// When any route, check or recovery does not end as expected.
pub fn run() -> anyhow::Result<()> {
    let routes = run_routes();
    let politeness = politeness::check_interval().and_then(|()| politeness::check_unchanged_site());
    let summary = routes?;
    politeness?;
    print_line(&summary);
    Ok(())
}

/// Runs all routes. Returns the line that sums them up.
fn run_routes() -> anyhow::Result<String> {
    let mut server = Server::start(routes::all())?;
    let root = TestRoot::new(&server.site.certificates.authority)?;
    write_sources(&root, &server, false)?;
    let first = root.refresh(server.proxy_port)?;
    ensure!(first.code == Some(0), "the site that behaves is not refreshed:\n{}", first.output);
    let before = read_states(&root, &server)?;

    routes::prepare();
    server.set_misbehaves(true)?;
    write_sources(&root, &server, true)?;
    let run = root.refresh(server.proxy_port)?;
    let (summary, is_survived) = check_outcomes(&root, &server, &before)?;
    let mut problems = Vec::new();
    if !is_survived {
        problems.push(format!("not every fault was survived: {summary}"));
    }
    let checks = [check_cost(&run), check_secrets(&root, &server, &run)];
    problems.extend(checks.into_iter().filter_map(Result::err).map(|error| error.to_string()));

    server.set_misbehaves(false)?;
    problems.extend(check_recovery(&root, &server, &before).err().map(|error| error.to_string()));
    server.stop();
    if problems.is_empty() {
        return Ok(summary);
    }
    let kept = root.keep();
    anyhow::bail!("{summary}\n{}\nthe run's folder is kept: {}", problems.join("\n"), kept.display())
}

/// Prints the table of all routes. Returns the line that sums it up, and whether every route ended as expected.
fn check_outcomes(root: &TestRoot, server: &Server, before: &[PublishedState]) -> anyhow::Result<(String, bool)> {
    let after = read_states(root, server)?;
    let report = root.read_report()?;
    let routes = server.site.routes.iter().enumerate().zip(before.iter().zip(&after));
    let results: Vec<RouteResult<'_>> = routes
        .map(|((index, route), (before, after))| {
            let time = server.site.log.contact_time(index);
            RouteResult::new(route, report.get(route.name), time, before, after)
        })
        .collect();
    result::print_table(&results);
    let survived = results.iter().filter(|result| result.is_survived()).count();
    let lost: usize = results.iter().map(|result| result.lost_count).sum();
    let summary = format!("{} faults, {survived} survived, {lost} entries lost", results.len());
    Ok((summary, survived == results.len() && lost == 0))
}

/// Checks the exit code and the memory of the run.
fn check_cost(run: &FinishedRun) -> anyhow::Result<()> {
    let memory = run.cost.memory.map_or_else(|| "n/a".to_owned(), |bytes| format!("{} MB", bytes >> 20));
    let time = run.time.as_secs_f64();
    print_line(&format!("the run took {time:.1} s and held {memory} at most; the limit is {} MB", MEMORY_LIMIT >> 20));
    // Some sources could not be refreshed, which is exit code 3.
    ensure!(run.code == Some(3), "the run ended with {:?}:\n{}", run.code, run.output);
    ensure!(run.cost.memory.is_none_or(|bytes| bytes < MEMORY_LIMIT), "the run held {memory}");
    Ok(())
}

/// Checks that no forbidden place was contacted, no secret reached another host or a file, and no control character
/// reached the terminal.
fn check_secrets(root: &TestRoot, server: &Server, run: &FinishedRun) -> anyhow::Result<()> {
    let forbidden = server.site.log.forbidden_contacts();
    let requests = server.site.log.requests();
    let secret_host = format!("{SECRET_ROUTE}.{PUBLIC_DOMAIN}");
    let is_owner = |logged: &LoggedRequest| logged.request.header("host") == Some(&secret_host);
    let secrets: Vec<_> = requests.iter().filter(|logged| logged.request.header(SECRET_HEADER).is_some()).collect();
    let has_credentials =
        |logged: &&LoggedRequest| ["cookie", "authorization"].iter().any(|name| logged.request.header(name).is_some());
    let exposed =
        requests.iter().filter(has_credentials).count() + secrets.iter().filter(|logged| !is_owner(logged)).count();
    let files = root.read_files()?;
    let has_secret = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    let leaks =
        files.values().filter(|bytes| has_secret(bytes)).count() + usize::from(has_secret(run.output.as_bytes()));
    let is_command = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
    let commands = run.output.chars().filter(is_command).count();
    print_line(&format!(
        "{} requests: {} to forbidden places, {exposed} with a cookie, credentials or another's secret; {leaks} leaks, {commands} terminal commands printed",
        requests.len(),
        forbidden.len()
    ));
    ensure!(forbidden.is_empty(), "asked although forbidden: {forbidden:?}");
    ensure!(exposed == 0 && leaks == 0, "{exposed} requests and {leaks} files tell what they must not");
    ensure!(secrets.iter().any(|logged| is_owner(logged)), "the header of {SECRET_ROUTE} was not sent to its host");
    ensure!(commands == 0, "{commands} control characters reached the terminal");
    Ok(())
}

/// Refreshes from the server that behaves again, and checks that every source has its entries.
fn check_recovery(root: &TestRoot, server: &Server, before: &[PublishedState]) -> anyhow::Result<()> {
    write_sources(root, server, false)?;
    let run = root.refresh(server.proxy_port)?;
    let now = read_states(root, server)?;
    let recovered = before.iter().zip(&now).filter(|(before, now)| before.count_lost(now) == 0).count();
    print_line(&format!(
        "the server behaves again: {recovered} of {} sources have all they had; exit code {:?}",
        now.len(),
        run.code
    ));
    let report = root.read_report()?;
    let is_refreshed = |source: &ReportedSource| matches!(source.outcome.as_str(), "unchanged" | "changed");
    let failing: Vec<&str> =
        report.iter().filter(|(_, source)| !is_refreshed(source)).map(|(name, _)| name.as_str()).collect();
    ensure!(recovered == now.len() && failing.is_empty(), "not every source recovered: {}", failing.join(", "));
    Ok(())
}

fn write_sources(root: &TestRoot, server: &Server, misbehaves: bool) -> anyhow::Result<()> {
    let routes = server.site.routes.iter().zip(&server.ports);
    let sources = routes.map(|(route, port)| ListedSource {
        service: route.name.to_owned(),
        url: route.url(*port, misbehaves),
        is_local: route.is_local(misbehaves),
    });
    let settings = format!("{FETCH}{}{GUARD}", root::secret_host_settings(SECRET_ROUTE));
    root.write_sources(&settings, &sources.collect::<Vec<_>>())
}

fn read_states(root: &TestRoot, server: &Server) -> anyhow::Result<Vec<PublishedState>> {
    server.site.routes.iter().map(|route| PublishedState::read(root, route)).collect()
}
