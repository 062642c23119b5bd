//! Reads Markdown and text line by line.

mod detect;
mod extensions;
pub(crate) mod inline;
mod joined;
pub(crate) mod pipes;

use docdrift_model::{Warning, WarningKind, text::tidy};

use super::{
    block::{Block, Content, Document, Prose, RawTable, Span},
    html, rst,
};
pub(crate) use detect::is_markdown;

/// The indentation of a list level in columns.
const INDENT_OF_LEVEL: usize = 2;
/// The minimum length of the underline of a heading. A shorter run of `=` or `-` is text or the mark of a list.
const MIN_UNDERLINE: usize = 3;
/// The maximum number of paragraphs under a term of a definition list without indentation.
const MAX_DEFINITION_LINES: usize = 40;

/// Reads Markdown, including its HTML.
pub(crate) fn read_markdown(text: &str) -> Document {
    let (title, lines) = extensions::strip_extensions(text);
    let mut reader = MarkdownReader::new(lines, true);
    reader.document.blocks.extend(title.map(|text| Block::new(Content::Heading { level: 1, text })));
    reader.read()
}

/// Reads the text of a page whose markup is lost.
pub(crate) fn read_text(text: &str) -> Document {
    MarkdownReader::new(text.lines().collect(), false).read()
}

struct MarkdownReader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    is_markdown: bool,
    /// Whether the last line at the margin began a list item. Indented lines continue it.
    in_item: bool,
    document: Document,
}

impl<'a> MarkdownReader<'a> {
    fn new(lines: Vec<&'a str>, is_markdown: bool) -> Self {
        Self { lines, at: 0, is_markdown, in_item: false, document: Document::default() }
    }

    fn read(mut self) -> Document {
        while self.at < self.lines.len() {
            let is_other = self.read_fence()
                || self.read_indented_code()
                || self.read_html_block()
                || self.read_ruled_table()
                || self.read_joined_table();
            if !(is_other || self.read_heading() || self.read_pipe_table() || self.read_definition()) {
                self.read_text_line();
            }
        }
        self.document
    }

    /// Adds a block from line `start` up to the current line.
    fn push(&mut self, start: usize, content: Content) {
        let span = Span::from_lines(start, self.at);
        self.document.blocks.push(Block { span, content });
    }

