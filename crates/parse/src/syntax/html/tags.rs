//! Scans the tags of a page's source: how deeply they nest, and whether the last ones are missing.

use std::collections::HashMap;

use docdrift_model::{Warning, WarningKind};

/// The allowed number of open elements around a tag on average. The parser's work on a tag grows with them. Real pages
/// have a quarter of it, and do not use the additional budget for the whole page.
const USUAL_DEPTH: usize = 64;
/// The additional work allowed for a whole page, in open elements summed over its tags. It lets small pages nest more
/// deeply than the average.
const NESTING_BUDGET: usize = 20_000_000;
/// The budget for formatting elements. The parser recreates an open `<b>` or `<font>` in each paragraph.
const FORMATTING_BUDGET: usize = 2_000_000;

/// The maximum length of a tag name in bytes. The names of HTML are shorter.
const MAX_TAG_NAME: usize = 32;

/// The result of one scan of the tags of a source, before it is parsed.
#[allow(clippy::struct_excessive_bools, reason = "independent observations")]
#[derive(Debug, Default)]
pub(super) struct TagScan {
    /// The deepest nesting: the number of open elements, and the byte position.
    deepest: (usize, usize),
    is_too_deep: bool,
    /// The number of tables open at the end.
    open_tables: usize,
    /// Whether the document was begun and not ended.
    is_document_open: bool,
    /// The number of elements open at the end whose end tags are required.
    open_elements: usize,
    /// Whether the source ends inside a tag.
    ends_in_tag: bool,
    /// Whether text follows the last tag.
    ends_in_text: bool,
    /// The source lines of start tags that make blocks, by name, in order.
    lines: HashMap<&'static str, Vec<usize>>,
}

/// Scans the tags of `text`. Estimates the cost of parsing from the open elements at each start tag. Elements with an
/// optional end tag do not count as open, so that a long list without end tags is not mistaken for a deep one. Skips
/// scripts and comments.
pub(super) fn scan_tags(text: &str) -> TagScan {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut count, mut depth, mut formatting) = (0usize, 0usize, 0usize);
    let (mut depths, mut clones) = (0usize, 0usize);
    let mut found = TagScan::default();
    let mut line = LineCounter { text, at: 0, line: 1 };
    let mut tags = Tags { rest: text, ends_in_tag: false };
    let mut last_tag = text;
    while let Some(Tag { is_closing, name }) = tags.next() {
        last_tag = tags.rest;
        if name == "html" {
            found.is_document_open = !is_closing;
        }
        let is_formatting = FORMATTING.contains(&name.as_str());
        let stays_open = !UNCOUNTED.contains(&name.as_str());
        if !is_closing && let Some(known) = BLOCK_STARTS.iter().find(|known| **known == name) {
            let at = text.len() - tags.rest.len();
            found.lines.entry(known).or_default().push(line.line_of(at));
        }
        let opened = open.entry(name).or_default();
        if is_closing {
            let closed = usize::from(*opened > 0 && stays_open);
            *opened -= closed;
            depth -= closed;
            formatting -= if is_formatting { closed } else { 0 };
            continue;
        }
        count += 1;
        depths = depths.saturating_add(depth);
        clones = clones.saturating_add(if is_formatting { 0 } else { formatting });
        *opened += usize::from(stays_open);
        depth += usize::from(stays_open);
        formatting += usize::from(is_formatting);
        found.deepest = found.deepest.max((depth, text.len() - tags.rest.len()));
    }
    found.is_too_deep =
        depths > count * USUAL_DEPTH + NESTING_BUDGET || clones > count * USUAL_DEPTH / 4 + FORMATTING_BUDGET;
    found.ends_in_tag = tags.ends_in_tag;
    found.ends_in_text = !last_tag.trim_start_matches('>').trim().is_empty();
    found.open_tables = open.get("table").copied().unwrap_or_default();
    found.open_elements = CONTAINERS.iter().filter_map(|name| open.get(*name)).sum();
    found
}

impl TagScan {
    /// Returns a warning about a text whose parsing would cost far more than its size.
    pub(super) fn depth_warning(&self, text: &str, what: &str) -> Option<Warning> {
        self.is_too_deep.then(|| {
            let (depth, at) = self.deepest;
            let line = 1 + text.get(..at).unwrap_or_default().matches('\n').count();
            let detail = format!(
                "the elements of {what} are nested so deep that it was not read: {depth} stand open in its line {line}; no real page is like this"
            );
            Warning::page(WarningKind::TooDeep, detail)
        })
    }

