//! Whole reports of invented sources, and that hostile text does no harm in any of them.

use docdrift_model::{
    Bilingual, Change, Drift, Edit, Key, Lang, Move, Outcome, Place, Rename, Report, Severity, SourceId, SourceReport,
    Warning, WarningKind, text::published,
};
use docdrift_report::{MARKDOWN_LIMIT, drift_json, drift_markdown, drift_terminal, markdown, terminal, warning_line};
use insta::assert_snapshot;

fn key(status: &str, code: &str) -> Key {
    Key { status: status.into(), code: code.into(), table: "Errors".into(), id: String::new() }
}

fn edit(field: &str, lang: Option<Lang>, old: &str, new: &str, severity: Severity) -> Edit {
    Edit { field: field.into(), lang, old: old.into(), new: new.into(), severity }
}

fn change(status: &str, code: &str, edits: Vec<Edit>) -> Change {
    let mut fields: Vec<String> = edits.iter().map(|edit| edit.field.clone()).collect();
    fields.dedup();
    let severity = edits.iter().map(|edit| edit.severity).max().unwrap_or_default();
    Change { key: key(status, code), fields, severity, edits }
}

fn sample() -> Drift {
    let (zh, en) = (Some(Lang::Zh), Some(Lang::En));
    let store = |n: u32| {
        let text = |word: &str| format!("The {word} store of farm {n} is being moved.");
        change(
            "400",
            &format!("Farm.{n}"),
            vec![edit("description", en, &text("grain"), &text("seed"), Severity::Editorial)],
        )
    };
    let mut changed: Vec<Change> = (30..35).map(store).collect();
    changed.extend([
        change("409", "Farm.2", vec![edit("status", None, "400", "409", Severity::Breaking)]),
        change(
            "400",
            "Farm.3",
            vec![
                edit("message", en, "Tank {0} of farm {1} is dry.", "Tank {0} is dry.", Severity::Breaking),
                edit("description", zh, "水箱已空，请加水。", "水箱空了，请先加水。", Severity::Editorial),
            ],
        ),
        change("400", "Farm.4", vec![edit("message", en, "Pump off.", "Pump is off.", Severity::Wording)]),
        change("400", "Farm.5", vec![edit("solution", zh, &published("a"), &published("b"), Severity::Editorial)]),
        change("400", "Farm.6", vec![edit("solution", en, "", "Fill the tank.", Severity::Editorial)]),
        change("400", "Farm.7", vec![edit("message", en, "Tank is  dry", "Tank is dry", Severity::Cosmetic)]),
    ]);
    Drift {
        added: vec![key("404", "Farm.8")],
        removed: vec![key("400", "Farm.9"), key("403", "Farm.10")],
        renamed: (1..=3)
            .map(|n| Rename { from: key("400", &format!("IdentityFarm.{n}")), to: key("400", &format!("IF.{n}")) })
            .collect(),
        changed,
        moved: vec![Move { status: "400".into(), code: "Farm.11".into(), from: "Errors".into(), to: "Pumps".into() }],
        severity: Severity::Breaking,
    }
}

fn source(service: &str, outcome: Outcome, drift: Drift) -> SourceReport {
    SourceReport {
        source: SourceId { vendor: "acme".into(), service: service.into() },
        pages: Bilingual {
            zh: (service == "hens").then(|| "files/hens (zh).html".into()),
            en: Some(format!("https://docs.acme.example/{service}.html")),
        },
        outcome,
        drift,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    }
}

fn run() -> Report {
    let uncertain = Warning {
        kind: WarningKind::UncertainRow,
        place: Some(Place { table: 0, row: Some(12) }),
        detail: "the row has four cells, the header five".into(),
    };
    let gutted = Drift {
        removed: (0..270).map(|n| key("400", &format!("Hen.{n}"))).collect(),
        severity: Severity::Breaking,
        ..Drift::default()
    };
    let mut sources = vec![
        source("barn", Outcome::Unchanged, Drift::default()),
        source("cows", Outcome::First(12), Drift::default()),
        source("farm", Outcome::Changed, sample()),
        source("hens", Outcome::Quarantined(vec!["the en page has 3 rows, 273 last time".into()]), gutted),
        source("pigs", Outcome::Failed("the server answered 503 four times".into()), Drift::default()),
    ];
    sources[2].warnings.push((Lang::En, uncertain));
    Report { sources }
}

