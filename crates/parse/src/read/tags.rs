//! The tags of a page as they stand in its source: how deep they nest, and whether the last are missing.

use std::collections::HashMap;

use docdrift_model::{Warning, WarningKind};

/// The parser's work on one tag grows with the open elements around it. A page may have so many around each tag on
/// average, and so much work in all on top: real pages have a quarter of the first and need nothing of the second.
const USUAL_DEPTH: usize = 64;
const NESTING_BUDGET: usize = 20_000_000;
/// An open `<b>` or `<font>` is made anew in each paragraph; a page may make so many.
const FORMATTING_BUDGET: usize = 2_000_000;

/// The warning of a text whose parsing would cost far more than its size: an estimate from the open elements at each
/// start tag. Elements whose end tag may be left out are not counted as open, so a long sloppy list is not taken for a
/// deep one; scripts and comments are stepped over.
pub(super) fn too_deep(text: &str, what: &str) -> Option<Warning> {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut count, mut depth, mut formatting) = (0usize, 0usize, 0usize);
    let (mut depths, mut clones) = (0usize, 0usize);
    let mut deepest = (0, 0);
    let mut tags = Tags { rest: text };
    while let Some((closing, name)) = tags.next() {
        let is_formatting = FORMATTING.contains(&name.as_str());
        let stays_open = !UNCOUNTED.contains(&name.as_str());
        let opened = open.entry(name).or_default();
        if closing {
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
        deepest = deepest.max((depth, text.len() - tags.rest.len()));
    }
    let is_deep = depths > count * USUAL_DEPTH + NESTING_BUDGET || clones > count * USUAL_DEPTH / 4 + FORMATTING_BUDGET;
    is_deep.then(|| {
        let (depth, at) = deepest;
        let line = 1 + text.get(..at).unwrap_or_default().matches('\n').count();
        let detail = format!(
            "the elements of {what} are nested so deep that it was not read: {depth} stand open in its line {line}; no real page is like this"
        );
        Warning::page(WarningKind::TooDeep, detail)
    })
}

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
}

impl Iterator for Tags<'_> {
    type Item = (bool, String);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.rest = &self.rest[self.rest.find('<')? + 1..];
            if let Some(comment) = self.rest.strip_prefix("!--") {
                self.rest = comment.find("-->").map_or("", |end| &comment[end..]);
                continue;
            }
            let (closing, tag) = self.rest.strip_prefix('/').map_or((false, self.rest), |tag| (true, tag));
            let end = tag.bytes().take(32).position(|b| !b.is_ascii_alphanumeric()).unwrap_or(tag.len().min(32));
            let name = tag.get(..end).unwrap_or_default().to_ascii_lowercase();
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            self.rest = after_attributes(&tag[end..]);
            if !closing && matches!(name.as_str(), "script" | "style") {
                self.skip_to_end_of(&name);
            }
            return Some((closing, name));
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

/// What follows a tag whose attributes start at `text`; a quoted value may hold `>` and `<`.
fn after_attributes(text: &str) -> &str {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &text[at..],
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    ""
}

fn starts_with_name(text: &[u8], name: &[u8]) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Whether the source ends before its document does.
pub(super) fn truncation(text: &str) -> Option<Warning> {
    let (mut tables, mut documents) = (0i64, 0i64);
    for (closing, name) in (Tags { rest: text }) {
        let step = if closing { -1 } else { 1 };
        match name.as_str() {
            "table" => tables = (tables + step).max(0),
            "html" => documents += step,
            _ => {}
        }
    }
    let seen = match (tables, documents) {
        (1.., _) => "it ends inside a table",
        (_, 1..) => "its </html> is missing",
        _ => return None,
    };
    Some(Warning::page(WarningKind::Truncated, format!("the page was cut: {seen}")))
}
