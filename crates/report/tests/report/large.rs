//! Drifts of thousands of entries: within the limit, the gravest first, and everything counted.

use docdrift_model::{
    Drift, Lang, Outcome, Reason, Report, Severity,
    drift::{Change, Key, Rename},
    report::SourceReport,
};
use docdrift_report::{MARKDOWN_LIMIT, markdown, terminal};

use crate::sample::{EN, change, edit, key, nameless, reader, run, source};

/// `count` entries that were all changed, each in its own way.
fn long(count: usize, severity: Severity) -> Drift {
    let change = |n: usize| {
        let (old, new) =
            (format!("Tank {n} of the farm is dry."), format!("水箱 {n} 已空，第 {} 次。", n * 7919 % 10_007));
        change("400", &format!("Farm.{n}"), vec![edit("message", EN, &old, &new, severity)])
    };
    Drift { changed: (0..count).map(change).collect(), severity, ..Drift::default() }
}

fn limited(report: &Report) -> String {
    let text = markdown(report, Lang::En, Some(MARKDOWN_LIMIT));
    assert!(text.chars().count() <= MARKDOWN_LIMIT, "{}", text.chars().count());
    text
}

#[test]
fn many_sources_are_counted_where_there_is_no_room() {
    let mut report = run();
    report.sources =
        (0..2_000).map(|n| source(&format!("s{n}"), Outcome::Changed, long(3, Severity::Wording))).collect();
    report.sources.push(source("grave", Outcome::Changed, long(20, Severity::Breaking)));
    let text = limited(&report);
    assert!(text.contains("more sources") && text.ends_with("**2001 sources: 2001 changed**\n"));
    assert!(text.contains("Farm.19"), "the gravest is told");
    assert!(text.contains("report-full.md and report.html"));
}

#[test]
fn ten_thousand_rewordings_are_readable() {
    let mut drift = long(10_000, Severity::Wording);
    for (n, change) in drift.changed.iter_mut().enumerate() {
        change.key.table = format!("Table {}", n % 30);
    }
    let report = nameless(drift);
    let text = limited(&report);
    let (lines, shown) = (text.lines().count(), text.matches("- 400 Farm.").count());
    eprintln!("10,000 rewordings in 30 tables: {lines} lines, {} characters", text.chars().count());
    assert_eq!(shown, 100);
    assert!(lines < 170, "{lines}");
    assert!(text.contains("<summary>75 more findings</summary>"), "{text}");
    assert!(text.contains("**Left out here: 9900 entries**"), "{text}");
    assert!(text.contains("- wording · changed · message (en) · “Table 10”: 330 entries"), "{text}");
    assert_eq!(markdown(&report, Lang::En, None).matches("- 400 Farm.").count(), 10_000, "the whole report has all");
}

#[test]
fn ten_thousand_removals_are_readable() {
    let removed = (0..10_000).map(|n| Key { table: format!("Table {}", n / 334), ..key("400", &format!("Farm.{n}")) });
    let drift = Drift { removed: removed.collect(), severity: Severity::Breaking, ..Drift::default() };
    let text = limited(&Report { sources: vec![source("farm", Outcome::Changed, drift)] });
    let lines = text.lines().count();
    eprintln!("10,000 removals in 30 tables: {lines} lines, {} characters", text.chars().count());
    assert!(lines < 60, "{lines}");
    assert_eq!(text.matches("**removed** from “Table").count(), 30);
    assert!(text.contains("from “Table 0”: 334 entries: 400 Farm.0, ") && text.contains("and 294 more"), "{text}");
}

#[test]
fn what_is_the_same_for_thousands_is_said_once() {
    let renamed = (0..10_000)
        .map(|n| Rename { from: key("400", &format!("IdentityFarm.{n}")), to: key("400", &format!("IF.{n}")) })
        .collect();
    let word = |n: usize, word: &str| format!("Barn {n}: the {word} store is full, and no hay can be brought in.");
    let reworded = |n: usize| {
        let edit = edit("message", EN, &word(n, "hay"), &word(n, "straw"), Severity::Wording);
        change("400", &format!("IF.{n}"), vec![edit])
    };
    let changed: Vec<Change> = (0..10_000).map(reworded).collect();
    let drift = Drift { renamed, changed, severity: Severity::Breaking, ..Drift::default() };
    let text = terminal(&nameless(drift), Lang::En, false);
    assert!(text.lines().count() < 12, "{text}");
    assert!(text.contains("renamed IdentityFarm → IF: 10000 entries: 400 IdentityFarm.0, "), "{text}");
    assert!(text.contains("message (en) [-hay-]{+straw+}: 10000 entries: 400 IF.0, "), "{text}");
}

#[test]
fn the_gravest_of_all_sources_come_before_the_rest_of_any() {
    let grave = |code: &str| {
        let cosmetic = long(5_000, Severity::Cosmetic);
        Drift { removed: vec![key("400", code)], severity: Severity::Breaking, ..cosmetic }
    };
    let sources = ["Gone.1", "Gone.2"].map(|code| source(code, Outcome::Changed, grave(code))).to_vec();
    let text = limited(&Report { sources });
    assert!(text.contains("Gone.1") && text.contains("Gone.2"));
}

/// A source of whose last pages the reader makes something else in `count` entries.
fn reread(service: &str, outcome: Outcome, drift: Drift, count: usize) -> SourceReport {
    let read = long(count, Severity::Breaking);
    SourceReport { reader: Some(reader(Some(read))), ..source(service, outcome, drift) }
}

#[test]
fn what_the_reader_changed_takes_no_room_from_the_vendor() {
    let uncounted = Drift { severity: Severity::None, ..long(30, Severity::None) };
    let report = Report {
        sources: vec![
            reread("a", Outcome::Unchanged, Drift::default(), 5_000),
            reread("b", Outcome::Changed, long(20, Severity::Cosmetic), 5_000),
            source("c", Outcome::Changed, uncounted),
        ],
    };
    let text = limited(&report);
    let shown = |service: &str| text.matches(&format!("docs.acme.example/{service}.html")).count();
    assert!(shown("b") > 20 && shown("c") > 30, "{text}");
    assert!(text.contains("<summary>cosmetic (20)</summary>") && text.contains("<summary>not counted (30)</summary>"));
    let left_out = "- read otherwise · acme/b · changed · message (en) · “Errors”: 4900 entries";
    assert!(text.contains(left_out), "{text}");
    assert!(text.ends_with("\n- read otherwise: 10000 entries in 2 sources\n"), "{text}");
}

#[test]
fn any_limit_of_some_thousands_is_kept() {
    let mut report = run();
    report.sources.push(reread("yaks", Outcome::Unchanged, Drift::default(), 300));
    report.sources.push(reread(
        "zebu",
        Outcome::Quarantined(vec![Reason::Other("too few".into())]),
        long(300, Severity::Wording),
        300,
    ));
    let counts =
        [(Lang::En, "read otherwise: 306 entries in 3 sources"), (Lang::Zh, "解析差异：306 条，涉及 3 个来源")];
    for (lang, counts) in counts {
        for limit in [3_000, 4_000, 6_000, 8_000, 12_000, 20_000, 40_000, MARKDOWN_LIMIT] {
            let text = markdown(&report, lang, Some(limit));
            assert!(text.chars().count() <= limit, "{limit}: {}", text.chars().count());
            assert!(text.trim_end().ends_with(counts), "{limit}: {text}");
        }
    }
}
