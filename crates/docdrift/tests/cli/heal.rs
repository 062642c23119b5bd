//! `docdrift heal` proposes hints for a page whose table is no longer recognised. `--write` puts them into sources.toml.

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

/// Returns a page with 12 codes under this title and header.
fn page(title: &str, header: &str, code: &str) -> String {
    let mut page = format!("# {title}\n\n{header}\n|---|---|---|\n");
    for n in 1..=12 {
        writeln!(page, "| {}00 | {code}.{n:04} | Number {n} of the lamp is out. |", 4 + n % 2).unwrap();
    }
    page
}

/// Returns a site that was refreshed once, and whose page then got an unknown header and title.
fn broken_site() -> Site {
    let site = Site::new(SOURCES);
    let good = page("Error Codes", "| Status | Error Code | Description |", "Lamp");
    write(&site.page("acme/lamps/en.md"), good);
    write(&site.page("acme/bells/en.md"), page("Error Codes", "| Status | Error Code | Description |", "Bell"));
    site.run("refresh --pages ../pages").exits_with(0);
    write(&site.page("acme/lamps/en.md"), page("Lamps", "| Zustand | Kennung | Bemerkung |", "Lamp"));
    site
}

#[test]
fn quarantine_reports_where_the_lost_codes_are() {
    let site = broken_site();
    site.run("check --pages ../pages").exits_with(3).prints(&[
        "12 of 12 lost codes stand in column 2 of a table headed `Zustand | Kennung | Bemerkung` (lines 3-16), left out \
         because",
        "`read = { tables = [\"Lamps\"]",
        "docdrift heal acme/lamps",
    ]);
}

#[test]
fn hints_are_proposed_written_and_applied() {
    let site = broken_site();
    let before = site.files();
    let command = format!("heal {ID} --pages ../pages");
    site.run(&command).exits_with(0).prints(&[
        "12 of 12 lost codes are read with this under acme/lamps in sources.toml:",
        "read = { tables = [\"Lamps\"]",
        "nothing was written",
    ]);
    let answer = site.run(&format!("{command} --format json")).exits_with(0).json();
    assert_eq!((&answer["lost"], &answer["regained"], &answer["written"]), (&json!(12), &json!(12), &json!(false)));
    assert_eq!(answer["hints"]["tables"], json!(["Lamps"]));
    assert_eq!(answer["report"]["sources"][0]["source"], ID);
    assert_untouched(&before, &site.files(), "heal without --write");

    site.run(&format!("{command} --write")).exits_with(0).prints(&["it was put into sources.toml"]);
    let sources = fs::read_to_string(site.root().join("sources.toml")).unwrap();
    let patch = answer["patch"].as_str().unwrap();
    assert_eq!(sources, SOURCES.replacen("licence = \"Acme\"\n", &format!("licence = \"Acme\"\n{patch}\n"), 1));
    site.run("check --pages ../pages --fail-on breaking").exits_with(0);
    site.run("refresh --pages ../pages").exits_with(0);
    site.run(&command).exits_with(4).prints(&["nothing to propose: its pages read well"]);
    // The archive now has the page.
    site.run(&format!("heal {ID}")).exits_with(4).prints(&["its pages read well"]);
}

#[test]
fn heal_reads_archived_pages_by_default() {
    let site = broken_site();
    site.run("refresh --pages ../pages").exits_with(3);
    site.run(&format!("heal {ID}")).exits_with(0).prints(&["12 of 12 lost codes are read"]);
}

#[test]
fn pages_without_the_lost_table_get_no_hints() {
    let site = broken_site();
    let lamps = site.page("acme/lamps/en.md");
    fs::write(&lamps, "# Lamps\n\nThis page has moved. See Lamp.0001, Lamp.0002 and others.\n").unwrap();
    let command = format!("heal {ID} --pages ../pages");
    site.run(&command)
        .exits_with(4)
        .prints(&["2 of 12 lost codes stand in its text, but in no table; no hint reads them"]);
    fs::write(&lamps, "# Lamps\n\nThis page has moved.\n").unwrap();
    site.run(&command).exits_with(4).prints_exactly(
        "acme/lamps: nothing to propose: en page: none of its 12 lost codes stands anywhere on it\n",
        "",
    );
    let answer = site.run(&format!("{command} --write --format json")).exits_with(4).json();
    assert_eq!(answer["hints"], json!(null));
    assert!(answer["why"].as_str().unwrap().contains("none of its 12"), "{answer}");
    assert_eq!(fs::read_to_string(site.root().join("sources.toml")).unwrap(), SOURCES);
    site.run("heal acme/nothing --pages ../pages")
        .exits_with(2)
        .prints_exactly("", "error: `acme/nothing` is no source of sources.toml; `docdrift status` lists them\n");
}
