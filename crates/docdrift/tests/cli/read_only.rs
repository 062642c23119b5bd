//! Commands that write nothing, and runs while another run holds the lock.

use docdrift_store::Store;

use crate::site::{Site, assert_untouched};

const READ_ONLY_COMMANDS: [&str; 6] = [
    "refresh --pages ../pages --dry-run",
    "check --pages ../pages",
    "check --pages ../pages --format json",
    "check --pages ../pages --publish all",
    "refresh --offline --dry-run",
    "check --offline",
];

#[test]
fn read_only_commands_write_nothing_in_a_new_folder() {
    let site = Site::demo();
    let before = site.files();
    for command in READ_ONLY_COMMANDS {
        let run = site.run(command);
        if command.contains("--offline") {
            // The archive is still empty, and a run without any page is no success.
            let error = "error: the archive holds no page of these sources; run `refresh` without --offline first\n";
            run.exits_with(3).prints_exactly("", error);
        } else {
            // New sources are drift for `check`.
            run.exits_with(i32::from(command.starts_with("check")));
        }
        assert_untouched(&before, &site.files(), command);
        assert!(!site.root().join(".docdrift").exists(), "{command}");
    }
    site.run(READ_ONLY_COMMANDS[0])
        .exits_with(0)
        .prints(&["6 sources: 6 new", "a refresh would write 21 and remove 0 file(s)"]);
}

#[test]
fn read_only_commands_write_nothing_if_there_is_drift() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    let before = site.files();
    for command in READ_ONLY_COMMANDS {
        site.run(command).exits_with(if command.contains("--offline") { 0 } else { 3 });
        assert_untouched(&before, &site.files(), command);
    }
    site.put_source("nimbus/key-locker", 1);
    site.run("check --pages ../pages").exits_with(1).prints(&["nothing was written"]);
    site.run("refresh --pages ../pages --dry-run").exits_with(0).prints(&["nothing was written"]);
    assert_untouched(&before, &site.files(), "");
}

#[test]
fn only_one_run_at_a_time_may_write() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    let store = Store::open(&site.root()).unwrap();
    let before = site.files();
    for command in ["refresh --pages ../pages", "refresh --offline"] {
        site.run(command).exits_with(3).prints(&[
            "error: another run holds",
            ".docdrift/lock",
            "wait until it has ended",
        ]);
        assert_untouched(&before, &site.files(), "");
    }
    site.run("check --pages ../pages").exits_with(3).prints(&["5 changed, 1 quarantined"]);
    drop(store);
    site.run("refresh --pages ../pages").exits_with(3).prints(&["5 changed, 1 quarantined"]);
}
