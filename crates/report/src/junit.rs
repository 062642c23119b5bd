//! Renders the report as `JUnit` XML: a suite for each source, a test for each kind of change, which fails where there is
//! such a change.

use docdrift_model::{Lang, Outcome, Reason, Report, Severity, report::SourceReport};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use crate::{
    escape,
    items::Kind,
    reader,
    reasons::reason_text,
    rendered::RenderedFinding,
    run::{accepted, title},
    span::{fill_template, plain},
    style::plain_text,
    weight::Weight,
    words::Words,
};

/// The number of findings of one failed test that are listed; the others are counted.
const MAX_ITEMS: usize = 200;

/// The name of the test that has an error where a source could not be refreshed.
const REFRESH: &str = "refresh";

/// The name of the test that lists what the reader changed. It never fails.
const READER: &str = "reader";

/// Renders the report as `JUnit` XML. The names of suites and tests are the same in every language.
pub fn junit(report: &Report, lang: Lang) -> String {
    let words = Words::for_lang(lang);
    let mut out = quick_junit::Report::new("docdrift");
    out.add_test_suites(report.sources.iter().map(|source| suite(source, words)));
    // It is written to memory, and every text is of characters that XML has.
    out.to_string().unwrap_or_default()
}

fn suite(source: &SourceReport, words: &Words) -> TestSuite {
    let name = if source.source.is_empty() { "drift".to_owned() } else { escape::visible(&source.source) };
    let mut suite = TestSuite::new(name.as_str());
    let reasons = source.outcome.reasons();
    let mut cases = if let Some(reasons) = reasons {
        vec![error(source, reasons, words)]
    } else {
        let rendered = accepted(source, words);
        Kind::ALL.into_iter().map(|kind| case(kind, &rendered, words)).collect()
    };
    cases.extend(read(source, words));
    for case in &mut cases {
        case.set_classname(name.as_str());
    }
    suite.add_test_cases(cases);
    suite
}

fn error(source: &SourceReport, reasons: &[Reason], words: &Words) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    let (_, headline) = title(source, words);
    status.set_message(plain_text(&headline));
    status.set_type(if matches!(source.outcome, Outcome::Failed(_)) { "failed" } else { "quarantined" });
    let sentences: Vec<String> = reasons.iter().map(|reason| reason_text(reason, words.lang)).collect();
    let lines = sentences.iter().flat_map(|sentence| sentence.lines());
    status.set_description(lines.map(escape::visible).collect::<Vec<_>>().join("\n"));
    TestCase::new(REFRESH, status)
}

/// Returns the test about the reader, where it changed anything.
fn read(source: &SourceReport, words: &Words) -> Option<TestCase> {
    let note = reader::note(source, words)?;
    let rendered = reader::render_reader_drift(source, words);
    let lines: Vec<String> =
        std::iter::once(plain_text(&note)).chain(some(&rendered.iter().collect::<Vec<_>>(), words)).collect();
    let mut case = TestCase::new(READER, TestCaseStatus::success());
    case.set_system_out(lines.join("\n"));
    Some(case)
}

/// Returns the test of a kind of change. A change without severity does not fail it.
fn case(kind: Kind, rendered: &[RenderedFinding], words: &Words) -> TestCase {
    let rendered: Vec<&RenderedFinding> = rendered.iter().filter(|rendered| rendered.kind == kind).collect();
    let gravest = rendered.iter().map(|rendered| rendered.weight).max();
    let Some(gravest) = gravest.filter(|gravest| *gravest > Weight::Vendor(Severity::None)) else {
        return TestCase::new(kind.as_str(), TestCaseStatus::success());
    };
    let count = words.entries.with_count(rendered.iter().map(|rendered| rendered.members.len()).sum());
    let message = fill_template(words.colon, &[plain(words.weight(gravest)), count]);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_message(plain_text(&message))
        .set_type(gravest.as_str())
        .set_description(some(&rendered, words).join("\n"));
    TestCase::new(kind.as_str(), status)
}

/// Renders the first findings and the count of the others.
fn some(rendered: &[&RenderedFinding], words: &Words) -> Vec<String> {
    let mut lines: Vec<String> = rendered.iter().take(MAX_ITEMS).map(|rendered| item(rendered)).collect();
    if rendered.len() > MAX_ITEMS {
        lines.push(plain_text(&words.folded.with_count(rendered.len() - MAX_ITEMS)));
    }
    lines
}

fn item(rendered: &RenderedFinding) -> String {
    let lines = rendered.lines.iter().map(plain_text);
    let urls = rendered.pages.iter().map(|(_, url)| url.clone());
    lines.chain(urls).collect::<Vec<_>>().join("\n    ")
}
