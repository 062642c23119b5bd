//! `history`, dates, feeds and what is back: what many snapshots tell together.

use std::fs;

use serde_json::{Value, json};

use crate::site::{Site, lines, resealed, source_in, write};

const SOURCES: &str = r#"
[[source]]
vendor = "acme"
service = "lamps"
name = { en = "Lamps" }
pages = { en = "https://docs.acme.invalid/lamps" }
licence = "Written for this test."
"#;

const ROWS: [&str; 5] = [
    "| 400 | Lamp.0001 | Bulb {0} is broken. |",
    "| 404 | Lamp.0002 | No such lamp. |",
    "| 409 | Lamp.0003 | Somebody else holds the switch of {0}. |",
    "| 429 | Lamp.0004 | The lamp was switched too often. |",
    "| 500 | Lamp.0005 | Fuse {0} blew. |",
];

fn page(rows: &[&str]) -> String {
    format!("# Error Codes\n\n| Status Code | Error Code | Error Message |\n|---|---|---|\n{}\n", rows.join("\n"))
}

/// A site refreshed once for each of `pages`, in their order.
fn site(pages: &[String]) -> Site {
    let site = Site::new(SOURCES);
    for page in pages {
        write(&site.page("acme/lamps/en.md"), page);
        site.run("refresh --pages ../pages").ends(0);
    }
    site
}

/// Lamp.0004 goes and comes back; Lamp.0003 gets another code, then another message.
fn eventful() -> Site {
    let without = [ROWS[0], ROWS[1], ROWS[2], ROWS[4]];
    let renamed = ROWS[2].replace("Lamp.", "Lantern.");
    let reworded = renamed.replace("Somebody else holds", "Another hand is on");
    let with = |third: &str| page(&[ROWS[0], ROWS[1], third, ROWS[3], ROWS[4]]);
    site(&[page(&ROWS), page(&without), page(&ROWS), with(&renamed), with(&reworded)])
}

/// Each event of each life in a line.
fn events(answer: &Value) -> Vec<String> {
    let lives = answer["lives"].as_array().unwrap();
    let events = lives.iter().flat_map(|life| life["events"].as_array().unwrap());
    events
        .map(|event| match event["event"].as_str().unwrap() {
            "renamed" => format!("renamed {} to {}", event["from"]["code"], event["to"]["code"]),
            "changed" => {
                format!("changed {}: {} to {}", event["fields"], event["edits"][0]["old"], event["edits"][0]["new"])
            }
            other => other.to_owned(),
        })
        .collect()
}

#[test]
fn a_code_that_went_and_came_back() {
    let site = eventful();
    assert_eq!(events(&site.run("history Lamp.0004 --format json").ends(0).json()), ["seen", "removed", "returned"]);
    let today = first_snapshot(&site)[..10].to_owned();
    let text = site.run("history Lamp.0004").ends(0).out;
    assert_eq!(text.matches(&today).count(), 3, "each event is dated: {text}");
}

#[test]
fn a_code_is_followed_under_all_its_names() {
    let site = eventful();
    let expected = [
        "seen",
        "renamed \"Lamp.0003\" to \"Lantern.0003\"",
        "changed [\"message\"]: \"Somebody else holds the switch of {0}.\" to \"Another hand is on the switch of {0}.\"",
    ];
    for code in ["Lamp.0003", "Lantern.0003", "lantern.0003"] {
        assert_eq!(events(&site.run(&format!("history {code} --format json")).ends(0).json()), expected, "{code}");
    }
    for form in ["text", "markdown"] {
        site.run(&format!("history Lamp.0003 --format {form}")).ends(0).says(&["Lantern", "Another hand is on"]);
        site.run(&format!("history Lamp.0003 --format {form} --lang zh"))
            .ends(0)
            .says(&["Lantern", "Another hand is on"]);
    }
}

#[test]
fn a_code_that_was_never_there() {
    let site = eventful();
    site.run("history Lamp.9999").ends(2).says(&["no snapshot has the code `Lamp.9999`"]);
    site.run("history Lamp.0001 --source other/*").ends(2).says(&["there is no snapshot of such a source"]);
}

