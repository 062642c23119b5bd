//! Commands that only look, and a run that finds the folder taken.

use docdrift_store::Store;

use crate::site::{Site, assert_untouched};

const LOOKS: [&str; 6] = [
    "refresh --pages ../pages --dry-run",
    "check --pages ../pages",
    "check --pages ../pages --format json",
    "check --pages ../pages --publish all",
    "refresh --offline --dry-run",
    "check --offline",
];

#[test]
fn looking_writes_nothing_in_a_new_folder() {
    let site = Site::demo();
    let before = site.files();
    for command in LOOKS {
        let run = site.run(command);
        // Nothing was archived yet, and having read nothing is no success.
        assert_eq!(run.code == 3, command.contains("--offline"), "{command}: {run:?}");
        assert_untouched(&before, &site.files(), command);
        assert!(!site.root().join(".docdrift").exists(), "{command}");
    }
    site.run(LOOKS[0]).ends(0).says(&["6 sources: 6 new", "a refresh would write 21 and remove 0 file(s)"]);
}

#[test]
fn looking_writes_nothing_where_there_is_drift() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    let before = site.files();
    for command in LOOKS {
        site.run(command).ends(if command.contains("--offline") { 0 } else { 3 });
        assert_untouched(&before, &site.files(), command);
    }
    site.put_source("nimbus/key-locker", 1);
    site.run("check --pages ../pages").ends(1).says(&["nothing was written"]);
    site.run("refresh --pages ../pages --dry-run").ends(0).says(&["nothing was written"]);
    assert_untouched(&before, &site.files(), "");
}

#[test]
fn one_run_at_a_time() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    let store = Store::open(&site.root()).unwrap();
    let before = site.files();
    for command in ["refresh --pages ../pages", "refresh --offline"] {
        site.run(command).ends(3).says(&["error: another run holds", ".docdrift/lock", "wait until it has ended"]);
        assert_untouched(&before, &site.files(), "");
    }
    site.run("check --pages ../pages").ends(3).says(&["5 changed, 1 quarantined"]);
    drop(store);
    site.run("refresh --pages ../pages").ends(3).says(&["5 changed, 1 quarantined"]);
}