    /// Returns a warning about a source that ends before its document does. HTML allows the end tags of `html` and
    /// `body` to be left out, so a missing one counts only if another element is open too.
    pub(super) fn truncation_warning(&self) -> Option<Warning> {
        let seen = match () {
            () if self.open_tables > 0 => "it ends inside a table",
            () if self.ends_in_tag => "it ends inside a tag",
            () if self.is_document_open && self.open_elements > 0 => "its </html> is missing, and elements are open",
            () if self.is_document_open && self.ends_in_text => "its </html> is missing, and it ends in text",
            () => return None,
        };
        Some(Warning::page(WarningKind::Truncated, format!("the page was cut: {seen}")))
    }

    /// Returns the source lines of the block elements, to be consumed element by element.
    pub(super) fn into_lines(self) -> ElementLines {
        let lines = self.lines.into_iter().map(|(name, lines)| (name, lines.into_iter()));
        ElementLines { lines: lines.collect(), last: 0 }
    }
}

/// The source lines of the elements of a document. Parsers add elements without tags, so lines are counted by element
/// name: an error in one kind does not spread to the others.
#[derive(Default)]
pub(super) struct ElementLines {
    lines: HashMap<&'static str, std::vec::IntoIter<usize>>,
    last: usize,
}

impl ElementLines {
    /// Returns the source line of the next element called `name`, or of the last known one before it.
    pub(super) fn line_of(&mut self, name: &str) -> usize {
        if let Some(line) = self.lines.get_mut(name).and_then(Iterator::next) {
            self.last = line;
        }
        self.last
    }
}

/// Counts lines up to increasing positions.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn line_of(&mut self, at: usize) -> usize {
        // Tags end at character boundaries, so both positions are valid.
        let passed = self.text.get(self.at.min(at)..at).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.at = at;
        self.line
    }
}

/// Elements that start a block.
const BLOCK_STARTS: [&str; 15] =
    ["table", "h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dt", "dd", "pre", "div", "tr", "caption"];

/// Elements with required end tags that contain the text of pages.
const CONTAINERS: [&str; 9] = ["div", "main", "article", "section", "ul", "ol", "dl", "script", "style"];

/// Void elements, and elements that the next one of their kind closes.
const UNCOUNTED: [&str; 26] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup",
];

/// HTML's formatting elements.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// The tags of a page in order. Skips comments, the content of scripts and styles, and attribute values.
struct Tags<'a> {
    rest: &'a str,
    ends_in_tag: bool,
}

/// A tag of the source.
struct Tag {
    is_closing: bool,
    /// The name in lower case.
    name: String,
}

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            self.rest = &self.rest[self.rest.find('<')? + 1..];
            if let Some(comment) = self.rest.strip_prefix("!--") {
                self.rest = comment.find("-->").map_or("", |end| &comment[end..]);
                continue;
            }
            let (is_closing, tag) = self.rest.strip_prefix('/').map_or((false, self.rest), |tag| (true, tag));
            let end = tag
                .bytes()
                .take(MAX_TAG_NAME)
                .position(|b| !b.is_ascii_alphanumeric())
                .unwrap_or(tag.len().min(MAX_TAG_NAME));
            let name = tag.get(..end).unwrap_or_default().to_ascii_lowercase();
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let after = after_attributes(&tag[end..]);
            self.ends_in_tag = after.is_none();
            self.rest = after.unwrap_or_default();
            if !is_closing && matches!(name.as_str(), "script" | "style") {
                self.skip_to_end_of(&name);
            }
            return Some(Tag { is_closing, name });
        }
    }
}

impl Tags<'_> {
    fn skip_to_end_of(&mut self, name: &str) {
        let is_end = |at: &usize| starts_with_name(&self.rest.as_bytes()[at + 2..], name.as_bytes());
        let end = self.rest.match_indices("</").map(|(at, _)| at).find(is_end);
        self.rest = end.map_or("", |end| &self.rest[end..]);
    }
}

/// Returns the text after a tag whose attributes start at `text`, if the tag ends. A quoted value may contain `>` and
/// `<`.
fn after_attributes(text: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(&text[at..]),
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    None
}

fn starts_with_name(text: &[u8], name: &[u8]) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}
