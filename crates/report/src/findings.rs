//! Renders the findings of `lint`: source by source, kind by kind. Messages that differ in the same term are together.

use std::{cmp::Reverse, collections::BTreeMap};

use docdrift_model::{
    Bilingual, Lang, Severity, SourceId,
    finding::{Finding, FindingKind, How, SourceFindings},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    json::to_value,
    reasons::{finding_detail, finding_side, stale_text},
    span::{Line, MAX_NAME_CHARS, MAX_TEXT_CHARS, fill_template, joined, plain, text},
    style::{Markdown, Style, Terminal},
    words::Words,
};

/// Renders the findings for a terminal; `colour` as ANSI escapes. Long texts are cut.
pub fn findings_terminal(sources: &[SourceFindings], lang: Lang, colour: bool) -> String {
    render(sources, &Terminal { words: Words::for_lang(lang), colour })
}

/// Renders the findings as GitHub Markdown. Long texts are cut.
pub fn findings_markdown(sources: &[SourceFindings], lang: Lang) -> String {
    render(sources, &Markdown { words: Words::for_lang(lang) })
}

#[derive(Serialize)]
struct FindingsAnswer<'a> {
    findings: usize,
    sources: Vec<SourceAnswer<'a>>,
}

#[derive(Serialize)]
struct SourceAnswer<'a> {
    source: &'a SourceId,
    pages: &'a Bilingual<Option<String>>,
    counts: BTreeMap<&'static str, usize>,
    message_differences: Vec<DifferenceAnswer<'a>>,
    findings: Vec<FindingAnswer<'a>>,
    ignored: usize,
    stale: &'a [String],
}

#[derive(Serialize)]
struct DifferenceAnswer<'a> {
    how: &'static str,
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<&'a Bilingual<String>>,
}

#[derive(Serialize)]
struct FindingAnswer<'a> {
    kind: &'static str,
    how: Option<&'static str>,
    term: Option<&'a Bilingual<String>>,
    field: &'static str,
    status: &'a str,
    code: &'a str,
    texts: &'a Bilingual<String>,
    urls: &'a Bilingual<Option<String>>,
    detail: &'a str,
    fingerprint: &'a str,
}

/// Returns the findings for programs, with all texts in full. `findings` is their number, `sources` has those of each
/// source.
pub fn findings_json(sources: &[SourceFindings]) -> Value {
    let findings = sources.iter().map(|source| source.findings.len()).sum();
    to_value(&FindingsAnswer { findings, sources: sources.iter().map(source_answer).collect() })
}

fn source_answer(source: &SourceFindings) -> SourceAnswer<'_> {
    let mut counts = BTreeMap::new();
    for finding in &source.findings {
        *counts.entry(finding.kind.as_str()).or_default() += 1;
    }
    let clusters = clusters(&source.findings.iter().collect::<Vec<_>>());
    let message_differences = clusters.into_iter().map(|(how, members)| DifferenceAnswer {
        how: how.as_str(),
        count: members.len(),
        term: term(how),
    });
    SourceAnswer {
        source: &source.source,
        pages: &source.pages,
        counts,
        message_differences: message_differences.collect(),
        findings: source.findings.iter().map(|finding| finding_answer(finding, source)).collect(),
        ignored: source.ignored,
        stale: &source.stale,
    }
}

fn term(how: &How) -> Option<&Bilingual<String>> {
    match how {
        How::Term(term) => Some(term),
        How::Typography | How::WhiteSpace | How::Reworded => None,
    }
}

fn finding_answer<'a>(finding: &'a Finding, source: &'a SourceFindings) -> FindingAnswer<'a> {
    FindingAnswer {
        kind: finding.kind.as_str(),
        how: finding.how.as_ref().map(How::as_str),
        term: finding.how.as_ref().and_then(term),
        field: finding.field,
        status: &finding.status,
        code: &finding.code,
        texts: &finding.texts,
        urls: &source.pages,
        detail: &finding.detail,
        fingerprint: &finding.fingerprint,
    }
}

fn render(sources: &[SourceFindings], style: &dyn Style) -> String {
    let words = style.words();
    let rendered = sources.iter().filter(|source| !source.findings.is_empty() || !source.stale.is_empty());
    let mut out: Vec<String> = rendered.flat_map(|source| source_lines(source, style)).collect();
    let count: usize = sources.iter().map(|source| source.findings.len()).sum();
    let ignored: usize = sources.iter().map(|source| source.ignored).sum();
    let ignored = (ignored > 0).then(|| fill_template(words.ignored, &[plain(ignored.to_string())]));
    let counts = words.list([words.findings.with_count(count)].into_iter().chain(ignored));
    out.push(style.strong(&fill_template(words.colon, &[words.sources.with_count(sources.len()), counts])));
    out.join("\n") + "\n"
}

