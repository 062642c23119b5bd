//! `diff` of pages, snapshots, datasets, and their versions in git.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::site::{Site, drift_lines, has_program};

const OLD: &str = "\
# Error Codes

| Status Code | Error Code | Error Message | Description |
|---|---|---|---|
| 400 | Lamp.0001 | Bulb {0} is broken. | The bulb is broken and cannot be lit. |
| 404 | Lamp.0002 | No such lamp. | There is no lamp of that name. |
| 409 | Lamp.0003 | Lamp is busy. | Somebody else holds the switch. |
| 429 | Lamp.0004 | Too many switches. | The lamp was switched too often. |
| 500 | Lamp.0005 | Fuse {0} blew. | A fuse of the house is gone. |
";

/// `OLD` with one code added, one removed, one renamed, a changed status and a changed message.
const NEW: &str = "\
# Error Codes

| Status Code | Error Code | Error Message | Description |
|---|---|---|---|
| 400 | Lamp.0001 | The bulb {0} does not glow. | The bulb is broken and cannot be lit. |
| 410 | Lamp.0002 | No such lamp. | There is no lamp of that name. |
| 409 | Lantern.0003 | Lamp is busy. | Somebody else holds the switch. |
| 500 | Lamp.0005 | Fuse {0} blew. | A fuse of the house is gone. |
| 451 | Lamp.0006 | Lamps are forbidden here. | The town hall does not allow lamps in this street. |
";

const DRIFT: [&str; 5] = [
    "added 451 Lamp.0006",
    "removed 429 Lamp.0004",
    "renamed 409 Lamp.0003 to 409 Lantern.0003",
    "wording 400 Lamp.0001: message en",
    "breaking 410 Lamp.0002: status 404 to 410",
];

const SOURCES: &str = r#"
[[source]]
vendor = "acme"
service = "lamps"
name = { en = "Lamps" }
pages = { en = "https://docs.acme.invalid/lamps" }
licence = "Written for this test."
"#;

/// Returns a site with both pages as files in the root, refreshed from the old one.
fn site() -> Site {
    let site = Site::new(SOURCES);
    fs::write(site.root().join("old.md"), OLD).unwrap();
    fs::write(site.root().join("new.md"), NEW).unwrap();
    refresh_with_page(&site, OLD);
    site
}

fn refresh_with_page(site: &Site, page: &str) {
    crate::site::write(&site.page("acme/lamps/en.md"), page);
    site.run("refresh --pages ../pages").exits_with(0);
}

/// Returns the snapshot files of the source as paths below the root, oldest first.
fn snapshot_paths(site: &Site) -> Vec<String> {
    let mut found: Vec<_> = site.source_data("acme/lamps").into_keys().filter(|path| is_snapshot(path)).collect();
    found.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    found.iter().map(|path| path.strip_prefix(site.root()).unwrap().to_str().unwrap().to_owned()).collect()
}

fn is_snapshot(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "jsonl")
}

#[track_caller]
fn diff_as_json(site: &Site, old: &str, new: &str) -> Value {
    site.run(&format!("diff {old} {new} --format json")).exits_with(1).json()
}

#[test]
fn the_json_has_the_documented_shape() {
    let drift = diff_as_json(&site(), "old.md", "new.md");
    assert_eq!(drift_lines(&drift), DRIFT);
    let part = |value: &Value| json!({"status": value["status"], "code": value["code"]});
    assert_eq!(part(&drift["added"][0]), json!({"status": "451", "code": "Lamp.0006"}));
    assert_eq!(part(&drift["removed"][0]), json!({"status": "429", "code": "Lamp.0004"}));
    assert_eq!(part(&drift["renamed"][0]["from"]), json!({"status": "409", "code": "Lamp.0003"}));
    assert_eq!(part(&drift["renamed"][0]["to"]), json!({"status": "409", "code": "Lantern.0003"}));
    let [wording, status] = drift["changed"].as_array().unwrap().as_slice() else { panic!("{drift:#}") };
    assert_eq!((&wording["fields"], &wording["severity"]), (&json!(["message"]), &json!("wording")));
    assert_eq!(wording["edits"][0]["new"], "The bulb {0} does not glow.");
    assert_eq!((&status["status"], &status["fields"]), (&json!("410"), &json!(["status"])));
    assert_eq!((&drift["moved"], &drift["severity"]), (&json!([]), &json!("breaking")));
}

