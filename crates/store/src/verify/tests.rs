use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use docdrift_model::{Field, Publish, Snapshot, config::Config, text::digest};
use jiff::civil;
use tempfile::TempDir;

use super::{VerifyReport, verify};
use crate::{
    samples::{config, snapshot},
    store::Store,
};

const FIRST: &str = "snapshots/acme/vault/2024-05-06.jsonl";
const LAST: &str = "snapshots/acme/vault/2024-06-07.jsonl";

fn feeds() -> BTreeMap<PathBuf, Vec<u8>> {
    [(PathBuf::from("history/all.atom"), b"one\ntwo\n".to_vec())].into()
}

/// A root with two sources, one of them with two snapshots.
fn published() -> (TempDir, Config) {
    let dir = tempfile::tempdir().unwrap();
    let config = config(&["acme/vault", "zeta/queue", "zeta/unseen"]);
    let store = Store::open(dir.path()).unwrap();
    for new in [
        dated("acme/vault", "2024-05-06", 3),
        dated("zeta/queue", "2024-05-06", 2),
        dated("acme/vault", "2024-06-07", 4),
    ] {
        let mut histories = store.histories(&config).unwrap();
        histories.add(new).unwrap();
        store.publish(&histories, &config, &feeds()).unwrap();
    }
    (dir, config)
}

fn dated(id: &str, date: &str, size: usize) -> Snapshot {
    let mut new = snapshot(id, date, size);
    for entry in &mut new.entries {
        entry.first_seen = Some(civil::date(2024, 5, 6));
        entry.last_changed = Some(civil::date(2024, 5, 6));
    }
    new
}

fn check(root: &Path, config: &Config) -> VerifyReport {
    verify(root, config, &feeds()).unwrap()
}

fn issues(root: &Path, config: &Config) -> String {
    check(root, config).issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(root.join(file)).unwrap();
    assert!(text.contains(from), "no {from} in {text}");
    fs::write(root.join(file), text.replacen(from, to, 1)).unwrap();
}

/// Edits a snapshot and its digest, as someone who hides the edit would.
fn forge(root: &Path, file: &str, from: &str, to: &str) {
    edit(root, file, from, to);
    let text = fs::read_to_string(root.join(file)).unwrap();
    let (header, entries) = text.split_once('\n').unwrap();
    let (header, _) = header.rsplit_once(",\"digest\":").unwrap();
    let digest = digest(format!("{header}}}\n{entries}").as_bytes());
    fs::write(root.join(file), format!("{header},\"digest\":\"{digest}\"}}\n{entries}")).unwrap();
}

#[test]
fn unedited_files_have_no_issue() {
    let (dir, mut config) = published();
    let fine = check(dir.path(), &config);
    let expected = VerifyReport { source_count: 2, entry_count: 6, file_count: 9, ..VerifyReport::default() };
    assert_eq!(VerifyReport { notes: Vec::new(), ..fine.clone() }, expected);
    let notes: Vec<String> = fine.notes.iter().map(ToString::to_string).collect();
    let formula = "output/error-codes.csv:8: entry acme/vault:3: a spreadsheet program would take `message_zh` for a formula: import the table as text, as SECURITY.md says";
    assert_eq!(notes, [formula]);
    // The private folder is not needed, and the history of an unwatched source is only noted.
    fs::remove_dir_all(dir.path().join(".docdrift")).unwrap();
    fs::write(dir.path().join("snapshots/.gitkeep"), "").unwrap();
    fs::create_dir_all(dir.path().join("snapshots/zeta/unseen")).unwrap();
    assert_eq!(check(dir.path(), &config), fine);
    fs::create_dir_all(dir.path().join("snapshots/old/service")).unwrap();
    let stranger = "snapshots/old/service/2024-05-06.jsonl";
    fs::copy(dir.path().join(FIRST), dir.path().join(stranger)).unwrap();
    forge(dir.path(), stranger, "acme/vault", "old/service");
    let stranger_report = check(dir.path(), &config);
    assert_eq!((stranger_report.issues.len(), stranger_report.file_count), (0, 10));
    assert_eq!(
        stranger_report.notes[1].to_string(),
        "snapshots/old/service: sources.toml has no such source: its history stays"
    );
    config.sources.clear();
    assert!(check(Path::new(&dir.path().join("nowhere")), &config).issues.is_empty(), "an empty root has no issue");
}

