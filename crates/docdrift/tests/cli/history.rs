//! `history`, dates, feeds and returned entries: facts that need several snapshots.

use std::fs;

use serde_json::{Value, json};

use crate::site::{Site, drift_lines, find_source, reseal_snapshot, write};

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

/// Returns a site that was refreshed once with each of `pages`, in this order.
fn site(pages: &[String]) -> Site {
    let site = Site::new(SOURCES);
    for page in pages {
        write(&site.page("acme/lamps/en.md"), page);
        site.run("refresh --pages ../pages").exits_with(0);
    }
    site
}

/// Returns a site where Lamp.0004 is removed and returns, and Lamp.0003 gets a new code, then a new message.
fn eventful_site() -> Site {
    let without = [ROWS[0], ROWS[1], ROWS[2], ROWS[4]];
    let renamed = ROWS[2].replace("Lamp.", "Lantern.");
    let reworded = renamed.replace("Somebody else holds", "Another hand is on");
    let with = |third: &str| page(&[ROWS[0], ROWS[1], third, ROWS[3], ROWS[4]]);
    site(&[page(&ROWS), page(&without), page(&ROWS), with(&renamed), with(&reworded)])
}

/// Returns a line for each event of each entry.
fn event_lines(answer: &Value) -> Vec<String> {
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
fn a_returned_code_has_three_events() {
    let site = eventful_site();
    assert_eq!(
        event_lines(&site.run("history Lamp.0004 --format json").exits_with(0).json()),
        ["seen", "removed", "returned"]
    );
    let today = first_snapshot_name(&site)[..10].to_owned();
    let expected = format!(
        "acme/lamps 429 Lamp.0004 (e1d4d5cbc7545)
    {today} first seen: 429 Lamp.0004 in “Error Codes”
        message (en): The lamp was switched too often.
    {today} removed
    {today} back: 429 Lamp.0004 in “Error Codes”
        message (en): The lamp was switched too often.
"
    );
    site.run("history Lamp.0004").exits_with(0).prints_exactly(&expected, "");
}

#[test]
fn a_renamed_code_is_found_by_each_of_its_names() {
    let site = eventful_site();
    let expected = [
        "seen",
        "renamed \"Lamp.0003\" to \"Lantern.0003\"",
        "changed [\"message\"]: \"Somebody else holds the switch of {0}.\" to \"Another hand is on the switch of {0}.\"",
    ];
    for code in ["Lamp.0003", "Lantern.0003", "lantern.0003"] {
        assert_eq!(
            event_lines(&site.run(&format!("history {code} --format json")).exits_with(0).json()),
            expected,
            "{code}"
        );
    }
    for form in ["text", "markdown"] {
        site.run(&format!("history Lamp.0003 --format {form}"))
            .exits_with(0)
            .prints(&["Lantern", "Another hand is on"]);
        site.run(&format!("history Lamp.0003 --format {form} --lang zh"))
            .exits_with(0)
            .prints(&["Lantern", "Another hand is on"]);
    }
}

#[test]
fn an_unknown_code_is_an_error() {
    let site = eventful_site();
    site.run("history Lamp.9999").exits_with(2).prints_exactly("", "error: no snapshot has the code `Lamp.9999`\n");
    site.run("history Lamp.0001 --source other/*")
        .exits_with(2)
        .prints_exactly("", "error: there is no snapshot of such a source; write vendor/service, as `huaweicloud/*`\n");
}

#[test]
fn a_source_that_is_no_longer_configured_keeps_its_history() {
    let site = eventful_site();
    write(&site.root().join("sources.toml"), SOURCES.replace("\"lamps\"", "\"lanterns\""));
    assert_eq!(
        event_lines(&site.run("history Lamp.0004 --format json").exits_with(0).json()),
        ["seen", "removed", "returned"]
    );
}

#[test]
fn a_returned_entry_is_reported_and_keeps_its_id() {
    let site = site(&[page(&ROWS), page(&[ROWS[0], ROWS[1], ROWS[2], ROWS[4]])]);
    let before = fs::read_to_string(site.root().join("snapshots/acme/lamps").join(first_snapshot_name(&site))).unwrap();
    write(&site.page("acme/lamps/en.md"), page(&ROWS));
    let run = site.run("refresh --pages ../pages --format json").exits_with(0).json();
    let drift = &find_source(&run, "acme/lamps")["drift"];
    assert_eq!(drift_lines(drift), ["added 429 Lamp.0004"]);
    let back = &drift["returned"][0];
    assert_eq!((&back["code"], &back["status"]), (&json!("Lamp.0004"), &json!("429")));
    assert!(before.contains(back["id"].as_str().unwrap()), "the id is the earlier one: {back}");
    fs::read_to_string(site.root().join(".docdrift/report/report.md"))
        .map(|report| assert!(report.contains("back"), "{report}"))
        .unwrap();
}

fn first_snapshot_name(site: &Site) -> String {
    let folder = fs::read_dir(site.root().join("snapshots/acme/lamps")).unwrap();
    let names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.min_by_key(String::len).unwrap()
}

#[test]
fn an_entry_has_the_date_of_its_last_change() {
    let site = site(&[page(&ROWS)]);
    // Sets the date of the first refresh back.
    let folder = site.root().join("snapshots/acme/lamps");
    let now = first_snapshot_name(&site);
    let text = fs::read_to_string(folder.join(&now)).unwrap().replace(&now[..10], "2024-01-02");
    fs::remove_file(folder.join(&now)).unwrap();
    fs::write(folder.join("2024-01-02.jsonl"), reseal_snapshot(&text)).unwrap();
    write(&site.page("acme/lamps/en.md"), page(&ROWS).replace("Fuse {0} blew.", "Fuse {0} has blown."));
    site.run("refresh --pages ../pages").exits_with(0);

    let table = fs::read_to_string(site.root().join("output/error-codes.csv")).unwrap();
    let today = &now[..10];
    for (code, dates) in [("Lamp.0001", "2024-01-02,2024-01-02"), ("Lamp.0005", &format!("2024-01-02,{today}"))] {
        let row = table.lines().find(|row| row.contains(code)).unwrap();
        assert!(row.contains(dates), "{row}");
    }
    site.run("refresh --pages ../pages").exits_with(0).prints(&["0 file(s) written"]);
}

#[test]
fn feeds_list_changes_newest_first() {
    let site = eventful_site();
    for name in ["acme", "all"] {
        let feed = fs::read_to_string(site.root().join(format!("output/history/{name}.atom"))).unwrap();
        let titles: Vec<&str> = feed.lines().filter(|line| line.contains("<title>acme/lamps")).collect();
        assert_eq!(titles.len(), 5, "{feed}");
        assert!(titles[0].contains("wording: 1 changed") && titles[4].contains("new, 5 entries"), "{titles:?}");
        assert!(feed.contains("Another hand is on"), "{feed}");
    }
    // The feeds depend only on the snapshots.
    let before = site.data();
    fs::remove_dir_all(site.root().join("output/history")).unwrap();
    site.run("refresh --pages ../pages").exits_with(0).prints(&["2 file(s) written"]);
    let bytes = |data: crate::site::Files| data.into_iter().map(|(path, (bytes, _))| (path, bytes)).collect::<Vec<_>>();
    assert_eq!(bytes(site.data()), bytes(before));
}
