//! Renders a whole run as text: sources that could not be refreshed, then the drift of each source, then the counts.

use docdrift_model::{
    Lang, Outcome, Report, Severity,
    report::{Doubt, SourceReport},
};

use crate::{
    evidence,
    layout::{self, Chapter, Piece, Section},
    quarantine, reader,
    reasons::{reason_text, stale_text, warning_line},
    rendered::{RenderedFinding, drift_line, render_drift},
    span::{Line, MAX_TEXT_CHARS, fill_template, plain, text},
    style::{Markdown, Style, Terminal, titled},
    weight::Weight,
    words::Words,
};

/// The longest body of a pull request on GitHub, in code points. Comments are limited to four times as many bytes.
pub const MARKDOWN_LIMIT: usize = 65_536;

/// The number of pairs for review that are named; the others are counted.
const MAX_NAMED_PAIRS: usize = 5;

/// Renders the report for a terminal; `colour` as ANSI escapes, else `[-old-]{+new+}`.
///
/// ```
/// use docdrift_model::{Drift, Lang, Outcome, Report, Severity, report::{Evidence, SourceReport}, drift::Key};
///
/// let gone = Key { status: "400".into(), code: "Tank.1".into(), ..Key::default() };
/// let source = SourceReport {
///     source: String::new(),
///     evidence: Evidence::default(),
///     outcome: Outcome::Changed,
///     drift: Drift { removed: vec![gone], severity: Severity::Breaking, ..Drift::default() },
///     reader: None,
///     warnings: vec![],
///     doubts: vec![],
///     stale: vec![],
/// };
/// let said = docdrift_report::terminal(&Report { sources: vec![source] }, Lang::En, false);
/// assert_eq!(said, "breaking: 1 removed\n  breaking (1)\n    removed: 400 Tank.1\n\n");
/// ```
pub fn terminal(report: &Report, lang: Lang, colour: bool) -> String {
    run(report, &Terminal { words: Words::for_lang(lang), colour }, None)
}

/// Renders the report as GitHub Markdown, in at most `limit` characters if there is a limit (some thousands). Items
/// without room are counted; the counts of the run are always included.
pub fn markdown(report: &Report, lang: Lang, limit: Option<usize>) -> String {
    run(report, &Markdown { words: Words::for_lang(lang) }, limit)
}

fn run(report: &Report, style: &dyn Style, limit: Option<usize>) -> String {
    let chapters = in_order(report).into_iter().map(|source| chapter(source, style));
    let mut chapters: Vec<Chapter> = chapters.collect();
    if let Some(verdict) = verdict(report, style.words()) {
        let gap = if chapters.is_empty() { "" } else { "\n" };
        chapters.insert(0, Chapter { name: String::new(), head: vec![verdict.to_owned() + gap], sections: Vec::new() });
    }
    let summary = summary(report, style.words()).map(|line| style.strong(&line));
    let otherwise = reader::summary(report, style.words()).map(|line| style.item(&[line], &[]));
    let summary: String = summary.into_iter().chain(otherwise).flat_map(|line| [line, "\n".to_owned()]).collect();
    let rendered = match limit {
        // The counts are never left out: their length is taken off before anything is laid out.
        Some(limit) => layout::fit(chapters, style, limit.saturating_sub(summary.chars().count())),
        None => layout::whole(&chapters, style),
    };
    rendered + &summary
}

/// Returns the verdict on a run in which no source changed.
pub(crate) fn verdict(report: &Report, words: &'static Words) -> Option<&'static str> {
    let is_unchanged = report.sources.iter().all(|source| source.outcome == Outcome::Unchanged);
    let is_read_otherwise = report.sources.iter().any(|source| reader::taken(source).is_some());
    is_unchanged.then_some(if is_read_otherwise { words.no_vendor_drift } else { words.no_drift })
}

/// Returns the sources to report, the most urgent first. Unchanged sources are reported only where a person should look
/// at them.
pub(crate) fn in_order(report: &Report) -> Vec<&SourceReport> {
    let is_news = |source: &&SourceReport| {
        source.outcome != Outcome::Unchanged
            || reader::taken(source).is_some()
            || !source.doubts.is_empty()
            || !source.stale.is_empty()
    };
    let mut sources: Vec<&SourceReport> = report.sources.iter().filter(is_news).collect();
    sources.sort_by_key(|source| (order(&source.outcome), std::cmp::Reverse(source.drift.severity), &source.source));
    sources
}

/// Failures come first, then changes, then new sources.
fn order(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Quarantined(_) => 0,
        Outcome::Failed(_) => 1,
        Outcome::Changed => 2,
        Outcome::First(_) => 3,
        Outcome::Unchanged => 4,
    }
}

fn chapter(source: &SourceReport, style: &dyn Style) -> Chapter {
    let words = style.words();
    let (severity, title) = title(source, words);
    let mut head = vec![style.heading(severity, &title)];
    head.extend(remarks(source, words).into_iter().map(|remark| style.item(&[remark], &[])));
    if let Some(last) = head.last_mut().filter(|_| !source.source.is_empty()) {
        last.push('\n');
    }
    Chapter { name: source.source.clone(), head, sections: sections(source, style) }
}

/// Renders an accepted drift; nothing for a source that was not accepted.
pub(crate) fn accepted(source: &SourceReport, words: &Words) -> Vec<RenderedFinding> {
    match source.outcome {
        Outcome::Changed => render_drift(&source.drift, &source.evidence, words),
        _ => Vec::new(),
    }
}