/// A history that started without digests and continues with them.
#[test]
fn older_schemas_are_allowed_only_before_newer_ones() {
    let (dir, mut config) = published();
    config.publish = Publish::only([Field::Message]);
    fs::remove_dir_all(dir.path().join("snapshots/acme/vault")).unwrap();
    fs::create_dir(dir.path().join("snapshots/acme/vault")).unwrap();
    let old = include_str!("../snapshots/schema-1.jsonl");
    fs::write(dir.path().join(FIRST), old).unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.publish(&store.histories(&config).unwrap(), &config, &feeds()).unwrap();
    assert_eq!(check(dir.path(), &config).issues, []);
    let mut histories = store.histories(&config).unwrap();
    histories.add(Snapshot { entries: Vec::new(), ..dated("acme/vault", "2024-06-07", 0) }).unwrap();
    store.publish(&histories, &config, &feeds()).unwrap();
    assert_eq!(check(dir.path(), &config).issues, []);
    fs::write(dir.path().join("snapshots/acme/vault/2024-08-09.jsonl"), old.replacen("2024-05-06", "2024-08-09", 1))
        .unwrap();
    let issues = issues(dir.path(), &config);
    assert!(issues.contains("2024-08-09.jsonl:1: has schema 1, the one before 2"), "{issues}");
}

#[test]
fn edits_of_snapshots_are_named() {
    type Edit = fn(&Path);
    let edits: [(Edit, &str); 17] = [
        (|root| edit(root, LAST, "No key {0}.", "No key."), ": is not what its digest tells of: it was edited"),
        (|root| edit(root, LAST, "\"digest\":\"sha256:", "\"digest\":\"sha256:0"), ": is not what its digest tells of"),
        (
            |root| edit(root, LAST, "},\"entries\":4,\"digest\"", "},\"entries\":4,\"digset\""),
            ":1: a header of schema 2 needs its `digest`",
        ),
        (|root| edit(root, LAST, "\"schema\":2", "\"schema\":1"), ":1: a header of schema 1 has no `digest` yet"),
        (
            |root| edit(root, LAST, "\"schema\":2", "\"schema\":7"),
            ":1: is no header line of a snapshot: it has schema 7, this docdrift reads up to 2",
        ),
        (|root| edit(root, LAST, "\"entries\":4", "\"entries\":5"), ":5: the file ends after 4 of 5 entries"),
        (|root| edit(root, LAST, "\"code\":\"001\"", "\"code\":"), ":4: is no entry: "),
        (|root| fs::write(root.join(LAST), [0xff]).unwrap(), ": is not UTF-8"),
        (|root| edit(root, LAST, "2024-06-07", "2024-06-08"), ":1: its header says 2024-06-08, its name 2024-06-07"),
        (|root| edit(root, LAST, "acme/vault", "acme/other"), ":1: its header says that it is of acme/other"),
        (
            |root| forge(root, LAST, "\"id\":\"acme/vault:2\"", "\"id\":\"acme/vault:1\""),
            ":4: entry acme/vault:1: line 2 has the same id",
        ),
        (|root| forge(root, LAST, "\"id\":\"acme/vault:2\"", "\"id\":\"\""), ":2: the entry has no id"),
        (
            |root| forge(root, LAST, "\"id\":\"acme/vault:2\"", "\"id\":\"x\""),
            ":2: entry x: had the id acme/vault:2 in the snapshot before",
        ),
        (|root| forge(root, LAST, "\"code\":\"002\"", "\"code\":\"009\""), ":3: entry acme/vault:4: is out of order"),
        (
            |root| forge(root, LAST, "0.667", "0.6667"),
            ":2: entry acme/vault:2: its score 0.6667 is not a number from 0 to 1 with three decimals",
        ),
        (
            |root| forge(root, LAST, "\"last_changed\":\"2024-05-06\"", "\"last_changed\":\"2024-06-08\""),
            ":2: entry acme/vault:2: last_changed is 2024-06-08, after the snapshot, 2024-06-07",
        ),
        (
            |root| forge(root, LAST, "\"first_seen\":\"2024-05-06\"", "\"first_seen\":\"2024-05-05\""),
            ":2: entry acme/vault:2: first_seen was 2024-05-06 in the snapshot before",
        ),
    ];
    for (edit, expected) in edits {
        let (dir, config) = published();
        edit(dir.path());
        let issues = issues(dir.path(), &config);
        assert!(issues.contains(&format!("{LAST}{expected}")), "{expected}\n{issues}");
    }
}

