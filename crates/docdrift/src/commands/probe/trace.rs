//! The trace of a page as text.

use std::fmt::Write as _;

use docdrift_model::trace::{Trace, TraceVerdict, TracedCandidate, TracedFeature};
use docdrift_report::escape;

use crate::pipeline::describe_candidate;

/// The number of features that are shown for and against a candidate.
const SHOWN_FEATURES: usize = 3;

/// Writes each candidate and its verdict, a few lines each.
pub(super) fn as_text(trace: &Trace) -> String {
    let mut out = format!("\n{} candidate(s) for error tables\n", trace.candidates.len());
    for candidate in &trace.candidates {
        push_candidate(&mut out, candidate);
    }
    if !trace.unused.is_empty() {
        let blocks: usize = trace.unused.iter().map(|run| run.blocks).sum();
        // Writing to a String cannot fail.
        let _ = writeln!(out, "\n{blocks} block(s) are in no error table");
    }
    out
}

fn push_candidate(out: &mut String, candidate: &TracedCandidate) {
    let _ = writeln!(out, "\n{}: {}", candidate.pass, describe_candidate(candidate));
    if !candidate.sections.is_empty() {
        let _ = writeln!(out, "  under    {}", escape::terminal(&candidate.sections.join(" > ")));
    }
    let _ = writeln!(out, "  score    {:.1}{}", candidate.score, features(&candidate.features));
    let verdict = match &candidate.verdict {
        TraceVerdict::Accepted { table } => format!("table {table}"),
        TraceVerdict::Rejected { reason } => format!("rejected: {}", escape::terminal(reason)),
        TraceVerdict::Overlapped { by } => format!("taken as `{by}` proposed it"),
    };
    let _ = writeln!(out, "  verdict  {verdict}");
    if let Some(hint) = &candidate.hint {
        let _ = writeln!(out, "  hint     {}", escape::terminal(hint));
    }
}

/// The features with most points for and against, as `: +1.2 key-header; -0.5 types`.
fn features(features: &[TracedFeature]) -> String {
    let mut sorted: Vec<&TracedFeature> = features.iter().filter(|feature| feature.name != "bias").collect();
    sorted.sort_by(|a, b| b.points.total_cmp(&a.points));
    let show = |feature: &&TracedFeature| format!("{:+.1} {}", feature.points, feature.name);
    let favourable: Vec<String> = sorted.iter().filter(|f| f.points > 0.0).take(SHOWN_FEATURES).map(show).collect();
    let adverse: Vec<String> = sorted.iter().rev().filter(|f| f.points < 0.0).take(SHOWN_FEATURES).map(show).collect();
    let sides = [favourable.join(", "), adverse.join(", ")];
    let sides: Vec<String> = sides.into_iter().filter(|side| !side.is_empty()).collect();
    if sides.is_empty() { String::new() } else { format!(": {}", sides.join("; ")) }
}
