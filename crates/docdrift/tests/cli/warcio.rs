//! warcio, an independent reader of WARC files, can read the archive and its exports.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use docdrift_archive::{Archive, Visit};
use serde_json::Value;

use crate::{
    archive::site_with_visits,
    site::{Site, has_program},
};

/// The version that the tests were written for.
const WARCIO: &str = "warcio==1.8.1";
/// The gate sets this variable where warcio is installed: the tests must not skip there.
const NEEDS_WARCIO: &str = "DOCDRIFT_NEEDS_WARCIO";

/// A script that changes the last byte of the body of an object and compresses it again.
const LAST_BYTE_CHANGED: &str = "import gzip, sys; path = sys.argv[1]; record = bytearray(gzip.open(path).read()); \
                                 record[-5] ^= 1; gzip.open(path, 'wb').write(record)";

/// Returns a Python with warcio: that of the system, or one in a virtual environment made for the tests. Prints that the
/// test skips if there is none.
#[allow(clippy::print_stderr, reason = "a test that skips prints why")]
fn find_python() -> Option<PathBuf> {
    if !has_program("python3") {
        return None;
    }
    let has_warcio = |python: &Path| succeeds(Command::new(python).args(["-c", "import warcio"]));
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("warcio");
    let own_python = own.join("bin/python3");
    let known = [PathBuf::from("python3"), own_python.clone()];
    if let Some(python) = known.into_iter().find(|python| has_warcio(python)) {
        return Some(python);
    }
    let is_made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&own))
        && succeeds(Command::new(&own_python).args(["-m", "pip", "install", "--quiet", "--retries", "1", WARCIO]));
    let found = (is_made && has_warcio(&own_python)).then_some(own_python);
    assert!(
        found.is_some() || env::var_os(NEEDS_WARCIO).is_none(),
        "{NEEDS_WARCIO} is set, and {WARCIO} cannot be installed"
    );
    if found.is_none() {
        eprintln!("skipped: {WARCIO} is not installed and cannot be installed");
    }
    found
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Returns the records that warcio reads, or its error output.
fn read_records(python: &Path, site: &Site, files: &[&Path]) -> Result<Vec<Value>, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/warcio/read.py");
    let objects = site.root().join(".docdrift/archive/objects");
    let output = Command::new(python).arg(script).arg(objects).args(files).output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8(output.stderr).unwrap());
    }
    Ok(String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn read_visits(site: &Site) -> Vec<Visit> {
    Archive::new(&site.root(), None).visits().unwrap().good
}

#[test]
fn warcio_reads_every_object_and_an_export() {
    let Some(python) = find_python() else { return };
    let site = site_with_visits();
    let exported = site.root().join("../all.warc.gz");
    site.run("archive export ../all.warc.gz").exits_with(0);
    let all = read_records(&python, &site, &[&exported]).unwrap();
    for check in all.iter().filter(|record| record["type"] == "check") {
        assert_eq!(
            (&check["code"], check["output"].as_str().unwrap().contains("digest pass")),
            (&0.into(), true),
            "{check}"
        );
    }
    let records: Vec<&Value> = all.iter().filter(|record| record["type"] != "check").collect();
    let (export_records, object_records): (Vec<&Value>, Vec<&Value>) =
        records.into_iter().partition(|record| record["file"] == "all.warc.gz");
    assert_objects_match_the_index(&site, &object_records);
    assert_export_matches_the_index(&site, &export_records);
}

fn assert_objects_match_the_index(site: &Site, records: &[&Value]) {
    let visits = read_visits(site);
    let mut digests: Vec<&str> = visits.iter().map(|visit| visit.digest.as_str()).collect();
    digests.sort_unstable();
    digests.dedup();
    let found: Vec<&str> = records.iter().map(|record| record["digest"].as_str().unwrap()).collect();
    assert_eq!(found, digests);
    for record in records {
        let first = visits.iter().find(|visit| visit.digest == record["digest"].as_str().unwrap()).unwrap();
        let kind = if first.status.is_some() { "response" } else { "resource" };
        assert_eq!((&record["type"], &record["date"]), (&kind.into(), &first.fetched_at.clone().into()));
        assert_eq!(record["status"], serde_json::json!(first.status));
        assert_eq!((&record["body"], &record["length"]), (&first.digest.clone().into(), &first.bytes.unwrap().into()));
        assert_eq!(record["was_checked"], true);
    }
}

fn assert_export_matches_the_index(site: &Site, records: &[&Value]) {
    let visits = read_visits(site);
    let (info, records) = records.split_first().unwrap();
    assert_eq!(info["type"], "warcinfo");
    assert_eq!(records.len(), visits.len());
    for (number, (visit, record)) in visits.iter().zip(records).enumerate() {
        let first = visits[..number].iter().find(|earlier| earlier.digest == visit.digest);
        let kind = match (first, visit.status) {
            (Some(_), _) => "revisit",
            (None, Some(_)) => "response",
            (None, None) => "resource",
        };
        assert_eq!((&record["type"], &record["date"]), (&kind.into(), &visit.fetched_at.clone().into()));
        assert_eq!(record["digest"], visit.digest);
        assert_eq!(record["status"], serde_json::json!(visit.status));
        assert_eq!(record["content_type"], serde_json::json!(visit.content_type));
        assert_eq!(record["refers_to_date"], serde_json::json!(first.map(|first| first.fetched_at.clone())));
        match first {
            Some(_) => assert_eq!(record["length"], 0),
            None => assert_eq!(record["body"], visit.digest),
        }
        assert!(visit.status.is_none() || record["url"] == visit.url, "{record}");
    }
}

/// An object that docdrift reports as damaged is damaged for warcio as well.
#[test]
fn warcio_rejects_a_damaged_object() {
    let Some(python) = find_python() else { return };
    let site = site_with_visits();
    let objects = site.root().join(".docdrift/archive/objects");
    let folder = fs::read_dir(objects).unwrap().next().unwrap().unwrap().path();
    let object = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let repacked = Command::new(&python).args(["-c", LAST_BYTE_CHANGED]).arg(&object).status().unwrap();
    assert!(repacked.success());
    let error = read_records(&python, &site, &[]).unwrap_err();
    assert!(error.contains("digest failed"), "{error}");
    site.run("archive verify").exits_with(3).prints(&["damaged-object", "not what its digest says"]);
}
