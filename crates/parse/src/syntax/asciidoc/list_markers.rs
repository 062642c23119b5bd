//! The markers of list items and of the terms of description lists.

/// The maximum number of signs of a marker.
const MAX_MARKER: usize = 6;

/// The maximum length of an enumerator in bytes, with its closing sign. A longer number is text.
const MAX_ENUMERATOR: usize = 5;

/// The marker of a list item. Items with equal markers belong to one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// A number of `*`, `-` or `.`.
    Sign(char, usize),
    /// `1.`, `a.`, `i)`: the last sign, and whether it is a number.
    Enumerator(char, bool),
    /// `<1>`.
    Callout,
    /// `::`, `:::`, `::::` or `;;` after a term.
    Term(&'static str),
}

/// An item: its marker and the text after it, and for a term the text before it.
pub(super) struct MarkedItem<'a> {
    pub(super) marker: Marker,
    pub(super) term: Option<&'a str>,
    pub(super) text: &'a str,
}

/// Parses the item that a line starts.
pub(super) fn parse_item(line: &str) -> Option<MarkedItem<'_>> {
    let line = line.trim_start();
    parse_sign(line).or_else(|| parse_enumerator(line)).or_else(|| parse_callout(line)).or_else(|| parse_term(line))
}

fn new_item(marker: Marker, rest: &str) -> Option<MarkedItem<'_>> {
    let text = rest.trim_start();
    (text.len() < rest.len() && !text.is_empty()).then_some(MarkedItem { marker, term: None, text })
}

fn parse_sign(line: &str) -> Option<MarkedItem<'_>> {
    let sign = line.chars().next().filter(|c| matches!(c, '*' | '-' | '.' | '•'))?;
    let rest = line.trim_start_matches(sign);
    let count = (line.len() - rest.len()) / sign.len_utf8();
    if count > MAX_MARKER || (sign == '-' && count > 1) {
        return None;
    }
    let mut found = new_item(Marker::Sign(sign, count), rest)?;
    found.text = ["[ ] ", "[x] ", "[*] "].iter().find_map(|b| found.text.strip_prefix(b)).unwrap_or(found.text);
    Some(found)
}

fn parse_enumerator(line: &str) -> Option<MarkedItem<'_>> {
    let end = line.bytes().take(MAX_ENUMERATOR).position(|b| matches!(b, b'.' | b')'))?;
    let ordinal = &line[..end];
    let is_number = !ordinal.is_empty() && ordinal.bytes().all(|b| b.is_ascii_digit());
    let is_letter = ordinal.len() == 1 && ordinal.bytes().all(|b| b.is_ascii_alphabetic());
    let is_roman = !ordinal.is_empty() && ordinal.bytes().all(|b| matches!(b, b'i' | b'v' | b'x' | b'I' | b'V' | b'X'));
    let closing = char::from(line.as_bytes()[end]);
    // A number before a parenthesis is text; only roman numbers are written this way.
    let is_ordinal = if closing == '.' { is_number || is_letter } else { is_roman };
    if is_ordinal { new_item(Marker::Enumerator(closing, is_number), &line[end + 1..]) } else { None }
}

fn parse_callout(line: &str) -> Option<MarkedItem<'_>> {
    let (label, rest) = line.strip_prefix('<')?.split_once('>')?;
    let is_label = label == "." || (!label.is_empty() && label.len() < 4 && label.bytes().all(|b| b.is_ascii_digit()));
    if is_label { new_item(Marker::Callout, rest) } else { None }
}

fn parse_term(line: &str) -> Option<MarkedItem<'_>> {
    let mut from = 0;
    while let Some(at) = line[from..].find([':', ';']).map(|at| from + at) {
        let sign = &line[at..=at];
        let run = line[at..].len() - line[at..].trim_start_matches(sign).len();
        from = at + run;
        let marker = match (sign, run) {
            (":", 2) => "::",
            (":", 3) => ":::",
            (":", 4) => "::::",
            (";", 2) => ";;",
            _ => continue,
        };
        let rest = &line[from..];
        let term = line[..at].trim();
        if !term.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t'])) {
            return Some(MarkedItem { marker: Marker::Term(marker), term: Some(term), text: rest.trim_start() });
        }
    }
    None
}

/// The open lists, outermost first.
#[derive(Default)]
pub(super) struct OpenLists(Vec<Marker>);

impl OpenLists {
    /// Enters an item. A marker that is open continues its list; any other opens an inner list.
    pub(super) fn enter(&mut self, marker: Marker) {
        if let Some(index) = self.0.iter().position(|open| *open == marker) {
            self.0.truncate(index + 1);
        } else {
            self.0.push(marker);
        }
    }

    pub(super) fn close(&mut self) {
        self.0.clear();
    }

    /// Leaves the innermost list.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn depth(&self) -> u8 {
        u8::try_from(self.0.len()).unwrap_or(u8::MAX)
    }
}
