//! Measures the replay of 1,000 archived states of a page with 300 rows: `cargo bench -p docdrift`.
#![allow(clippy::disallowed_methods, reason = "it creates the folder that docdrift works in")]
#![allow(clippy::unwrap_used, reason = "a benchmark may panic on an error")]

use std::{ffi::OsString, fmt::Write as _, fs, path::Path, process::ExitCode};

use divan::Bencher;
use docdrift_archive::Archive;
use docdrift_model::{Lang, Page};
use docdrift_store::Store;
use tempfile::TempDir;

const STATES: usize = 1000;
const ROWS: usize = 300;

const SOURCES: &str = "[[source]]\nvendor = \"acme\"\nservice = \"lamps\"\nname = { en = \"Lamps\" }\nlicence = \"own\"\n\
                       pages = { en = \"https://docs.acme.test/errors\" }\n";

fn main() {
    divan::main();
}

// Each operation takes seconds, and so does its set-up: one sample is enough.
#[divan::bench(name = "archive all states", sample_count = 1, sample_size = 1)]
fn archive_all_states(bencher: Bencher) {
    let pages: Vec<Page> = (0..STATES).map(page).collect();
    bencher.with_inputs(empty_root).bench_refs(|root| archive(root.path(), &pages));
}

#[divan::bench(name = "replay, all snapshots written", sample_count = 1, sample_size = 1)]
fn replay_and_write_all_snapshots(bencher: Bencher) {
    bencher.with_inputs(archived_root).bench_refs(|root| replay(root.path()));
}

#[divan::bench(name = "replay, nothing to write", sample_count = 1, sample_size = 1)]
fn replay_without_changes(bencher: Bencher) {
    let root = archived_root();
    replay(root.path());
    let written_count = fs::read_dir(root.path().join("snapshots/acme/lamps")).unwrap().count();
    assert_eq!(written_count, STATES, "each state has a snapshot");
    bencher.bench(|| replay(root.path()));
}

fn empty_root() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("sources.toml"), SOURCES).unwrap();
    root
}

fn archived_root() -> TempDir {
    let root = empty_root();
    archive(root.path(), &(0..STATES).map(page).collect::<Vec<_>>());
    root
}

/// Adds the pages one by one, as that many runs do.
fn archive(root: &Path, pages: &[Page]) {
    let archive = Archive::new(root, Store::open(root).unwrap().lock());
    let id = "acme/lamps".parse().unwrap();
    for page in pages {
        archive.add(&id, Lang::En, page).unwrap();
    }
}

fn replay(root: &Path) {
    let args = ["docdrift", "replay", "--root"].map(OsString::from).into_iter().chain([root.into()]);
    assert_eq!(docdrift::run(args, None), ExitCode::SUCCESS);
}

/// Returns one state of the page. Each state changes one text of the state before.
fn page(state: usize) -> Page {
    let mut body = String::from("<html><body><h1>Lamp errors</h1><table><tr><th>Status Code</th><th>Error Code</th>");
    body += "<th>Error Message</th><th>Description</th><th>Solution</th></tr>";
    for row in 0..ROWS {
        let edits = (state + ROWS - row) / ROWS;
        // Writing to a string cannot fail.
        let _ = write!(
            body,
            "<tr><td>{}</td><td>Lamp.{row:04}</td><td>Lamp {row} does not light.</td><td>The wick of lamp {row} is \
             short, as seen {edits} times.</td><td>Trim wick {row} and light it again.</td></tr>",
            400 + row % 5
        );
    }
    body += "</table><p>Lamps are lit at dusk.</p></body></html>";
    Page {
        url: "https://docs.acme.test/errors".into(),
        fetched_at: format!("20{:02}-{:02}-{:02}T06:00:00Z", 10 + state / 300, 1 + state / 25 % 12, 1 + state % 25),
        status: Some(200),
        headers: vec![("content-type".into(), "text/html".into())],
        body: body.into(),
    }
}
