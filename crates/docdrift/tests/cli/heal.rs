//! `docdrift heal`: hints for a page whose table is not recognised any more, put into sources.toml where that is asked.

use std::{fmt::Write as _, fs};

use serde_json::json;

use crate::site::{Site, assert_untouched, write};

const ID: &str = "acme/lamps";

const SOURCES: &str = r#"# What we watch.

[[source]] # the lamps
vendor = "acme"
service = "lamps"
name = { en = "Lamps" }
pages = { en = "https://docs.acme.test/lamps" } # one language only
licence = "Acme"

# The bells ring.
[[source]]
vendor = "acme"
service = "bells"
name = { en = "Bells" }
pages = { en = "https://docs.acme.test/bells" }
licence = "Acme"
"#;

/// A page with 12 codes under this title and header.
fn page(title: &str, header: &str, code: &str) -> String {
    let mut page = format!("# {title}\n\n{header}\n|---|---|---|\n");
    for n in 1..=12 {
        writeln!(page, "| {}00 | {code}.{n:04} | Number {n} of the lamp is out. |", 4 + n % 2).unwrap();
    }
    page
}

/// A site that was refreshed once, then lost its table to a header and a title that nobody knows.
fn broken_site() -> Site {
    let site = Site::new(SOURCES);
    let good = page("Error Codes", "| Status | Error Code | Description |", "Lamp");
    write(&site.page("acme/lamps/en.md"), good);
    write(&site.page("acme/bells/en.md"), page("Error Codes", "| Status | Error Code | Description |", "Bell"));
    site.run("refresh --pages ../pages").ends(0);
    write(&site.page("acme/lamps/en.md"), page("Lamps", "| Zustand | Kennung | Bemerkung |", "Lamp"));
    site
}

#[test]
fn the_quarantine_says_where_the_codes_stand() {
    let site = broken_site();
    site.run("check --pages ../pages").ends(3).says(&[
        "12 of 12 lost codes stand in column 2 of a table headed `Zustand | Kennung | Bemerkung` (lines 3-16), left out \
         because",
        "`read = { tables = [\"Lamps\"]",
        "docdrift heal acme/lamps",
    ]);
}

#[test]
fn hints_are_proposed_written_and_followed() {
    let site = broken_site();
    let before = site.files();
    let command = format!("heal {ID} --pages ../pages");
    site.run(&command).ends(0).says(&[
        "12 of 12 lost codes are read with this under acme/lamps in sources.toml:",
        "read = { tables = [\"Lamps\"]",
        "nothing was written",
    ]);
    let answer = site.run(&format!("{command} --format json")).ends(0).json();
    assert_eq!((&answer["lost"], &answer["regained"], &answer["written"]), (&json!(12), &json!(12), &json!(false)));
    assert_eq!(answer["hints"]["tables"], json!(["Lamps"]));
    assert_eq!(answer["report"]["sources"][0]["source"], ID);
    assert_untouched(&before, &site.files(), "heal without --write");

    site.run(&format!("{command} --write")).ends(0).says(&["it was put into sources.toml"]);
    let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
    let patch = answer["patch"].as_str().unwrap();
    assert_eq!(sources, SOURCES.replacen("licence = \"Acme\"\n", &format!("licence = \"Acme\"\n{patch}\n"), 1));
    site.run("check --pages ../pages --fail-on breaking").ends(0);
    site.run("refresh --pages ../pages").ends(0);
    site.run(&command).ends(4).says(&["nothing to propose: its pages read well"]);
    // The archive has the page now.
    site.run(&format!("heal {ID}")).ends(4).says(&["its pages read well"]);
}

#[test]
fn the_archived_pages_are_healed() {
    let site = broken_site();
    site.run("refresh --pages ../pages").ends(3);
    site.run(&format!("heal {ID}")).ends(0).says(&["12 of 12 lost codes are read"]);
}

#[test]
fn what_cannot_be_healed() {
    let site = broken_site();
    let lamps = site.page("acme/lamps/en.md");
    fs::write(&lamps, "# Lamps\n\nThis page has moved. See Lamp.0001, Lamp.0002 and others.\n").unwrap();
    let command = format!("heal {ID} --pages ../pages");
    site.run(&command).ends(4).says(&["2 of 12 lost codes stand in its text, but in no table; no hint reads them"]);
    fs::write(&lamps, "# Lamps\n\nThis page has moved.\n").unwrap();
    site.run(&command).ends(4).says(&["en page: none of its 12 lost codes stands anywhere on it"]);
    let answer = site.run(&format!("{command} --write --format json")).ends(4).json();
    assert_eq!(answer["hints"], json!(null));
    assert!(answer["why"].as_str().unwrap().contains("none of its 12"), "{answer}");
    assert_eq!(fs::read_to_string(site.root().join("sources.toml")).unwrap(), SOURCES);
    site.run("heal acme/nothing --pages ../pages").ends(2).says(&["is no source of sources.toml"]);
}
