//! `refresh` and `check` on pages that are fine.

use std::fs;

use serde_json::{Value, json};

use crate::site::{NO_PORT, Site, assert_untouched, demo_sources, files, lines, source_in, write};

#[test]
fn a_second_run_finds_no_drift_and_writes_no_data() {
    let site = Site::demo();
    site.run("refresh --pages ../pages").ends(0).says(&["6 sources: 6 new"]);
    let before = site.data();
    // A snapshot and a dataset file each, the files of the dataset as a whole, a feed of each vendor and of all.
    assert_eq!(before.len(), 6 + 6 + 3 + 6);
    site.run("refresh --pages ../pages").ends(0).says(&["no drift", "0 file(s) written, 0 removed"]);
    assert_untouched(&before, &site.data(), "");
}

/// What the second edition changes, as `demo/README.md` tells: source, gravest severity, drift. The renamed source and
/// the quarantined one are told apart.
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
fn from_the_first_edition_to_the_second() {
    let site = Site::refreshed_demo();
    let quarantined = site.data_of("nimbus/key-locker");
    assert_eq!(quarantined.len(), 2);
    site.put_edition(2);
    let report = site.run("refresh --pages ../pages --format json").ends(3).json();
    assert_eq!(report["sources"].as_array().unwrap().len(), 6);

    let rename = |entry: &str| {
        let (status, number) = entry.split_once('.').unwrap();
        format!("renamed {status} OV.{number} to {status} Vault.{number}")
    };
    let renamed: Vec<String> = VAULT.split(' ').map(rename).collect();
    let vault = ("nimbus/object-vault", "breaking", renamed);
    let others = EDITION_2.map(|(id, severity, drift)| (id, severity, drift.iter().map(ToString::to_string).collect()));
    for (id, severity, drift) in others.into_iter().chain([vault]) {
        let told = source_in(&report, id);
        assert_eq!((&told["outcome"], &told["drift"]["severity"]), (&json!("changed"), &json!(severity)), "{id}");
        assert_eq!(lines(&told["drift"]), drift, "{id}");
        assert_eq!(site.data_of(id).len(), 3, "{id}: two snapshots and a dataset file");
    }
    let told = source_in(&report, "nimbus/key-locker");
    assert_eq!(told["outcome"], "quarantined");
    assert!(told["reasons"][0].as_str().unwrap().contains("Sign in to continue"), "{told:#}");
    assert_untouched(&quarantined, &site.data_of("nimbus/key-locker"), "quarantined");
}

#[test]
fn a_quarantined_source_stays_so_until_its_page_is_back() {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    site.run("refresh --pages ../pages").ends(3);
    let before = site.data();
    let said = ["QUARANTINED nimbus/key-locker: the last good data is kept", "6 sources: 5 unchanged, 1 quarantined"];
    site.run("refresh --pages ../pages").ends(3).says(&said);
    assert_untouched(&before, &site.data(), "still quarantined");
    site.put_source("nimbus/key-locker", 1);
    site.run("refresh --pages ../pages").ends(0).says(&["no drift"]);
    assert_untouched(&before, &site.data(), "as it was");
}

/// Changes some pages of the built-in site.
type Changes = fn(&Site);

