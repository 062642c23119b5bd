//! A new version of the reader is no drift, and any history can be made anew from the archive.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::site::{Site, assert_untouched, lines, resealed, write};

const LOOM: &str = "larkspur/batch-loom";

/// The snapshot files of a source by their names, the oldest first.
fn snapshots(site: &Site, id: &str) -> Vec<PathBuf> {
    let folder = site.root().join("snapshots").join(id);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let key = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name.get(..10).unwrap().to_owned(), name.len(), name)
    };
    files.sort_by_key(key);
    files
}

/// Makes the last snapshot one that another version of the reader took: it found one row less, and read one message
/// otherwise.
fn age(site: &Site, id: &str) {
    let file = snapshots(site, id).pop().unwrap();
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
    write(&file, resealed(&format!("{header}\n{}\n", kept.join("\n"))));
}

fn readers(site: &Site, id: &str) -> Vec<u64> {
    let header = |path: PathBuf| -> Value {
        serde_json::from_str(fs::read_to_string(path).unwrap().lines().next().unwrap()).unwrap()
    };
    snapshots(site, id).into_iter().map(|path| header(path)["reader"].as_u64().unwrap()).collect()
}

/// What the aged snapshot lacks, and what the next edition of the page changes.
const OF_READER: [&str; 2] = ["added 403 Forbidden.Pool", "breaking 404 PoolNotFound: message zh, message en"];

#[test]
fn another_reader_is_no_drift() {
    let site = Site::refreshed_demo();
    let plain = Site::refreshed_demo();
    age(&site, LOOM);
    let before = site.data();
    let report = site.run("check --pages ../pages --format json").ends(0).json();
    let told = crate::site::source_in(&report, LOOM);
    assert_eq!((&told["outcome"], &report["severity"]), (&json!("unchanged"), &json!("none")));
    assert_eq!(lines(&told["reader"]["drift"]), OF_READER);
    assert_eq!((&told["reader"]["from"], &told["reader"]["to"]), (&json!(1), &json!(docdrift_parse::READER)));
    site.run("check --pages ../pages").ends(0).says(&["read otherwise"]);
    assert_untouched(&before, &site.data(), "check writes nothing");

    // The vendor changes something at the same time: two sections, and only the vendor's counts.
    for site in [&site, &plain] {
        site.put_source(LOOM, 2);
    }
    let expected = lines(&plain.run("check --pages ../pages --format json").ends(1).json()["sources"][1]["drift"]);
    assert!(!expected.is_empty());
    site.run("refresh --pages ../pages").ends(0);
    let told = site.told_of(LOOM);
    assert_eq!(
        (lines(&told["drift"]), lines(&told["reader"]["drift"])),
        (expected, OF_READER.map(str::to_owned).into())
    );
    let now = u64::from(docdrift_parse::READER);
    assert_eq!(readers(&site, LOOM), [1, now, now], "the state before as it is read now has a snapshot of its own");
    let feed = fs::read_to_string(site.root().join("output/history/larkspur.atom")).unwrap();
    assert_eq!(feed.matches("<entry>").count(), 2, "the feed tells what the vendor did");
    assert!(!feed.contains("Forbidden.Pool"), "{feed}");
    let history = site.run("history Forbidden.Pool --format json").ends(0).json();
    assert_eq!(history["lives"][0]["events"][0]["reader"], json!(true), "{history:#}");
    site.run("check --pages ../pages").ends(0).says(&["no drift"]);
}

