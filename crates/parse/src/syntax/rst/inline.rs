//! Reads inline markup: emphasis, literals, roles, references. Keeps only the visible text.

use super::substitutions::Substitutions;
use crate::syntax::{
    inline_cursor::{InlineCursor, InlineReader},
    prose::Rendered,
};

/// The maximum length of names of roles and references.
const MAX_NAME: usize = 64;

/// Renders the text of one paragraph.
pub(super) fn render(source: &str, substitutions: &Substitutions) -> Rendered {
    RstInline { cursor: InlineCursor::new(source), substitutions, missing: [false; MARK_COUNT] }.render()
}

struct RstInline<'a> {
    cursor: InlineCursor<'a>,
    substitutions: &'a Substitutions,
    /// The closing marks that do not occur again. They prevent a second search to the end of the text.
    missing: [bool; MARK_COUNT],
}

/// The number of kinds of marks.
const MARK_COUNT: usize = 5;

/// A pair of equal marks around a text.
#[derive(Clone, Copy)]
enum Mark {
    Literal,
    Strong,
    Emphasis,
    Interpreted,
    Substitution,
}

impl Mark {
    fn as_str(self) -> &'static str {
        match self {
            Mark::Literal => "``",
            Mark::Strong => "**",
            Mark::Emphasis => "*",
            Mark::Interpreted => "`",
            Mark::Substitution => "|",
        }
    }
}

impl<'a> InlineReader<'a> for RstInline<'a> {
    fn cursor(&mut self) -> &mut InlineCursor<'a> {
        &mut self.cursor
    }

    fn read_markup(&mut self, c: char) -> bool {
        match c {
            '\\' => self.read_escape(),
            '`' if self.cursor.rest().starts_with("``") => self.read_literal(),
            '`' => self.read_interpreted(None),
            '*' if self.cursor.rest().starts_with("**") => self.read_emphasis(Mark::Strong),
            '*' => self.read_emphasis(Mark::Emphasis),
            '|' => self.read_substitution(),
            '[' => self.read_footnote(),
            ':' => self.read_role(),
            '_' => self.read_reference(),
            _ => false,
        }
    }
}

impl<'a> RstInline<'a> {
    fn read_escape(&mut self) -> bool {
        let next = self.cursor.source[self.cursor.at + 1..].chars().next();
        self.cursor.at += 1 + next.map_or(0, char::len_utf8);
        self.cursor.out.text.extend(next.filter(|c| !c.is_whitespace()));
        true
    }

    /// Reads the text between a mark that starts here and its closing mark.
    ///
    /// The specification requires blanks or punctuation around marks. Chinese text has neither, so any character except
    /// an ASCII letter or digit is accepted.
    fn read_marked(&mut self, mark: Mark) -> Option<&'a str> {
        let sign = mark.as_str();
        let from = self.cursor.at + sign.len();
        if self.missing[mark as usize] || self.cursor.previous().is_some_and(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let first = self.cursor.source.get(from..)?.chars().next()?;
        if first.is_whitespace() || is_quoted(self.cursor.previous(), first) {
            return None;
        }
        let Some(end) = self.find_closing(from, mark) else {
            self.missing[mark as usize] = true;
            return None;
        };
        self.cursor.at = end + sign.len();
        Some(&self.cursor.source[from..end])
    }

    fn find_closing(&self, from: usize, mark: Mark) -> Option<usize> {
        let is_literal = matches!(mark, Mark::Literal);
        self.cursor.find_closing(from, mark.as_str(), |before, after| {
            before.is_some_and(|c| !c.is_whitespace() && (is_literal || c != '\\'))
                && after.is_none_or(|b| !b.is_ascii_alphanumeric())
                // Of three marks in a row, the last ones close.
                && !(is_literal && after == Some(b'`'))
        })
    }

    // A mark without a closing one is text. Both of its signs are read at once, so that the second does not count as
    // one that stands alone.
    fn read_literal(&mut self) -> bool {
        let Some(text) = self.read_marked(Mark::Literal) else { return self.cursor.push_source("``".len()) };
        self.cursor.out.push_emphasised(text, false);
        true
    }

    fn read_emphasis(&mut self, mark: Mark) -> bool {
        let Some(text) = self.read_marked(mark) else { return self.cursor.push_source(mark.as_str().len()) };
        let text = unescape(text);
        match mark {
            Mark::Strong => self.cursor.out.push_emphasised(&text, true),
            _ => self.cursor.out.text.push_str(&text),
        }
        true
    }

    /// Reads `` :role:`text` ``.
    fn read_role(&mut self) -> bool {
        let Some(role) = role_name(self.cursor.rest(), ":`") else { return false };
        let start = self.cursor.at;
        self.cursor.at += role.len() + 2;
        if self.read_interpreted(Some(role)) {
            return true;
        }
        self.cursor.at = start;
        false
    }

