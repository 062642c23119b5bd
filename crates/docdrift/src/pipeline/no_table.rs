//! Pages without an error table: the reason, and the rejected candidate that scored best.

use docdrift_model::{
    Reading, Warning,
    trace::{Trace, TraceVerdict, TracedCandidate},
};
use docdrift_report::escape;

/// Returns what reading noticed on a page without an error table, if anything; `None` where the page has one.
#[expect(clippy::option_option, reason = "a page without a table may have no warning")]
pub(crate) fn find_no_table(reading: &Reading) -> Option<Option<Warning>> {
    reading.tables.is_empty().then(|| reading.warnings.first().cloned())
}

/// Finds the best rejected candidate that a hint could accept.
fn best_rejected(trace: &Trace) -> Option<(&TracedCandidate, &str, &str)> {
    let rejected = trace.candidates.iter().filter_map(|candidate| match (&candidate.verdict, &candidate.hint) {
        (TraceVerdict::Rejected { reason }, Some(hint)) => Some((candidate, reason.as_str(), hint.as_str())),
        _ => None,
    });
    rejected.max_by(|a, b| a.0.score.total_cmp(&b.0.score))
}

/// Describes the best rejected candidate and the hint that accepts it.
pub(crate) fn suggest_table(trace: &Trace) -> Option<String> {
    let (candidate, reason, hint) = best_rejected(trace)?;
    Some(format!(
        "the likeliest table that was left out: {}: {}\nto take it, put this under its source in sources.toml:\n  {}\n",
        describe_candidate(candidate),
        escape::terminal(reason),
        escape::terminal(hint),
    ))
}

/// Describes a candidate in a few words: its rows, its header and its lines.
pub(crate) fn describe_candidate(candidate: &TracedCandidate) -> String {
    let header = escape::terminal(&candidate.header.join(" | "));
    let heading =
        if candidate.header.iter().all(String::is_empty) { "no header".to_owned() } else { format!("`{header}`") };
    format!("{} row(s), {heading}{}", candidate.rows, describe_place(candidate))
}

/// Says where a candidate stands, as far as that is known.
fn describe_place(candidate: &TracedCandidate) -> String {
    match (&candidate.script, candidate.lines) {
        (Some(script), _) => format!(" (in {})", escape::terminal(script)),
        (None, Some((first, last))) => format!(" (lines {first}-{last})"),
        (None, None) => String::new(),
    }
}
