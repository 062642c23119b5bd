//! What another version of the reader changed is told apart from what the vendor changed, and counts for nothing.

use docdrift_model::{
    Drift, Lang, Outcome, Reason, Report, Severity,
    drift::{Change, Move, Rename},
    report::SourceReport,
};
use docdrift_report::{github, html, json, junit, markdown, terminal};
use insta::assert_snapshot;

use crate::sample::{change, key, read_otherwise, reader, source};

const SECTION: &str = "read otherwise by version 2 of the reader (version 1 before), not the vendor's doing";
const MIXED: &str = "what the vendor changed and what the reader changed cannot be told apart";

fn removed(code: &str) -> Drift {
    Drift { removed: vec![key("400", code)], severity: Severity::Breaking, ..Drift::default() }
}

fn with(read: Option<Drift>, outcome: Outcome, drift: Drift) -> Report {
    let source = SourceReport { reader: Some(reader(read)), ..source("goats", outcome, drift) };
    Report { sources: vec![source] }
}

fn quarantined() -> Outcome {
    Outcome::Quarantined(vec![Reason::Other("too few".into())])
}

/// What each form says of it in English, the page without its filters.
fn forms(report: &Report) -> [String; 5] {
    let page = html(report, Lang::En).replace("&#39;", "'");
    let (head, rest) = page.split_once("<form").expect("filters");
    let (_, main) = rest.split_once("</form>").expect("their end");
    [
        terminal(report, Lang::En, false),
        markdown(report, Lang::En, None),
        github(report, Lang::En),
        junit(report, Lang::En).replace("&apos;", "'"),
        format!("{head}{main}"),
    ]
}

#[test]
fn where_it_is_told() {
    let empty = Drift::default;
    let table = [
        ("both", Some(removed("Read.1")), Outcome::Changed, removed("Vendor.1"), true, false),
        ("the reader alone", Some(removed("Read.1")), Outcome::Unchanged, empty(), true, false),
        ("the vendor alone", Some(empty()), Outcome::Changed, removed("Vendor.1"), false, false),
        ("nobody", Some(empty()), Outcome::Unchanged, empty(), false, false),
        ("who knows", None, Outcome::Changed, removed("Vendor.1"), false, true),
        ("no matter who", None, Outcome::Unchanged, empty(), false, false),
        ("no matter who, not taken", None, quarantined(), removed("Vendor.1"), false, true),
        ("nothing would have changed", None, quarantined(), empty(), false, true),
        ("not taken", Some(removed("Read.1")), quarantined(), removed("Vendor.1"), false, false),
        (
            "no page was had",
            Some(removed("Read.1")),
            Outcome::Failed(Reason::Other("503".into())),
            empty(),
            false,
            false,
        ),
        ("no page was had, nor kept", None, Outcome::Failed(Reason::Other("503".into())), empty(), false, false),
        ("there was no reader before", None, Outcome::First(3), empty(), false, false),
    ];
    for (what, read, outcome, drift, section, mixed) in table {
        let report = with(read, outcome, drift);
        for said in forms(&report) {
            assert_eq!(said.contains(SECTION), section, "{what}: {said}");
            assert_eq!(said.contains(MIXED), mixed, "{what}: {said}");
            let [vendor, read] = ["Vendor.1", "Read.1"].map(|code| said.find(code));
            // Annotations only count it.
            let is_told = section && !said.starts_with("::");
            assert_eq!(read.is_some(), is_told, "{what}: {said}");
            assert!(read.is_none() || read > vendor, "{what}, the vendor first: {said}");
        }
    }
}

