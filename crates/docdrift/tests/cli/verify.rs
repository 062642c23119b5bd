//! `verify`: what docdrift wrote is fine, what anybody else changed is named.

use std::fs;

use serde_json::json;

use crate::site::{Site, assert_untouched, resealed, write};

const SNAPSHOTS: &str = "snapshots/nimbus/key-locker";

/// The only snapshot of a source, as a path below the root.
fn snapshot(site: &Site, folder: &str) -> String {
    let file = fs::read_dir(site.root().join(folder)).unwrap().next().unwrap().unwrap().file_name();
    format!("{folder}/{}", file.to_str().unwrap())
}

#[track_caller]
fn edit(site: &Site, file: &str, from: &str, to: &str) {
    let path = site.root().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "no {from} in {text}");
    write(&path, text.replacen(from, to, 1));
}

#[test]
fn what_docdrift_wrote_is_fine() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    site.run("refresh --pages ../pages").ends(3);
    let before = site.files();
    site.run("verify").ends(0).says(&["6 sources, 6 with snapshots, ", ": all consistent"]);
    let answer = site.run("verify --format json").ends(0).json();
    assert_eq!((&answer["is_consistent"], &answer["flaws"]), (&json!(true), &json!([])));
    assert_eq!((&answer["held_against_pages"], &answer["not_held_against_pages"]), (&json!(6), &json!(0)));
    assert_untouched(&before, &site.files(), "verify writes nothing");
    // As in a checkout, where nothing private is.
    fs::remove_dir_all(site.root().join(".docdrift")).unwrap();
    site.run("verify").ends(0).says(&["note: not checked against pages: 6 last snapshots", ": all consistent"]);
    assert!(!site.root().join(".docdrift").exists());
}

#[test]
fn nothing_yet_is_fine_too() {
    Site::demo().run("verify").ends(0).says(&["6 sources, 0 with snapshots, 0 entries, 0 files: all consistent"]);
}

#[test]
fn hand_edits_are_named() {
    let site = Site::refreshed_demo();
    edit(&site, "output/nimbus/key-locker.json", "\"message\": {", "\"message\": { \"fr\": \"x\",");
    edit(&site, "output/README.md", "# Error codes", "# Our codes");
    edit(&site, "output/history/all.atom", "<title>", "<title>Our ");
    let id = fs::read_to_string(site.root().join(snapshot(&site, SNAPSHOTS))).unwrap();
    let id = id.split_once("{\"id\":\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let expected =
        format!(": entry {id}: edited by hand: `message.fr` is not what its snapshot says; a refresh writes it anew");
    site.run("verify").ends(3).says(&[
        &expected,
        "output/README.md:1: edited by hand",
        "output/history/all.atom:",
        "3 things wrong",
    ]);
    site.run("refresh --pages ../pages").ends(0);
    site.run("verify").ends(0);

    let last = snapshot(&site, SNAPSHOTS);
    edit(&site, &last, "\"code\":\"KLK", "\"code\":\"KLX");
    site.run("verify").ends(3).says(&[&format!("{last}: is not what its digest tells of: it was edited or damaged")]);
    let answer = site.run("verify --format json").ends(3).json();
    assert_eq!((&answer["is_consistent"], &answer["flaws"][0]["file"]), (&json!(false), &json!(last)));
}

/// An edit whose digest was made to fit, in the dataset as well: the archived pages tell.
#[test]
fn a_forged_edit_is_found_by_the_pages() {
    let site = Site::refreshed_demo();
    let last = snapshot(&site, SNAPSHOTS);
    let path = site.root().join(&last);
    let text = fs::read_to_string(&path).unwrap();
    let code = text.split_once("\"code\":\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let message = text.split_once("\"message\":{\"zh\":\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    write(&path, resealed(&text.replacen(&message, "伪造的消息", 1)));
    let pages = fs::read_dir(site.page("")).unwrap().count();
    assert!(pages > 0);
    // Whoever forges a snapshot lets docdrift write the dataset that follows from it.
    let config = docdrift_config::load_config(&site.root().join("sources.toml")).unwrap();
    let store = docdrift_store::Store::open(&site.root()).unwrap();
    let feeds = fs::read_dir(site.root().join("output/history")).unwrap().map(|file| {
        let path = file.unwrap().path();
        (path.strip_prefix(site.root().join("output")).unwrap().to_path_buf(), fs::read(&path).unwrap())
    });
    store.publish(&store.histories(&config).unwrap(), &config, &feeds.collect()).unwrap();
    drop(store);
    let run = site.run("verify").ends(3).says(&["`message` is not as its pages say: edited by hand", "1 thing wrong"]);
    assert!(run.out.contains(&last), "{code}: {}", run.out);
}

#[test]
fn damage_of_the_archive_and_a_half_made_change_are_told() {
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
    site.run("verify").ends(3).says(&[".docdrift/archive/objects/"]);
    write(&site.root().join(".docdrift/journal.json"), "{}");
    site.run("verify").ends(3).says(&["is just being changed, or a killed run left it half-changed"]);
}

#[test]
fn a_wrong_configuration_is_not_the_data_s_fault() {
    let site = Site::refreshed_demo();
    write(&site.root().join("sources.toml"), "nonsense = 1\n");
    site.run("verify").ends(2);
}

/// What a page or a pull request put into a file reaches no terminal as it is.
#[test]
fn hostile_names_are_shown_harmless() {
    let site = Site::refreshed_demo();
    edit(&site, "output/nimbus/key-locker.json", "\"id\": \"", "\"id\": \"\\u001b[2J\\u202e");
    write(&site.root().join("output/\u{1b}[31mx"), "x");
    let run = site.run("verify").ends(3).says(&["\\u{1b}[2J\\u{202e}", "\\u{1b}[31mx"]);
    assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{}", run.out);
}
