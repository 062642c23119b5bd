//! The report for programs. `docs/schemas` describes every key.

use docdrift_model::{
    Drift, Lang, Report, Severity, Warning,
    history::EntryHistory,
    report::{Doubt, Evidence, ReaderDrift, SourceReport},
};
use serde::Serialize;
use serde_json::Value;

use crate::reasons::english_reasons;

/// Raised when a key goes or means something else; keys may be added.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct ReportAnswer<'a> {
    schema: u32,
    severity: Severity,
    sources: Vec<SourceAnswer<'a>>,
}

#[derive(Serialize)]
struct SourceAnswer<'a> {
    source: &'a str,
    outcome: &'static str,
    reasons: Vec<String>,
    drift: &'a Drift,
    reader: Option<ReaderAnswer<'a>>,
    evidence: &'a Evidence,
    warnings: Vec<WarningAnswer<'a>>,
    review: Vec<ReviewAnswer<'a>>,
    stale: &'a [String],
}

#[derive(Serialize)]
struct ReaderAnswer<'a> {
    from: u32,
    to: u32,
    drift: Option<&'a Drift>,
}

#[derive(Serialize)]
struct WarningAnswer<'a> {
    lang: Lang,
    warning: &'a Warning,
}

#[derive(Serialize)]
struct ReviewAnswer<'a> {
    status: &'a str,
    code: &'a str,
    method: &'a str,
    score: f64,
}

#[derive(Serialize)]
struct HistoryAnswer<'a> {
    schema: u32,
    lives: &'a [EntryHistory],
}

/// Returns the whole report: the `severity` of what was accepted, and for each source what happened, the evidence and
/// the whole drift.
pub fn json(report: &Report) -> Value {
    let sources = report.sources.iter().map(source_answer).collect();
    to_value(&ReportAnswer { schema: SCHEMA, severity: report.severity(), sources })
}

/// Every answer consists of strings, numbers and lists, which JSON can always represent.
pub(crate) fn to_value(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}

fn source_answer(source: &SourceReport) -> SourceAnswer<'_> {
    SourceAnswer {
        source: &source.source,
        outcome: source.outcome.as_str(),
        reasons: english_reasons(source.outcome.reasons().unwrap_or_default()),
        drift: &source.drift,
        reader: source.reader.as_ref().map(reader_answer),
        evidence: &source.evidence,
        warnings: source.warnings.iter().map(|(lang, warning)| WarningAnswer { lang: *lang, warning }).collect(),
        review: source.doubts.iter().map(review_answer).collect(),
        stale: &source.stale,
    }
}

fn reader_answer(reader: &ReaderDrift) -> ReaderAnswer<'_> {
    ReaderAnswer { from: reader.from, to: reader.to, drift: reader.drift.as_ref() }
}

fn review_answer(Doubt { status, code, pairing }: &Doubt) -> ReviewAnswer<'_> {
    ReviewAnswer { status, code, method: &pairing.method, score: pairing.score }
}

/// Returns the drift with all of its keys: `added`, `removed`, `renamed`, `changed`, `moved`, `columns`, `languages`,
/// `returned` and `severity`.
pub fn drift_json(drift: &Drift) -> Value {
    to_value(drift)
}

/// Returns the histories of errors, each event with all it changed.
pub fn history_json(lives: &[EntryHistory]) -> Value {
    to_value(&HistoryAnswer { schema: SCHEMA, lives })
}
