//! A new version of the reader is no drift, and `replay` rebuilds the history from the archive.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::site::{Site, assert_untouched, drift_lines, reseal_snapshot, write};

const LOOM: &str = "larkspur/batch-loom";

/// Returns the snapshot files of a source, oldest first.
fn snapshot_files(site: &Site, id: &str) -> Vec<PathBuf> {
    let folder = site.root().join("snapshots").join(id);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let key = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name.get(..10).unwrap().to_owned(), name.len(), name)
    };
    files.sort_by_key(key);
    files
}

/// Turns the last snapshot into one of an older reader, which missed one row and read one message differently.
fn age_snapshot(site: &Site, id: &str) {
    let file = snapshot_files(site, id).pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let (header, entries) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    header["reader"] = json!(1);
    header["entries"] = json!(entries.lines().count() - 1);
    let kept: Vec<String> = entries
        .lines()
        .filter(|line| !line.contains("\"code\":\"Forbidden.Pool\""))
        .map(|line| line.replace("Pool %s not found.", "Pool not found."))
        .collect();
    write(&file, reseal_snapshot(&format!("{header}\n{}\n", kept.join("\n"))));
}

fn reader_versions(site: &Site, id: &str) -> Vec<u64> {
    let header = |path: PathBuf| -> Value {
        serde_json::from_str(fs::read_to_string(path).unwrap().lines().next().unwrap()).unwrap()
    };
    snapshot_files(site, id).into_iter().map(|path| header(path)["reader"].as_u64().unwrap()).collect()
}

/// The drift between the aged snapshot and what the current reader reads on the same pages.
const READER_DRIFT: [&str; 2] = ["added 403 Forbidden.Pool", "breaking 404 PoolNotFound: message zh, message en"];

#[test]
fn a_new_reader_version_is_no_drift() {
    let site = Site::refreshed_demo();
    let plain = Site::refreshed_demo();
    age_snapshot(&site, LOOM);
    let before = site.data();
    let report = site.run("check --pages ../pages --format json").exits_with(0).json();
    let source = crate::site::find_source(&report, LOOM);
    assert_eq!((&source["outcome"], &report["severity"]), (&json!("unchanged"), &json!("none")));
    assert_eq!(drift_lines(&source["reader"]["drift"]), READER_DRIFT);
    assert_eq!((&source["reader"]["from"], &source["reader"]["to"]), (&json!(1), &json!(docdrift_parse::READER)));
    site.run("check --pages ../pages").exits_with(0).prints(&["read otherwise"]);
    assert_untouched(&before, &site.data(), "check writes nothing");

    // The vendor changes the page at the same time: the report has two sections, and only the vendor counts.
    for site in [&site, &plain] {
        site.put_source(LOOM, 2);
    }
    let expected =
        drift_lines(&plain.run("check --pages ../pages --format json").exits_with(1).json()["sources"][1]["drift"]);
    assert!(!expected.is_empty());
    site.run("refresh --pages ../pages").exits_with(0);
    let source = site.reported_source(LOOM);
    assert_eq!(
        (drift_lines(&source["drift"]), drift_lines(&source["reader"]["drift"])),
        (expected, READER_DRIFT.map(str::to_owned).into())
    );
    let now = u64::from(docdrift_parse::READER);
    assert_eq!(
        reader_versions(&site, LOOM),
        [1, now, now],
        "the last state, read by the current reader, has its own snapshot"
    );
    let feed = fs::read_to_string(site.root().join("output/history/larkspur.atom")).unwrap();
    assert_eq!(feed.matches("<entry>").count(), 2, "the feed lists only the changes of the vendor");
    assert!(!feed.contains("Forbidden.Pool"), "{feed}");
    let history = site.run("history Forbidden.Pool --format json").exits_with(0).json();
    assert_eq!(history["lives"][0]["events"][0]["reader"], json!(true), "{history:#}");
    site.run("check --pages ../pages").exits_with(0).prints(&["no drift"]);
}

