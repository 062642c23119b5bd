//! Whole reports of an invented run, in each format and language.

use crate::sample::{EN, change, edit, key, nameless, run, sample, source};
use docdrift_model::{Drift, Lang, Outcome, Report, Severity, Warning, WarningKind, drift::Key};
use docdrift_report::{MARKDOWN_LIMIT, drift_json, github, html, json, junit, markdown, terminal, warning_line};
use insta::assert_snapshot;

fn in_both(name: &str, format: impl Fn(Lang) -> String) {
    for lang in Lang::ALL {
        assert_snapshot!(format!("{name}_{lang}"), format(lang));
    }
}

#[test]
fn for_a_terminal() {
    in_both("terminal", |lang| terminal(&run(), lang, false));
}

#[test]
fn for_a_terminal_in_colour() {
    let mut drift = sample();
    drift.changed.drain(..18);
    let said = terminal(&nameless(drift), Lang::En, true);
    assert_snapshot!(said.replace('\u{1b}', "^"));
}

#[test]
fn for_a_pull_request() {
    in_both("markdown", |lang| markdown(&run(), lang, Some(MARKDOWN_LIMIT)));
}

#[test]
fn without_a_limit_nothing_is_otherwise() {
    assert_eq!(markdown(&run(), Lang::En, None), markdown(&run(), Lang::En, Some(MARKDOWN_LIMIT)));
}

#[test]
fn for_a_browser() {
    // The style and the script are files of their own.
    let bare = |page: String| {
        let (head, rest) = page.split_once("<style>").unwrap();
        let (_, rest) = rest.split_once("</style>").unwrap();
        let (body, rest) = rest.split_once("<script>").unwrap();
        let (_, end) = rest.split_once("</script>").unwrap();
        format!("{head}<style></style>{body}<script></script>{end}")
    };
    in_both("html", |lang| bare(html(&run(), lang)));
}

#[test]
fn for_programs() {
    assert_snapshot!(format!("{:#}", json(&run())));
}

#[test]
fn for_a_workflow() {
    in_both("github", |lang| github(&run(), lang));
}

#[test]
fn for_a_test_runner() {
    in_both("junit", |lang| junit(&run(), lang));
}

