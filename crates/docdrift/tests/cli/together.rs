//! What only shows when the sources of a run, or the runs before, are seen together.

use std::fs;

use crate::site::{Site, assert_untouched, demo_sources, write};

const LOOM: &str = "larkspur/batch-loom";
const VAULT: &str = "nimbus/object-vault";

fn with_guard(site: &Site, settings: &str) {
    write(&site.root().join("sources.toml"), format!("[guard]\n{settings}\n{}", demo_sources(crate::site::NO_PORT)));
}

/// A row gone from both pages.
fn remove_a_row(site: &Site) {
    for page in ["zh.md", "en.md"] {
        site.take_out(&format!("{LOOM}/{page}"), "| Forbidden.Pool |", "| JobNotFound |");
    }
}

#[test]
fn removals_wait_for_as_many_runs_as_sources_toml_says() {
    let site = Site::refreshed_demo();
    with_guard(&site, "confirm_removals = 3");
    remove_a_row(&site);
    let before = site.data_of(LOOM);
    let refresh = "refresh --pages ../pages";
    site.run(refresh).ends(3).says(&["gone on 1 of 3 runs", "Forbidden.Pool"]);
    site.run("check --pages ../pages").ends(3).says(&["gone on 2 of 3 runs"]);
    site.run("refresh --offline").ends(3).says(&["gone on 1 of 3 runs"]);
    site.run(refresh).ends(3).says(&["gone on 2 of 3 runs"]);
    assert_untouched(&before, &site.data_of(LOOM), "until then");
    site.run(refresh).ends(0).says(&["removed from “List of error codes”: 403 Forbidden.Pool"]);
    assert!(
        !site.root().join(".docdrift/pending.json").exists() || {
            fs::read_to_string(site.root().join(".docdrift/pending.json")).unwrap().trim() == "{}"
        }
    );
    site.run(refresh).ends(0).says(&["no drift"]);
}

#[test]
fn a_maintainer_need_not_wait() {
    let site = Site::refreshed_demo();
    with_guard(&site, "confirm_removals = 3");
    remove_a_row(&site);
    site.run("refresh --pages ../pages --accept larkspur/* --reason seen").ends(0).says(&["removed from"]);
    let snapshot = fs::read_to_string(site.root().join("snapshots").join(LOOM).join(last_snapshot(&site))).unwrap();
    assert!(snapshot.lines().next().unwrap().contains("gone on 1 of 3 runs"), "{}", snapshot.lines().next().unwrap());
}

fn last_snapshot(site: &Site) -> String {
    let folder = site.root().join("snapshots").join(LOOM);
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.max_by_key(String::len).unwrap()
}

/// Most sources fail at once: what changed in the others is not to be trusted.
#[test]
fn where_most_sources_fail_none_is_taken() {
    let site = Site::refreshed_demo();
    remove_a_row(&site);
    for source in ["borealis/data-relay-fabric", "nimbus/key-locker", VAULT, "quarrystone/trace-lens"] {
        for page in fs::read_dir(site.page(source)).unwrap() {
            write(&page.unwrap().path(), "<html><body><h1>Sign in to continue</h1><form></form></body></html>");
        }
    }
    let before = site.data();
    site.run("refresh --pages ../pages")
        .ends(3)
        .says(&["QUARANTINED larkspur/batch-loom", "too many sources of this run"]);
    assert_untouched(&before, &site.data(), "nothing is taken");
    // The same sources fail again: that says nothing new about this run.
    site.run("refresh --pages ../pages --accept larkspur/* --reason seen")
        .ends(3)
        .says(&["removed from “List of error codes”: 403 Forbidden.Pool"]);
}

/// One page in the place of several services' pages.
#[test]
fn a_page_that_is_another_sources_as_well_is_held_back() {
    let site = Site::refreshed_demo();
    let page = fs::read(site.page(&format!("{VAULT}/en.html"))).unwrap();
    write(&site.page("nimbus/key-locker/en.html"), page);
    let before = site.data();
    let said = ["QUARANTINED nimbus/key-locker", "byte for byte the page of nimbus/object-vault"];
    site.run("refresh --pages ../pages").ends(3).says(&said);
    assert_untouched(&before, &site.data(), "nothing is taken");
}
