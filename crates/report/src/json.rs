//! The report for programs. `docs/schemas` describes every key.

use docdrift_model::{Doubt, Drift, EntryHistory, ReaderDrift, Report, SourceReport};
use serde_json::{Value, json};

use crate::reasons::english_reasons;

/// Raised when a key goes or means something else; keys may be added.
const SCHEMA: u32 = 1;

/// The whole report: `severity` of what was accepted, and for each source what happened, from what it was told, and all
/// of its drift.
pub fn json(report: &Report) -> Value {
    let sources: Vec<_> = report.sources.iter().map(source_json).collect();
    json!({"schema": SCHEMA, "severity": report.severity(), "sources": sources})
}

fn source_json(source: &SourceReport) -> Value {
    let warnings: Vec<_> =
        source.warnings.iter().map(|(lang, warning)| json!({"lang": lang, "warning": warning})).collect();
    let review = source.doubts.iter().map(|doubt| {
        let Doubt { status, code, pairing } = doubt;
        json!({"status": status, "code": code, "method": pairing.method, "score": pairing.score})
    });
    json!({
        "source": source.source,
        "outcome": source.outcome.as_str(),
        "reasons": english_reasons(source.outcome.reasons().unwrap_or_default()),
        "drift": drift_json(&source.drift),
        "reader": source.reader.as_ref().map(reader_json),
        "evidence": source.evidence,
        "warnings": warnings,
        "review": review.collect::<Vec<_>>(),
        "stale": source.stale,
    })
}

fn reader_json(reader: &ReaderDrift) -> Value {
    json!({"from": reader.from, "to": reader.to, "drift": reader.drift.as_ref().map(drift_json)})
}

/// The drift for programs: `added`, `removed`, `renamed`, `changed`, `moved`, `columns`, `languages`, `returned` and
/// `severity`, always all of them.
pub fn drift_json(drift: &Drift) -> Value {
    // A drift holds strings and lists only, which JSON always has a form for.
    serde_json::to_value(drift).unwrap_or_default()
}

/// The lives of errors for programs, each event with all it told.
pub fn history_json(lives: &[EntryHistory]) -> Value {
    json!({"schema": SCHEMA, "lives": lives})
}
