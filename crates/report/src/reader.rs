//! Changes that another version of the reader made on unchanged pages. They are reported apart from the vendor's changes
//! and never counted as drift.

use std::collections::BTreeMap;

use docdrift_model::{
    Drift, Outcome, Report,
    report::{ReaderDrift, SourceReport},
};

use crate::{
    rendered::{self, RenderedFinding, drift_counts},
    span::{Line, fill_template, plain},
    weight::Weight,
    words::Words,
};

/// Returns what the reader changed in a source, if anything is known.
pub(crate) fn changed(source: &SourceReport) -> Option<(&ReaderDrift, &Drift)> {
    let reader = source.reader.as_ref()?;
    reader.drift.as_ref().filter(|drift| !drift.is_empty()).map(|drift| (reader, drift))
}

/// Returns the same for a source whose pages were accepted.
pub(crate) fn taken(source: &SourceReport) -> Option<(&ReaderDrift, &Drift)> {
    changed(source).filter(|_| matches!(source.outcome, Outcome::Changed | Outcome::Unchanged))
}

/// Renders what the reader changed in a source whose pages were accepted.
pub(crate) fn render_reader_drift(source: &SourceReport, words: &Words) -> Vec<RenderedFinding> {
    let rendered =
        taken(source).map(|(_, drift)| rendered::render_drift(drift, &source.evidence, words)).unwrap_or_default();
    rendered.into_iter().map(|rendered| RenderedFinding { weight: Weight::Reader, ..rendered }).collect()
}

/// Returns the title above the findings.
pub(crate) fn title(source: &SourceReport, words: &Words) -> Option<Line> {
    taken(source).map(|(reader, drift)| {
        by_version([words.reader_changed, words.paired_otherwise], reader, drift_counts(drift, words))
    })
}

/// Returns what the reader would have changed in a source whose pages were not accepted.
pub(crate) fn would_have(source: &SourceReport, words: &Words) -> Option<Line> {
    changed(source).map(|(reader, drift)| {
        by_version([words.reader_would_have, words.would_pair_otherwise], reader, drift_counts(drift, words))
    })
}

/// Returns the title of a source that the vendor did not change.
pub(crate) fn unchanged(source: &SourceReport, words: &Words) -> Line {
    match taken(source) {
        Some((_, drift)) => fill_template(words.only_read_otherwise, &[drift_counts(drift, words)]),
        None => plain(words.unchanged),
    }
}

/// Returns the remark that the reader's changes are among the vendor's, where they cannot be separated.
pub(crate) fn remark(source: &SourceReport, words: &Words) -> Option<Line> {
    let reader = source.reader.as_ref().filter(|reader| reader.drift.is_none())?;
    let is_mixed = match source.outcome {
        Outcome::Quarantined(_) => true,
        Outcome::Changed => !source.drift.is_empty(),
        Outcome::Unchanged | Outcome::First(_) | Outcome::Failed(_) => false,
    };
    is_mixed.then(|| by_version([words.reader_unknown; 2], reader, Line::new()))
}

/// Returns the line about the reader, if there is one.
pub(crate) fn note(source: &SourceReport, words: &Words) -> Option<Line> {
    title(source, words).or_else(|| remark(source, words))
}

/// Returns how many entries of a run the reader changed.
pub(crate) fn summary(report: &Report, words: &Words) -> Option<Line> {
    let counts: Vec<usize> = report.sources.iter().filter_map(taken).map(|(_, drift)| entries(drift)).collect();
    let said = || {
        fill_template(
            words.read_otherwise_count,
            &[words.entries.with_count(counts.iter().sum()), words.sources.with_count(counts.len())],
        )
    };
    (!counts.is_empty()).then(said)
}

/// Fills the first template for another version of the reader, the second for the same one. There a decision or another
/// build made the difference.
fn by_version([other, same]: [&str; 2], reader: &ReaderDrift, counts: Line) -> Line {
    let template = if reader.from == reader.to { same } else { other };
    fill_template(template, &[plain(reader.from.to_string()), plain(reader.to.to_string()), counts])
}

/// Counts the entries of a drift. One entry may be renamed, changed and moved at once; each is at most once in each list.
fn entries(drift: &Drift) -> usize {
    let mut kept: BTreeMap<[&str; 3], [usize; 3]> = BTreeMap::new();
    for rename in &drift.renamed {
        kept.entry([&rename.to.status, &rename.to.code, &rename.to.table]).or_default()[0] += 1;
    }
    for change in &drift.changed {
        kept.entry([&change.key.status, &change.key.code, &change.key.table]).or_default()[1] += 1;
    }
    for moved in &drift.moved {
        kept.entry([&moved.status, &moved.code, &moved.to]).or_default()[2] += 1;
    }
    let kept: usize = kept.values().filter_map(|lists| lists.iter().max()).sum();
    drift.added.len() + drift.removed.len() + kept
}
