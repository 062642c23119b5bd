//! Measures the replay of 1,000 archived states of a page with 300 rows: `cargo bench -p docdrift`.
#![allow(clippy::print_stdout, reason = "a benchmark prints its result")]
#![allow(clippy::disallowed_methods, reason = "it creates the folder that docdrift works in")]
#![allow(clippy::unwrap_used, reason = "a benchmark may panic on an error")]

use std::{
    ffi::OsString,
    fmt::Write as _,
    fs,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use docdrift_archive::Archive;
use docdrift_model::{Lang, Page};
use docdrift_store::Store;

const STATES: usize = 1000;
const ROWS: usize = 300;

const SOURCES: &str = "[[source]]\nvendor = \"acme\"\nservice = \"lamps\"\nname = { en = \"Lamps\" }\nlicence = \"own\"\n\
                       pages = { en = \"https://docs.acme.test/errors\" }\n";

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("sources.toml"), SOURCES).unwrap();
    let archive = Archive::new(root, Store::open(root).unwrap().lock());
    let id = "acme/lamps".parse().unwrap();
    let start = Instant::now();
    for state in 0..STATES {
        archive.add(&id, Lang::En, &page(state)).unwrap();
    }
    drop(archive);
    println!("{STATES} states of {ROWS} rows archived:   {:5.1} s", start.elapsed().as_secs_f64());
    println!("replayed, all snapshots written: {:5.1} s", replay(root).as_secs_f64());
    let written = fs::read_dir(root.join("snapshots/acme/lamps")).unwrap().count();
    assert_eq!(written, STATES, "each state has a snapshot");
    println!("replayed, nothing to write:      {:5.1} s", replay(root).as_secs_f64());
}

fn replay(root: &Path) -> Duration {
    let start = Instant::now();
    let args = ["docdrift", "replay", "--root"].map(OsString::from).into_iter().chain([root.into()]);
    assert_eq!(docdrift::run(args, None), ExitCode::SUCCESS);
    start.elapsed()
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