#[test]
fn unknown_and_missing_files_are_named() {
    type Edit = fn(&Path);
    let edits: [(Edit, &str); 11] = [
        (
            |root| fs::write(root.join("snapshots/acme/vault/notes.txt"), "x").unwrap(),
            "snapshots/acme/vault/notes.txt: is no snapshot",
        ),
        (
            |root| fs::write(root.join("snapshots/acme/vault/2024-06-07.jsonl~"), "x").unwrap(),
            "2024-06-07.jsonl~: is no snapshot",
        ),
        (|root| fs::write(root.join("snapshots/x.jsonl"), "x").unwrap(), "snapshots/x.jsonl: is no snapshot"),
        (
            |root| fs::rename(root.join(LAST), root.join("snapshots/acme/vault/2024-06-07.2.jsonl")).unwrap(),
            "2024-06-07.2.jsonl: is number 2 of its day, and number 1 is missing",
        ),
        (|root| fs::remove_dir_all(root.join("snapshots/acme")).unwrap(), "snapshots/acme/vault: "),
        (
            |root| fs::write(root.join("output/NOTES"), "x").unwrap(),
            "output/NOTES: is no file of the dataset: remove it",
        ),
        (
            |root| fs::write(root.join("output/acme/other.json"), "x").unwrap(),
            "output/acme/other.json: belongs to no watched source with snapshots",
        ),
        (
            |root| fs::write(root.join("output/history/old.atom"), "x").unwrap(),
            "output/history/old.atom: belongs to no watched source",
        ),
        (
            |root| fs::remove_file(root.join("output/README.md")).unwrap(),
            "output/README.md: is missing: a refresh writes it anew",
        ),
        #[cfg(unix)]
        (
            |root| {
                let file = root.join("output/README.md");
                fs::remove_file(&file).unwrap();
                std::os::unix::fs::symlink("/etc/passwd", file).unwrap();
            },
            "README.md is a link: docdrift writes plain files only",
        ),
        #[cfg(unix)]
        (
            |root| std::os::unix::fs::symlink("/etc", root.join("snapshots/etc")).unwrap(),
            "is a link that leads outside",
        ),
    ];
    for (edit, expected) in edits {
        let (dir, config) = published();
        edit(dir.path());
        let issues = issues(dir.path(), &config);
        assert!(issues.contains(expected), "{expected}\n{issues}");
    }
}