#[test]
fn the_history_of_a_source_that_is_watched_no_more() {
    let site = eventful();
    write(&site.root().join("sources.toml"), SOURCES.replace("\"lamps\"", "\"lanterns\""));
    assert_eq!(events(&site.run("history Lamp.0004 --format json").ends(0).json()), ["seen", "removed", "returned"]);
}

#[test]
fn what_comes_back_is_said_to_be_back_and_keeps_its_id() {
    let site = site(&[page(&ROWS), page(&[ROWS[0], ROWS[1], ROWS[2], ROWS[4]])]);
    let before = fs::read_to_string(site.root().join("snapshots/acme/lamps").join(first_snapshot(&site))).unwrap();
    write(&site.page("acme/lamps/en.md"), page(&ROWS));
    let run = site.run("refresh --pages ../pages --format json").ends(0).json();
    let drift = &source_in(&run, "acme/lamps")["drift"];
    assert_eq!(lines(drift), ["added 429 Lamp.0004"]);
    let back = &drift["returned"][0];
    assert_eq!((&back["code"], &back["status"]), (&json!("Lamp.0004"), &json!("429")));
    assert!(before.contains(back["id"].as_str().unwrap()), "the id it had: {back}");
    fs::read_to_string(site.root().join(".docdrift/report/report.md"))
        .map(|report| assert!(report.contains("back"), "{report}"))
        .unwrap();
}

fn first_snapshot(site: &Site) -> String {
    let folder = fs::read_dir(site.root().join("snapshots/acme/lamps")).unwrap();
    let names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.min_by_key(String::len).unwrap()
}

#[test]
fn entries_are_dated_by_what_changed() {
    let site = site(&[page(&ROWS)]);
    // As if the first refresh had been long ago.
    let folder = site.root().join("snapshots/acme/lamps");
    let now = first_snapshot(&site);
    let text = fs::read_to_string(folder.join(&now)).unwrap().replace(&now[..10], "2024-01-02");
    fs::remove_file(folder.join(&now)).unwrap();
    fs::write(folder.join("2024-01-02.jsonl"), resealed(&text)).unwrap();
    write(&site.page("acme/lamps/en.md"), page(&ROWS).replace("Fuse {0} blew.", "Fuse {0} has blown."));
    site.run("refresh --pages ../pages").ends(0);

    let table = fs::read_to_string(site.root().join("output/error-codes.csv")).unwrap();
    let today = &now[..10];
    for (code, dates) in [("Lamp.0001", "2024-01-02,2024-01-02"), ("Lamp.0005", &format!("2024-01-02,{today}"))] {
        let row = table.lines().find(|row| row.contains(code)).unwrap();
        assert!(row.contains(dates), "{row}");
    }
    site.run("refresh --pages ../pages").ends(0).says(&["0 file(s) written"]);
}

#[test]
fn feeds_tell_each_change_the_newest_first() {
    let site = eventful();
    for name in ["acme", "all"] {
        let feed = fs::read_to_string(site.root().join(format!("output/history/{name}.atom"))).unwrap();
        let titles: Vec<&str> = feed.lines().filter(|line| line.contains("<title>acme/lamps")).collect();
        assert_eq!(titles.len(), 5, "{feed}");
        assert!(titles[0].contains("wording: 1 changed") && titles[4].contains("new, 5 entries"), "{titles:?}");
        assert!(feed.contains("Another hand is on"), "{feed}");
    }
    // They follow from the snapshots alone.
    let before = site.data();
    fs::remove_dir_all(site.root().join("output/history")).unwrap();
    site.run("refresh --pages ../pages").ends(0).says(&["2 file(s) written"]);
    let bytes = |data: crate::site::Files| data.into_iter().map(|(path, (bytes, _))| (path, bytes)).collect::<Vec<_>>();
    assert_eq!(bytes(site.data()), bytes(before));
}