/// Only the version is another: the file says so from then on, and nothing else changes.
#[test]
fn a_reader_that_reads_the_same_is_noted_in_place() {
    let site = Site::refreshed_demo();
    let file = snapshots(&site, LOOM).pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let now = format!("\"reader\":{}", docdrift_parse::READER);
    write(&file, resealed(&text.replacen(&now, "\"reader\":1", 1)));
    site.run("refresh --pages ../pages").ends(0).says(&["no drift", "1 file(s) written"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert_eq!(snapshots(&site, LOOM).len(), 1);
}

#[test]
fn without_the_archived_page_the_two_cannot_be_told_apart() {
    let site = Site::refreshed_demo();
    age(&site, LOOM);
    site.put_source(LOOM, 2);
    fs::remove_dir_all(site.root().join(".docdrift/archive")).unwrap();
    let report = site.run("check --pages ../pages --format json").ends(1).json();
    let told = crate::site::source_in(&report, LOOM);
    assert_eq!((&told["outcome"], &told["reader"]["drift"]), (&json!("changed"), &Value::Null));
    assert!(lines(&told["drift"]).contains(&OF_READER[0].to_owned()));
    site.run("check --pages ../pages").ends(1).says(&["told apart"]);
}

/// A reader that loses rows of the very same pages is as suspect as a page that does.
#[test]
fn a_reader_that_loses_rows_is_held_back() {
    let site = Site::refreshed_demo();
    let file = snapshots(&site, LOOM).pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let (header, entries) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    // For each row another one that this version does not find.
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
    write(&file, resealed(&format!("{header}\n{both}")));
    let before = fs::read(&file).unwrap();
    site.run("refresh --pages ../pages")
        .ends(3)
        .says(&["QUARANTINED larkspur/batch-loom", "read anew by this version"]);
    assert!(snapshots(&site, LOOM).len() == 1 && fs::read(&file).unwrap() == before, "held back");
    let accept = "refresh --pages ../pages --accept larkspur/* --reason checked";
    site.run(accept).ends(0);
    assert_eq!(snapshots(&site, LOOM).len(), 2);
}

/// A site that went through both editions and back.
fn lived() -> Site {
    let site = Site::refreshed_demo();
    for edition in [2, 1] {
        site.put_edition(edition);
        site.run("refresh --pages ../pages");
    }
    site
}

#[test]
fn replaying_what_is_there_changes_nothing() {
    let site = lived();
    assert_eq!(snapshots(&site, LOOM).len(), 3);
    let before = site.data();
    for command in ["replay", "replay --dry-run", "replay --from 2020-01-01", "replay --source larkspur/*"] {
        site.run(command).ends(0).says(&["no drift", "state(s) replayed: 0 file(s)"]);
        assert_untouched(&before, &site.data(), command);
    }
    site.run("replay --from 2999-01-01").ends(2).says(&["there is nothing to replay"]);
    site.run("replay --from yesterday").ends(2).says(&["YYYY-MM-DD"]);
}

#[test]
fn replaying_makes_the_history_anew() {
    let site = lived();
    let good: Vec<String> = snapshots(&site, LOOM).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let whole = site.data_as_text();
    age(&site, LOOM);
    assert_ne!(site.data_as_text(), whole);
    let aged = site.data();
    site.run("replay --dry-run").ends(0).says(&["read otherwise", "file(s) would be written"]);
    assert_untouched(&aged, &site.data(), "--dry-run");
    site.run("replay").ends(0).says(&["read otherwise"]);
    let now: Vec<String> = snapshots(&site, LOOM).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert_eq!(now, good, "snapshots, ids and dates as they were");
    assert_eq!(site.data_as_text(), whole);
    site.run("verify").ends(0);
}

/// Nothing is made anew of a source whose pages are not all there: what it has is better than what could be made.
#[test]
fn what_the_archive_lacks_stays_as_it_is() {
    let site = lived();
    age(&site, LOOM);
    let index = site.root().join(".docdrift/archive/index.jsonl");
    let lines = fs::read_to_string(&index).unwrap();
    let kept: Vec<&str> =
        lines.lines().filter(|line| !line.contains("\"larkspur/batch-loom\",\"lang\":\"en\"")).collect();
    assert!(kept.len() < lines.lines().count());
    write(&index, kept.join("\n") + "\n");
    let before: Vec<_> = snapshots(&site, LOOM).iter().map(|file| fs::read(file).unwrap()).collect();
    let said = ["larkspur/batch-loom", "it stays as it is: the archive lacks the en page of its snapshot of"];
    site.run("replay").ends(3).says(&said);
    let after: Vec<_> = snapshots(&site, LOOM).iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(after == before, "as it was");
    site.run("replay --source nimbus/*").ends(0);
}

/// Pages that come back to what they were: each snapshot is made anew of its own pages, on its own day.
#[test]
fn a_page_that_goes_to_and_fro_keeps_its_history() {
    let site = lived();
    for edition in [2, 1, 2] {
        site.put_source(LOOM, edition);
        site.run("refresh --pages ../pages");
    }
    assert_eq!(snapshots(&site, LOOM).len(), 6);
    let before = site.data();
    site.run("replay").ends(0).says(&["0 file(s) written"]);
    assert_untouched(&before, &site.data(), "to and fro");
}

/// What waits to be confirmed, or was held back, is not let in by the back door.
#[test]
fn what_was_held_back_stays_out() {
    let site = Site::refreshed_demo();
    let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
    write(&site.root().join("sources.toml"), format!("[guard]\nconfirm_removals = 3\n{sources}"));
    for page in ["zh.md", "en.md"] {
        site.take_out(&format!("{LOOM}/{page}"), "| Forbidden.Pool |", "| JobNotFound |");
    }
    site.run("refresh --pages ../pages").ends(3).says(&["gone on 1 of 3 runs"]);
    let before = site.data();
    site.run("replay").ends(0).says(&["no drift", "0 file(s) written"]);
    assert_untouched(&before, &site.data(), "it waits");
}

/// A maintainer's word lasts as long as the pages do, whatever else is forgotten, and replaying keeps it.
#[test]
fn an_acceptance_lasts() {
    let site = Site::refreshed_demo();
    let other = fs::read(site.page(&format!("{LOOM}/zh.md"))).unwrap();
    write(&site.page(&format!("{LOOM}/en.md")), other);
    site.run("refresh --pages ../pages").ends(3).says(&["QUARANTINED larkspur/batch-loom"]);
    site.run("refresh --pages ../pages --accept larkspur/* --reason the-same-for-now").ends(0);
    fs::remove_file(site.root().join(".docdrift/known.json")).unwrap();
    site.run("refresh --pages ../pages").ends(0).says(&["no drift"]);
    let before = site.data();
    site.run("replay").ends(0).says(&["0 file(s) written"]);
    assert_untouched(&before, &site.data(), "the acceptance as well");
    site.run("verify").ends(0);
}

/// A decision of overrides.toml is no vendor's doing: no feed tells it, and the files stay sound.
#[test]
fn a_decision_is_no_news_and_leaves_sound_files() {
    let site = Site::refreshed_demo();
    let feed = || fs::read(site.root().join("output/history/larkspur.atom")).unwrap();
    let before = feed();
    let apart = "[[apart]]\nsource = \"larkspur/batch-loom\"\nzh = { code = \"JobNotFound\" }\n\
                 en = { code = \"JobNotFound\" }\nreason = \"to see\"\n";
    write(&site.root().join("overrides.toml"), apart);
    site.run("check --offline").ends(0).says(&["read or paired otherwise than before, not the vendor's doing"]);
    site.run("refresh --offline").ends(0);
    assert_eq!(snapshots(&site, LOOM).len(), 2, "the decision made another state");
    assert!(feed() == before, "no news");
    site.run("verify").ends(0);
    site.run("replay").ends(0);
    site.run("verify").ends(0);
}

/// An error that this version does not find on the old page, and the vendor's new page has, is the same one.
#[test]
fn an_id_outlives_a_reader_that_overlooks_its_row() {
    let site = Site::demo();
    let row = |page: &str| {
        let text = fs::read_to_string(site.page(&format!("{LOOM}/{page}"))).unwrap();
        text.lines().find(|line| line.starts_with("| Forbidden.Pool |")).unwrap().to_owned()
    };
    let rows = ["zh.md", "en.md"].map(|page| (page, row(page)));
    for (page, row) in &rows {
        site.edit(&format!("{LOOM}/{page}"), &format!("{row}\n"), "");
    }
    site.run("refresh --pages ../pages").ends(0);
    let last = snapshots(&site, LOOM).pop().unwrap();
    let text = fs::read_to_string(&last).unwrap();
    let whole = fs::read_to_string(&snapshots(&Site::refreshed_demo(), LOOM)[0]).unwrap();
    let entry = whole.lines().find(|line| line.contains("\"Forbidden.Pool\"")).unwrap();
    let entry = format!("{{\"id\":\"e999999999999\",{}", entry.split_once("\",").unwrap().1);
    // As if another reader had found the row on that page.
    let (header, entries) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    (header["reader"], header["entries"]) = (json!(1), json!(entries.lines().count() + 1));
    write(&last, resealed(&format!("{header}\n{entry}\n{entries}")));
    for (page, row) in &rows {
        let text = fs::read_to_string(site.page(&format!("{LOOM}/{page}"))).unwrap();
        let next = text.lines().find(|line| line.starts_with("| JobNotFound |")).unwrap().to_owned();
        site.edit(&format!("{LOOM}/{page}"), &next, &format!("{row}\n{next}"));
    }
    site.run("refresh --pages ../pages").ends(0);
    let now = fs::read_to_string(snapshots(&site, LOOM).pop().unwrap()).unwrap();
    let found = now.lines().find(|line| line.contains("\"Forbidden.Pool\"")).unwrap();
    assert!(found.starts_with("{\"id\":\"e999999999999\""), "{found}");
}
