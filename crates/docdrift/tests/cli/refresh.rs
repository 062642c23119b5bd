//! `refresh` and `check` with intact pages.

use std::fs;

use serde_json::{Value, json};

use crate::site::{NO_PORT, Site, assert_untouched, demo_sources, drift_lines, find_source, read_files, write};

#[test]
fn a_second_run_finds_no_drift_and_writes_no_data() {
    let site = Site::demo();
    site.run("refresh --pages ../pages").exits_with(0).prints(&["6 sources: 6 new"]);
    let before = site.data();
    // Snapshots, dataset files, files of the whole dataset, and feeds: one for each vendor and one for all.
    assert_eq!(before.len(), 6 + 6 + 3 + 6);
    site.run("refresh --pages ../pages").exits_with(0).prints(&["no drift", "0 file(s) written, 0 removed"]);
    assert_untouched(&before, &site.data(), "");
}

/// The changes of the second edition as `demo/README.md` lists them: source, highest severity, drift. The source with
/// renamed codes and the quarantined one are tested separately.
const EDITION_2: [(&str, &str, &[&str]); 4] = [
    (
        "borealis/data-relay-fabric",
        "breaking",
        &["added 422 DRF.4206", "removed 404 DRF.4303", "cosmetic 409 DRF.4102: solution en"],
    ),
    (
        "larkspur/batch-loom",
        "breaking",
        &[
            "added 400 InvalidPriority",
            "wording 502 ImagePullFailed: message zh, message en",
            "breaking 409 JobNotResumable: status 404 to 409",
            "breaking 500 WorkerSilent: message zh, message en",
        ],
    ),
    (
        "petrel/message-courier",
        "added",
        &[
            "added FailedOperation.SenderUnverified",
            "added LimitExceeded.DeadLetter",
            "cosmetic AuthFailure.IpDenied: description zh",
            "editorial LimitExceeded.BodySize: description zh, description en",
        ],
    ),
    (
        "quarrystone/trace-lens",
        "breaking",
        &["added 402 TL.1303", "removed 410 TL.1204", "wording 409 TL.1102: message zh, message en"],
    ),
];

/// The 25 entries of `nimbus/object-vault`, `OV.NNNN` in the first edition and `Vault.NNNN` in the second.
const VAULT: &str = "400.0001 404.0001 401.0002 403.0003 400.0101 404.0102 409.0103 409.0104 403.0105 400.0106 429.0107 \
                     404.0201 400.0202 412.0203 409.0204 413.0205 400.0206 403.0207 400.0208 400.0301 400.0302 404.0303 \
                     503.0304 500.0900 503.0901";

#[test]
fn the_second_edition_yields_the_documented_drift() {
    let site = Site::refreshed_demo();
    let quarantined = site.source_data("nimbus/key-locker");
    assert_eq!(quarantined.len(), 2);
    site.put_edition(2);
    let report = site.run("refresh --pages ../pages --format json").exits_with(3).json();
    assert_eq!(report["sources"].as_array().unwrap().len(), 6);

    let rename = |entry: &str| {
        let (status, number) = entry.split_once('.').unwrap();
        format!("renamed {status} OV.{number} to {status} Vault.{number}")
    };
    let renamed: Vec<String> = VAULT.split(' ').map(rename).collect();
    let vault = ("nimbus/object-vault", "breaking", renamed);
    let others = EDITION_2.map(|(id, severity, drift)| (id, severity, drift.iter().map(ToString::to_string).collect()));
    for (id, severity, drift) in others.into_iter().chain([vault]) {
        let source = find_source(&report, id);
        assert_eq!((&source["outcome"], &source["drift"]["severity"]), (&json!("changed"), &json!(severity)), "{id}");
        assert_eq!(drift_lines(&source["drift"]), drift, "{id}");
        assert_eq!(site.source_data(id).len(), 3, "{id}: two snapshots and a dataset file");
    }
    let source = find_source(&report, "nimbus/key-locker");
    assert_eq!(source["outcome"], "quarantined");
    assert!(source["reasons"][0].as_str().unwrap().contains("Sign in to continue"), "{source:#}");
    assert_untouched(&quarantined, &site.source_data("nimbus/key-locker"), "quarantined");
}

#[test]
fn a_source_is_quarantined_until_its_page_is_back() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    site.run("refresh --pages ../pages").exits_with(3);
    let before = site.data();
    let expected =
        ["QUARANTINED nimbus/key-locker: the last good data is kept", "6 sources: 5 unchanged, 1 quarantined"];
    site.run("refresh --pages ../pages").exits_with(3).prints(&expected);
    assert_untouched(&before, &site.data(), "still quarantined");
    site.put_source("nimbus/key-locker", 1);
    site.run("refresh --pages ../pages").exits_with(0).prints(&["no drift"]);
    assert_untouched(&before, &site.data(), "restored");
}

