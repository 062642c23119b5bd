//! Renders the report as one self-contained HTML file. It loads nothing and is complete without its script, which only
//! filters. The templates escape every text.

use std::collections::BTreeSet;

use askama::Template;
use docdrift_model::{Lang, Report, Severity, report::SourceReport};

use crate::{
    escape,
    items::Kind,
    links, reader,
    rendered::RenderedFinding,
    run::{findings, in_order, remarks, section_title, summary, title, verdict},
    span::{Line, Span},
    style::spaces,
    weight::Weight,
    words::Words,
};

const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");

/// The content security policy: only this style and this script, by their digests.
const POLICY: &str = concat!(
    "default-src 'none'; ",
    "style-src 'sha256-+HHJPaqnO0xvp4SZHejEY0Um3NbaPGsiVZtfNBVDurM='; ",
    "script-src 'sha256-kzoVMxLAGVESTda4H7hj0WY09W+mlrPARabBRB8Bv98='; ",
    "base-uri 'none'; form-action 'none'"
);

/// A part of a line for the templates.
pub(crate) struct Part {
    /// The element around it; empty for none.
    pub(crate) tag: &'static str,
    pub(crate) text: String,
    /// The target of a link.
    pub(crate) href: Option<String>,
}

/// An item for the templates.
pub(crate) struct View {
    weight: &'static str,
    kind: &'static str,
    kind_name: &'static str,
    langs: String,
    pub(crate) lines: Vec<Vec<Part>>,
    links: Vec<Part>,
    /// All members, where the line does not name all of them.
    members: Vec<String>,
    count: String,
}

struct Group {
    weight: &'static str,
    title: Vec<Part>,
    items: Vec<View>,
}

struct Source {
    name: String,
    severity: &'static str,
    title: Vec<Part>,
    remarks: Vec<Vec<Part>>,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    words: &'static Words,
    policy: &'static str,
    style: &'static str,
    script: &'static str,
    summary: Vec<Vec<Part>>,
    verdict: Option<&'static str>,
    weights: Vec<[&'static str; 2]>,
    names: Vec<String>,
    kinds: Vec<[&'static str; 2]>,
    langs: Vec<[&'static str; 2]>,
    sources: Vec<Source>,
}

/// The report as a self-contained HTML page with filters.
pub fn html(report: &Report, lang: Lang) -> String {
    let words = Words::for_lang(lang);
    let sources: Vec<Source> = in_order(report).into_iter().map(|source| view(source, words)).collect();
    let items = || sources.iter().flat_map(|source| &source.groups).flat_map(|group| &group.items);
    let weights: BTreeSet<&str> = items().map(|item| item.weight).collect();
    let kinds: BTreeSet<&str> = items().map(|item| item.kind).collect();
    let names: Vec<String> = sources.iter().map(|source| source.name.clone()).filter(|name| !name.is_empty()).collect();
    let page = Page {
        words,
        policy: POLICY,
        style: STYLE,
        script: SCRIPT,
        summary: [summary(report, words), reader::summary(report, words)].iter().flatten().map(parts).collect(),
        verdict: verdict(report, words),
        weights: by_gravity().filter(|w| weights.contains(w.as_str())).map(|w| [w.as_str(), words.weight(w)]).collect(),
        kinds: Kind::ALL
            .into_iter()
            .filter(|k| kinds.contains(k.as_str()))
            .map(|k| [k.as_str(), words.kind(k)])
            .collect(),
        langs: Lang::ALL.map(|lang| [lang.as_str(), *words.languages.get(lang)]).to_vec(),
        names,
        sources,
    };
    // It is written to memory, and the templates call nothing that can fail.
    page.render().unwrap_or_default()
}

fn by_gravity() -> impl Iterator<Item = Weight> {
    use Severity::{Added, Breaking, Cosmetic, Editorial, None, Wording};
    let severities = [Breaking, Added, Wording, Editorial, Cosmetic, None];
    [Weight::NotTaken].into_iter().chain(severities.map(Weight::Vendor)).chain([Weight::Reader])
}

fn view(source: &SourceReport, words: &'static Words) -> Source {
    let (severity, headline) = title(source, words);
    let rendered = findings(source, words);
    let group = |rendered: &[RenderedFinding]| Group {
        weight: rendered[0].weight.as_str(),
        title: parts(&section_title(source, rendered, words)),
        items: rendered.iter().map(|rendered| item(rendered, words)).collect(),
    };
    Source {
        name: escape::visible(&source.source),
        severity: severity.as_str(),
        title: parts(&headline),
        remarks: remarks(source, words).iter().map(parts).collect(),
        groups: rendered.chunk_by(|a, b| a.weight == b.weight).map(group).collect(),
    }
}

pub(crate) fn item(rendered: &RenderedFinding, words: &'static Words) -> View {
    let link = |(lang, url): &(Lang, String)| Part {
        tag: "",
        text: (*words.page.get(*lang)).to_owned(),
        href: links::web_url(url),
    };
    let members: &[String] = if rendered.members.len() > rendered.named { &rendered.members } else { &[] };
    let count = words.entries.with_count(rendered.members.len());
    View {
        weight: rendered.weight.as_str(),
        kind: rendered.kind.as_str(),
        kind_name: words.kind(rendered.kind),
        langs: rendered.langs.iter().map(|lang| lang.as_str()).collect::<Vec<_>>().join(" "),
        lines: rendered.lines.iter().map(parts).collect(),
        links: rendered.pages.iter().map(link).collect(),
        members: members.iter().map(|name| escape::visible(name)).collect(),
        count: crate::style::plain_text(&crate::span::fill_template(words.all_members, &[count])),
    }
}

pub(crate) fn parts(line: &Line) -> Vec<Part> {
    line.iter().map(part).collect()
}

fn part(span: &Span) -> Part {
    let (tag, text) = match span {
        Span::Words(words) => ("", words.clone()),
        Span::Strong(words) => ("strong", words.clone()),
        // A text of another direction turns nothing round but itself.
        Span::Text(text) => ("bdi", escape::visible(text)),
        Span::Deleted(text) => ("del", spaces(escape::visible(text))),
        Span::Inserted(text) => ("ins", spaces(escape::visible(text))),
        Span::Code(text) => ("code", escape::visible(text)),
        Span::Link(name, url) => {
            let href = links::web_url(url);
            let text = if href.is_some() { name.clone() } else { format!("{name} {}", escape::visible(url)) };
            return Part { tag: "", text, href };
        }
    };
    Part { tag, text, href: None }
}

#[cfg(test)]
mod tests {
    use docdrift_model::text::digest;

    use super::{POLICY, SCRIPT, STYLE};

    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// The digest of `text` as a policy names it.
    fn source_hash(text: &str) -> String {
        let hex = digest(text.as_bytes());
        let hex = hex.trim_start_matches("sha256:");
        let nibbles = hex.chars().map(|digit| format!("{:04b}", digit.to_digit(16).unwrap()));
        let bits = nibbles.collect::<Vec<_>>().concat() + "00";
        let sextets = bits.as_bytes().chunks(6).map(|six| std::str::from_utf8(six).unwrap());
        let base64 = sextets.map(|six| char::from(ALPHABET[usize::from_str_radix(six, 2).unwrap()]));
        format!("'sha256-{}='", base64.collect::<String>())
    }

    #[test]
    fn the_policy_names_this_style_and_script() {
        for (directive, text) in [("style-src", STYLE), ("script-src", SCRIPT)] {
            let expected = format!("{directive} {};", source_hash(text));
            assert!(POLICY.contains(&expected), "write {expected} into POLICY");
        }
    }
}
