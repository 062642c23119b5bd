//! A source that was not taken: why, what that kept out, and how to take it.

use docdrift_model::{
    Drift, Lang, Outcome, Reason, Report, Severity,
    drift::{Key, Rename},
    report::SourceReport,
};
use docdrift_report::{github, html, json, junit, markdown, terminal};
use insta::assert_snapshot;

use crate::sample::{EN, change, edit, key, read_otherwise, reader, source};

fn not_taken(drift: Drift) -> SourceReport {
    source("hens", Outcome::Quarantined(vec![Reason::Other("60 of 100 are gone".into())]), drift)
}

fn said(source: SourceReport) -> String {
    terminal(&Report { sources: vec![source] }, Lang::En, false)
}

fn keys(range: std::ops::Range<u32>) -> Vec<Key> {
    range.map(|n| key("400", &format!("Hen.{n}"))).collect()
}

fn mixed() -> Drift {
    let edits = vec![edit("message", EN, "Hen {0} is out", "Hen is out", Severity::Breaking)];
    Drift {
        added: keys(20..22),
        removed: keys(0..7),
        renamed: vec![Rename { from: key("400", "Hen.10"), to: key("400", "Cock.10") }],
        changed: vec![change("400", "Hen.11", edits)],
        severity: Severity::Breaking,
        ..Drift::default()
    }
}

