//! Reads Markdown's inline markup.

use std::sync::LazyLock;

use docdrift_model::text::tidy;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use crate::syntax::{block::Prose, footnotes};

static HEADING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*(\{[^{}]*\})?\s*$").expect("a valid pattern"));
static BOLD_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(\*\*|__)([^*_]+)(\*\*|__)\s*$").expect("a valid pattern"));
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^</?([A-Za-z][A-Za-z0-9-]*)[^>]*>$").expect("a valid pattern"));

/// Returns the level and text of a heading line. A line all in bold has level 7.
pub(crate) fn parse_heading(line: &str) -> Option<(u8, String)> {
    if let Some(found) = HEADING.captures(line) {
        let level = u8::try_from(found[1].len()).unwrap_or(6);
        return Some((level, render_lines(&found[2])));
    }
    BOLD_LINE.captures(line).map(|found| (7, render_lines(&found[2])))
}

/// Returns the marker of a list item and the text after it, if the line begins one.
pub(crate) fn parse_item(line: &str) -> Option<(&str, &str)> {
    let text = line.trim_start();
    let numbered = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - numbered.len();
    let marker = match text.chars().next()? {
        '-' | '*' | '+' | '•' | '·' => text.chars().next().map_or(0, char::len_utf8),
        _ if (1..=3).contains(&digits) && numbered.starts_with(['.', ')']) => digits + 1,
        _ => return None,
    };
    let (marker, rest) = text.split_at(marker);
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some((marker, rest.trim_start()))
}

/// Returns the visible text of inline Markdown, line by line, as in a table cell: nothing in it starts a block.
pub(crate) fn render_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(render_line).collect();
    lines.join("\n")
}

/// Returns the visible text of a table cell.
pub(crate) fn render_cell(source: &str) -> String {
    let bare =
        footnotes::without_marks(source).map(|bare| tidy(&render_lines(&bare))).filter(|bare| footnotes::is_key(bare));
    bare.unwrap_or_else(|| tidy(&render_lines(source)))
}

/// Returns the text of a cell on a page without Markdown, where only pipes can be escaped.
pub(crate) fn unescape_pipes(cell: &str) -> String {
    cell.replace("\\|", "|")
}

/// Returns the visible text of a line with its emphasized beginning.
pub(crate) fn render_prose(line: &str, depth: u8) -> Prose {
    let (raw, lead) = render_with_lead(line);
    let text = tidy(&raw);
    let text = text.trim_end_matches('¶').trim_end().to_owned();
    let lead = tidy(raw.get(..lead).unwrap_or_default()).len().min(text.len());
    Prose { text, lead, depth }
}

fn render_line(line: &str) -> String {
    render_with_lead(line).0
}

/// Returns the visible text of a line, and the number of its first bytes that are strong or code.
fn render_with_lead(line: &str) -> (String, usize) {
    if !line.contains(['\\', '*', '_', '`', '[', '<', '&', '!', '~']) {
        return (line.to_owned(), 0);
    }
    // Markdown reads inline markup alone only in table cells, so the line is put into one.
    let table = format!("|-|\n|-|\n|{} |", escape_pipes(line.trim()));
    // A single tilde more often means `about` or a range than strikethrough.
    let strikes = if line.contains("~~") { Options::ENABLE_STRIKETHROUGH } else { Options::empty() };
    let options = Options::ENABLE_TABLES | strikes;
    let mut out = String::new();
    let (mut in_body, mut emphasis, mut lead) = (false, 0usize, 0usize);
    for event in Parser::new_ext(&table, options) {
        let is_front = out.len() == lead || out.trim().is_empty();
        match event {
            Event::End(TagEnd::TableHead) => in_body = true,
            _ if !in_body => {}
            Event::Start(Tag::Strong) => emphasis += 1,
            Event::End(TagEnd::Strong) => emphasis = emphasis.saturating_sub(1),
            Event::Text(text) => {
                out.push_str(&text);
                lead = if is_front && emphasis > 0 { out.len() } else { lead };
            }
            Event::Code(text) => {
                out.push_str(&text);
                lead = if is_front { out.len() } else { lead };
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                push_html(&html, &mut out);
                emphasis = emphasis_after(&html, emphasis);
            }
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    (out, lead)
}

/// Returns the number of open elements of emphasis after a tag.
fn emphasis_after(tag: &str, open: usize) -> usize {
    match tag.to_ascii_lowercase().as_str() {
        "<b>" | "<strong>" | "<code>" => open + 1,
        "</b>" | "</strong>" | "</code>" => open.saturating_sub(1),
        _ => open,
    }
}

/// Escapes unescaped pipes, so that the line stays one cell.
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

/// Drops a known HTML tag. Keeps placeholders such as `<parameter name>`, which belong to the text.
fn push_html(html: &str, out: &mut String) {
    const MARKUP: [&str; 46] = [
        "a",
        "abbr",
        "b",
        "br",
        "center",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "note",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "ul",
        "details",
        "summary",
        "section",
        "article",
        "aside",
        "figure",
        "figcaption",
        "main",
        "nav",
        "iframe",
        "video",
        "blockquote",
    ];
    let name = TAG.captures(html.trim()).map(|found| found[1].to_ascii_lowercase());
    match name.as_deref() {
        Some("br" | "p" | "li" | "div" | "dd" | "dt" | "summary" | "section" | "article" | "blockquote") => {
            out.push('\n');
        }
        Some(name) if MARKUP.contains(&name) => {}
        _ if html.starts_with("<!--") => {}
        _ => out.push_str(html),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_heading, render_lines};

    #[test]
    fn renders_inline_markup_and_keeps_placeholders() {
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
            assert_eq!(render_lines(source), seen, "{source}");
        }
    }

    #[test]
    fn parses_headings() {
        assert_eq!(parse_heading("## Error codes {#section_x .section}"), Some((2, "Error codes".into())));
        assert_eq!(parse_heading("**Server errors**"), Some((7, "Server errors".into())));
        assert_eq!(parse_heading("#hashtag"), None);
    }
}