#[test]
fn nothing_happened() {
    let report = Report { sources: vec![source("barn", Outcome::Unchanged, Drift::default())] };
    assert_eq!(terminal(&report, Lang::En, false), "no drift\n1 source: 1 unchanged\n");
    assert_eq!(terminal(&report, Lang::Zh, false), "无漂移\n1 个来源：无变化 1\n");
    assert_eq!(terminal(&Report::default(), Lang::En, false), "no drift\n0 sources: no sources\n");
    assert_eq!(terminal(&nameless(Drift::default()), Lang::En, true), "no drift\n");
    assert_eq!(markdown(&nameless(Drift::default()), Lang::En, Some(MARKDOWN_LIMIT)), "no drift\n");
    assert_eq!(github(&report, Lang::En), "");
    assert!(html(&report, Lang::En).contains("no drift"));
    assert!(junit(&report, Lang::En).contains(r#"tests="8" skipped="0" failures="0" errors="0""#));
}

#[test]
fn two_files_have_no_name() {
    let drift = Drift { removed: vec![key("400", "Tank.1")], severity: Severity::Breaking, ..Drift::default() };
    let report = nameless(drift);
    assert_snapshot!(terminal(&report, Lang::En, false), @r#"
    breaking: 1 removed
      breaking (1)
        removed from “Errors”: 400 Tank.1
    "#);
    assert_snapshot!(markdown(&report, Lang::En, None), @r#"
    ### breaking: 1 removed

    **breaking (1)**

    - **removed** from “Errors”: 400 Tank.1
    "#);
    assert_snapshot!(github(&report, Lang::En), @"::error title=breaking::removed from “Errors”: 400 Tank.1");
    assert!(junit(&report, Lang::En).contains(r#"<testsuite name="drift""#));
}

#[test]
fn what_counts_for_nothing_comes_last_and_fails_nothing() {
    let mut drift = sample();
    drift.changed.clear();
    drift.columns.clear();
    let said = terminal(&nameless(drift.clone()), Lang::En, false);
    let last = said.trim_end().rsplit("\n\n").next().unwrap_or_default();
    assert_eq!(last, "  not counted (1)\n    moved “Errors” → “Pumps”: 400 Farm.11");
    let said = junit(&nameless(drift), Lang::En);
    assert!(said.contains(r#"<testcase name="moved" classname="drift"/>"#), "{said}");
    assert_eq!(said.matches("<failure").count(), 4, "removed, renamed, added, returned: {said}");
}

#[test]
fn a_prefix_of_278_codes_is_one_finding() {
    let renamed = (0..278).map(|n| docdrift_model::drift::Rename {
        from: key("400", &format!("IdentityFarm.{n}")),
        to: key("400", &format!("IF.{n}")),
    });
    let drift = Drift { renamed: renamed.collect(), severity: Severity::Breaking, ..Drift::default() };
    let said = terminal(&nameless(drift), Lang::En, false);
    assert!(
        said.contains("  breaking (278)\n    renamed IdentityFarm → IF: 278 entries: 400 IdentityFarm.0, "),
        "{said}"
    );
    assert!(said.contains(" and 238 more\n"), "{said}");
    assert_eq!(said.lines().count(), 4, "{said}");
}

#[test]
fn the_same_edit_is_told_once() {
    use Severity::{Editorial, Wording};
    let table: [(&str, Severity, [[&str; 2]; 3], &str); 5] = [
        (
            "a term, also where it stands twice",
            Wording,
            [
                ["Old hay, old.", "Old straw, old."],
                ["Hay: hay here.", "Hay: straw here."],
                ["hay and hay", "straw and straw"],
            ],
            "[-hay-]{+straw+}: 3 entries",
        ),
        (
            "a full stop",
            Editorial,
            [["Dry", "Dry."], ["Pump off", "Pump off."], ["Fill it", "Fill it."]],
            "{+.+}: 3 entries",
        ),
        (
            "a Chinese term",
            Editorial,
            [["请检查水箱。", "请检查水塔。"], ["水箱已空", "水塔已空"], ["旧水箱", "旧水塔"]],
            "[-箱-]{+塔+}: 3 entries",
        ),
        (
            "a template",
            Wording,
            [
                ["Fill tank failed.", "Failed to fill tank."],
                ["Open lid failed.", "Failed to open lid."],
                ["Start failed.", "Failed to start."],
            ],
            "reworded [-… failed-] → {+Failed to …+}: 3 entries",
        ),
        (
            "a Chinese template",
            Wording,
            [["注水失败。", "无法注水。"], ["打开阀门失败。", "无法打开阀门。"], ["启动失败。", "无法启动。"]],
            "{+无法+} … [-失败-]: 3 entries",
        ),
    ];
    for (what, severity, texts, expected) in table {
        let one = |(n, [old, new]): (usize, &[&str; 2])| {
            change("400", &format!("Farm.{n}"), vec![edit("message", EN, old, new, severity)])
        };
        let changed: Vec<_> = texts.iter().enumerate().map(one).collect();
        let said = terminal(&nameless(Drift { changed, severity, ..Drift::default() }), Lang::En, false);
        assert!(
            said.contains(&format!("message (en) {expected}: 400 Farm.0, 400 Farm.1, 400 Farm.2\n")),
            "{what}: {said}"
        );
        assert_eq!(said.matches("Farm.").count(), 3, "{what}: {said}");
    }
}

#[test]
fn a_drift_for_programs() {
    let json =
        drift_json(&Drift { added: vec![Key { table: String::new(), ..key("400", "A.1") }], ..Drift::default() });
    assert_eq!(
        json.to_string(),
        r#"{"added":[{"status":"400","code":"A.1"}],"removed":[],"renamed":[],"changed":[],"moved":[],"columns":[],"languages":[],"returned":[],"severity":"none"}"#
    );
    let json = drift_json(&sample());
    assert_eq!(json["renamed"][0]["from"]["code"], "IdentityFarm.1");
    assert_eq!(json["columns"][0]["column"], "Owner");
}

#[test]
fn warnings_on_one_line() {
    let warning = Warning::page(WarningKind::WrongLanguage, "asked for zh,\ngot \u{1b}[1men");
    assert_eq!(warning_line(&warning, Lang::En), r"wrong-language: asked for zh,⏎got \u{1b}[1men");
}