/// Changes some pages of the built-in site.
type Changes = fn(&Site);

/// For each shape of page: a removed row, a changed status, a reworded message.
const THREE_EDITS: [(&str, Changes, [&str; 3]); 3] = [
    (
        "larkspur/batch-loom",
        |site| {
            for lang in ["zh.md", "en.md"] {
                let page = format!("larkspur/batch-loom/{lang}");
                site.remove_section(&page, "| Forbidden.Pool |", "| JobNotFound |");
                site.edit(&page, "Job %s not found. | 404 |", "Job %s not found. | 410 |");
                site.edit(&page, "| Pool %s not found. |", "| The pool %s is unknown. |");
            }
        },
        [
            "removed 403 Forbidden.Pool",
            "breaking 410 JobNotFound: status 404 to 410",
            "wording 404 PoolNotFound: message zh, message en",
        ],
    ),
    (
        "nimbus/object-vault",
        |site| {
            for lang in ["zh.html", "en.html"] {
                let page = format!("nimbus/object-vault/{lang}");
                site.remove_section(&page, "<tr id=\"row2521820937\">", "<tr id=\"row2844553333\">");
                site.edit(&page, "<a name=\"p2511744612\"></a><a name=\"p2511744612\"></a>429", "503");
                site.edit(&page, "Region {0} offers no cold tier.", "There is no cold tier in {0} yet.");
            }
        },
        [
            "removed 403 OV.0105",
            "wording 400 OV.0106: message zh, message en",
            "breaking 503 OV.0107: status 429 to 503",
        ],
    ),
    (
        "quarrystone/trace-lens",
        |site| {
            let (zh, en) = ("quarrystone/trace-lens/zh.txt", "quarrystone/trace-lens/en.txt");
            site.remove_section(zh, "429 | TL.1105 |", "400 | TL.1201 |");
            site.edit(zh, "413 | TL.1104", "400 | TL.1104");
            site.remove_section(en, "429\n\nTL.1105\n", "400\n\nTL.1201\n");
            site.edit(en, "413\n\nTL.1104", "400\n\nTL.1104");
            for page in [zh, en] {
                site.edit(page, "Probe version {0} is too old.", "Version {0} of the probe has been retired.");
            }
        },
        [
            "removed 429 TL.1105",
            "wording 400 TL.1103: message zh, message en",
            "breaking 400 TL.1104: status 413 to 400",
        ],
    ),
];

/// Removes the commands that reproduce the report. They differ between `refresh` and `check`.
fn remove_reproduce_commands(mut report: Value) -> Value {
    for source in report["sources"].as_array_mut().unwrap() {
        let command = source["evidence"]["reproduce"].take();
        assert!(command.as_str().unwrap().starts_with("docdrift "), "{command}");
    }
    report
}

#[test]
fn three_edits_are_three_changes() {
    for (id, change, expected) in THREE_EDITS {
        let site = Site::refreshed_demo();
        change(&site);
        let only = format!("--pages ../pages --source {id}");
        let reported_drift = |run: &Value| drift_lines(&find_source(run, id)["drift"]);

        let check = site.run(&format!("check {only} --format json")).exits_with(1);
        assert_eq!(reported_drift(&check.json()), expected, "{id}");
        site.run(&format!("check {only} --fail-on breaking")).exits_with(1);
        site.run(&format!("check {only} --fail-on none")).exits_with(0);

        let refresh = site.run(&format!("refresh {only} --format json")).exits_with(0);
        assert_eq!(
            remove_reproduce_commands(refresh.json()),
            remove_reproduce_commands(check.json()),
            "{id}: refresh and check report the same"
        );
        site.run("refresh --pages ../pages").exits_with(0).prints(&["no drift"]);
        site.run("check --pages ../pages").exits_with(0).prints(&["no drift"]);
    }
}

#[test]
fn fail_on_sets_the_lowest_severity_that_fails() {
    let site = Site::refreshed_demo();
    site.edit("quarrystone/trace-lens/en.txt", "Apply for the editor role.", "Ask for the editor role.");
    for (level, code) in [("cosmetic", 1), ("editorial", 1), ("wording", 0), ("added", 0), ("breaking", 0), ("none", 0)]
    {
        site.run(&format!("check --pages ../pages --fail-on {level}")).exits_with(code);
    }
}