#[test]
fn edits_of_the_dataset_are_named_by_entry_and_column() {
    let (json, csv) = ("output/acme/vault.json", "output/error-codes.csv");
    let hand = "edited by hand";
    for (file, from, to, expected) in [
        (
            json,
            "No key {0}.",
            "No key.",
            format!("{json}:29: entry acme/vault:2: {hand}: `message.en` is not what its snapshot says"),
        ),
        (
            json,
            "\"code\": \"002\"",
            "\"code\": \"009\"",
            format!("{json}:29: entry acme/vault:2: {hand}: `code` is not"),
        ),
        (
            json,
            "\"id\": \"acme/vault:2\"",
            "\"id\": \"x\"",
            format!("{json}: entry acme/vault:2: {hand}: it is missing"),
        ),
        (json, "\"id\": \"acme/vault:2\"", "\"id\": \"x\"", format!("{json}:29: entry x: {hand}: no snapshot has it")),
        (
            json,
            "\"id\": \"acme/vault:2\"",
            "\"id\": \"acme/vault:1\"",
            format!("{json}:29: entry acme/vault:1: {hand}: it occurs twice"),
        ),
        (json, "© its vendor", "mine", format!("{json}: {hand}: `licence` is not what")),
        (json, "  \"schema\"", " \"schema\"", format!("{json}:2: {hand}: the line differs from what")),
        (json, "\"schema\": 1,", "\"schema\": 1", format!("{json}:2: {hand}: the line differs")),
        (csv, "No key {0}.", "No key.", format!("{csv}:2: entry acme/vault:2: {hand}: `message_en` is not")),
        (
            csv,
            ",404/500,001,No key {0}.",
            ",500,001,No key.",
            format!("{csv}:6: entry acme/vault:1: {hand}: `http_status`, `message_en` are not"),
        ),
        (csv, "message_en", "message", format!("{csv}:1: {hand}: `column 7` is not")),
        ("output/datapackage.json", "\"bytes\": ", "\"bytes\": 1", "output/datapackage.json:36: edited by hand".into()),
        ("output/README.md", "# Error", "# My error", format!("output/README.md:1: {hand}")),
        ("output/history/all.atom", "two", "three", format!("output/history/all.atom:2: {hand}")),
    ] {
        let (dir, config) = published();
        edit(dir.path(), file, from, to);
        let issues = issues(dir.path(), &config);
        assert!(issues.contains(&expected), "{expected}\n{issues}");
        assert!(issues.lines().all(|line| line.starts_with(file)), "no other file:\n{issues}");
    }
}

/// A file that was replaced completely has one issue per line: the first are shown.
#[test]
fn further_issues_of_a_file_are_counted() {
    let (dir, config) = published();
    let file = dir.path().join("output/error-codes.csv");
    let text = fs::read_to_string(&file).unwrap();
    let many: Vec<String> = (0..100).map(|number| format!("e{number},a,b\n")).collect();
    fs::write(&file, text + &many.concat()).unwrap();
    let issues = issues(dir.path(), &config);
    assert_eq!(issues.lines().count(), 21, "{issues}");
    assert!(issues.contains("error-codes.csv: and 80 more of this file"), "{issues}");
}

#[test]
fn texts_that_may_not_be_published_are_named() {
    let (dir, mut config) = published();
    config.publish = Publish::only([Field::Message, Field::Extra]);
    let issues = issues(dir.path(), &config);
    let expected =
        format!("{LAST}:2: entry acme/vault:2: `description` is in full, but sources.toml no longer publishes it");
    assert!(issues.contains(&expected), "{issues}");
    assert!(
        !issues.contains(FIRST) && !issues.contains("`extra`"),
        "older snapshots and other fields are allowed: {issues}"
    );

    let store = Store::open(dir.path()).unwrap();
    store.publish(&store.histories(&config).unwrap(), &config, &feeds()).unwrap();
    assert_eq!(check(dir.path(), &config).issues, []);
    let hidden = "snapshots/acme/vault/2024-06-07.2.jsonl";
    let text = fs::read_to_string(dir.path().join(hidden)).unwrap();
    let (before, after) = text.split_once("\"description\":{\"zh\":\"").unwrap();
    let (secret, _) = after.split_once('"').unwrap();
    assert!(!before.contains(secret));
    forge(dir.path(), hidden, secret, "密钥不存在");
    let issues = self::issues(dir.path(), &config);
    let expected =
        format!("{hidden}:2: entry acme/vault:2: `description` is in full, although the header leaves that field out");
    assert!(issues.contains(&expected), "{issues}");
}