#[test]
fn it_counts_for_nothing() {
    let mut report = with(Some(read_otherwise()), Outcome::Unchanged, Drift::default());
    assert_eq!(json(&report)["severity"], "none");
    let said = github(&report, Lang::En);
    assert!(said.starts_with("::notice title=acme/goats%3A read otherwise::") && said.lines().count() == 1, "{said}");
    assert!(junit(&report, Lang::En).contains(r#"tests="9" skipped="0" failures="0" errors="0""#));
    // Beside what the vendor changed it alters neither the title nor what fails.
    report.sources[0].outcome = Outcome::Changed;
    report.sources[0].drift =
        Drift { changed: vec![change("400", "Goat.2", vec![])], severity: Severity::Cosmetic, ..Drift::default() };
    assert!(terminal(&report, Lang::En, false).starts_with("acme/goats: cosmetic: 1 changed\n"));
    assert!(!github(&report, Lang::En).contains("::error"));
    assert_eq!(json(&report)["severity"], "cosmetic");
}

#[test]
fn the_reader_alone() {
    let report = with(Some(read_otherwise()), Outcome::Unchanged, Drift::default());
    assert_snapshot!(terminal(&report, Lang::En, false), @r#"
    no drift: no vendor changed anything, only the reader reads otherwise

    acme/goats: unchanged by the vendor, read otherwise: 1 removed, 1 renamed, 1 added, 1 changed
        en page https://docs.acme.example/goats.html?a=1&b=2 · updated on 2025-01-02 → 2025-03-04, sha256 cba06b5736fa → 11507a0e2f5e
        reproduce: docdrift diff HEAD~1:snapshots/acme/goats snapshots/acme/goats

      read otherwise by version 2 of the reader (version 1 before), not the vendor's doing: 1 removed, 1 renamed, 1 added, 1 changed
        removed from “Errors”: 400 Goat.9
            see https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.9
        renamed Goat1 → Goat.1: 400 Goat1
            see https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.1
        added to “Errors”: 400 Goat.8
            see https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.8
        400 Goat.1
            message (en): Goat {0} is away{+.+}
            solution (en): gained {+Call the goat.+}
            see https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.1

    1 source: 1 unchanged
        read otherwise: 3 entries in 1 source
    "#);
    assert_snapshot!(terminal(&report, Lang::Zh, false), @r#"
    无漂移：厂商未作改动，仅有解析差异

    acme/goats：厂商未作改动，解析差异：删除 1 条，改名 1 条，新增 1 条，修改 1 条
        英文页 https://docs.acme.example/goats.html?a=1&b=2 · 更新于 2025-01-02 → 2025-03-04，sha256 cba06b5736fa → 11507a0e2f5e
        重现命令：docdrift diff HEAD~1:snapshots/acme/goats snapshots/acme/goats

      解析差异，由第 2 版解析器造成（此前为第 1 版），并非厂商改动：删除 1 条，改名 1 条，新增 1 条，修改 1 条
        删除（原在“Errors”）：400 Goat.9
            查看 https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.9
        改名 Goat1 → Goat.1：400 Goat1
            查看 https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.1
        新增（在“Errors”）：400 Goat.8
            查看 https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.8
        400 Goat.1
            错误消息（英文）：Goat {0} is away{+.+}
            处理措施（英文）：新增 {+Call the goat.+}
            查看 https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.1

    1 个来源：无变化 1
        解析差异：3 条，涉及 1 个来源
    "#);
    assert_snapshot!(markdown(&report, Lang::En, None), @r#"
    no drift: no vendor changed anything, only the reader reads otherwise

    ### acme/goats: unchanged by the vendor, read otherwise: 1 removed, 1 renamed, 1 added, 1 changed

    - [en page](https://docs.acme.example/goats.html?a=1&amp;b=2) · updated on 2025-01-02 → 2025-03-04, sha256 cba06b5736fa → 11507a0e2f5e
    - reproduce: `docdrift diff HEAD~1:snapshots/acme/goats snapshots/acme/goats`

    <details><summary>read otherwise by version 2 of the reader (version 1 before), not the vendor's doing: 1 removed, 1 renamed, 1 added, 1 changed</summary>

    - **removed** from “Errors”: 400 Goat.9 [en](https://docs.acme.example/goats.html?a=1&amp;b=2#:~:text=Goat.9)
    - **renamed** Goat1 → Goat.1: 400 Goat1 [en](https://docs.acme.example/goats.html?a=1&amp;b=2#:~:text=Goat.1)
    - **added** to “Errors”: 400 Goat.8 [en](https://docs.acme.example/goats.html?a=1&amp;b=2#:~:text=Goat.8)
    - 400 Goat.1 [en](https://docs.acme.example/goats.html?a=1&amp;b=2#:~:text=Goat.1)
      - message (en): Goat {0} is away<ins>.</ins>
      - solution (en): gained <ins>Call the goat.</ins>

    </details>

    **1 source: 1 unchanged**
    - read otherwise: 3 entries in 1 source
    "#);
    assert_snapshot!(github(&report, Lang::Zh), @"::notice title=acme/goats%3A 解析差异::解析差异，由第 2 版解析器造成（此前为第 1 版），并非厂商改动：删除 1 条，改名 1 条，新增 1 条，修改 1 条");
    assert!(
        html(&report, Lang::En)
            .contains("<p>no drift: no vendor changed anything, only the reader reads otherwise</p>")
    );
}

#[test]
fn nothing_read_otherwise_is_not_told() {
    let report = with(Some(Drift::default()), Outcome::Unchanged, Drift::default());
    assert_eq!(terminal(&report, Lang::En, false), "no drift\n1 source: 1 unchanged\n");
    assert_eq!(github(&report, Lang::En), "");
    assert!(junit(&report, Lang::En).contains(r#"tests="8""#));
    assert_eq!(json(&report)["sources"][0]["reader"]["drift"]["severity"], "none");
}

#[test]
fn nobody_knows_who_changed_it() {
    let report = with(None, Outcome::Changed, removed("Goat.9"));
    assert_snapshot!(terminal(&report, Lang::En, false), @r#"
    acme/goats: breaking: 1 removed
        version 1 of the reader read it before, version 2 reads it now; the archive lacks the earlier pages, so what the vendor changed and what the reader changed cannot be told apart
        en page https://docs.acme.example/goats.html?a=1&b=2 · updated on 2025-01-02 → 2025-03-04, sha256 cba06b5736fa → 11507a0e2f5e
        reproduce: docdrift diff HEAD~1:snapshots/acme/goats snapshots/acme/goats

      breaking (1)
        removed from “Errors”: 400 Goat.9
            see https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.9

    1 source: 1 changed
    "#);
    assert_snapshot!(github(&report, Lang::En), @r#"
    ::error title=acme/goats%3A breaking or read otherwise::removed from “Errors”: 400 Goat.9 https://docs.acme.example/goats.html?a=1&b=2#:~:text=Goat.9
    ::notice title=acme/goats%3A read otherwise::version 1 of the reader read it before, version 2 reads it now; the archive lacks the earlier pages, so what the vendor changed and what the reader changed cannot be told apart
    "#);
    assert_snapshot!(json(&report)["sources"][0]["reader"], @r#"{"from":1,"to":2,"drift":null}"#);
}

#[test]
fn the_same_for_thousands_is_told_once() {
    let renamed = (0..3_000)
        .map(|n| Rename { from: key("400", &format!("OldGoat.{n}")), to: key("400", &format!("Goat.{n}")) })
        .collect();
    let report = with(Some(Drift { renamed, ..Drift::default() }), Outcome::Unchanged, Drift::default());
    let said = terminal(&report, Lang::En, false);
    assert!(said.contains("\n    renamed OldGoat → Goat: 3000 entries: 400 OldGoat.0, "), "{said}");
    assert!(said.ends_with("\n    read otherwise: 3000 entries in 1 source\n"), "{said}");
}

#[test]
fn an_entry_is_counted_once() {
    let changed = |code: &str| -> Vec<Change> { vec![change("400", code, vec![])] };
    let renamed = |code: &str| vec![Rename { from: key("400", "Before"), to: key("400", code) }];
    let moved =
        |code: &str| vec![Move { status: "400".into(), code: code.into(), from: "Pumps".into(), to: "Errors".into() }];
    let table = [
        (1, Drift { changed: changed("A"), renamed: renamed("A"), moved: moved("A"), ..Drift::default() }),
        (3, Drift { changed: changed("A"), renamed: renamed("B"), moved: moved("C"), ..Drift::default() }),
        (2, Drift { changed: [changed("A"), changed("A")].concat(), moved: moved("A"), ..Drift::default() }),
        (3, Drift { added: vec![key("400", "A")], changed: changed("B"), ..removed("A") }),
    ];
    for (count, drift) in table {
        let said = terminal(&with(Some(drift), Outcome::Unchanged, Drift::default()), Lang::Zh, false);
        assert!(said.ends_with(&format!("解析差异：{count} 条，涉及 1 个来源\n")), "{count}: {said}");
    }
}
