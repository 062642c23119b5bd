//! Markdown's inline markup, and what tells Markdown from plain text.

use std::sync::LazyLock;

use docdrift_model::text::tidy;
use pulldown_cmark::{Event, Options, Parser, TagEnd};
use regex::Regex;

use super::footnotes;

static TELLTALE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^#{1,6} \S|\]\((https?://|/|#|~~|\.)|<table[\s>]|^```|^\s*\|?[^|\n]*\*\*[^*\n]+\*\*")
        .expect("a valid pattern")
});
static HEADING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*(\{[^{}]*\})?\s*$").expect("a valid pattern"));
static BOLD_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(\*\*|__)([^*_]+)(\*\*|__)\s*$").expect("a valid pattern"));
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^</?([A-Za-z][A-Za-z0-9-]*)[^>]*>$").expect("a valid pattern"));

/// Whether a text carries Markdown's marks: headings, links, fences, bold words or HTML tables.
pub(super) fn is_markdown(text: &str) -> bool {
    TELLTALE.is_match(text)
}

/// The level and text of a heading line; a line all in bold is one of level 7.
pub(super) fn heading(line: &str) -> Option<(u8, String)> {
    if let Some(found) = HEADING.captures(line) {
        let level = u8::try_from(found[1].len()).unwrap_or(6);
        return Some((level, inline(&found[2])));
    }
    BOLD_LINE.captures(line).map(|found| (7, inline(&found[2])))
}

/// Whether a line begins an item of a list.
pub(super) fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = numbered.len() < line.len() && numbered.starts_with(['.', ')']);
    line.starts_with(['-', '*', '+']) || is_numbered
}

/// The visible text of inline Markdown, line by line, as in a table cell: nothing in it starts a block.
pub(super) fn inline(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(inline_line).collect();
    lines.join("\n")
}

/// The visible text of a table's cell.
pub(super) fn cell(source: &str) -> String {
    let bare = footnotes::without_marks(source).map(|bare| tidy(&inline(&bare))).filter(|bare| footnotes::is_key(bare));
    bare.unwrap_or_else(|| tidy(&inline(source)))
}

/// The text of a cell in a page that is no Markdown: only its pipes can be escaped.
pub(super) fn without_escapes(cell: &str) -> String {
    cell.replace("\\|", "|")
}

fn inline_line(line: &str) -> String {
    if !line.contains(['\\', '*', '_', '`', '[', '<', '&', '!']) {
        return line.to_owned();
    }
    // A cell of a table is the one place where Markdown reads inline markup only, so the line is put into one.
    let table = format!("|-|\n|-|\n|{} |", escape_pipes(line.trim()));
    let mut out = String::new();
    let mut in_body = false;
    for event in Parser::new_ext(&table, Options::ENABLE_TABLES) {
        match event {
            Event::End(TagEnd::TableHead) => in_body = true,
            _ if !in_body => {}
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::InlineHtml(html) | Event::Html(html) => push_html(&html, &mut out),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// Escapes the pipes that stand free, so that the line stays one cell.
fn escape_pipes(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut escaped = false;
    for c in line.chars() {
        if c == '|' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    if escaped {
        out.push('\\');
    }
    out
}

/// A tag that HTML knows is markup; `<parameter name>` and its like are placeholders, which readers must see.
fn push_html(html: &str, out: &mut String) {
    const MARKUP: [&str; 34] = [
        "a", "abbr", "b", "br", "center", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "font", "hr", "i",
        "img", "ins", "kbd", "li", "mark", "note", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup",
        "tt", "u", "ul",
    ];
    let name = TAG.captures(html.trim()).map(|found| found[1].to_ascii_lowercase());
    match name.as_deref() {
        Some("br" | "p" | "li" | "div" | "dd" | "dt") => out.push('\n'),
        Some(name) if MARKUP.contains(&name) => {}
        _ if html.starts_with("<!--") => {}
        _ => out.push_str(html),
    }
}

#[cfg(test)]
mod tests {
    use super::{heading, inline};

    #[test]
    fn inline_markup_is_rendered_and_placeholders_stay() {
        for (source, seen) in [
            ("plain", "plain"),
            ("**bold** and `code_x`", "bold and code_x"),
            (r"Stack \(\{name\}\) is gone", "Stack ({name}) is gone"),
            (r"The <field name\> is wrong", "The <field name> is wrong"),
            ("Bucket <name> is wrong", "Bucket <name> is wrong"),
            ("one<br>two", "one\ntwo"),
            ("see [the guide](https://example.com/a_b)", "see the guide"),
            (r"mask \_=+\|[\{\}]", "mask _=+|[{}]"),
            ("1. not a list", "1. not a list"),
            ("- [x", "- [x"),
            ("a &lt;b&gt; &amp; c", "a <b> & c"),
            ("user_id and role_id", "user_id and role_id"),
        ] {
            assert_eq!(inline(source), seen, "{source}");
        }
    }

    #[test]
    fn headings() {
        assert_eq!(heading("## Error codes {#section_x .section}"), Some((2, "Error codes".into())));
        assert_eq!(heading("**Server errors**"), Some((7, "Server errors".into())));
        assert_eq!(heading("#hashtag"), None);
    }
}
