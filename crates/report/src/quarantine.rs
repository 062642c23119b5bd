//! The part of a report about a quarantined source: the reasons, the command that accepts its pages, and a few examples
//! of the changes that were kept out.

use docdrift_model::{Drift, Outcome, Reason, report::SourceReport};

use crate::{
    escape,
    items::{Item, Kind, items},
    reader,
    reasons::reason_text,
    rendered::{RenderedFinding, drift_line, render_item},
    span::{Line, MAX_TEXT_CHARS, Span, fill_template, text},
    weight::Weight,
    words::Words,
};

/// The number of examples, and of the names in each.
const MAX_EXAMPLES: usize = 5;

/// Returns the remarks about a quarantined source that come before its pages.
pub(crate) fn remarks(source: &SourceReport, reasons: &[Reason], words: &Words) -> Vec<Line> {
    let reasons = reasons.iter().map(|reason| text(&reason_text(reason, words.lang), MAX_TEXT_CHARS));
    let mut remarks = words.more_reasons.limit(reasons);
    if !source.drift.is_empty() {
        remarks.push(drift_line(source, words.would_have_been, words));
    }
    remarks.extend(reader::would_have(source, words));
    remarks.extend(accept(source, words));
    remarks
}

/// Returns examples of what would have changed in a quarantined source: by the vendor, or else by the reader.
pub(crate) fn examples(source: &SourceReport, words: &Words) -> Vec<RenderedFinding> {
    if !matches!(source.outcome, Outcome::Quarantined(_)) {
        return Vec::new();
    }
    let by_reader = || reader::changed(source).map(|(_, drift)| drift);
    let Some(drift) = Some(&source.drift).filter(|drift| !drift.is_empty()).or_else(by_reader) else {
        return Vec::new();
    };
    let rendered = sample(drift).into_iter().map(|item| render_item(&item, MAX_EXAMPLES, &source.evidence, words));
    rendered.map(|rendered| RenderedFinding { weight: Weight::NotTaken, ..rendered }).collect()
}

/// Returns the first few items: losses first, then changes, then additions.
fn sample(drift: &Drift) -> Vec<Item<'_>> {
    let mut items = items(drift);
    items.sort_by_key(|item| match item.kind() {
        Kind::Removed => 0,
        Kind::Added | Kind::Returned => 2,
        Kind::Renamed | Kind::Changed | Kind::Moved | Kind::Column | Kind::Language => 1,
    });
    items.truncate(MAX_EXAMPLES);
    items
}

/// Returns the command that accepts the pages; `None` where the source has no name.
fn accept(source: &SourceReport, words: &Words) -> Option<Line> {
    let (name, why) = (escape::shell(&source.source), escape::shell(words.why));
    let command = format!("docdrift refresh --accept {name} --reason {why}");
    (!source.source.is_empty()).then(|| fill_template(words.accept, &[vec![Span::Code(command)]]))
}