#[test]
fn an_entry_in_another_table_is_moved() {
    let table = "| Status Code | Error Code | Error Message |\n|---|---|---|\n";
    let page = |first: &str, second: &str| {
        let rows = "| 400 | A.1 | One is wrong. |\n| 400 | A.2 | Two is wrong. |\n";
        let more = "| 404 | B.1 | No such bell. |\n| 404 | B.2 | No such rope. |\n";
        format!("## Common\n\n{table}{rows}{first}\n## Bells\n\n{table}{more}{second}")
    };
    let site = site();
    let row = "| 409 | C.1 | The bell is ringing. |\n";
    fs::write(site.root().join("old.md"), page(row, "")).unwrap();
    fs::write(site.root().join("new.md"), page("", row)).unwrap();
    let drift = diff_as_json(&site, "old.md", "new.md");
    assert_eq!(drift["moved"], json!([{"status": "409", "code": "C.1", "from": "Common", "to": "Bells"}]));
    assert_eq!(drift_lines(&drift), ["moved 409 C.1"]);
}

#[test]
fn the_order_of_rows_is_no_drift() {
    let site = site();
    let (head, rows) = OLD.split_at(OLD.find("| 400").unwrap());
    let turned: Vec<&str> = rows.lines().rev().collect();
    fs::write(site.root().join("new.md"), format!("{head}{}\n", turned.join("\n"))).unwrap();
    let answer = site.run("diff old.md new.md --format json").exits_with(0).json();
    assert_eq!(drift_lines(&answer), [""; 0]);
    assert_eq!(answer["severity"], "none");
    site.run("diff old.md new.md").exits_with(0).prints_exactly("no drift\n", "");
}

#[test]
fn exit_codes_tell_drift_errors_and_unreadable_pages_apart() {
    let site = site();
    fs::write(site.root().join("no-table.md"), "# Nothing to see here\n").unwrap();
    let no_table =
        "    no error table: no-table.md: the page has no table at all; it begins with “Nothing to see here”";
    for (arguments, code, line) in [
        ("old.md new.md", 1, "breaking: 1 removed, 1 renamed, 1 added, 2 changed"),
        ("old.md new.md --format markdown", 1, "### breaking: 1 removed, 1 renamed, 1 added, 2 changed"),
        ("old.md new.md --fail-on breaking", 1, "breaking: 1 removed, 1 renamed, 1 added, 2 changed"),
        ("old.md new.md --fail-on none", 0, "breaking: 1 removed, 1 renamed, 1 added, 2 changed"),
        ("old.md old.md", 0, "no drift"),
        ("nowhere.jsonl old.md", 2, "error: there is no file nowhere.jsonl"),
        ("old.md no-table.md", 4, no_table),
        ("no-table.md old.md --fail-on none", 4, no_table),
        ("old.md", 2, "  <NEW>"),
    ] {
        site.run(&format!("diff {arguments}")).exits_with(code).prints_lines(&[line]);
    }
    let answer = site.run("diff old.md no-table.md --format json").exits_with(4).json();
    assert_eq!(
        (drift_lines(&answer), &answer["severity"]),
        (vec![], &json!("none")),
        "a page that looks wrong is no drift"
    );
    assert_eq!(answer["warnings"][0]["kind"], "no-table");
    // The rest of the message is that of the operating system.
    for page in ["nowhere.md", "nowhere/"] {
        let run = site.run(&format!("diff {page} old.md")).exits_with(2);
        assert!(run.err.starts_with(&format!("error: cannot open the page {page}: ")), "{}", run.err);
        assert!(run.out.is_empty(), "{}", run.out);
    }
}