fn source_lines(source: &SourceFindings, style: &dyn Style) -> Vec<String> {
    let words = style.words();
    let count = words.findings.with_count(source.findings.len());
    let title = fill_template(words.colon, &[text(&source.source.to_string(), MAX_TEXT_CHARS), count]);
    let mut out = vec![style.heading(Severity::None, &title)];
    let pages = source.pages.iter().filter_map(|(lang, url)| Some((lang, url.as_ref()?)));
    out.extend(pages.map(|(lang, url)| style.item(&[vec![words.page_link(lang, url)]], &[])));
    out.extend(
        source.stale.iter().map(|stale| style.item(&[text(&stale_text(stale, words.lang), MAX_TEXT_CHARS)], &[])),
    );
    for findings in source.findings.chunk_by(|a, b| a.kind == b.kind) {
        out.push(String::new());
        out.extend(kind_lines(findings, style));
    }
    out.push(String::new());
    out
}

fn kind_lines(findings: &[Finding], style: &dyn Style) -> Vec<String> {
    let words = style.words();
    let Some(kind) = findings.first().map(|finding| finding.kind) else { return Vec::new() };
    let mut members: Vec<&Finding> = findings.iter().collect();
    let mut title = plain(words.finding_kind(kind));
    title.extend(words.bracketed(plain(findings.len().to_string())));
    if kind == FindingKind::MessageDiffers {
        let clusters = clusters(&members);
        let counts = clusters.iter().map(|(how, members)| {
            let count = plain(members.len().to_string());
            fill_template("{0} × {1}", &[count, how_text(how, words)])
        });
        title = fill_template(words.colon, &[title, words.list(counts)]);
        members = clusters.into_iter().flat_map(|(_, members)| members).collect();
    }
    let lines = members.into_iter().map(|finding| style.item(&finding_lines(finding, words), &[]));
    std::iter::once(style.strong(&title)).chain(lines).collect()
}

/// Groups the messages that differ in the same way; differing terms come first, the most common one before the others.
fn clusters<'a>(findings: &[&'a Finding]) -> Vec<(&'a How, Vec<&'a Finding>)> {
    let mut clusters: BTreeMap<&How, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(how) = &finding.how {
            clusters.entry(how).or_default().push(finding);
        }
    }
    let mut clusters: Vec<_> = clusters.into_iter().collect();
    clusters.sort_by_key(|(how, members)| match how {
        How::Term(_) => (0, Reverse(members.len())),
        _ => (1, Reverse(0)),
    });
    clusters
}

fn how_text(how: &How, words: &Words) -> Line {
    match how {
        How::Term(Bilingual { zh, en }) => {
            fill_template("{0} → {1}", &[text(zh, MAX_NAME_CHARS), text(en, MAX_NAME_CHARS)])
        }
        How::Typography => plain(words.typography),
        How::WhiteSpace => plain(words.white_space),
        How::Reworded => plain(words.reworded),
    }
}

/// Renders the subject of a finding, then what each page says.
fn finding_lines(finding: &Finding, words: &Words) -> Vec<Line> {
    let name = format!("{} {}", finding.status, finding.code);
    let mut about: Vec<Line> = vec![text(name.trim(), MAX_NAME_CHARS)];
    if matches!(finding.kind, FindingKind::LiteralsDiffer | FindingKind::Untranslated) {
        about.push(words.field(finding.field));
    }
    about.extend(finding.how.as_ref().map(|how| how_text(how, words)));
    let detail = finding_detail(finding, words.lang);
    about.extend((!detail.is_empty()).then(|| text(&detail, MAX_TEXT_CHARS)));
    about.push(plain(format!("({})", finding.fingerprint)));
    if name.trim().is_empty() {
        about.remove(0);
    }
    let texts = finding.texts.iter().filter(|(_, text)| !text.is_empty());
    let texts = texts.map(|(lang, _)| {
        let side = finding_side(finding, lang, words.lang);
        fill_template("{0}: {1}", &[plain(lang.as_str()), text(&side, MAX_TEXT_CHARS)])
    });
    std::iter::once(joined(about, " · ")).chain(texts).collect()
}
