//! Records every candidate with its score and the decision on it, and the blocks that no table uses.

use docdrift_model::trace::{Trace, TraceVerdict, TracedCandidate, UnusedBlocks};

use crate::{
    hints::format_hints,
    recover::Outline,
    select::{CandidateNames, Evaluated, Verdict},
    syntax::block::Block,
};

/// The number of characters shown of a run of unused blocks.
const SHOWN_CHARS: usize = 80;
/// The minimum score of a list for a hint. Most lists of a page score lower, and hints for them would drown the useful
/// ones.
const MIN_LIST_SCORE: f64 = -4.0;
/// The minimum share of cells that can be codes for a column to look like codes.
const MIN_CODES: f64 = 0.5;

/// Builds the trace of a page.
pub(crate) fn build_trace(outline: &Outline<'_>, evaluated: &[Evaluated<'_>]) -> Trace {
    let names = CandidateNames::new(evaluated);
    let mut accepted = 0;
    let candidates = evaluated.iter().map(|found| {
        let table = accepted;
        accepted += usize::from(found.is_accepted());
        let hint = propose_hint(found, &names);
        TracedCandidate { hint, ..trace_candidate(outline, found, table) }
    });
    Trace { candidates: candidates.collect(), unused: list_unused_blocks(outline, evaluated) }
}

/// Returns the hints that would make the reader accept a rejected candidate. Only for candidates that a person may
/// want: printed tables, and those with a column that looks like codes.
fn propose_hint(found: &Evaluated<'_>, names: &CandidateNames) -> Option<String> {
    let is_rejected = matches!(found.verdict, Verdict::Rejected(_)) && !found.is_skipped && found.row_count() > 0;
    let is_far_below = found.candidate.is_list && found.score < MIN_LIST_SCORE;
    let has_codes = || found.columns.profiles.iter().any(|profile| profile.codes >= MIN_CODES);
    if !is_rejected || is_far_below || !(found.candidate.pass == "printed" || has_codes()) {
        return None;
    }
    let key = found.columns.key.or_else(|| found.columns.find_likeliest_key(&found.header))?;
    // A column without a header cannot be named. Naming the table makes the reader choose the likeliest column.
    let hints = found.propose_hints(key, names).or_else(|| found.propose_hints_for_table(names))?;
    Some(format_hints(&hints))
}

/// Traces one candidate. `table` is its index among the error tables if it was accepted.
pub(crate) fn trace_candidate(outline: &Outline<'_>, found: &Evaluated<'_>, table: usize) -> TracedCandidate {
    let candidate = &found.candidate;
    let mut sections: Vec<String> = candidate.path.iter().map(|at| outline.heading_text(*at).to_owned()).collect();
    if let Some(title) = found.title.as_ref().filter(|title| sections.last() != Some(*title)) {
        sections.push(title.clone());
    }
    TracedCandidate {
        pass: candidate.pass,
        script: None,
        lines: source_lines(&outline.blocks[candidate.start()..candidate.end()]),
        sections,
        header: found.header.clone(),
        roles: found.columns.roles.clone(),
        rows: found.row_count(),
        score: found.score,
        features: found.traced_features(),
        verdict: match &found.verdict {
            Verdict::Accepted => TraceVerdict::Accepted { table },
            Verdict::Rejected(reason) => TraceVerdict::Rejected { reason: reason.clone() },
            Verdict::Overlapped(by) => TraceVerdict::Overlapped { by },
        },
        hint: None,
    }
}

/// Returns the source lines of blocks, if known.
fn source_lines(blocks: &[Block]) -> Option<(usize, usize)> {
    let first = blocks.first()?.span.first;
    let last = blocks.iter().map(|block| block.span.last).max()?;
    (first > 0).then_some((first, last.max(first)))
}

fn list_unused_blocks(outline: &Outline<'_>, evaluated: &[Evaluated<'_>]) -> Vec<UnusedBlocks> {
    let mut used = vec![false; outline.blocks.len()];
    for range in evaluated.iter().filter(|found| found.is_accepted()).flat_map(|found| &found.candidate.blocks) {
        used[range.clone()].fill(true);
    }
    let mut runs = Vec::new();
    let mut at = 0;
    while at < used.len() {
        let end = at + used[at..].iter().take_while(|used| !**used).count();
        if end > at {
            let words = outline.blocks[at..end].iter().find_map(Block::words).unwrap_or_default();
            let text = words.chars().take(SHOWN_CHARS).collect();
            runs.push(UnusedBlocks { lines: source_lines(&outline.blocks[at..end]), blocks: end - at, text });
        }
        at = end.max(at) + 1;
    }
    runs
}
