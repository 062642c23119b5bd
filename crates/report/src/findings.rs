//! What the two languages disagree about: source by source, kind by kind; messages at odds by the same term together.

use std::{cmp::Reverse, collections::BTreeMap};

use docdrift_model::{Bilingual, Finding, FindingKind, How, Severity, SourceFindings};
use serde_json::{Value, json};

use crate::{
    lines::{NAME, SHOWN, short},
    run::number,
    style::{Markdown, Style, Terminal},
};

/// The findings for a terminal; `colour` as ANSI escapes. Long texts are cut.
pub fn findings_terminal(sources: &[SourceFindings], colour: bool) -> String {
    told(sources, &Terminal { colour })
}

/// The findings as GitHub Markdown. Long texts are cut.
pub fn findings_markdown(sources: &[SourceFindings]) -> String {
    told(sources, &Markdown)
}

/// The findings for programs, all texts in full: `findings` is their number, `sources` has those of each source with
/// `kind`, `how`, `term`, `field`, `status`, `code`, `texts`, `urls`, `detail` and `fingerprint`.
pub fn findings_json(sources: &[SourceFindings]) -> Value {
    let all: Vec<Value> = sources.iter().map(source_json).collect();
    json!({"findings": sources.iter().map(|source| source.findings.len()).sum::<usize>(), "sources": all})
}

fn source_json(source: &SourceFindings) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &source.findings {
        *counts.entry(finding.kind.as_str()).or_default() += 1;
    }
    let clusters = clusters(&source.findings.iter().collect::<Vec<_>>());
    let differences: Vec<Value> = clusters
        .iter()
        .map(|(how, members)| {
            let mut told = json!({"how": how.as_str(), "count": members.len()});
            if let How::Term(term) = how {
                told["term"] = json!(term);
            }
            told
        })
        .collect();
    json!({
        "source": source.source,
        "pages": source.pages,
        "counts": counts,
        "message_differences": differences,
        "findings": source.findings.iter().map(|finding| finding_json(finding, source)).collect::<Vec<_>>(),
        "ignored": source.ignored,
        "stale": source.stale,
    })
}

fn finding_json(finding: &Finding, source: &SourceFindings) -> Value {
    let term = match &finding.how {
        Some(How::Term(term)) => Some(term),
        _ => None,
    };
    json!({
        "kind": finding.kind.as_str(),
        "how": finding.how.as_ref().map(How::as_str),
        "term": term,
        "field": finding.field,
        "status": finding.status,
        "code": finding.code,
        "texts": finding.texts,
        "urls": source.pages,
        "detail": finding.detail,
        "fingerprint": finding.fingerprint,
    })
}

fn told(sources: &[SourceFindings], style: &dyn Style) -> String {
    let told = sources.iter().filter(|source| !source.findings.is_empty() || !source.stale.is_empty());
    let mut out: Vec<String> = told.flat_map(|source| source_lines(source, style)).collect();
    let count: usize = sources.iter().map(|source| source.findings.len()).sum();
    let ignored: usize = sources.iter().map(|source| source.ignored).sum();
    let ignored = if ignored > 0 { format!(", {ignored} ignored") } else { String::new() };
    let sources = number(sources.len(), "source", "sources");
    out.push(style.strong(&format!("{sources}: {}{ignored}", number(count, "finding", "findings"))));
    out.join("\n") + "\n"
}

fn source_lines(source: &SourceFindings, style: &dyn Style) -> Vec<String> {
    let title = format!("{}: {}", source.source, number(source.findings.len(), "finding", "findings"));
    let mut out = vec![style.heading(Severity::None, &style.text(&title))];
    let pages = source.pages.iter().filter_map(|(lang, url)| Some((lang, url.as_ref()?)));
    out.extend(pages.map(|(lang, url)| style.item(&[style.link(&format!("{lang} page"), &short(url, SHOWN))])));
    out.extend(source.stale.iter().map(|stale| style.item(&[style.text(stale)])));
    for findings in source.findings.chunk_by(|a, b| a.kind == b.kind) {
        out.push(String::new());
        out.extend(kind_lines(findings, style));
    }
    out.push(String::new());
    out
}

fn kind_lines(findings: &[Finding], style: &dyn Style) -> Vec<String> {
    let Some(kind) = findings.first().map(|finding| finding.kind) else { return Vec::new() };
    let mut members: Vec<&Finding> = findings.iter().collect();
    let mut title = format!("{} ({})", kind.as_str(), findings.len());
    if kind == FindingKind::MessageDiffers {
        let clusters = clusters(&members);
        let counts: Vec<String> =
            clusters.iter().map(|(how, members)| format!("{} × {}", members.len(), how_text(how, style))).collect();
        title = format!("{title}: {}", counts.join(", "));
        members = clusters.into_iter().flat_map(|(_, members)| members).collect();
    }
    let lines = members.into_iter().map(|finding| style.item(&finding_lines(finding, style)));
    std::iter::once(style.strong(&title)).chain(lines).collect()
}

/// The messages that differ in the same way, terms first, the commonest of them before the others.
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

fn how_text(how: &How, style: &dyn Style) -> String {
    match how {
        How::Term(Bilingual { zh, en }) => {
            format!("{} → {}", style.text(&short(zh, NAME)), style.text(&short(en, NAME)))
        }
        How::Typography => "case or punctuation".to_owned(),
        How::WhiteSpace => "white space".to_owned(),
        How::Reworded => "reworded".to_owned(),
    }
}

/// What it is about, then what each page says.
fn finding_lines(finding: &Finding, style: &dyn Style) -> Vec<String> {
    let name = format!("{} {}", finding.status, finding.code);
    let mut about: Vec<String> = vec![style.text(&short(name.trim(), NAME))];
    if matches!(finding.kind, FindingKind::LiteralsDiffer | FindingKind::Untranslated) {
        about.push(finding.field.to_owned());
    }
    about.extend(finding.how.as_ref().map(|how| how_text(how, style)));
    about.push(style.text(&short(&finding.detail, SHOWN)));
    about.push(format!("({})", finding.fingerprint));
    about.retain(|part| !part.is_empty());
    let texts = finding.texts.iter().filter(|(_, text)| !text.is_empty());
    let texts = texts.map(|(lang, text)| format!("{lang}: {}", style.text(&short(text, SHOWN))));
    std::iter::once(about.join(" · ")).chain(texts).collect()
}
