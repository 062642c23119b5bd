//! `cargo xtask hostile`: a whole refresh against a documentation server that misbehaves in every way we know of.
//!
//! Each route is one misbehaviour with a source of its own. All sources are refreshed while the server behaves; then it
//! misbehaves and all are refreshed again, and what became of each is held against what must; then it behaves again and
//! every source must find back to what it was.

mod answer;
mod folder;
mod http1;
mod http2;
mod log;
mod page;
mod polite;
mod proxy;
mod route;
mod routes;
mod server;
mod tls;
mod verdict;

use anyhow::ensure;

use crate::{
    hostile::{
        folder::{Folder, Run, SECRET, SECRET_HEADER, Told, Watched},
        log::Visit,
        route::PUBLIC_DOMAIN,
        server::Server,
        verdict::{State, Verdict},
    },
    say,
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
/// Nearly all routes misbehave at once, and each is judged by itself.
const GUARD: &str = "\n[guard]\nfailing_percent = 100\n";
/// The most memory that a run over all routes may hold.
const MEMORY_LIMIT: u64 = 200 << 20;
/// The route whose host is sent a secret header.
const SECRET_ROUTE: &str = "public-to-sibling";

/// Runs all of it and prints the tables; an error where anything is not as it must be.
pub(crate) fn run() -> anyhow::Result<()> {
    let faults = faults();
    let polite = polite::interval().and_then(|()| polite::unchanged());
    let last = faults?;
    polite?;
    say(&last);
    Ok(())
}

/// The routes; answers with the line that sums them up.
fn faults() -> anyhow::Result<String> {
    let mut server = Server::start(routes::all())?;
    let folder = Folder::new(&server.site.certificates.authority)?;
    watch(&folder, &server, false)?;
    let first = folder.refresh(server.proxy)?;
    ensure!(first.code == Some(0), "the site that behaves is not refreshed:\n{}", first.said);
    let before = states(&folder, &server)?;

    routes::prepare();
    server.misbehave(true)?;
    watch(&folder, &server, true)?;
    let run = folder.refresh(server.proxy)?;
    let after = states(&folder, &server)?;
    let told = folder.told()?;
    let routes = server.site.routes.iter().enumerate().zip(before.iter().zip(&after));
    let verdicts: Vec<Verdict<'_>> = routes
        .map(|((at, route), (before, after))| {
            Verdict::new(route, told.get(route.name), server.site.log.time(at), before, after)
        })
        .collect();
    verdict::print(&verdicts);
    let survived = verdicts.iter().filter(|verdict| verdict.is_survived()).count();
    let lost: usize = verdicts.iter().map(|verdict| verdict.lost).sum();
    let sum = format!("{} faults, {survived} survived, {lost} entries lost", verdicts.len());
    let checks = [whole(survived == verdicts.len() && lost == 0, &sum), frugal(&run), discreet(&folder, &server, &run)];
    drop(verdicts);
    let mut problems: Vec<String> = checks.into_iter().filter_map(Result::err).map(|error| error.to_string()).collect();

    server.misbehave(false)?;
    problems.extend(healed(&folder, &server, &before).err().map(|error| error.to_string()));
    server.stop();
    if problems.is_empty() {
        return Ok(sum);
    }
    let kept = folder.keep();
    anyhow::bail!("{sum}\n{}\nthe run's folder is kept: {}", problems.join("\n"), kept.display())
}

fn whole(is_whole: bool, sum: &str) -> anyhow::Result<()> {
    ensure!(is_whole, "not every fault was survived: {sum}");
    Ok(())
}

/// The time and memory of the run.
fn frugal(run: &Run) -> anyhow::Result<()> {
    let memory = run.cost.memory.map_or_else(|| "n/a".to_owned(), |bytes| format!("{} MB", bytes >> 20));
    let time = run.time.as_secs_f64();
    say(&format!("the run took {time:.1} s and held {memory} at most; the limit is {} MB", MEMORY_LIMIT >> 20));
    // Some sources could not be refreshed, which is exit code 3.
    ensure!(run.code == Some(3), "the run ended with {:?}:\n{}", run.code, run.said);
    ensure!(run.cost.memory.is_none_or(|bytes| bytes < MEMORY_LIMIT), "the run held {memory}");
    Ok(())
}

/// Nothing was asked that must not be, nothing sent that is nobody's business, nothing printed that a terminal obeys.
fn discreet(folder: &Folder, server: &Server, run: &Run) -> anyhow::Result<()> {
    let strays = server.site.log.strays();
    let visits = server.site.log.visits();
    let has = |visit: &Visit, name: &str| visit.head.to_lowercase().contains(&format!("\r\n{name}: "));
    let secret_host = format!("\r\nhost: {SECRET_ROUTE}.{PUBLIC_DOMAIN}\r\n");
    let is_owner = |visit: &Visit| visit.head.to_lowercase().contains(&secret_host);
    let secrets: Vec<&Visit> = visits.iter().filter(|visit| has(visit, SECRET_HEADER)).collect();
    let tells = |visit: &&Visit| has(visit, "cookie") || has(visit, "authorization");
    let told = visits.iter().filter(tells).count() + secrets.iter().filter(|visit| !is_owner(visit)).count();
    let files = folder.files()?;
    let has_secret = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    let leaks = files.values().filter(|bytes| has_secret(bytes)).count() + usize::from(has_secret(run.said.as_bytes()));
    let is_obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let commands = run.said.chars().filter(|c| is_obeyed(*c)).count();
    say(&format!(
        "{} requests: {} to forbidden places, {told} with a cookie, credentials or another's secret; {leaks} leaks, {commands} terminal commands printed",
        visits.len(),
        strays.len()
    ));
    ensure!(strays.is_empty(), "asked although forbidden: {strays:?}");
    ensure!(told == 0 && leaks == 0, "{told} requests and {leaks} files tell what they must not");
    ensure!(secrets.iter().any(|visit| is_owner(visit)), "the header of {SECRET_ROUTE} was not sent to its host");
    ensure!(commands == 0, "{commands} control characters reached the terminal");
    Ok(())
}

/// The server behaves again: every source finds back to what it was.
fn healed(folder: &Folder, server: &Server, before: &[State]) -> anyhow::Result<()> {
    watch(folder, server, false)?;
    let run = folder.refresh(server.proxy)?;
    let now = states(folder, server)?;
    let back = before.iter().zip(&now).filter(|(before, now)| before.lost(now) == 0).count();
    say(&format!(
        "the server behaves again: {back} of {} sources have all they had; exit code {:?}",
        now.len(),
        run.code
    ));
    let told = folder.told()?;
    let is_well = |told: &&Told| matches!(told.outcome.as_str(), "unchanged" | "changed");
    let ill: Vec<&str> = told.iter().filter(|(_, told)| !is_well(told)).map(|(name, _)| name.as_str()).collect();
    ensure!(back == now.len() && ill.is_empty(), "not every source recovered: {}", ill.join(", "));
    Ok(())
}

fn watch(folder: &Folder, server: &Server, misbehaves: bool) -> anyhow::Result<()> {
    let routes = server.site.routes.iter().zip(&server.ports);
    let watched = routes.map(|(route, port)| Watched {
        service: route.name.to_owned(),
        url: route.url(*port, misbehaves),
        local: route.is_local(misbehaves),
    });
    let settings = format!("{FETCH}{}{GUARD}", folder::secret_host(SECRET_ROUTE));
    folder.watch(&settings, &watched.collect::<Vec<_>>())
}

fn states(folder: &Folder, server: &Server) -> anyhow::Result<Vec<State>> {
    server.site.routes.iter().map(|route| State::of(folder, route)).collect()
}
