//! `verify` accepts the files that docdrift wrote and reports all other changes.

use std::fs;

use serde_json::json;

use crate::site::{Site, assert_untouched, reseal_snapshot, write};

const SNAPSHOTS: &str = "snapshots/nimbus/key-locker";

/// Returns the only snapshot of a source as a path below the root.
fn find_snapshot(site: &Site, folder: &str) -> String {
    let file = fs::read_dir(site.root().join(folder)).unwrap().next().unwrap().unwrap().file_name();
    format!("{folder}/{}", file.to_str().unwrap())
}

#[track_caller]
fn edit_file(site: &Site, file: &str, from: &str, to: &str) {
    let path = site.root().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "no {from} in {text}");
    write(&path, text.replacen(from, to, 1));
}

#[test]
fn files_written_by_docdrift_are_consistent() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    site.run("refresh --pages ../pages").exits_with(3);
    let before = site.files();
    site.run("verify").exits_with(0).prints(&["6 sources, 6 with snapshots, ", ": all consistent"]);
    let answer = site.run("verify --format json").exits_with(0).json();
    assert_eq!((&answer["is_consistent"], &answer["flaws"]), (&json!(true), &json!([])));
    assert_eq!((&answer["held_against_pages"], &answer["not_held_against_pages"]), (&json!(6), &json!(0)));
    assert_untouched(&before, &site.files(), "verify writes nothing");
    // As in a fresh checkout, which has no private files.
    fs::remove_dir_all(site.root().join(".docdrift")).unwrap();
    site.run("verify").exits_with(0).prints(&["note: not checked against pages: 6 last snapshots", ": all consistent"]);
    assert!(!site.root().join(".docdrift").exists());
}

#[test]
fn a_folder_without_data_is_consistent() {
    Site::demo()
        .run("verify")
        .exits_with(0)
        .prints_exactly("6 sources, 0 with snapshots, 0 entries, 0 files: all consistent\n", "");
}

#[test]
fn edited_files_are_reported() {
    let site = Site::refreshed_demo();
    edit_file(&site, "output/nimbus/key-locker.json", "\"message\": {", "\"message\": { \"fr\": \"x\",");
    edit_file(&site, "output/README.md", "# Error codes", "# Our codes");
    edit_file(&site, "output/history/all.atom", "<title>", "<title>Our ");
    let id = fs::read_to_string(site.root().join(find_snapshot(&site, SNAPSHOTS))).unwrap();
    let id = id.split_once("{\"id\":\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let expected =
        format!(": entry {id}: edited by hand: `message.fr` is not what its snapshot says; a refresh writes it anew");
    site.run("verify").exits_with(3).prints(&[
        &expected,
        "output/README.md:1: edited by hand",
        "output/history/all.atom:",
        "3 things wrong",
    ]);
    site.run("refresh --pages ../pages").exits_with(0);
    site.run("verify").exits_with(0);

    let last = find_snapshot(&site, SNAPSHOTS);
    edit_file(&site, &last, "\"code\":\"KLK", "\"code\":\"KLX");
    site.run("verify")
        .exits_with(3)
        .prints(&[&format!("{last}: is not what its digest tells of: it was edited or damaged")]);
    let answer = site.run("verify --format json").exits_with(3).json();
    assert_eq!((&answer["is_consistent"], &answer["flaws"][0]["file"]), (&json!(false), &json!(last)));
}

/// The digest fits the edit, and so does the dataset. Only the archived pages show the edit.
#[test]
fn an_edit_with_a_new_digest_is_found_by_the_archived_pages() {
    let site = Site::refreshed_demo();
    let last = find_snapshot(&site, SNAPSHOTS);
    let path = site.root().join(&last);
    let text = fs::read_to_string(&path).unwrap();
    let code = text.split_once("\"code\":\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let message = text.split_once("\"message\":{\"zh\":\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    write(&path, reseal_snapshot(&text.replacen(&message, "伪造的消息", 1)));
    let pages = fs::read_dir(site.page("")).unwrap().count();
    assert!(pages > 0);
    // Publishes the dataset of the edited snapshot, so that both agree.
    let config = docdrift_config::load_config(&site.root().join("sources.toml")).unwrap();
    let store = docdrift_store::Store::open(&site.root()).unwrap();
    let feeds = fs::read_dir(site.root().join("output/history")).unwrap().map(|file| {
        let path = file.unwrap().path();
        (path.strip_prefix(site.root().join("output")).unwrap().to_path_buf(), fs::read(&path).unwrap())
    });
    store.publish(&store.histories(&config).unwrap(), &config, &feeds.collect()).unwrap();
    drop(store);
    let run = site
        .run("verify")
        .exits_with(3)
        .prints(&["`message` is not as its pages say: edited by hand", "1 thing wrong"]);
    assert!(run.out.contains(&last), "{code}: {}", run.out);
}

#[test]
fn archive_damage_and_an_unfinished_change_are_reported() {
    let site = Site::refreshed_demo();
    let mut objects = vec![site.root().join(".docdrift/archive/objects")];
    let object = loop {
        let path = objects.pop().unwrap();
        if path.is_file() {
            break path;
        }
        objects.extend(fs::read_dir(path).unwrap().map(|item| item.unwrap().path()));
    };
    write(&object, "damaged");
    site.run("verify").exits_with(3).prints(&[".docdrift/archive/objects/"]);
    write(&site.root().join(".docdrift/journal.json"), "{}");
    site.run("verify").exits_with(3).prints(&["is just being changed, or a killed run left it half-changed"]);
}

#[test]
fn a_wrong_configuration_exits_with_2() {
    let site = Site::refreshed_demo();
    write(&site.root().join("sources.toml"), "nonsense = 1\n");
    site.run("verify").exits_with(2).prints(&[
        "error: ",
        "sources.toml:1:1: unknown key `nonsense` in sources.toml; allowed: publish, fetch, hosts, severity, guard, \
         archive, vendor, source\n",
        "sources.toml:1:1: missing key `source` in sources.toml: watch at least one page with a [[source]]\n",
    ]);
}

/// Files and names can come from a page or a pull request.
#[test]
fn control_characters_in_files_and_names_are_escaped() {
    let site = Site::refreshed_demo();
    edit_file(&site, "output/nimbus/key-locker.json", "\"id\": \"", "\"id\": \"\\u001b[2J\\u202e");
    write(&site.root().join("output/\u{1b}[31mx"), "x");
    let run = site.run("verify").exits_with(3).prints(&["\\u{1b}[2J\\u{202e}", "\\u{1b}[31mx"]);
    assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{}", run.out);
}
