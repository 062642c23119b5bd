//! What another version of the reader made of pages that are the same: told apart from what the vendor changed, and
//! never counted as drift.

use std::collections::BTreeMap;

use docdrift_model::{Drift, Outcome, ReaderDrift, Report, SourceReport};

use crate::{
    rendered::{self, RenderedFinding, drift_counts},
    span::{Line, fill_template, plain},
    weight::Weight,
    words::Words,
};

/// What the reader changed in a source, where that is known and anything at all.
pub(crate) fn changed(source: &SourceReport) -> Option<(&ReaderDrift, &Drift)> {
    let reader = source.reader.as_ref()?;
    reader.drift.as_ref().filter(|drift| !drift.is_empty()).map(|drift| (reader, drift))
}

/// As [`changed`], of a source whose pages were taken.
pub(crate) fn taken(source: &SourceReport) -> Option<(&ReaderDrift, &Drift)> {
    changed(source).filter(|_| matches!(source.outcome, Outcome::Changed | Outcome::Unchanged))
}

/// The items of what the reader changed in a source whose pages were taken.
pub(crate) fn render_reader_drift(source: &SourceReport, words: &Words) -> Vec<RenderedFinding> {
    let rendered =
        taken(source).map(|(_, drift)| rendered::render_drift(drift, &source.evidence, words)).unwrap_or_default();
    rendered.into_iter().map(|rendered| RenderedFinding { weight: Weight::Reader, ..rendered }).collect()
}

/// What stands above the items.
pub(crate) fn title(source: &SourceReport, words: &Words) -> Option<Line> {
    taken(source).map(|(reader, drift)| {
        by_version([words.reader_changed, words.paired_otherwise], reader, drift_counts(drift, words))
    })
}

/// What the reader would have changed in a source whose pages were not taken.
pub(crate) fn would_have(source: &SourceReport, words: &Words) -> Option<Line> {
    changed(source).map(|(reader, drift)| {
        by_version([words.reader_would_have, words.would_pair_otherwise], reader, drift_counts(drift, words))
    })
}

/// How a source is that the vendor did not change.
pub(crate) fn unchanged(source: &SourceReport, words: &Words) -> Line {
    match taken(source) {
        Some((_, drift)) => fill_template(words.only_read_otherwise, &[drift_counts(drift, words)]),
        None => plain(words.unchanged),
    }
}

/// That what the reader changed stands among what the vendor changed.
pub(crate) fn remark(source: &SourceReport, words: &Words) -> Option<Line> {
    let reader = source.reader.as_ref().filter(|reader| reader.drift.is_none())?;
    let is_mixed = match source.outcome {
        Outcome::Quarantined(_) => true,
        Outcome::Changed => !source.drift.is_empty(),
        Outcome::Unchanged | Outcome::First(_) | Outcome::Failed(_) => false,
    };
    is_mixed.then(|| by_version([words.reader_unknown; 2], reader, Line::new()))
}

/// What there is to say of the reader in one line.
pub(crate) fn note(source: &SourceReport, words: &Words) -> Option<Line> {
    title(source, words).or_else(|| remark(source, words))
}

/// How much of a run was read otherwise.
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

/// The first template for another version of the reader; the second for the same one, where a decision or another build
/// made the difference.
fn by_version([other, same]: [&str; 2], reader: &ReaderDrift, counts: Line) -> Line {
    let template = if reader.from == reader.to { same } else { other };
    fill_template(template, &[plain(reader.from.to_string()), plain(reader.to.to_string()), counts])
}

/// How many entries a drift is about. One may be renamed, changed and moved at once; of entries that look alike, each is
/// at most once in each list.
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
