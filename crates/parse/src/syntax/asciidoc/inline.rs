//! Reads inline markup: quotes, macros, references, character replacements. Keeps only the visible text.

use super::attributes::reference;
use crate::syntax::{
    inline_cursor::{InlineCursor, InlineReader},
    prose::Rendered,
};

/// The maximum depth of markup inside markup.
const MAX_NESTING: u8 = 3;
/// The maximum length of an entity in bytes. The longest names are shorter.
const MAX_ENTITY: usize = 10;

/// The maximum length of an index term in characters.
const MAX_INDEX_TERM: usize = 200;

/// The signs of quotes with their meaning, sorted by length.
const QUOTES: [(&str, Quote); 13] = [
    ("+++", Quote::Raw),
    ("++", Quote::Raw),
    ("``", Quote::Code),
    ("**", Quote::Strong),
    ("__", Quote::Plain),
    ("##", Quote::Plain),
    ("`", Quote::Code),
    ("*", Quote::Strong),
    ("_", Quote::Plain),
    ("#", Quote::Plain),
    ("+", Quote::Raw),
    ("^", Quote::Plain),
    ("~", Quote::Plain),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Strong,
    Code,
    /// Text without markup inside.
    Raw,
    /// Emphasis, highlighting, superscripts and subscripts.
    Plain,
}

/// Macros without text.
const HIDDEN_MACROS: [&str; 8] =
    ["footnote:", "footnoteref:", "anchor:", "indexterm:", "image:", "icon:", "indexterm2s:", "bibitem:"];
/// Macros that show the text in their brackets.
const TEXT_MACROS: [&str; 9] =
    ["pass:", "kbd:", "btn:", "stem:", "latexmath:", "asciimath:", "indexterm2:", "menu:", "abbr:"];
/// Macros and URLs that show their target if the brackets are empty.
const LINKS: [&str; 8] = ["https://", "http://", "ftp://", "irc://", "link:", "xref:", "mailto:", "file://"];

/// Attributes for characters, defined by the language.
const CHARACTERS: [(&str, &str); 32] = [
    ("nbsp", " "),
    ("sp", " "),
    ("empty", ""),
    ("blank", ""),
    ("zwsp", ""),
    ("wj", ""),
    ("lt", "<"),
    ("gt", ">"),
    ("amp", "&"),
    ("apos", "'"),
    ("quot", "\""),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("deg", "°"),
    ("plus", "+"),
    ("brvbar", "¦"),
    ("vbar", "|"),
    ("startsb", "["),
    ("endsb", "]"),
    ("caret", "^"),
    ("asterisk", "*"),
    ("tilde", "~"),
    ("backslash", "\\"),
    ("backtick", "`"),
    ("two-colons", "::"),
    ("two-semicolons", ";;"),
    ("cpp", "C++"),
    ("pp", "++"),
    ("cxx", "C++"),
    ("asciidoctor-version", ""),
];

/// Renders the text of one paragraph whose document attributes are already expanded.
pub(super) fn render(source: &str) -> Rendered {
    render_nested(source, 0)
}

fn render_nested(source: &str, nesting: u8) -> Rendered {
    let scanner = AsciidocInline {
        cursor: InlineCursor::new(source),
        nesting,
        missing: [false; QUOTES.len()],
        has_bracket: true,
        has_reference_end: true,
    };
    scanner.render()
}

struct AsciidocInline<'a> {
    cursor: InlineCursor<'a>,
    nesting: u8,
    /// Quotes whose closing sign does not occur again. They prevent a second search to the end of the text.
    missing: [bool; QUOTES.len()],
    has_bracket: bool,
    has_reference_end: bool,
}

impl<'a> InlineReader<'a> for AsciidocInline<'a> {
    fn cursor(&mut self) -> &mut InlineCursor<'a> {
        &mut self.cursor
    }

    fn read_markup(&mut self, c: char) -> bool {
        match c {
            '\\' => self.read_escape(),
            '*' | '_' | '`' | '#' | '+' | '^' | '~' => self.read_quote(),
            '<' => self.read_reference(),
            '[' => self.read_anchor() || self.read_role(),
            '(' => self.read_index_term(),
            '{' => self.read_character(),
            '&' => self.read_entity(),
            c if c.is_ascii_alphabetic() => !self.is_in_word() && (self.read_macro() || self.read_link()),
            _ => false,
        }
    }
}