    /// Reads a fenced code sample.
    fn read_fence(&mut self) -> bool {
        let line = self.lines[self.at].trim_start();
        let Some(mark) = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark)) else { return false };
        let (start, close) =
            (self.at, self.lines[self.at + 1..].iter().position(|line| line.trim_start().starts_with(mark)));
        // A fence that never closes hides nothing.
        self.at += close.map_or(1, |lines| lines + 2);
        if let Some(lines) = close.filter(|lines| *lines > 0) {
            self.push(start, Content::Sample(self.lines[start + 1..=start + lines].join("\n")));
        }
        true
    }

    /// Reads a table drawn in an indented code sample.
    fn read_indented_code(&mut self) -> bool {
        let is_indented = |line: &str| line.starts_with("    ") || line.starts_with('\t');
        let line = self.lines[self.at];
        if !is_indented(line) {
            if !line.trim().is_empty() {
                self.in_item = self.is_markdown && inline::parse_item(line).is_some();
            }
            return false;
        }
        let follows_blank = self.at.checked_sub(1).is_none_or(|before| self.lines[before].trim().is_empty());
        if !self.is_markdown || self.in_item || !follows_blank {
            return false;
        }
        let is_sample = |line: &&&str| is_indented(line) && line.trim_start().starts_with('|');
        let sample = self.lines[self.at..].iter().take_while(is_sample).count();
        let is_whole = self.lines.get(self.at + sample).is_none_or(|line| line.trim().is_empty());
        if sample < 2 || !is_whole {
            return false;
        }
        self.at += sample;
        true
    }

    /// Reads a block of HTML whose elements have a structure.
    fn read_html_block(&mut self) -> bool {
        let line = self.lines[self.at];
        let Some(name) = block_element(line) else { return false };
        let (open, close) = (format!("<{name}"), format!("</{name}"));
        let count = |line: &str, tag: &str| line.to_ascii_lowercase().matches(tag).count();
        let (start, mut depth, mut end) = (self.at, 0usize, self.at);
        while end < self.lines.len() {
            depth = (depth + count(self.lines[end], &open)).saturating_sub(count(self.lines[end], &close));
            end += 1;
            if depth == 0 {
                break;
            }
        }
        if depth > 0 && name != "table" {
            return false;
        }
        if depth > 0 {
            let detail = "the page was cut: it ends inside a table";
            self.document.warnings.push(Warning::page(WarningKind::Truncated, detail));
        }
        self.at = end;
        let fragment = html::read_fragment(&self.lines[start..end].join("\n"));
        for block in fragment.blocks {
            self.push(start, block.content);
        }
        self.document.warnings.extend(fragment.warnings);
        true
    }

    fn read_ruled_table(&mut self) -> bool {
        let found = rst::find_table(&self.lines, self.at);
        let Some((table, end)) = found else { return false };
        self.push_table(table, end, false);
        true
    }

    fn read_joined_table(&mut self) -> bool {
        let Some(table) = joined::find_joined_table(self.lines[self.at], self.is_markdown) else { return false };
        self.push_table(table, self.at + 1, false);
        true
    }

    fn read_heading(&mut self) -> bool {
        if !self.is_markdown {
            return false;
        }
        let line = self.lines[self.at];
        if let Some((level, text)) = inline::parse_heading(line) {
            self.push_heading(level, &text, 1);
            return true;
        }
        let underline = self.lines.get(self.at + 1).map_or("", |next| next.trim_end());
        let underlined = underline.len() >= MIN_UNDERLINE
            && (underline.bytes().all(|b| b == b'=') || underline.bytes().all(|b| b == b'-'))
            && !line.trim().is_empty()
            && !line.contains('|')
            && inline::parse_item(line).is_none();
        if underlined {
            self.push_heading(1 + u8::from(underline.starts_with('-')), &inline::render_lines(line), 2);
        }
        underlined
    }

    /// Anchors in headings are markup rather than words.
    fn push_heading(&mut self, level: u8, text: &str, lines: usize) {
        let (start, text) = (self.at, tidy(text));
        self.at += lines;
        if !text.is_empty() {
            self.push(start, Content::Heading { level, text });
        }
    }

    fn read_pipe_table(&mut self) -> bool {
        let Some(found) = pipes::find_table(&self.lines, self.at, self.is_markdown) else { return false };
        self.push_table(found.table, found.end, found.is_cut);
        true
    }

    fn push_table(&mut self, table: RawTable, end: usize, is_cut: bool) {
        if is_cut {
            let detail = "the page was cut: it ends in the middle of a table's last row";
            self.document.warnings.push(Warning::page(WarningKind::Truncated, detail));
        }
        let start = self.at;
        self.at = end;
        self.push(start, Content::Table(table));
    }

    /// Reads a term with lines below that begin with a colon (a definition list, as in common Markdown extensions).
    fn read_definition(&mut self) -> bool {
        let term = self.lines[self.at];
        let defines = |line: &str| line.trim_start().starts_with(": ") || line.trim_start().starts_with(":\t");
        let blank = usize::from(self.lines.get(self.at + 1).is_some_and(|line| line.trim().is_empty()));
        let first = self.at + 1 + blank;
        let is_term = self.is_markdown && !term.trim().is_empty() && !term.starts_with([' ', '\t', ':']);
        if !is_term || !self.lines.get(first).is_some_and(|line| defines(line)) {
            return false;
        }
        let start = self.at;
        self.at += 1;
        self.push(start, Content::Term(inline::render_prose(term, 0)));
        self.at = first;
        let mut taken = 0;
        while let Some(line) = self.lines.get(self.at).filter(|_| taken < MAX_DEFINITION_LINES) {
            let is_more = defines(line) || (line.starts_with([' ', '\t']) && !line.trim().is_empty());
            if !is_more {
                break;
            }
            let at = self.at;
            (self.at, taken) = (self.at + 1, taken + 1);
            let text = line.trim_start();
            self.push(at, Content::Definition(inline::render_prose(text.strip_prefix(':').unwrap_or(text), 0)));
        }
        true
    }

    fn read_text_line(&mut self) {
        let (start, line) = (self.at, self.lines[self.at]);
        self.at += 1;
        let read = |text: &str, depth: u8| {
            if self.is_markdown { inline::render_prose(text, depth) } else { plain_prose(text, depth) }
        };
        let depth = u8::try_from(1 + indent(line) / INDENT_OF_LEVEL).unwrap_or(u8::MAX);
        let content = match inline::parse_item(line) {
            Some((_, text)) => Content::Item(read(text, depth)),
            None => Content::Text(read(line, u8::from(self.in_item))),
        };
        let (Content::Item(prose) | Content::Text(prose)) = &content else { return };
        if !prose.text.is_empty() {
            self.push(start, content);
        }
    }
}

fn plain_prose(text: &str, depth: u8) -> Prose {
    let text = tidy(text).trim_end_matches('¶').trim_end().to_owned();
    Prose { text, lead: 0, depth }
}

fn indent(line: &str) -> usize {
    let spaces = line.chars().take_while(|c| c.is_whitespace());
    spaces.map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// Elements that start a block of HTML with a structure.
const STRUCTURED: [&str; 9] = ["dl", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"];

/// Returns the element of the HTML block that a line begins: a table anywhere in it, or a list or heading at its start.
fn block_element(line: &str) -> Option<&'static str> {
    if !line.contains('<') {
        return None;
    }
    let lower = line.trim_start().to_ascii_lowercase();
    if lower.contains("<table") && !lower.contains("`<table") {
        return Some("table");
    }
    let is_tag = |name: &&&str| {
        lower
            .strip_prefix('<')
            .and_then(|rest| rest.strip_prefix(**name))
            .is_some_and(|rest| rest.starts_with(['>', ' ']))
    };
    STRUCTURED.iter().find(is_tag).copied()
}