#[test]
fn a_drift_in_a_terminal() {
    assert_snapshot!(drift_terminal(&sample(), false), @r#"
    breaking: 2 removed, 3 renamed, 1 added, 11 changed, 1 moved
      breaking (7)
        removed from “Errors”: 2 entries: 400 Farm.9, 403 Farm.10
        renamed IdentityFarm → IF: 3 entries: 400 IdentityFarm.1, 400 IdentityFarm.2, 400 IdentityFarm.3
        409 Farm.2 status: [-400-]{+409+}
        400 Farm.3
            message (en): Tank {0} [-of farm {1} -]is dry.
            description (zh): 水箱[-已-]空{+了+}，请{+先+}加水。

      added (1)
        added to “Errors”: 404 Farm.8

      wording (1)
        400 Farm.4 message (en): Pump {+is +}off.

      editorial (8)
        description (en) [-grain-]{+seed+}: 5 entries: 400 Farm.30, 400 Farm.31, 400 Farm.32, 400 Farm.33, 400 Farm.34
        400 Farm.5 solution (zh): (text not published; changed)
        400 Farm.6 solution (en): gained {+Fill the tank.+}
        moved “Errors” → “Pumps”: 400 Farm.11

      cosmetic (1)
        400 Farm.7 message (en): Tank is[-␣␣-]{+␣+}dry
    "#);
}

#[test]
fn a_drift_in_colour() {
    let drift = Drift { changed: sample().changed[6..8].to_vec(), severity: Severity::Breaking, ..Drift::default() };
    assert_snapshot!(drift_terminal(&drift, true).replace('\u{1b}', "^"), @r#"
    ^[1;31mbreaking: 2 changed^[0m
      ^[1;31mbreaking (1)^[0m
        400 Farm.3
            message (en): Tank {0} ^[31mof farm {1} ^[0mis dry.
            description (zh): 水箱^[31m已^[0m空^[32m了^[0m，请^[32m先^[0m加水。

      ^[1;33mwording (1)^[0m
        400 Farm.4 message (en): Pump ^[32mis ^[0moff.
    "#);
}

#[test]
fn a_drift_in_markdown() {
    assert_snapshot!(drift_markdown(&sample()), @r#"
    ### breaking: 2 removed, 3 renamed, 1 added, 11 changed, 1 moved

    **breaking (7)**

    - **removed** from “Errors”: 2 entries: 400 Farm.9, 403 Farm.10
    - **renamed** IdentityFarm → IF: 3 entries: 400 IdentityFarm.1, 400 IdentityFarm.2, 400 IdentityFarm.3
    - 409 Farm.2 status: <del>400</del><ins>409</ins>
    - 400 Farm.3
      - message (en): Tank {0} <del>of farm {1} </del>is dry.
      - description (zh): 水箱<del>已</del>空<ins>了</ins>，请<ins>先</ins>加水。

    **added (1)**

    - **added** to “Errors”: 404 Farm.8

    **wording (1)**

    - 400 Farm.4 message (en): Pump <ins>is </ins>off.

    <details><summary>editorial (8)</summary>

    - description (en) <del>grain</del><ins>seed</ins>: 5 entries: 400 Farm.30, 400 Farm.31, 400 Farm.32, 400 Farm.33, 400 Farm.34
    - 400 Farm.5 solution (zh): (text not published; changed)
    - 400 Farm.6 solution (en): gained <ins>Fill the tank.</ins>
    - **moved** “Errors” → “Pumps”: 400 Farm.11

    </details>

    <details><summary>cosmetic (1)</summary>

    - 400 Farm.7 message (en): Tank is<del>␣␣</del><ins>␣</ins>dry

    </details>
    "#);
}

#[test]
fn a_run_in_a_terminal() {
    assert_snapshot!(terminal(&run(), false), @r#"
    QUARANTINED acme/hens: the last good data is kept
        the en page has 3 rows, 273 last time
        would have been breaking: 270 removed
        zh page files/hens (zh).html, en page https://docs.acme.example/hens.html

    FAILED acme/pigs: nothing of it was changed
        the server answered 503 four times
        en page https://docs.acme.example/pigs.html

    acme/farm: breaking, 2 removed, 3 renamed, 1 added, 11 changed, 1 moved
        en page https://docs.acme.example/farm.html
        en page: uncertain-row, table 1, row 13: the row has four cells, the header five

      breaking (7)
        removed from “Errors”: 2 entries: 400 Farm.9, 403 Farm.10
        renamed IdentityFarm → IF: 3 entries: 400 IdentityFarm.1, 400 IdentityFarm.2, 400 IdentityFarm.3
        409 Farm.2 status: [-400-]{+409+}
        400 Farm.3
            message (en): Tank {0} [-of farm {1} -]is dry.
            description (zh): 水箱[-已-]空{+了+}，请{+先+}加水。

      added (1)
        added to “Errors”: 404 Farm.8

      wording (1)
        400 Farm.4 message (en): Pump {+is +}off.

      editorial (8)
        description (en) [-grain-]{+seed+}: 5 entries: 400 Farm.30, 400 Farm.31, 400 Farm.32, 400 Farm.33, 400 Farm.34
        400 Farm.5 solution (zh): (text not published; changed)
        400 Farm.6 solution (en): gained {+Fill the tank.+}
        moved “Errors” → “Pumps”: 400 Farm.11

      cosmetic (1)
        400 Farm.7 message (en): Tank is[-␣␣-]{+␣+}dry

    acme/cows: new, 12 entries
        en page https://docs.acme.example/cows.html

    5 sources: 1 changed, 1 new, 1 unchanged, 1 quarantined, 1 failed
    "#);
}

#[test]
fn a_run_in_markdown() {
    let mut report = run();
    report.sources[2].drift.changed.clear();
    assert_snapshot!(markdown(&report), @r#"
    ### QUARANTINED acme/hens: the last good data is kept

    - the en page has 3 rows, 273 last time
    - would have been breaking: 270 removed
    - zh page files/hens (zh).html, [en page](https://docs.acme.example/hens.html)

    ### FAILED acme/pigs: nothing of it was changed

    - the server answered 503 four times
    - [en page](https://docs.acme.example/pigs.html)

    ### acme/farm: breaking, 2 removed, 3 renamed, 1 added, 1 moved

    - [en page](https://docs.acme.example/farm.html)
    - en page: uncertain-row, table 1, row 13: the row has four cells, the header five

    **breaking (5)**

    - **removed** from “Errors”: 2 entries: 400 Farm.9, 403 Farm.10
    - **renamed** IdentityFarm → IF: 3 entries: 400 IdentityFarm.1, 400 IdentityFarm.2, 400 IdentityFarm.3

    **added (1)**

    - **added** to “Errors”: 404 Farm.8

    <details><summary>editorial (1)</summary>

    - **moved** “Errors” → “Pumps”: 400 Farm.11

    </details>

    ### acme/cows: new, 12 entries

    - [en page](https://docs.acme.example/cows.html)

    **5 sources: 1 changed, 1 new, 1 unchanged, 1 quarantined, 1 failed**
    "#);
}

#[test]
fn nothing_happened() {
    let report = Report { sources: vec![source("barn", Outcome::Unchanged, Drift::default())] };
    assert_eq!(terminal(&report, false), "no drift\n1 source: 1 unchanged\n");
    assert_eq!(drift_terminal(&Drift::default(), true), "no drift\n");
    assert_eq!(drift_markdown(&Drift::default()), "no drift\n");
    assert_eq!(terminal(&Report::default(), false), "no drift\n0 sources: no sources\n");
}

#[test]
fn a_drift_for_programs() {
    let json =
        drift_json(&Drift { added: vec![Key { table: String::new(), ..key("400", "A.1") }], ..Drift::default() });
    assert_eq!(
        json.to_string(),
        r#"{"added":[{"status":"400","code":"A.1"}],"removed":[],"renamed":[],"changed":[],"moved":[],"severity":"none"}"#
    );
    let json = drift_json(&sample());
    assert_eq!(json["renamed"][0]["from"]["code"], "IdentityFarm.1");
    assert_eq!(json["changed"][6]["edits"][1]["lang"], "zh");
}

#[test]
fn warnings_on_one_line() {
    let warning = Warning::page(WarningKind::WrongLanguage, "asked for zh,\ngot \u{1b}[1men");
    assert_eq!(warning_line(&warning), r"wrong-language: asked for zh,⏎got \u{1b}[1men");
}

const HOSTILE: &str = "<script>alert(1)</script> @everyone | `x` [a](http://b.example)\u{1b}[2J\u{202e}\n# title";

fn hostile() -> Drift {
    let bad = || Key { status: HOSTILE.into(), code: HOSTILE.into(), table: HOSTILE.into(), id: HOSTILE.into() };
    let edits = vec![
        edit(HOSTILE, Some(Lang::En), HOSTILE, "harmless", Severity::Editorial),
        edit("message", Some(Lang::Zh), "", HOSTILE, Severity::Wording),
        edit("message", Some(Lang::En), &format!("{HOSTILE} one"), &format!("{HOSTILE} two"), Severity::Wording),
    ];
    Drift {
        added: vec![bad()],
        removed: vec![bad()],
        renamed: vec![Rename { from: bad(), to: key("400", "A.1") }],
        changed: vec![Change { key: bad(), fields: vec![HOSTILE.into()], severity: Severity::Wording, edits }],
        moved: vec![Move { status: "1".into(), code: HOSTILE.into(), from: HOSTILE.into(), to: "T".into() }],
        severity: Severity::Breaking,
    }
}

#[test]
fn hostile_text_is_harmless() {
    let mut report = run();
    report.sources[2].drift = hostile();
    report.sources[2].warnings = vec![(Lang::Zh, Warning::page(WarningKind::Wall, HOSTILE))];
    report.sources[3].outcome = Outcome::Quarantined(vec![HOSTILE.into()]);
    report.sources[4].outcome = Outcome::Failed(HOSTILE.into());
    for text in
        [terminal(&report, false), drift_terminal(&hostile(), false), markdown(&report), drift_markdown(&hostile())]
    {
        assert!(text.contains("script") && text.contains("alert"), "the text is still told");
        assert!(!text.chars().any(|c| c == '\u{202e}' || (c.is_control() && c != '\n')), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("# title")), "{text}");
    }
    for text in [markdown(&report), drift_markdown(&hostile())] {
        for live in ["<script", "@everyone", " | ", " `x`", "[a](", "http://b"] {
            assert!(!text.contains(live), "{live} in {text}");
        }
    }
}

/// `count` entries that were all changed, each in its own way.
fn long(count: usize, severity: Severity) -> Drift {
    let change = |n: usize| {
        let edit = edit(
            "message",
            Some(Lang::En),
            &format!("Tank {n} of the farm is dry."),
            &format!("水箱 {n} 已空。"),
            severity,
        );
        change("400", &format!("Farm.{n}"), vec![edit])
    };
    Drift { changed: (0..count).map(change).collect(), severity, ..Drift::default() }
}

#[test]
fn markdown_keeps_within_the_limit_and_says_what_it_leaves_out() {
    let mut report = run();
    report.sources =
        (0..2_000).map(|n| source(&format!("s{n}"), Outcome::Changed, long(3, Severity::Wording))).collect();
    report.sources.push(source("grave", Outcome::Changed, long(20, Severity::Breaking)));
    let text = markdown(&report);
    assert!(text.chars().count() <= MARKDOWN_LIMIT, "{}", text.chars().count());
    assert!(text.contains("more sources are left out") && text.contains("2001 sources: 2001 changed"));
    assert!(text.contains("Farm.19"), "the gravest is told");

    let text = drift_markdown(&long(10_000, Severity::Editorial));
    assert!(text.chars().count() <= MARKDOWN_LIMIT);
    let shown = text.matches("- 400 Farm.").count();
    assert!(shown > 100 && text.contains(&format!("{} more changed entries are left out", 10_000 - shown)), "{shown}");
}

#[test]
fn the_gravest_of_all_sources_come_before_the_rest_of_any() {
    let mut first = long(5_000, Severity::Cosmetic);
    first.removed.push(key("400", "Gone.1"));
    first.severity = Severity::Breaking;
    let mut second = long(5_000, Severity::Cosmetic);
    second.removed.push(key("400", "Gone.2"));
    second.severity = Severity::Breaking;
    let report = Report { sources: vec![source("a", Outcome::Changed, first), source("b", Outcome::Changed, second)] };
    let text = markdown(&report);
    assert!(text.contains("Gone.1") && text.contains("Gone.2"));
    assert!(text.chars().count() <= MARKDOWN_LIMIT);
}

#[test]
fn what_is_the_same_for_thousands_is_said_once() {
    let renamed = (0..10_000)
        .map(|n| Rename { from: key("400", &format!("IdentityFarm.{n}")), to: key("400", &format!("IF.{n}")) })
        .collect();
    let word = |n: usize, word: &str| format!("Barn {n}: the {word} store is full, and no hay can be brought in.");
    let changed = (0..10_000)
        .map(|n| {
            let edit = edit("message", Some(Lang::En), &word(n, "hay"), &word(n, "straw"), Severity::Wording);
            change("400", &format!("IF.{n}"), vec![edit])
        })
        .collect();
    let drift = Drift { renamed, changed, severity: Severity::Breaking, ..Drift::default() };
    let text = drift_terminal(&drift, false);
    assert!(text.lines().count() < 12, "{text}");
    assert!(text.contains("renamed IdentityFarm → IF: 10000 entries: 400 IdentityFarm.0, "), "{text}");
    assert!(text.contains("message (en) [-hay-]{+straw+}: 10000 entries: 400 IF.0, "), "{text}");
}