/// If both readers read the same, only the version in the file changes.
#[test]
fn an_equal_reading_updates_only_the_reader_version() {
    let site = Site::refreshed_demo();
    let file = snapshot_files(&site, LOOM).pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let now = format!("\"reader\":{}", docdrift_parse::READER);
    write(&file, reseal_snapshot(&text.replacen(&now, "\"reader\":1", 1)));
    site.run("refresh --pages ../pages").exits_with(0).prints(&["no drift", "1 file(s) written"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert_eq!(snapshot_files(&site, LOOM).len(), 1);
}

#[test]
fn without_the_archived_page_reader_changes_count_as_drift() {
    let site = Site::refreshed_demo();
    age_snapshot(&site, LOOM);
    site.put_source(LOOM, 2);
    fs::remove_dir_all(site.root().join(".docdrift/archive")).unwrap();
    let report = site.run("check --pages ../pages --format json").exits_with(1).json();
    let source = crate::site::find_source(&report, LOOM);
    assert_eq!((&source["outcome"], &source["reader"]["drift"]), (&json!("changed"), &Value::Null));
    assert!(drift_lines(&source["drift"]).contains(&READER_DRIFT[0].to_owned()));
    site.run("check --pages ../pages").exits_with(1).prints(&["told apart"]);
}

/// A reader that loses rows of unchanged pages is as suspect as a page that loses them.
#[test]
fn a_reader_that_loses_rows_is_quarantined() {
    let site = Site::refreshed_demo();
    let file = snapshot_files(&site, LOOM).pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let (header, entries) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    // Adds an entry for each row that the current reader does not find.
    let code =
        |line: &str| line.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let more = |line: &str| {
        let line = line.replacen("{\"id\":\"e", "{\"id\":\"f", 1);
        line.replacen(&format!("\"{}\"", code(&line)), &format!("\"{} old\"", code(&line)), 1)
    };
    let mut both: Vec<String> = entries.lines().flat_map(|line| [line.to_owned(), more(line)]).collect();
    both.sort_by_key(|line| code(line));
    let both = both.join("\n") + "\n";
    (header["reader"], header["entries"]) = (json!(1), json!(both.lines().count()));
    write(&file, reseal_snapshot(&format!("{header}\n{both}")));
    let before = fs::read(&file).unwrap();
    site.run("refresh --pages ../pages")
        .exits_with(3)
        .prints(&["QUARANTINED larkspur/batch-loom", "read anew by this version"]);
    assert!(snapshot_files(&site, LOOM).len() == 1 && fs::read(&file).unwrap() == before, "held back");
    let accept = "refresh --pages ../pages --accept larkspur/* --reason checked";
    site.run(accept).exits_with(0);
    assert_eq!(snapshot_files(&site, LOOM).len(), 2);
}

/// Returns a site that was refreshed with the second edition and then with the first one again.
fn site_with_history() -> Site {
    let site = Site::refreshed_demo();
    for edition in [2, 1] {
        site.put_edition(edition);
        site.run("refresh --pages ../pages");
    }
    site
}

#[test]
fn replay_of_current_data_changes_nothing() {
    let site = site_with_history();
    assert_eq!(snapshot_files(&site, LOOM).len(), 3);
    let before = site.data();
    for command in ["replay", "replay --dry-run", "replay --from 2020-01-01", "replay --source larkspur/*"] {
        site.run(command).exits_with(0).prints(&["no drift", "state(s) replayed: 0 file(s)"]);
        assert_untouched(&before, &site.data(), command);
    }
    site.run("replay --from 2999-01-01").exits_with(2).prints_exactly(
        "",
        "error: there is nothing to replay: these sources have no snapshot from that day on, and the archive has no \
         pages of those without any\n",
    );
    site.run("replay --from yesterday")
        .exits_with(2)
        .prints_lines(&["error: invalid value 'yesterday' for '--from <DATE>': write a day as YYYY-MM-DD"]);
}

#[test]
fn replay_rebuilds_the_history() {
    let site = site_with_history();
    let good: Vec<String> = snapshot_files(&site, LOOM).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let whole = site.data_as_text();
    age_snapshot(&site, LOOM);
    assert_ne!(site.data_as_text(), whole);
    let aged = site.data();
    site.run("replay --dry-run").exits_with(0).prints(&["read otherwise", "file(s) would be written"]);
    assert_untouched(&aged, &site.data(), "--dry-run");
    site.run("replay").exits_with(0).prints(&["read otherwise"]);
    let now: Vec<String> = snapshot_files(&site, LOOM).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert_eq!(now, good, "snapshots, ids and dates are the same");
    assert_eq!(site.data_as_text(), whole);
    site.run("verify").exits_with(0);
}

/// If pages are missing, the existing snapshots are better than a partial replay.
#[test]
fn a_source_with_missing_pages_is_not_replayed() {
    let site = site_with_history();
    age_snapshot(&site, LOOM);
    let index = site.root().join(".docdrift/archive/index.jsonl");
    let lines = fs::read_to_string(&index).unwrap();
    let kept: Vec<&str> =
        lines.lines().filter(|line| !line.contains("\"larkspur/batch-loom\",\"lang\":\"en\"")).collect();
    assert!(kept.len() < lines.lines().count());
    write(&index, kept.join("\n") + "\n");
    let before: Vec<_> = snapshot_files(&site, LOOM).iter().map(|file| fs::read(file).unwrap()).collect();
    let expected = ["larkspur/batch-loom", "it stays as it is: the archive lacks the en page of its snapshot of"];
    site.run("replay").exits_with(3).prints(&expected);
    let after: Vec<_> = snapshot_files(&site, LOOM).iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(after == before, "the snapshots are unchanged");
    site.run("replay --source nimbus/*").exits_with(0);
}

/// Each snapshot is rebuilt from its own pages, also if the same pages occur several times.
#[test]
fn a_page_that_alternates_keeps_its_history() {
    let site = site_with_history();
    for edition in [2, 1, 2] {
        site.put_source(LOOM, edition);
        site.run("refresh --pages ../pages");
    }
    assert_eq!(snapshot_files(&site, LOOM).len(), 6);
    let before = site.data();
    site.run("replay").exits_with(0).prints(&["0 file(s) written"]);
    assert_untouched(&before, &site.data(), "alternating pages");
}

/// Changes that wait for confirmation are not published by a replay.
#[test]
fn replay_publishes_no_unconfirmed_removals() {
    let site = Site::refreshed_demo();
    let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
    write(&site.root().join("sources.toml"), format!("[guard]\nconfirm_removals = 3\n{sources}"));
    for page in ["zh.md", "en.md"] {
        site.remove_section(&format!("{LOOM}/{page}"), "| Forbidden.Pool |", "| JobNotFound |");
    }
    site.run("refresh --pages ../pages").exits_with(3).prints(&["gone on 1 of 3 runs"]);
    let before = site.data();
    site.run("replay").exits_with(0).prints(&["no drift", "0 file(s) written"]);
    assert_untouched(&before, &site.data(), "not yet confirmed");
}

/// An acceptance is stored with the snapshot. It survives the loss of the cache, and a replay.
#[test]
fn an_acceptance_holds_while_the_pages_are_unchanged() {
    let site = Site::refreshed_demo();
    let other = fs::read(site.page(&format!("{LOOM}/zh.md"))).unwrap();
    write(&site.page(&format!("{LOOM}/en.md")), other);
    site.run("refresh --pages ../pages").exits_with(3).prints(&["QUARANTINED larkspur/batch-loom"]);
    site.run("refresh --pages ../pages --accept larkspur/* --reason the-same-for-now").exits_with(0);
    fs::remove_file(site.root().join(".docdrift/known.json")).unwrap();
    site.run("refresh --pages ../pages").exits_with(0).prints(&["no drift"]);
    let before = site.data();
    site.run("replay").exits_with(0).prints(&["0 file(s) written"]);
    assert_untouched(&before, &site.data(), "the acceptance as well");
    site.run("verify").exits_with(0);
}

/// A decision in overrides.toml is no change by the vendor.
#[test]
fn a_decision_appears_in_no_feed_and_keeps_the_files_consistent() {
    let site = Site::refreshed_demo();
    let feed = || fs::read(site.root().join("output/history/larkspur.atom")).unwrap();
    let before = feed();
    let apart = "[[apart]]\nsource = \"larkspur/batch-loom\"\nzh = { code = \"JobNotFound\" }\n\
                 en = { code = \"JobNotFound\" }\nreason = \"to see\"\n";
    write(&site.root().join("overrides.toml"), apart);
    site.run("check --offline").exits_with(0).prints(&["read or paired otherwise than before, not the vendor's doing"]);
    site.run("refresh --offline").exits_with(0);
    assert_eq!(snapshot_files(&site, LOOM).len(), 2, "the decision adds a snapshot");
    assert!(feed() == before, "the feed is unchanged");
    site.run("verify").exits_with(0);
    site.run("replay").exits_with(0);
    site.run("verify").exits_with(0);
}

/// An entry that the current reader misses on the old page and finds on the new one is the same entry.
#[test]
fn an_entry_keeps_its_id_if_a_reader_misses_its_row() {
    let site = Site::demo();
    let row = |page: &str| {
        let text = fs::read_to_string(site.page(&format!("{LOOM}/{page}"))).unwrap();
        text.lines().find(|line| line.starts_with("| Forbidden.Pool |")).unwrap().to_owned()
    };
    let rows = ["zh.md", "en.md"].map(|page| (page, row(page)));
    for (page, row) in &rows {
        site.edit(&format!("{LOOM}/{page}"), &format!("{row}\n"), "");
    }
    site.run("refresh --pages ../pages").exits_with(0);
    let last = snapshot_files(&site, LOOM).pop().unwrap();
    let text = fs::read_to_string(&last).unwrap();
    let whole = fs::read_to_string(&snapshot_files(&Site::refreshed_demo(), LOOM)[0]).unwrap();
    let entry = whole.lines().find(|line| line.contains("\"Forbidden.Pool\"")).unwrap();
    let entry = format!("{{\"id\":\"e999999999999\",{}", entry.split_once("\",").unwrap().1);
    // Pretends that another reader found the row on that page.
    let (header, entries) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    (header["reader"], header["entries"]) = (json!(1), json!(entries.lines().count() + 1));
    write(&last, reseal_snapshot(&format!("{header}\n{entry}\n{entries}")));
    for (page, row) in &rows {
        let text = fs::read_to_string(site.page(&format!("{LOOM}/{page}"))).unwrap();
        let next = text.lines().find(|line| line.starts_with("| JobNotFound |")).unwrap().to_owned();
        site.edit(&format!("{LOOM}/{page}"), &next, &format!("{row}\n{next}"));
    }
    site.run("refresh --pages ../pages").exits_with(0);
    let now = fs::read_to_string(snapshot_files(&site, LOOM).pop().unwrap()).unwrap();
    let found = now.lines().find(|line| line.contains("\"Forbidden.Pool\"")).unwrap();
    assert!(found.starts_with("{\"id\":\"e999999999999\""), "{found}");
}