    /// Reads `` `text` `` with a suffix: `_`, `__` or `:role:`.
    fn read_interpreted(&mut self, role: Option<&str>) -> bool {
        let Some(text) = self.read_marked(Mark::Interpreted) else { return false };
        let after = self.cursor.rest();
        let suffix = role_name(after, ":").filter(|_| role.is_none());
        let is_reference = after.starts_with('_');
        if let Some(suffix) = suffix {
            self.cursor.at += suffix.len() + 2;
        } else if is_reference {
            self.cursor.at += if after.starts_with("__") { 2 } else { 1 };
        }
        let role = role.or(suffix);
        let text = if role.is_some() || is_reference { reference_title(text) } else { text };
        self.push_interpreted(text, role);
        true
    }

    fn push_interpreted(&mut self, text: &str, role: Option<&str>) {
        let role = role.map(|role| role.rsplit(':').next().unwrap_or(role));
        let text = unescape(text);
        match role {
            Some("strong") => self.cursor.out.push_emphasised(&text, true),
            Some("code" | "literal") => self.cursor.out.push_emphasised(&text, false),
            Some(role) if role.starts_with("raw") => {
                self.cursor.out.text.push_str(if text.contains("<br") { "\n" } else { "" });
            }
            Some(_) => self.cursor.out.text.push_str(short_name(&text)),
            None => self.cursor.out.text.push_str(&text),
        }
    }

    fn read_substitution(&mut self) -> bool {
        let start = self.cursor.at;
        let Some(name) = self.read_marked(Mark::Substitution) else { return false };
        let Some(text) = self.substitutions.expand(name) else {
            self.cursor.at = start;
            return false;
        };
        self.cursor.out.text.push_str(text);
        self.cursor.at += self.cursor.rest().len() - self.cursor.rest().trim_start_matches('_').len();
        true
    }

    /// Reads `[1]_`, a footnote mark. The mark of a citation is text.
    fn read_footnote(&mut self) -> bool {
        let label = self.cursor.rest()[1..]
            .bytes()
            .take(MAX_NAME)
            .take_while(|b| b.is_ascii_alphanumeric() || b"#*-_.".contains(b));
        let end = 1 + label.count();
        let is_mark = self.cursor.rest().get(end..).is_some_and(|rest| rest.starts_with("]_"));
        if !is_mark || end == 1 {
            return false;
        }
        let label = &self.cursor.rest()[1..end];
        if label.starts_with(['#', '*']) || label.bytes().all(|b| b.is_ascii_digit()) {
            self.cursor.out.trim_blanks();
        } else {
            self.cursor.out.text.push_str(&self.cursor.rest()[..=end]);
        }
        self.cursor.at += end + 2;
        true
    }

    /// Reads the `_` of `name_`, a reference to a target of the page, and of `` _`inline target` ``.
    fn read_reference(&mut self) -> bool {
        let signs = self.cursor.rest().bytes().take(2).take_while(|b| *b == b'_').count();
        let next = self.cursor.source[self.cursor.at + signs..].chars().next();
        if signs == 1 && next == Some('`') {
            self.cursor.at += 1;
            self.read_interpreted(None);
            return true;
        }
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '+' | ':' | '_');
        let before = &self.cursor.source[..self.cursor.at];
        let name: usize = before.chars().rev().take(MAX_NAME).take_while(|c| is_name(*c)).map(char::len_utf8).sum();
        let is_reference = next.is_none_or(|c| !c.is_alphanumeric())
            && name > 0
            && self.substitutions.is_target(&before[before.len() - name..]);
        if is_reference {
            self.cursor.at += signs;
        }
        is_reference
    }
}

/// Whether the sign is quoted, as in `"*"`.
fn is_quoted(before: Option<char>, after: char) -> bool {
    let closing = match before {
        Some('"') => '"',
        Some('\'') => '\'',
        Some('(') => ')',
        Some('[') => ']',
        Some('{') => '}',
        Some('<') => '>',
        _ => return false,
    };
    closing == after
}

/// Returns the name of a role written as `:name:`, with `end` after the name.
fn role_name<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(':')?;
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"-_.+".contains(b);
    let bytes = rest.as_bytes();
    // A name may contain colons, so each colon may be its end.
    for (at, byte) in bytes.iter().enumerate().take(MAX_NAME) {
        let is_end = at > 0 && rest[at..].starts_with(end);
        if is_end && bytes[0].is_ascii_alphabetic() {
            return Some(&rest[..at]);
        }
        if !is_name(byte) && *byte != b':' {
            return None;
        }
    }
    None
}

/// Returns the title of a reference written as `title <target>`, or the target if there is no title.
fn reference_title(text: &str) -> &str {
    match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((title, target)) if title.trim().is_empty() => target,
        Some((title, _)) if title.ends_with(char::is_whitespace) => title.trim_end(),
        _ => text,
    }
}

/// Returns the displayed part of a name as Sphinx does: `~a.b.c` is `c`, and `!` suppresses the link.
fn short_name(text: &str) -> &str {
    match text.strip_prefix('~') {
        Some(name) => name.rsplit('.').next().unwrap_or(name),
        None => text.strip_prefix('!').unwrap_or(text),
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next().filter(|c| !c.is_whitespace())),
            c => out.push(c),
        }
    }
    out
}