/// Renders all findings of a source: the vendor's changes, the reader's changes, and examples of what was kept out.
pub(crate) fn findings(source: &SourceReport, words: &Words) -> Vec<RenderedFinding> {
    let findings = accepted(source, words).into_iter().chain(reader::render_reader_drift(source, words));
    findings.chain(quarantine::examples(source, words)).collect()
}

/// Returns the title above findings of one weight.
pub(crate) fn section_title(source: &SourceReport, rendered: &[RenderedFinding], words: &Words) -> Line {
    match rendered.first().map(|rendered| rendered.weight) {
        Some(Weight::Vendor(severity)) => {
            titled(words, severity, rendered.iter().map(|rendered| rendered.members.len()).sum())
        }
        Some(Weight::NotTaken) => plain(words.examples),
        Some(Weight::Reader) | None => reader::title(source, words).unwrap_or_default(),
    }
}

fn sections(source: &SourceReport, style: &dyn Style) -> Vec<Section> {
    let piece = |rendered: &RenderedFinding| Piece {
        text: style.item(&rendered.lines, &rendered.pages),
        count: rendered.members.len(),
        group: rendered.group.clone(),
    };
    let section = |rendered: &[RenderedFinding]| Section {
        weight: rendered[0].weight,
        title: section_title(source, rendered, style.words()),
        items: rendered.iter().map(piece).collect(),
    };
    findings(source, style.words()).chunk_by(|a, b| a.weight == b.weight).map(section).collect()
}

/// Returns the title of a source and its severity.
pub(crate) fn title(source: &SourceReport, words: &Words) -> (Severity, Line) {
    let name = text(&source.source, MAX_TEXT_CHARS);
    let (severity, line) = match &source.outcome {
        Outcome::Quarantined(_) => return (Severity::Breaking, fill_template(words.quarantined, &[name])),
        Outcome::Failed(_) => return (Severity::Breaking, fill_template(words.failed, &[name])),
        Outcome::First(count) => (Severity::Added, fill_template(words.first, &[words.entries.with_count(*count)])),
        Outcome::Unchanged => (Severity::None, reader::unchanged(source, words)),
        Outcome::Changed => (source.drift.severity, drift_line(source, words.colon, words)),
    };
    if source.source.is_empty() {
        return (severity, line);
    }
    (severity, fill_template(words.colon, &[name, line]))
}

/// Returns the remarks about a source: why it was not refreshed, its pages, and the reader's warnings.
pub(crate) fn remarks(source: &SourceReport, words: &Words) -> Vec<Line> {
    let mut remarks: Vec<Line> = Vec::new();
    match &source.outcome {
        Outcome::Quarantined(reasons) => remarks.extend(quarantine::remarks(source, reasons, words)),
        Outcome::Failed(reason) => remarks.push(text(&reason_text(reason, words.lang), MAX_TEXT_CHARS)),
        _ => {}
    }
    remarks.extend(reader::remark(source, words));
    remarks.extend(evidence::lines(&source.evidence, words));
    // A warning that is part of a reason is not repeated.
    let is_said = |detail: &str| match &source.outcome {
        Outcome::Quarantined(reasons) => reasons.iter().any(|reason| reason_text(reason, Lang::En).ends_with(detail)),
        _ => false,
    };
    let warnings = source.warnings.iter().filter(|(_, warning)| !is_said(&warning.detail));
    let warnings = warnings.map(|(lang, warning)| {
        let warning = text(&warning_line(warning, words.lang), 2 * MAX_TEXT_CHARS);
        fill_template(words.colon, &[plain(*words.page.get(*lang)), warning])
    });
    remarks.extend(words.more_warnings.limit(warnings));
    remarks.extend(
        words
            .more_decisions
            .limit(source.stale.iter().map(|stale| text(&stale_text(stale, words.lang), MAX_TEXT_CHARS))),
    );
    remarks.extend(review(&source.doubts, words));
    remarks
}

/// Returns the number of pairs that a person should review, and the first few.
fn review(doubts: &[Doubt], words: &Words) -> Option<Line> {
    if doubts.is_empty() {
        return None;
    }
    let named = doubts.iter().take(MAX_NAMED_PAIRS).map(|doubt| {
        let Doubt { status, code, pairing } = doubt;
        let mut name = text(format!("{status} {code}").trim(), MAX_TEXT_CHARS);
        let score = plain(format!("{:.2}", pairing.score));
        name.extend(fill_template(words.brackets, &[words.list([words.method(&pairing.method), score])]));
        name
    });
    let named = words.list(named);
    let rest = doubts.len().saturating_sub(MAX_NAMED_PAIRS);
    let named = if rest > 0 { fill_template(words.and_more, &[named, plain(rest.to_string())]) } else { named };
    Some(fill_template(words.review, &[words.pairs.with_count(doubts.len()), named]))
}

/// Counts the sources by outcome; `None` where the sources have no names.
pub(crate) fn summary(report: &Report, words: &Words) -> Option<Line> {
    let is_nameless = !report.sources.is_empty() && report.sources.iter().all(|source| source.source.is_empty());
    let [changed, first, unchanged, quarantined, failed] = words.outcomes;
    let rendered = [changed, first, unchanged, quarantined, failed].into_iter().filter_map(|name| {
        let count = report.sources.iter().filter(|source| words.outcome(&source.outcome) == name).count();
        (count > 0).then(|| fill_template(words.outcome_count, &[plain(count.to_string()), plain(name)]))
    });
    let rendered = words.list(rendered);
    let rendered = if rendered.is_empty() { plain(words.no_sources) } else { rendered };
    let sources = words.sources.with_count(report.sources.len());
    (!is_nameless).then(|| fill_template(words.colon, &[sources, rendered]))
}