/// On each shape: a row removed, a status changed, a message reworded.
const THREE_EDITS: [(&str, Changes, [&str; 3]); 3] = [
    (
        "larkspur/batch-loom",
        |site| {
            for lang in ["zh.md", "en.md"] {
                let page = format!("larkspur/batch-loom/{lang}");
                site.take_out(&page, "| Forbidden.Pool |", "| JobNotFound |");
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
                site.take_out(&page, "<tr id=\"row2521820937\">", "<tr id=\"row2844553333\">");
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
            site.take_out(zh, "429 | TL.1105 |", "400 | TL.1201 |");
            site.edit(zh, "413 | TL.1104", "400 | TL.1104");
            site.take_out(en, "429\n\nTL.1105\n", "400\n\nTL.1201\n");
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

/// A report without the commands that tell it again, which differ where nothing was written.
fn without_command(mut report: Value) -> Value {
    for source in report["sources"].as_array_mut().unwrap() {
        let command = source["evidence"]["reproduce"].take();
        assert!(command.as_str().unwrap().starts_with("docdrift "), "{command}");
    }
    report
}

#[test]
fn three_edits_are_three_reports() {
    for (id, change, expected) in THREE_EDITS {
        let site = Site::refreshed_demo();
        change(&site);
        let only = format!("--pages ../pages --source {id}");
        let told = |run: &Value| lines(&source_in(run, id)["drift"]);

        let check = site.run(&format!("check {only} --format json")).ends(1);
        assert_eq!(told(&check.json()), expected, "{id}");
        site.run(&format!("check {only} --fail-on breaking")).ends(1);
        site.run(&format!("check {only} --fail-on none")).ends(0);

        let refresh = site.run(&format!("refresh {only} --format json")).ends(0);
        assert_eq!(
            without_command(refresh.json()),
            without_command(check.json()),
            "{id}: refresh does what check says"
        );
        site.run("refresh --pages ../pages").ends(0).says(&["no drift"]);
        site.run("check --pages ../pages").ends(0).says(&["no drift"]);
    }
}

#[test]
fn fail_on_is_the_least_severity_that_fails() {
    let site = Site::refreshed_demo();
    site.edit("quarrystone/trace-lens/en.txt", "Apply for the editor role.", "Ask for the editor role.");
    for (level, code) in [("cosmetic", 1), ("editorial", 1), ("wording", 0), ("added", 0), ("breaking", 0), ("none", 0)]
    {
        site.run(&format!("check --pages ../pages --fail-on {level}")).ends(code);
    }
}

#[test]
fn source_selects_by_glob() {
    let site = Site::demo();
    site.run("refresh --pages ../pages --source nimbus/*").ends(0).says(&["2 sources: 2 new"]);
    let names: Vec<_> = files(&site.root().join("snapshots")).into_keys().collect();
    assert!(names.len() == 2 && names.iter().all(|name| name.to_str().unwrap().contains("snapshots/nimbus/")));
    site.run("refresh --pages ../pages --source petrel/* --source */batch-loom").ends(0).says(&["2 sources: 2 new"]);

    let before = site.files();
    for (glob, said) in [("nimbos/*", "no source of sources.toml matches"), ("nimbus/[", "nimbus/[")] {
        site.run(&format!("refresh --pages ../pages --source {glob}")).ends(2).says(&["--source", glob, said]);
    }
    assert_untouched(&before, &site.files(), "");
}

#[test]
fn offline_replays_the_saved_pages() {
    let site = Site::refreshed_demo();
    let before = site.data();
    site.run("refresh --offline").ends(0).says(&["no drift", "6 unchanged"]);
    site.put_edition(2);
    site.run("check --offline").ends(0).says(&["no drift"]);
    assert_untouched(&before, &site.data(), "");

    site.run("refresh --pages ../pages").ends(3);
    let before = site.data();
    site.run("refresh --offline").ends(3).says(&["QUARANTINED nimbus/key-locker", "5 unchanged, 1 quarantined"]);
    assert_untouched(&before, &site.data(), "");
}

/// The describing cells of the built-in site that are long enough to be recognised.
fn prose(site: &Site) -> Vec<String> {
    let mut prose = Vec::new();
    for page in crate::site::demo_pages() {
        let answer = site.run(&format!("probe ../pages/{} --format json", page.name)).ends(0).json();
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
fn prose_is_published_only_where_it_may_be() {
    let site = Site::new(&format!("[publish]\nfields = [\"message\"]\n\n{}", crate::site::demo_sources(9)));
    site.put_edition(1);
    let prose = prose(&site);
    assert!(prose.len() > 200, "{}", prose.len());
    site.run("refresh --pages ../pages").ends(0);
    let published = site.data_as_text();
    for text in &prose {
        assert!(!published.contains(text), "{text}");
    }
    assert!(published.contains("Region {0} offers no cold tier.") && published.contains("sha256:"));

    site.run("refresh --pages ../pages --publish all").ends(0).says(&["no drift"]);
    let published = site.data_as_text();
    // A quotation mark is escaped in JSON.
    for text in prose.iter().filter(|text| !text.contains('"')) {
        assert!(published.contains(text), "{text}");
    }
}

/// What is known of a source's pages is forgotten when the vendors or its hints change.
#[test]
fn changed_vendors_and_hints_make_pages_be_read_again() {
    let site = Site::refreshed_demo();
    let sources = demo_sources(NO_PORT);
    let known = || fs::read_to_string(site.root().join(".docdrift/known.json")).unwrap();
    let refresh = |sources: &str| {
        write(&site.root().join("sources.toml"), sources);
        site.run("refresh --pages ../pages").ends(0);
        known()
    };
    let before = known();
    assert_eq!(refresh(&sources), before, "nothing changed");
    let hinted = refresh(&format!("{sources}read = {{ skip = [\"Nothing of that title\"] }}\n"));
    assert_ne!(hinted, before);
    let vendor = "[vendor.larkspur]\nhosts = [\"docs.larkspur.test\"]\nmarks = [\"JobNotFound\"]\n\
                  langs = [{ part = \"en.md\", lang = \"zh\" }]\n\n[fetch]";
    write(&site.root().join("sources.toml"), sources.replacen("[fetch]", vendor, 1));
    site.run("check --pages ../pages --format json").ends(0).says(&["wrong-language"]);
}
