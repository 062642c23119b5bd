//! A wrong `sources.toml`: exit code 2, a message with the position and a fix, and no file is written.

use std::fs;

use crate::site::{Site, assert_untouched, run_docdrift};

const GOOD: &str = r#"[fetch]
interval_ms = 0

[[source]]
vendor = "acme"
service = "lamps"
name = { zh = "灯", en = "Lamps" }
pages = { zh = "https://docs.acme.invalid/zh", en = "https://docs.acme.invalid/en" }
licence = "© Acme"

[[source]]
vendor = "acme"
service = "bells"
name = { en = "Bells" }
pages = { en = "https://docs.acme.invalid/bells" }
licence = "© Acme"
"#;

/// The mistake, the text to replace, its replacement, and the expected messages.
const MISTAKES: [(&str, &str, &str, &[&str]); 9] = [
    (
        "an unknown key of a source",
        "licence = \"© Acme\"\n\n",
        "licence = \"© Acme\"\nlicense = \"\"\n\n",
        &["sources.toml:10:1: ", "`license`", "allowed: vendor, service, name, pages, licence, local"],
    ),
    (
        "an unknown key of a section",
        "interval_ms",
        "interval",
        &["sources.toml:2:1: ", "`interval`", "[fetch]", "allowed: contact, browser, interval_ms"],
    ),
    (
        "an unknown section",
        "[fetch]",
        "[net]",
        &["sources.toml:1:2: ", "`net`", "allowed: publish, fetch, hosts, severity, guard, archive, vendor, source"],
    ),
    ("a duplicate id", "\"bells\"", "\"lamps\"", &["sources.toml:11:1: ", "`acme/lamps`", "line 4", "`service`"]),
    (
        "a bad URL",
        "https://docs.acme.invalid/bells",
        "docs.acme.invalid/bells",
        &["sources.toml:15:16: ", "`pages.en`", "write https://…"],
    ),
    (
        "plain http",
        "https://docs.acme.invalid/bells",
        "http://docs.acme.invalid/bells",
        &[":15:16: ", "`local = true`"],
    ),
    (
        "no page",
        "pages = { en = \"https://docs.acme.invalid/bells\" }",
        "pages = {}",
        &["sources.toml:15:9: ", "`pages` is empty", "`zh`, `en` or both"],
    ),
    ("a missing key", "service = \"bells\"\n", "", &["sources.toml:11:1: ", "missing key `service` in [[source]]"]),
    ("a slip in the syntax", "{ en = \"Bells\" }", "{ en = \"Bells\" ", &["sources.toml:1", "not valid TOML: "]),
];

#[test]
fn mistakes_are_reported_and_nothing_is_written() {
    for (mistake, right, wrong, messages) in MISTAKES {
        assert_eq!(GOOD.matches(right).count(), 1, "{mistake}");
        let site = Site::new(&GOOD.replace(right, wrong));
        let before = site.files();
        for command in ["refresh", "refresh --offline", "refresh --dry-run", "check --pages ../pages"] {
            let run = site.run(command).exits_with(2).prints(messages);
            assert!(run.out.is_empty() && run.err.starts_with("error: "), "{mistake}: {run:?}");
        }
        assert_untouched(&before, &site.files(), mistake);
    }
}

#[test]
fn each_mistake_has_its_own_line() {
    let site = Site::new(&GOOD.replace("[fetch]", "[net]").replace("\"bells\"", "\"Bells\""));
    let run = site.run("check").exits_with(2);
    let lines: Vec<&str> = run.err.lines().collect();
    let places: Vec<bool> = lines.iter().map(|line| line.contains("sources.toml:1")).collect();
    assert_eq!(places, [true, true], "{}", run.err);
}

#[test]
fn a_missing_sources_toml_is_reported() {
    let site = Site::new(GOOD);
    let empty = site.root().join("empty");
    fs::create_dir(&empty).unwrap();
    run_docdrift(&empty, "refresh --root .").exits_with(2).prints(&["./sources.toml: cannot be read"]);
    run_docdrift(&empty, "refresh --root ../nowhere")
        .exits_with(2)
        .prints(&["../nowhere/sources.toml: cannot be read"]);
    run_docdrift(&empty, "check --offline").exits_with(3).prints(&["the archive holds no page", "run `refresh`"]);

    fs::remove_file(site.root().join("sources.toml")).unwrap();
    run_docdrift(&empty, "refresh").exits_with(2).prints(&["no sources.toml here or in a folder above", "--root DIR"]);
    assert!(site.files().is_empty());
}

#[test]
fn wrong_command_lines_exit_with_2() {
    let site = Site::new(GOOD);
    let before = site.files();
    for (command, message) in [
        ("", "Usage"),
        ("refrehs", "refresh"),
        ("refresh --pages nowhere", "nowhere: no such folder"),
        ("refresh --pages sources.toml", "sources.toml: no such folder"),
        ("refresh --offline --pages .", "cannot be used with"),
        ("refresh --publish some", "all"),
        ("check --fail-on grave", "cosmetic, editorial, wording, added, breaking, none"),
        ("probe", "PAGE"),
        ("diff sources.toml", "NEW"),
    ] {
        site.run(command).exits_with(2).prints(&[message]);
    }
    assert_untouched(&before, &site.files(), "");
}
