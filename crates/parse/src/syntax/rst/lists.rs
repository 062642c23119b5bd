//! Reads bullet, enumerated, definition and field lists, and line blocks.

use super::{
    lines::{Line, find_outdent},
    reader::{BlockPlace, ParagraphRole, RstReader},
};
use crate::syntax::block::Content;

/// The maximum number of digits of an enumerator. A longer number is text.
const MAX_ORDINAL_DIGITS: usize = 4;
/// The maximum length of a field name in bytes. A longer text between colons is prose.
const MAX_FIELD_NAME: usize = 200;

/// Fields that control Sphinx and are not shown.
const HIDDEN_FIELDS: [&str; 6] = ["orphan", "tocdepth", "nocomments", "no-search", "nosearch", "hide-toc"];

/// Returns the width of the bullet of this line in bytes, with the blanks after it.
pub(super) fn bullet_width(text: &str) -> Option<usize> {
    let bullet = text.chars().next().filter(|c| matches!(c, '*' | '+' | '-' | '•' | '‣' | '⁃'))?;
    let rest = &text[bullet.len_utf8()..];
    let content = rest.trim_start_matches([' ', '\t']);
    (content.len() < rest.len()).then(|| text.len() - content.len())
}

/// The marker of an enumerated list.
struct Enumerator {
    /// The signs around the ordinal: `1.`, `1)` or `(1)`.
    format: (bool, char),
    ordinal: Ordinal,
    /// The width in bytes, with the blanks after it.
    width: usize,
}

/// The possible values of an ordinal: `i` is a letter or a roman number.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ordinal {
    number: Option<u32>,
    letter: Option<u32>,
    roman: Option<u32>,
    is_auto: bool,
}

impl Ordinal {
    fn parse(text: &str) -> Option<Self> {
        let is_number = (1..=MAX_ORDINAL_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let letter = match text.as_bytes() {
            [letter] if letter.is_ascii_alphabetic() => Some(u32::from(letter.to_ascii_lowercase() - b'a') + 1),
            _ => None,
        };
        let number = text.parse().ok().filter(|_| is_number);
        let ordinal = Self { number, letter, roman: parse_roman(text), is_auto: text == "#" };
        let is_any = ordinal.is_auto || is_number || letter.is_some() || ordinal.roman.is_some();
        is_any.then_some(ordinal)
    }

    /// Whether the ordinal is the first. A list that starts elsewhere is a paragraph, whose number may be an error
    /// code.
    fn is_first(self) -> bool {
        self.is_auto || self.number.is_some_and(|n| n <= 1) || self.letter == Some(1) || self.roman == Some(1)
    }

    fn follows(self, before: Self) -> bool {
        let is_next = |now: Option<u32>, before: Option<u32>| now.is_some() && now == before.map(|n| n + 1);
        self.is_auto
            || is_next(self.number, before.number)
            || is_next(self.letter, before.letter)
            || is_next(self.roman, before.roman)
    }
}

/// Parses a roman number up to 39, in letters of one case.
fn parse_roman(text: &str) -> Option<u32> {
    let is_one_case = text.bytes().all(|b| b.is_ascii_lowercase()) || text.bytes().all(|b| b.is_ascii_uppercase());
    let lower = text.to_ascii_lowercase();
    let ones_at = lower.bytes().take_while(|b| *b == b'x').count();
    let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    // The `x` of `ix` is not a ten, since an `i` precedes it.
    let one = ones.iter().position(|one| lower.get(ones_at..) == Some(one))?;
    let number = u32::try_from(10 * ones_at + one).ok()?;
    (is_one_case && ones_at < 4 && number > 0).then_some(number)
}

fn parse_enumerator(text: &str) -> Option<Enumerator> {
    let has_opening = text.starts_with('(');
    let inner = if has_opening { &text[1..] } else { text };
    let end = inner.bytes().take(MAX_ORDINAL_DIGITS + 4).position(|b| matches!(b, b'.' | b')'))?;
    let closing = char::from(inner.as_bytes()[end]);
    if has_opening && closing == '.' {
        return None;
    }
    let ordinal = Ordinal::parse(inner.get(..end)?)?;
    let rest = &inner[end + 1..];
    let content = rest.trim_start_matches([' ', '\t']);
    (content.len() < rest.len()).then(|| Enumerator {
        format: (has_opening, closing),
        ordinal,
        width: text.len() - content.len(),
    })
}

/// Splits a field into its name and the text after it.
pub(super) fn split_field(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(':').filter(|rest| !rest.starts_with([' ', ':', '`']))?;
    let is_end = |(at, _): &(usize, &str)| {
        let after = rest[at + 1..].chars().next();
        after.is_none_or(|c| matches!(c, ' ' | '\t' | '`')) && !rest[..*at].ends_with('\\')
    };
    let (at, _) = rest.match_indices(':').take_while(|(at, _)| *at <= MAX_FIELD_NAME).find(is_end)?;
    let (name, body) = (&rest[..at], &rest[at + 1..]);
    // A backquote makes it a role.
    let is_field = !body.starts_with('`') && !name.ends_with(' ');
    is_field.then(|| (name, body.trim_start()))
}

impl RstReader<'_> {
    pub(super) fn read_bullet(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let width = bullet_width(self.lines[at].text)?;
        Some(self.read_item(at, end, width, place))
    }

