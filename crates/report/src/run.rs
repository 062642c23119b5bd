//! A whole run: what could not be refreshed leads, then the drift of each source, then the counts.

use docdrift_model::{Doubt, Outcome, Report, Severity, SourceReport};

use crate::{
    MARKDOWN_LIMIT,
    layout::{self, Chapter},
    lines::{SHOWN, counts, sections, short, warning_line},
    style::{Markdown, Style, Terminal},
};

/// So many warnings and reasons are said of one source.
const SAID: usize = 10;
/// So many pairs for review are named, the others counted.
const NAMED: usize = 5;

/// The run for a terminal; `colour` as ANSI escapes, else `[-old-]{+new+}`.
pub fn terminal(report: &Report, colour: bool) -> String {
    run(report, &Terminal { colour }, usize::MAX)
}

/// The run as GitHub Markdown, as for a pull request, within [`MARKDOWN_LIMIT`] characters.
pub fn markdown(report: &Report) -> String {
    run(report, &Markdown, MARKDOWN_LIMIT)
}

fn run(report: &Report, style: &dyn Style, limit: usize) -> String {
    let mut sources: Vec<&SourceReport> = report.sources.iter().filter(|source| has_news(source)).collect();
    sources.sort_by_key(|source| (order(&source.outcome), std::cmp::Reverse(source.drift.severity), &source.source));
    let mut chapters: Vec<Chapter> = sources.into_iter().map(|source| chapter(source, style)).collect();
    let is_unchanged = report.sources.iter().all(|source| source.outcome == Outcome::Unchanged);
    let summary = summary(report, style);
    // The counts are never left out: their length is taken off before anything is laid out.
    let free = limit.saturating_sub(summary.chars().count() + 1);
    if is_unchanged {
        chapters.insert(0, Chapter { head: vec!["no drift".to_owned()], sections: Vec::new() });
    }
    layout::fit(chapters, style, free) + &summary + "\n"
}

/// What did not change is only told of where a person should look at it.
fn has_news(source: &SourceReport) -> bool {
    source.outcome != Outcome::Unchanged || !source.doubts.is_empty() || !source.stale.is_empty()
}

/// Failures lead, then changes, then what is new.
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
    let id = style.text(&source.source.to_string());
    let (severity, title) = match &source.outcome {
        Outcome::Quarantined(_) => (Severity::Breaking, format!("QUARANTINED {id}: the last good data is kept")),
        Outcome::Failed(_) => (Severity::Breaking, format!("FAILED {id}: nothing of it was changed")),
        Outcome::First(count) => (Severity::Added, format!("{id}: new, {}", number(*count, "entry", "entries"))),
        Outcome::Unchanged => (Severity::None, format!("{id}: unchanged")),
        Outcome::Changed => {
            (source.drift.severity, format!("{id}: {}, {}", source.drift.severity.as_str(), counts(&source.drift)))
        }
    };
    let mut head = vec![style.heading(severity, &title)];
    head.extend(remarks(source, style));
    let accepted = matches!(source.outcome, Outcome::Changed);
    Chapter { head, sections: if accepted { sections(&source.drift, style) } else { Vec::new() } }
}

/// The reasons why a source was not refreshed, what would have changed, its pages, and what reading noticed.
fn remarks(source: &SourceReport, style: &dyn Style) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    match &source.outcome {
        Outcome::Quarantined(reasons) => {
            remarks.extend(some(reasons.iter().map(|reason| style.text(&short(reason, SHOWN))).collect(), "reasons"));
            if !source.drift.is_empty() {
                remarks.push(format!("would have been {}: {}", source.drift.severity.as_str(), counts(&source.drift)));
            }
        }
        Outcome::Failed(reason) => remarks.push(style.text(&short(reason, SHOWN))),
        _ => {}
    }
    let pages = source.pages.iter().filter_map(|(lang, url)| Some((lang, url.as_ref()?)));
    let pages: Vec<String> = pages.map(|(lang, url)| style.link(&format!("{lang} page"), &short(url, SHOWN))).collect();
    if !pages.is_empty() {
        remarks.push(pages.join(", "));
    }
    // What the reasons say already is not said again.
    let is_said = |detail: &str| match &source.outcome {
        Outcome::Quarantined(reasons) => reasons.iter().any(|reason| reason.ends_with(detail)),
        _ => false,
    };
    let warnings = source.warnings.iter().filter(|(_, warning)| !is_said(&warning.detail));
    let warnings = warnings.map(|(lang, warning)| format!("{lang} page: {}", style.text(&warning_line(warning))));
    remarks.extend(some(warnings.collect(), "warnings"));
    remarks.extend(some(source.stale.iter().map(|stale| style.text(&short(stale, SHOWN))).collect(), "decisions"));
    remarks.extend(review(&source.doubts, style));
    let mut lines: Vec<String> = remarks.into_iter().map(|remark| style.item(&[remark])).collect();
    if let Some(last) = lines.last_mut() {
        last.push('\n');
    }
    lines
}

/// The pairs that a person should look at: how many, and the first few.
fn review(doubts: &[Doubt], style: &dyn Style) -> Option<String> {
    if doubts.is_empty() {
        return None;
    }
    let named = doubts.iter().take(NAMED).map(|doubt| {
        let Doubt { status, code, pairing } = doubt;
        let name = short(&format!("{status} {code}"), SHOWN);
        format!("{} ({}, {:.2})", style.text(name.trim()), style.text(&pairing.method), pairing.score)
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let rest = doubts.len().saturating_sub(NAMED);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    Some(format!("{} for review: {named}{rest}", number(doubts.len(), "pair", "pairs")))
}

fn some(mut said: Vec<String>, what: &str) -> Vec<String> {
    let rest = said.split_off(SAID.min(said.len())).len();
    if rest > 0 {
        said.push(format!("{rest} more {what}"));
    }
    said
}

fn summary(report: &Report, style: &dyn Style) -> String {
    let count = |wanted: u8| report.sources.iter().filter(|source| order(&source.outcome) == wanted).count();
    let counts = [(2, "changed"), (3, "new"), (4, "unchanged"), (0, "quarantined"), (1, "failed")];
    let told = counts.iter().map(|(wanted, what)| (count(*wanted), what)).filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, what)| format!("{count} {what}")).collect();
    let told = if told.is_empty() { "no sources".to_owned() } else { told.join(", ") };
    style.strong(&format!("{}: {told}", number(report.sources.len(), "source", "sources")))
}

/// A count with its noun.
pub(crate) fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
