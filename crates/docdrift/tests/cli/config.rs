//! A wrong `sources.toml`: exit code 2, a message with the position and a fix, and no file is written.

use std::fs;

use crate::site::{Run, Site, assert_untouched, run_docdrift};

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

/// The mistake, the text to replace, its replacement, and the message after the path of sources.toml.
const MISTAKES: [(&str, &str, &str, &str); 9] = [
    (
        "an unknown key of a source",
        "licence = \"© Acme\"\n\n",
        "licence = \"© Acme\"\nlicense = \"\"\n\n",
        "10:1: unknown key `license` in [[source]]; allowed: vendor, service, name, pages, licence, local, robots, \
         render, redirect_hosts, read, ignore, severity, guard",
    ),
    (
        "an unknown key of a section",
        "interval_ms",
        "interval",
        "2:1: unknown key `interval` in [fetch]; allowed: contact, browser, interval_ms, concurrency, \
         max_requests_per_host, connect_timeout_ms, read_timeout_ms, request_timeout_ms, run_limit_ms, retries, \
         backoff_ms, max_body_mb",
    ),
    ("an unknown section", "[fetch]", "[net]", UNKNOWN_SECTION),
    (
        "a duplicate id",
        "\"bells\"",
        "\"lamps\"",
        "11:1: `acme/lamps` is there already (line 4): give this one another `service`",
    ),
    (
        "a bad URL",
        "https://docs.acme.invalid/bells",
        "docs.acme.invalid/bells",
        "15:16: `pages.en` is no absolute URL (relative URL without a base): write https://…",
    ),
    (
        "plain http",
        "https://docs.acme.invalid/bells",
        "http://docs.acme.invalid/bells",
        "15:16: `pages.en` is plain http: write https://…, or `local = true` for a page of your own",
    ),
    (
        "no page",
        "pages = { en = \"https://docs.acme.invalid/bells\" }",
        "pages = {}",
        "15:9: `pages` is empty: give `zh`, `en` or both",
    ),
    (
        "a missing key",
        "service = \"bells\"\n",
        "",
        "11:1: missing key `service` in [[source]]: the service's plain name, as \"identity-center\"",
    ),
    (
        "a slip in the syntax",
        "{ en = \"Bells\" }",
        "{ en = \"Bells\" ",
        "15:1: not valid TOML: missing comma between key-value pairs, expected `,`",
    ),
];

const UNKNOWN_SECTION: &str = "1:2: unknown key `net` in sources.toml; allowed: publish, fetch, hosts, severity, \
                               guard, archive, vendor, source";

/// Returns the mistakes that a run reports, one in each line, without the path of sources.toml.
fn reported_mistakes(run: &Run) -> Vec<&str> {
    let lines = run.err.strip_prefix("error: ").unwrap().lines();
    lines.map(|line| line.split_once("sources.toml:").unwrap().1).collect()
}

#[test]
fn mistakes_are_reported_and_nothing_is_written() {
    for (mistake, right, wrong, message) in MISTAKES {
        assert_eq!(GOOD.matches(right).count(), 1, "{mistake}");
        let site = Site::new(&GOOD.replace(right, wrong));
        let before = site.files();
        for command in ["refresh", "refresh --offline", "refresh --dry-run", "check --pages ../pages"] {
            let run = site.run(command).exits_with(2);
            assert_eq!((run.out.as_str(), reported_mistakes(&run)), ("", vec![message]), "{mistake}");
        }
        assert_untouched(&before, &site.files(), mistake);
    }
}

#[test]
fn each_mistake_has_its_own_line() {
    let site = Site::new(&GOOD.replace("[fetch]", "[net]").replace("\"bells\"", "\"Bells\""));
    let name = "13:11: `service` becomes a folder name: only a-z 0-9 - _ . and not starting with a dot";
    assert_eq!(reported_mistakes(&site.run("check").exits_with(2)), [UNKNOWN_SECTION, name]);
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
    run_docdrift(&empty, "check --offline").exits_with(3).prints_exactly(
        "",
        "error: the archive holds no page of these sources; run `refresh` without --offline first\n",
    );

    fs::remove_file(site.root().join("sources.toml")).unwrap();
    run_docdrift(&empty, "refresh")
        .exits_with(2)
        .prints_exactly("", "error: no sources.toml here or in a folder above; name its folder with --root DIR\n");
    assert!(site.files().is_empty());
}

#[test]
fn wrong_command_lines_exit_with_2() {
    let site = Site::new(GOOD);
    let before = site.files();
    for (command, message) in [
        ("", "Usage: docdrift [OPTIONS] <COMMAND>"),
        ("refrehs", "error: unrecognized subcommand 'refrehs'"),
        ("refresh --pages nowhere", "error: --pages nowhere: no such folder"),
        ("refresh --pages sources.toml", "error: --pages sources.toml: no such folder"),
        ("refresh --offline --pages .", "error: the argument '--offline' cannot be used with '--pages <DIR>'"),
        ("refresh --publish some", "error: invalid value 'some' for '--publish <PUBLISH>'"),
        ("check --fail-on grave", "  [possible values: cosmetic, editorial, wording, added, breaking, none]"),
        ("probe", "  <PAGE>"),
        ("diff sources.toml", "  <NEW>"),
    ] {
        site.run(command).exits_with(2).prints_lines(&[message]);
    }
    assert_untouched(&before, &site.files(), "");
}