impl AsciidocInline<'_> {
    fn is_in_word(&self) -> bool {
        self.cursor.previous().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    fn read_escape(&mut self) -> bool {
        let next = self.cursor.rest()[1..].chars().next();
        let is_markup = |c: &char| "*_`#+^~<[({&|\\".contains(*c);
        let Some(c) = next.filter(is_markup) else { return false };
        // A backslash before a backslash is text.
        if c == '\\' {
            return false;
        }
        self.cursor.out.text.push(c);
        self.cursor.at += 1 + c.len_utf8();
        true
    }

    fn read_quote(&mut self) -> bool {
        for (index, (sign, quote)) in QUOTES.iter().enumerate() {
            if self.cursor.rest().starts_with(sign) && self.read_quoted(index, sign, *quote) {
                return true;
            }
        }
        // The whole run of signs is text. Its tail must not count as a sign that stands alone.
        let sign = self.cursor.rest().chars().next();
        let run = self.cursor.rest().chars().take_while(|c| Some(*c) == sign).count();
        self.cursor.push_source(run)
    }

    fn read_quoted(&mut self, index: usize, sign: &str, quote: Quote) -> bool {
        // A doubled sign works inside words, a single one only around them.
        let is_loose = sign.len() > 1 || matches!(sign, "^" | "~");
        let from = self.cursor.at + sign.len();
        let first = self.cursor.source[from..].chars().next();
        let is_open = first.is_some_and(|c| !c.is_whitespace() || sign.len() > 1);
        if self.missing[index] || !is_open || (!is_loose && self.is_in_word()) {
            return false;
        }
        let Some(end) = self.find_closing(from, sign, is_loose) else {
            self.missing[index] = true;
            return false;
        };
        let text = &self.cursor.source[from..end];
        if matches!(sign, "^" | "~") && text.contains(char::is_whitespace) {
            return false;
        }
        self.cursor.at = end + sign.len();
        self.push_quoted(text, quote);
        true
    }

    fn find_closing(&self, from: usize, sign: &str, is_loose: bool) -> Option<usize> {
        self.cursor.find_closing(from, sign, |before, after| {
            let is_outside = after.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'_');
            is_loose || (before.is_some_and(|c| !c.is_whitespace() && c != '\\') && is_outside)
        })
    }

    fn push_quoted(&mut self, text: &str, quote: Quote) {
        match quote {
            Quote::Raw => self.cursor.out.text.push_str(text),
            Quote::Code => {
                let raw = text.strip_prefix('+').and_then(|text| text.strip_suffix('+'));
                let text = raw.map_or_else(|| replace_characters(text), str::to_owned);
                self.cursor.out.push_emphasised(&text, false);
            }
            Quote::Strong => {
                let text = self.render_inner(text);
                self.cursor.out.push_emphasised(&text, true);
            }
            Quote::Plain => {
                let text = self.render_inner(text);
                self.cursor.out.text.push_str(&text);
            }
        }
    }

    fn render_inner(&self, text: &str) -> String {
        if self.nesting >= MAX_NESTING { text.to_owned() } else { render_nested(text, self.nesting + 1).text }
    }

    /// Reads `<<target,text>>` and `<https://…>`.
    fn read_reference(&mut self) -> bool {
        let rest = self.cursor.rest();
        if ["<http://", "<https://"].iter().any(|start| rest.starts_with(start)) {
            self.cursor.at += 1;
            let length = self.cursor.rest().find([' ', '>', '\n']).unwrap_or(self.cursor.rest().len());
            self.cursor.out.text.push_str(&self.cursor.rest()[..length]);
            self.cursor.at += length + usize::from(self.cursor.rest()[length..].starts_with('>'));
            return true;
        }
        if !rest.starts_with("<<") || !self.has_reference_end {
            return false;
        }
        let Some(end) = rest.find(">>") else {
            self.has_reference_end = false;
            return false;
        };
        let inner = &rest[2..end];
        let text = inner.split_once(',').map_or(inner, |(_, text)| text.trim());
        let text = self.render_inner(text.trim_start_matches('#'));
        self.cursor.out.text.push_str(&text);
        self.cursor.at += end + 2;
        true
    }

    /// Reads `[[id]]` and `[[[bibliography]]]`.
    fn read_anchor(&mut self) -> bool {
        let rest = self.cursor.rest();
        let Some(inner) = rest.strip_prefix("[[").filter(|_| self.has_bracket) else { return false };
        let inner = inner.trim_start_matches('[');
        let Some(end) = self.find_bracket(inner) else { return false };
        let start = rest.len() - inner.len();
        let after = &inner[end..];
        if !after.starts_with("]]") || inner[..end].contains([' ', '[']) {
            return false;
        }
        self.cursor.at += start + end + (after.len() - after.trim_start_matches(']').len()).min(3);
        true
    }

    /// Reads `[.role]` before marked text.
    fn read_role(&mut self) -> bool {
        let Some(end) = self.find_bracket(&self.cursor.rest()[1..]) else { return false };
        let inner = &self.cursor.rest()[1..=end];
        let after = &self.cursor.rest()[end + 2..];
        let is_role = after.starts_with(['#', '*', '_', '`']) && !inner.contains([' ', '[']) && !inner.is_empty();
        if is_role {
            self.cursor.at += end + 2;
        }
        is_role && self.read_quote()
    }

    /// Returns the position of the next unescaped `]`.
    fn find_bracket(&mut self, text: &str) -> Option<usize> {
        if !self.has_bracket {
            return None;
        }
        let found = text.match_indices(']').map(|(at, _)| at).find(|at| !text[..*at].ends_with('\\'));
        self.has_bracket = found.is_some();
        found
    }

    /// Reads index terms: `((term))` shows the term, `(((term, other)))` nothing.
    fn read_index_term(&mut self) -> bool {
        let rest = self.cursor.rest();
        let is_hidden = rest.starts_with("(((");
        let (open, close) = if is_hidden { ("(((", ")))") } else { ("((", "))") };
        let Some(inner) = rest.strip_prefix(open) else { return false };
        // An index term is short and within one line.
        let window = inner.char_indices().nth(MAX_INDEX_TERM).map_or(inner, |(at, _)| &inner[..at]);
        let Some(end) = window.find(close) else { return false };
        if !is_hidden {
            self.cursor.out.text.push_str(&inner[..end]);
        }
        self.cursor.at += open.len() + end + close.len();
        true
    }

    /// Reads attributes such as `{nbsp}`.
    fn read_character(&mut self) -> bool {
        let Some(name) = reference(self.cursor.rest()) else { return false };
        let Some((_, text)) = CHARACTERS.iter().find(|(known, _)| *known == name) else { return false };
        self.cursor.out.text.push_str(text);
        self.cursor.at += name.len() + 2;
        true
    }

    fn read_entity(&mut self) -> bool {
        let Some((text, length)) = decode_entity(self.cursor.rest()) else { return false };
        self.cursor.out.text.push(text);
        self.cursor.at += length;
        true
    }

    fn read_macro(&mut self) -> bool {
        let rest = self.cursor.rest();
        let find = |names: &[&'static str]| names.iter().copied().find(|name| rest.starts_with(name));
        let (name, is_hidden) = match (find(&HIDDEN_MACROS), find(&TEXT_MACROS)) {
            (Some(name), _) => (name, true),
            (_, Some(name)) => (name, false),
            _ => return false,
        };
        let target = &rest[name.len()..];
        let target_length = target.find(|c: char| c.is_whitespace() || c == '[').unwrap_or(target.len());
        let content = target[target_length..].strip_prefix('[');
        let end = content.and_then(|content| self.find_bracket(content));
        let (Some(content), Some(end)) = (content, end) else {
            // It is not inspected again, since a long text may be full of such words.
            return self.cursor.push_source(name.len() + target_length);
        };
        if is_hidden {
            self.cursor.out.trim_blanks();
        } else {
            if name == "menu:" {
                self.cursor.out.text.push_str(&target[..target_length]);
                self.cursor.out.text.push(' ');
            }
            self.cursor.out.text.push_str(&content[..end].replace("\\]", "]"));
        }
        self.cursor.at = self.cursor.source.len() - content.len() + end + 1;
        true
    }

    /// Reads `https://…[text]`, `link:target[text]`, `xref:target[text]`.
    fn read_link(&mut self) -> bool {
        let rest = self.cursor.rest();
        let Some(scheme) = LINKS.iter().find(|scheme| rest.starts_with(**scheme)) else { return false };
        let is_macro = scheme.ends_with(':');
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '[' | '<' | '>')).unwrap_or(rest.len());
        let start = if is_macro { scheme.len() } else { 0 };
        let target = &rest[start..length];
        let content = rest[length..].strip_prefix('[');
        let end = content.and_then(|content| self.find_bracket(content));
        match (content, end) {
            (Some(content), Some(end)) => {
                let text = link_text(&content[..end]);
                let text = if text.is_empty() { target.to_owned() } else { self.render_inner(&text) };
                self.cursor.out.text.push_str(&text);
                self.cursor.at += length + end + 2;
            }
            _ if is_macro => return self.cursor.push_source(length),
            _ => {
                self.cursor.out.text.push_str(target);
                self.cursor.at += length;
            }
        }
        true
    }
}

/// Returns the text in the brackets of a link, without its attributes and the `^` that opens a new window.
fn link_text(content: &str) -> String {
    let content = content.trim();
    let text = if let Some(quoted) = content.strip_prefix('"') {
        quoted.split('"').next().unwrap_or_default()
    } else {
        let is_named = |part: &str| part.split_once('=').is_some_and(|(name, _)| !name.trim().contains(' '));
        match content.split_once(',') {
            Some((text, attributes)) if is_named(attributes) => text,
            None if is_named(content) && content.contains("window=") => "",
            _ => content,
        }
    };
    text.trim_end_matches('^').replace("\\]", "]")
}

/// Returns the character of the entity at the start of the text, and the length of the entity.
fn decode_entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(MAX_ENTITY + 1).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((c, end + 1))
}

/// Replaces named characters in code, whose other signs stay unchanged.
fn replace_characters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = reference(rest).and_then(|name| CHARACTERS.iter().find(|(known, _)| *known == name));
        let (text, length) = found.map_or(("{", 1), |(name, text)| (*text, name.len() + 2));
        out.push_str(text);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}