#[test]
fn for_people() {
    let report = Report { sources: vec![not_taken(mixed())] };
    assert_snapshot!(terminal(&report, Lang::En, false), @r#"
    QUARANTINED acme/hens: the last good data is kept
        60 of 100 are gone
        would have been breaking: 7 removed, 1 renamed, 2 added, 1 changed
        where the pages are right after all: docdrift refresh --accept acme/hens --reason 'why the pages are right'
        zh page pages/hens (zh).html · sha256 60cae1d01739
        en page https://docs.acme.example/hens.html?a=1&b=2 · updated on 2025-01-02 → 2025-03-04, sha256 cba06b5736fa → 11507a0e2f5e
        reproduce: docdrift diff HEAD~1:snapshots/acme/hens snapshots/acme/hens

      not taken, for example
        removed from “Errors”: 7 entries: 400 Hen.0, 400 Hen.1, 400 Hen.2, 400 Hen.3, 400 Hen.4 and 2 more
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Hen.0
        renamed Hen → Cock: 400 Hen.10
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Cock.10
        400 Hen.11 message (en): Hen [-{0} -]is out
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Hen.11
        added to “Errors”: 2 entries: 400 Hen.20, 400 Hen.21
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Hen.20

    1 source: 1 quarantined
    "#);
    assert_snapshot!(terminal(&report, Lang::Zh, false), @r#"
    已隔离 acme/hens：保留上次的可靠数据
        `60 of 100 are gone`
        本应为破坏性：删除 7 条，改名 1 条，新增 2 条，修改 1 条
        如确认页面无误：docdrift refresh --accept acme/hens --reason 为何确认页面无误
        中文页 pages/hens (zh).html · sha256 60cae1d01739
        英文页 https://docs.acme.example/hens.html?a=1&b=2 · 更新于 2025-01-02 → 2025-03-04，sha256 cba06b5736fa → 11507a0e2f5e
        重现命令：docdrift diff HEAD~1:snapshots/acme/hens snapshots/acme/hens

      未采用，例如
        删除（原在“Errors”）：7 条：400 Hen.0, 400 Hen.1, 400 Hen.2, 400 Hen.3, 400 Hen.4，另有 2 条
            查看 https://docs.acme.example/hens.html?a=1&b=2#:~:text=Hen.0
        改名 Hen → Cock：400 Hen.10
            查看 https://docs.acme.example/hens.html?a=1&b=2#:~:text=Cock.10
        400 Hen.11 错误消息（英文）：Hen [-{0} -]is out
            查看 https://docs.acme.example/hens.html?a=1&b=2#:~:text=Hen.11
        新增（在“Errors”）：2 条：400 Hen.20, 400 Hen.21
            查看 https://docs.acme.example/hens.html?a=1&b=2#:~:text=Hen.20

    1 个来源：已隔离 1
    "#);
    assert_snapshot!(markdown(&report, Lang::En, None), @r#"
    ### QUARANTINED acme/hens: the last good data is kept

    - 60 of 100 are gone
    - would have been breaking: 7 removed, 1 renamed, 2 added, 1 changed
    - where the pages are right after all: `docdrift refresh --accept acme/hens --reason 'why the pages are right'`
    - zh page pages/hens (zh).html · sha256 60cae1d01739
    - [en page](https://docs.acme.example/hens.html?a=1&amp;b=2) · updated on 2025-01-02 → 2025-03-04, sha256 cba06b5736fa → 11507a0e2f5e
    - reproduce: `docdrift diff HEAD~1:snapshots/acme/hens snapshots/acme/hens`

    **not taken, for example**

    - **removed** from “Errors”: 7 entries: 400 Hen.0, 400 Hen.1, 400 Hen.2, 400 Hen.3, 400 Hen.4 and 2 more [en](https://docs.acme.example/hens.html?a=1&amp;b=2#:~:text=Hen.0)
    - **renamed** Hen → Cock: 400 Hen.10 [en](https://docs.acme.example/hens.html?a=1&amp;b=2#:~:text=Cock.10)
    - 400 Hen.11 message (en): Hen <del>{0} </del>is out [en](https://docs.acme.example/hens.html?a=1&amp;b=2#:~:text=Hen.11)
    - **added** to “Errors”: 2 entries: 400 Hen.20, 400 Hen.21 [en](https://docs.acme.example/hens.html?a=1&amp;b=2#:~:text=Hen.20)

    **1 source: 1 quarantined**
    "#);
    let page = html(&report, Lang::En);
    assert!(page.contains(r#"<h3 class="not-taken">not taken, for example</h3>"#), "{page}");
    assert!(page.contains("<summary>all 7 entries</summary>"), "{page}");
}

#[test]
fn a_sample_is_no_finding() {
    let report = Report { sources: vec![not_taken(mixed())] };
    assert_eq!(github(&report, Lang::En).lines().count(), 1);
    assert!(junit(&report, Lang::En).contains(r#"tests="1" skipped="0" failures="0" errors="1""#));
    assert_eq!(json(&report)["severity"], "none");
}

#[test]
fn what_would_be_lost_is_told_first() {
    let many = |table: u32| Key { table: format!("Table {table}"), ..key("400", &format!("Hen.{table}")) };
    let editorial = |n: u32| {
        let (old, new) = (format!("Feed {n}"), format!("Wait {} days", n * 7 + 20));
        let edits = vec![edit("solution", EN, &old, &new, Severity::Editorial)];
        change("400", &format!("Hen.{n}"), edits)
    };
    let changed = || (0..9).map(editorial).collect::<Vec<_>>();
    let table = [
        ("gone", Drift { changed: changed(), removed: (0..3).map(many).collect(), ..Drift::default() }, 5, "removed"),
        ("gone from many tables", Drift { removed: (0..9).map(many).collect(), ..Drift::default() }, 5, "removed"),
        ("changed", Drift { changed: changed(), added: keys(20..22), ..Drift::default() }, 5, "400 Hen.0 solution"),
        ("new", Drift { added: keys(20..22), ..Drift::default() }, 1, "added"),
    ];
    for (what, drift, count, first) in table {
        let said = said(not_taken(drift));
        let (_, sample) = said.split_once("  not taken, for example\n    ").expect("a sample");
        assert!(sample.starts_with(first), "{what}: {said}");
        let examples = said.matches("\n        see ").count();
        assert_eq!(examples, count, "{what}: {said}");
    }
}

#[test]
fn without_anything_to_take_there_is_no_sample() {
    let said = said(not_taken(Drift::default()));
    assert!(!said.contains("not taken") && !said.contains("would have been"), "{said}");
    assert!(said.starts_with("QUARANTINED acme/hens: the last good data is kept\n    60 of 100 are gone\n"), "{said}");
}

#[test]
fn the_reader_would_have_made_it() {
    let source = SourceReport { reader: Some(reader(Some(read_otherwise()))), ..not_taken(Drift::default()) };
    assert_snapshot!(said(source), @r#"
    QUARANTINED acme/hens: the last good data is kept
        60 of 100 are gone
        would have been read otherwise by version 2 of the reader (version 1 before): 1 removed, 1 renamed, 1 added, 1 changed
        where the pages are right after all: docdrift refresh --accept acme/hens --reason 'why the pages are right'
        zh page pages/hens (zh).html · sha256 60cae1d01739
        en page https://docs.acme.example/hens.html?a=1&b=2 · updated on 2025-01-02 → 2025-03-04, sha256 cba06b5736fa → 11507a0e2f5e
        reproduce: docdrift diff HEAD~1:snapshots/acme/hens snapshots/acme/hens

      not taken, for example
        removed from “Errors”: 400 Goat.9
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Goat.9
        renamed Goat1 → Goat.1: 400 Goat1
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Goat.1
        400 Goat.1
            message (en): Goat {0} is away{+.+}
            solution (en): gained {+Call the goat.+}
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Goat.1
        added to “Errors”: 400 Goat.8
            see https://docs.acme.example/hens.html?a=1&b=2#:~:text=Goat.8

    1 source: 1 quarantined
    "#);
    let source = SourceReport { reader: Some(reader(Some(read_otherwise()))), ..not_taken(mixed()) };
    let said = said(source);
    assert!(!said.contains("Goat") && said.contains("would have been read otherwise by version 2"), "{said}");
}

#[test]
fn the_command_is_for_a_shell() {
    let names = [
        ("acme/hens", Some("--accept acme/hens --reason 'why the pages are right'\n")),
        ("acme/hens; rm $(x)", Some("--accept 'acme/hens; rm $(x)' --reason ")),
        ("it's", Some(r"--accept 'it'\''s' --reason ")),
        ("", None),
    ];
    for (name, expected) in names {
        let said = said(SourceReport { source: name.into(), ..not_taken(mixed()) });
        assert_eq!(said.contains("docdrift refresh"), expected.is_some(), "{said}");
        assert!(expected.is_none_or(|expected| said.contains(&format!("docdrift refresh {expected}"))), "{said}");
    }
}
