//! Why the pages of a source were not taken, how they are taken after all, and a sample of what that kept out.

use docdrift_model::{Drift, Outcome, Reason, SourceReport};

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

/// So many examples are told of what would have changed, each with so many names.
const MAX_EXAMPLES: usize = 5;

/// What is said of a quarantined source before its pages.
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

/// Of a quarantined source, a few of the things that would have changed: by the vendor, or else by the reader.
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

/// What would have been lost, then what would be otherwise, then what would be new.
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

/// The command that takes the pages; none for what has no name.
fn accept(source: &SourceReport, words: &Words) -> Option<Line> {
    let (name, why) = (escape::shell(&source.source), escape::shell(words.why));
    let command = format!("docdrift refresh --accept {name} --reason {why}");
    (!source.source.is_empty()).then(|| fill_template(words.accept, &[vec![Span::Code(command)]]))
}