#[test]
fn source_selects_by_glob() {
    let site = Site::demo();
    site.run("refresh --pages ../pages --source nimbus/*").exits_with(0).prints(&["2 sources: 2 new"]);
    let names: Vec<_> = read_files(&site.root().join("snapshots")).into_keys().collect();
    assert!(names.len() == 2 && names.iter().all(|name| name.to_str().unwrap().contains("snapshots/nimbus/")));
    site.run("refresh --pages ../pages --source petrel/* --source */batch-loom")
        .exits_with(0)
        .prints(&["2 sources: 2 new"]);

    let before = site.files();
    for (glob, message) in [
        ("nimbos/*", "no source of sources.toml matches; write vendor/service, as `huaweicloud/*`"),
        ("nimbus/[", "error parsing glob 'nimbus/[': unclosed character class; missing ']'"),
    ] {
        let run = site.run(&format!("refresh --pages ../pages --source {glob}")).exits_with(2);
        run.prints_exactly("", &format!("error: --source {glob}: {message}\n"));
    }
    assert_untouched(&before, &site.files(), "");
}

#[test]
fn offline_reads_the_archived_pages() {
    let site = Site::refreshed_demo();
    let before = site.data();
    site.run("refresh --offline").exits_with(0).prints(&["no drift", "6 unchanged"]);
    site.put_edition(2);
    site.run("check --offline").exits_with(0).prints(&["no drift"]);
    assert_untouched(&before, &site.data(), "");

    site.run("refresh --pages ../pages").exits_with(3);
    let before = site.data();
    site.run("refresh --offline")
        .exits_with(3)
        .prints(&["QUARANTINED nimbus/key-locker", "5 unchanged, 1 quarantined"]);
    assert_untouched(&before, &site.data(), "");
}

/// Returns the descriptions and solutions of the built-in site that are long enough to be searched for.
fn collect_prose(site: &Site) -> Vec<String> {
    let mut prose = Vec::new();
    for page in crate::site::demo_pages() {
        let answer = site.run(&format!("probe ../pages/{} --format json", page.name)).exits_with(0).json();
        for table in answer["tables"].as_array().unwrap() {
            let describing = |n: usize| ["description", "solution"].iter().any(|role| table["roles"][n] == *role);
            for row in table["rows"].as_array().unwrap() {
                let cells = row.as_array().unwrap().iter().enumerate().filter(|(n, _)| describing(*n));
                let cells = cells.flat_map(|(_, cell)| cell.as_str().unwrap().lines());
                prose.extend(cells.filter(|line| line.chars().count() > 8).map(str::to_owned));
            }
        }
    }
    prose
}

#[test]
fn prose_is_published_only_if_configured() {
    let site = Site::new(&format!("[publish]\nfields = [\"message\"]\n\n{}", crate::site::demo_sources(9)));
    site.put_edition(1);
    let prose = collect_prose(&site);
    assert!(prose.len() > 200, "{}", prose.len());
    site.run("refresh --pages ../pages").exits_with(0);
    let published = site.data_as_text();
    for text in &prose {
        assert!(!published.contains(text), "{text}");
    }
    assert!(published.contains("Region {0} offers no cold tier.") && published.contains("sha256:"));

    site.run("refresh --pages ../pages --publish all").exits_with(0).prints(&["no drift"]);
    let published = site.data_as_text();
    // A quotation mark is escaped in JSON.
    for text in prose.iter().filter(|text| !text.contains('"')) {
        assert!(published.contains(text), "{text}");
    }
}

/// The cached result of a source depends on the vendors and on its hints.
#[test]
fn changed_vendors_and_hints_invalidate_the_cache() {
    let site = Site::refreshed_demo();
    let sources = demo_sources(NO_PORT);
    let known = || fs::read_to_string(site.root().join(".docdrift/known.json")).unwrap();
    let refresh = |sources: &str| {
        write(&site.root().join("sources.toml"), sources);
        site.run("refresh --pages ../pages").exits_with(0);
        known()
    };
    let before = known();
    assert_eq!(refresh(&sources), before, "nothing changed");
    let hinted = refresh(&format!("{sources}read = {{ skip = [\"Nothing of that title\"] }}\n"));
    assert_ne!(hinted, before);
    let vendor = "[vendor.larkspur]\nhosts = [\"docs.larkspur.test\"]\nmarks = [\"JobNotFound\"]\n\
                  langs = [{ part = \"en.md\", lang = \"zh\" }]\n\n[fetch]";
    write(&site.root().join("sources.toml"), sources.replacen("[fetch]", vendor, 1));
    site.run("check --pages ../pages --format json").exits_with(0).prints(&["wrong-language"]);
}