#[test]
fn pages_snapshots_and_datasets_can_be_compared() {
    let site = site();
    fs::create_dir(site.root().join("before")).unwrap();
    crate::site::write(
        &site.root().join("before/acme/lamps.json"),
        fs::read(site.root().join("output/acme/lamps.json")).unwrap(),
    );
    refresh_with_page(&site, NEW);
    let snapshots = snapshot_paths(&site);
    let [first, second] = snapshots.as_slice() else { panic!("{snapshots:?}") };
    let dataset_file = "output/acme/lamps.json";
    for (old, new) in [
        ("old.md", "new.md"),
        (first, second),
        ("before", "output"),
        ("before/acme/lamps.json", dataset_file),
        ("old.md", second),
        ("old.md", "output"),
        ("before", "new.md"),
        (first, dataset_file),
    ] {
        assert_eq!(drift_lines(&diff_as_json(&site, old, new)), DRIFT, "{old} {new}");
    }
    site.run(&format!("diff {second} output")).exits_with(0).prints_exactly("no drift\n1 source: 1 unchanged\n", "");
}

fn run_git(site: &Site, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").current_dir(site.root());
    git.args(["-c", "user.name=Tester", "-c", "user.email=tester@acme.invalid", "-c", "commit.gpgsign=false"]);
    let output = git.args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn git_revisions_can_be_compared() {
    if !has_program("git") {
        return;
    }
    let site = site();
    run_git(&site, &["init", "--quiet"]);
    run_git(&site, &["add", "output", "snapshots"]);
    run_git(&site, &["commit", "--quiet", "--message", "old"]);
    refresh_with_page(&site, NEW);
    run_git(&site, &["add", "output", "snapshots"]);
    run_git(&site, &["commit", "--quiet", "--message", "new"]);
    let snapshots = snapshot_paths(&site);
    let (first, second) = (format!("HEAD~1:{}", snapshots[0]), format!("HEAD:{}", snapshots[1]));
    for (old, new) in [
        ("HEAD~1:output", "output"),
        ("HEAD~1:output", "HEAD:output"),
        ("HEAD~1:output/", "HEAD:output/"),
        ("HEAD~1:output/acme/lamps.json", "HEAD:output/acme/lamps.json"),
        (&first, &second),
        (&first, "output"),
        ("old.md", &second),
    ] {
        assert_eq!(drift_lines(&diff_as_json(&site, old, new)), DRIFT, "{old} {new}");
    }
    site.run("diff HEAD:output output").exits_with(0).prints_exactly("no drift\n1 source: 1 unchanged\n", "");
    // What follows is the message of git or clap.
    for (wrong, error) in [
        ("HEAD:nowhere", "error: git ls-tree -r -z --name-only HEAD:nowhere: fatal: "),
        ("HEAD~9:output", "error: git ls-tree -r -z --name-only HEAD~9:output: fatal: "),
        (
            "HEAD:snapshots/acme/lamps/1999-01-01.jsonl",
            "error: git show HEAD:snapshots/acme/lamps/1999-01-01.jsonl: fatal: ",
        ),
        (":output", "error: `:output` is neither a file nor REV:PATH\n"),
        ("-x:output", "error: unexpected argument '-x' found\n"),
    ] {
        let run = site.run(&format!("diff output {wrong}")).exits_with(2);
        assert!(run.err.starts_with(error) && run.out.is_empty(), "{wrong}: {run:?}");
    }
}

#[test]
fn a_dataset_is_compared_source_by_source() {
    let site = Site::refreshed_demo();
    fs::rename(site.root().join("output"), site.root().join("before")).unwrap();
    site.put_edition(2);
    site.run("refresh --pages ../pages").exits_with(3);
    let answer = site.run("diff before output --format json").exits_with(1).json();
    let count = |what: &str| answer[what].as_array().unwrap().len();
    assert_eq!(
        [count("added"), count("removed"), count("renamed"), count("changed"), count("moved")],
        [5, 2, 25, 7, 0]
    );
    let run = site.run("diff before output").exits_with(1);
    let sources =
        ["borealis/data-relay-fabric", "larkspur/batch-loom", "nimbus/object-vault", "petrel/message-courier"];
    let run = run.prints(&sources);
    assert!(!run.out.contains("key-locker"), "{}", run.out);
}
