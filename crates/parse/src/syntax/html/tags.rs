//! The tags of a page as they stand in its source: how deep they nest, and whether the last are missing.

use std::collections::HashMap;

use docdrift_model::{Warning, WarningKind};

/// The parser's work on one tag grows with the open elements around it. A page may have so many around each tag on
/// average, and so much work in all on top: real pages have a quarter of the first and need nothing of the second.
const USUAL_DEPTH: usize = 64;
const NESTING_BUDGET: usize = 20_000_000;
/// An open `<b>` or `<font>` is made anew in each paragraph; a page may make so many.
const FORMATTING_BUDGET: usize = 2_000_000;

/// What one walk over the tags of a source tells, before anything is parsed.
#[allow(clippy::struct_excessive_bools, reason = "independent observations")]
#[derive(Debug, Default)]
pub(super) struct TagScan {
    /// Where the elements are nested deepest: how many are open, and the byte.
    deepest: (usize, usize),
    is_too_deep: bool,
    /// Tables open at the end.
    open_tables: usize,
    /// Whether the document was begun and not ended.
    is_document_open: bool,
    /// Elements open at the end whose end tags may not be left out.
    open_elements: usize,
    /// Whether the source ends inside a tag.
    ends_in_tag: bool,
    /// Whether text follows the last tag.
    ends_in_text: bool,
    /// The source line of each start tag that makes a block, by name, in order.
    lines: HashMap<&'static str, Vec<usize>>,
}

/// Scans the tags of `text`. An estimate of the cost of parsing comes from the open elements at each start tag. Elements
/// whose end tag may be left out are not counted as open, so a long sloppy list is not taken for a deep one; scripts and
/// comments are stepped over.
pub(super) fn scan(text: &str) -> TagScan {
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
    /// The warning of a text whose parsing would cost far more than its size.
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

    /// The warning of a source that ends before its document does. HTML lets the end tags of `html` and `body` be left
    /// out, so a missing one counts only where another element is open as well.
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

    /// Takes the source lines of the block elements, to be consumed element by element.
    pub(super) fn into_lines(self) -> ElementLines {
        let lines = self.lines.into_iter().map(|(name, lines)| (name, lines.into_iter()));
        ElementLines { lines: lines.collect(), last: 0 }
    }
}

/// The source lines of the elements of a document. A parser adds elements that no tag opened, so lines are counted by
/// element name: a shift in one kind does not spread to the others.
#[derive(Default)]
pub(super) struct ElementLines {
    lines: HashMap<&'static str, std::vec::IntoIter<usize>>,
    last: usize,
}

impl ElementLines {
    /// The source line of the next element called `name`, or of the last known one before it.
    pub(super) fn line_of(&mut self, name: &str) -> usize {
        if let Some(line) = self.lines.get_mut(name).and_then(Iterator::next) {
            self.last = line;
        }
        self.last
    }
}

/// Counts lines up to ever later places.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn line_of(&mut self, at: usize) -> usize {
        // Tags end at characters, so both places are bounds of characters.
        let passed = self.text.get(self.at.min(at)..at).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.at = at;
        self.line
    }
}

/// Elements that start a block of their own.
const BLOCK_STARTS: [&str; 15] =
    ["table", "h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dt", "dd", "pre", "div", "tr", "caption"];

/// Elements whose end tag may not be left out and that hold the text of pages.
const CONTAINERS: [&str; 9] = ["div", "main", "article", "section", "ul", "ol", "dl", "script", "style"];

/// Void elements, and those that the next one of their kind closes.
const UNCOUNTED: [&str; 26] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup",
];

/// HTML's formatting elements.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// The tags of a page in order, whether each closes, and its name in lower case. Comments, and what scripts and styles
/// hold, are no tags; neither is what stands in an attribute's value.
struct Tags<'a> {
    rest: &'a str,
    ends_in_tag: bool,
}

/// A tag of the source.
struct Tag {
    is_closing: bool,
    /// Its name in lower case.
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
            let end = tag.bytes().take(32).position(|b| !b.is_ascii_alphanumeric()).unwrap_or(tag.len().min(32));
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

/// What follows a tag whose attributes start at `text`, if it ends; a quoted value may hold `>` and `<`.
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
