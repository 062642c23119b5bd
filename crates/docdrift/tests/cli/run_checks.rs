//! Checks that compare all sources of a run, or several runs.

use std::fs;

use crate::site::{Site, assert_untouched, demo_sources, write};

const LOOM: &str = "larkspur/batch-loom";
const VAULT: &str = "nimbus/object-vault";

fn write_guard_settings(site: &Site, settings: &str) {
    write(&site.root().join("sources.toml"), format!("[guard]\n{settings}\n{}", demo_sources(crate::site::NO_PORT)));
}

/// Removes a row from both pages.
fn remove_row(site: &Site) {
    for page in ["zh.md", "en.md"] {
        site.remove_section(&format!("{LOOM}/{page}"), "| Forbidden.Pool |", "| JobNotFound |");
    }
}

#[test]
fn removals_are_published_after_the_configured_number_of_runs() {
    let site = Site::refreshed_demo();
    write_guard_settings(&site, "confirm_removals = 3");
    remove_row(&site);
    let before = site.source_data(LOOM);
    let refresh = "refresh --pages ../pages";
    site.run(refresh).exits_with(3).prints(&["gone on 1 of 3 runs", "Forbidden.Pool"]);
    site.run("check --pages ../pages").exits_with(3).prints(&["gone on 2 of 3 runs"]);
    site.run("refresh --offline").exits_with(3).prints(&["gone on 1 of 3 runs"]);
    site.run(refresh).exits_with(3).prints(&["gone on 2 of 3 runs"]);
    assert_untouched(&before, &site.source_data(LOOM), "not yet confirmed");
    site.run(refresh).exits_with(0).prints(&["removed from “List of error codes”: 403 Forbidden.Pool"]);
    assert!(
        !site.root().join(".docdrift/pending.json").exists() || {
            fs::read_to_string(site.root().join(".docdrift/pending.json")).unwrap().trim() == "{}"
        }
    );
    site.run(refresh).exits_with(0).prints(&["no drift"]);
}

#[test]
fn accepted_removals_are_published_at_once() {
    let site = Site::refreshed_demo();
    write_guard_settings(&site, "confirm_removals = 3");
    remove_row(&site);
    site.run("refresh --pages ../pages --accept larkspur/* --reason seen").exits_with(0).prints(&["removed from"]);
    let snapshot =
        fs::read_to_string(site.root().join("snapshots").join(LOOM).join(last_snapshot_name(&site))).unwrap();
    assert!(snapshot.lines().next().unwrap().contains("gone on 1 of 3 runs"), "{}", snapshot.lines().next().unwrap());
}

fn last_snapshot_name(site: &Site) -> String {
    let folder = site.root().join("snapshots").join(LOOM);
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.max_by_key(String::len).unwrap()
}

/// If most sources fail at once, changes of the others are suspect as well.
#[test]
fn changes_are_held_back_if_most_sources_fail() {
    let site = Site::refreshed_demo();
    remove_row(&site);
    for source in ["borealis/data-relay-fabric", "nimbus/key-locker", VAULT, "quarrystone/trace-lens"] {
        for page in fs::read_dir(site.page(source)).unwrap() {
            write(&page.unwrap().path(), "<html><body><h1>Sign in to continue</h1><form></form></body></html>");
        }
    }
    let before = site.data();
    site.run("refresh --pages ../pages")
        .exits_with(3)
        .prints(&["QUARANTINED larkspur/batch-loom", "too many sources of this run"]);
    assert_untouched(&before, &site.data(), "nothing is published");
    // These sources already failed in the last run, so their failure does not count against this one.
    site.run("refresh --pages ../pages --accept larkspur/* --reason seen")
        .exits_with(3)
        .prints(&["removed from “List of error codes”: 403 Forbidden.Pool"]);
}

/// The vendor serves one page for several services.
#[test]
fn a_page_equal_to_one_of_another_source_is_held_back() {
    let site = Site::refreshed_demo();
    let page = fs::read(site.page(&format!("{VAULT}/en.html"))).unwrap();
    write(&site.page("nimbus/key-locker/en.html"), page);
    let before = site.data();
    let expected = ["QUARANTINED nimbus/key-locker", "byte for byte the page of nimbus/object-vault"];
    site.run("refresh --pages ../pages").exits_with(3).prints(&expected);
    assert_untouched(&before, &site.data(), "nothing is published");
}