    fn read_item(&mut self, at: usize, end: usize, width: usize, place: BlockPlace) -> usize {
        let item_end = self.strip_marker(at, end, width);
        self.read_body(at..item_end, place.listed(self.lines[at].indent, ParagraphRole::Item));
        item_end
    }

    /// Removes the marker at the start of a line, so that the text after it starts in its own column. Returns the first
    /// line after the item.
    pub(super) fn strip_marker(&mut self, at: usize, end: usize, width: usize) -> usize {
        let Line { indent, text } = self.lines[at];
        self.lines[at] = Line { indent: indent + width, text: &text[width..] };
        find_outdent(&self.lines, at + 1..end, indent)
    }

    pub(super) fn read_enumeration(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let indent = self.lines[at].indent;
        let mut enumerator = parse_enumerator(self.lines[at].text).filter(|found| found.ordinal.is_first())?;
        // A second line in the same column makes it a paragraph, unless it is the next item.
        let second = self.lines[at + 1..end].first().filter(|line| !line.is_blank() && line.indent <= indent);
        if second.is_some_and(|line| parse_enumerator(line.text).is_none()) {
            return None;
        }
        let mut at = at;
        loop {
            let item_end = self.read_item(at, end, enumerator.width, place);
            let next = self.lines[item_end..end].first().filter(|line| line.indent == indent);
            let next = next.and_then(|line| parse_enumerator(line.text));
            let is_next =
                |next: &Enumerator| next.format == enumerator.format && next.ordinal.follows(enumerator.ordinal);
            let Some(next) = next.filter(is_next) else { return Some(item_end) };
            (at, enumerator) = (item_end, next);
        }
    }

    /// Reads a term with an indented definition.
    pub(super) fn read_definition(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let line = self.lines[at];
        let next = self.lines[at + 1..end].first()?;
        if next.is_blank() || next.indent <= line.indent || line.text.ends_with("::") {
            return None;
        }
        let body_end = find_outdent(&self.lines, at + 1..end, line.indent);
        let term = self.render(line.text).into_prose(place.depth.saturating_add(1));
        self.emit(at..at + 1, Content::Term(term));
        let indent = next_indent(&self.lines[at + 1..body_end]);
        self.read_body(at + 1..body_end, place.listed(indent, ParagraphRole::Definition));
        Some(body_end)
    }

    /// Reads `:name: text` as a term and its definition.
    pub(super) fn read_field(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let line = self.lines[at];
        let (name, body) = split_field(line.text)?;
        let body_end = find_outdent(&self.lines, at + 1..end, line.indent);
        if HIDDEN_FIELDS.contains(&name) {
            return Some(body_end);
        }
        let term = self.render(name).into_prose(place.depth.saturating_add(1));
        self.emit(at..at + 1, Content::Term(term));
        let rest_indent = next_indent(&self.lines[at + 1..body_end]);
        let indent = if rest_indent == 0 { line.indent + 1 } else { rest_indent };
        self.lines[at] = Line { indent, text: body };
        self.read_body(at..body_end, place.listed(indent, ParagraphRole::Definition));
        Some(body_end)
    }

    /// Reads lines that start with `|`. Other lines continue the one above.
    pub(super) fn read_line_block(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let is_start = |line: &Line<'_>| line.text == "|" || line.text.starts_with("| ");
        let base = self.lines[at].indent;
        if !is_start(&self.lines[at]) {
            return None;
        }
        let mut next = at;
        while next < end && is_start(&self.lines[next]) && self.lines[next].indent == base {
            let start = next;
            let mut text = self.lines[next].text[1..].to_owned();
            next += 1;
            while next < end && !self.lines[next].is_blank() && self.lines[next].indent > base {
                text.push(' ');
                text.push_str(self.lines[next].text);
                next += 1;
            }
            let prose = self.render(&text).into_prose(place.depth);
            if !prose.text.is_empty() {
                self.emit(start..next, Content::Text(prose));
            }
        }
        Some(next)
    }
}

/// Returns the indentation of the first non-blank line.
fn next_indent(lines: &[Line<'_>]) -> usize {
    lines.iter().find(|line| !line.is_blank()).map_or(0, |line| line.indent)
}
