//! Markdown and text: read line by line.

use docdrift_model::{Warning, WarningKind, text::tidy};

use super::{Block, Document, RawTable, grid, html, joined, markdown, pipes, plain, simple};

/// Reads Markdown, with the HTML tables that stand in it.
pub(crate) fn read_markdown(text: &str) -> Document {
    Reader::new(text, true).read()
}

/// Reads the text of a page whose markup is lost.
pub(crate) fn read_text(text: &str) -> Document {
    Reader::new(text, false).read()
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    is_markdown: bool,
    /// Whether the last line at the margin began a list's item: indented lines go on with it.
    in_item: bool,
    document: Document,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, is_markdown: bool) -> Self {
        // A table in a quotation is a table.
        let unquoted = |line: &'a str| {
            let inner = line.strip_prefix('>').map(str::trim_start);
            inner.filter(|inner| is_markdown && inner.starts_with('|')).unwrap_or(line)
        };
        Self {
            lines: text.lines().map(unquoted).collect(),
            at: 0,
            is_markdown,
            in_item: false,
            document: Document::default(),
        }
    }

    fn read(mut self) -> Document {
        while self.at < self.lines.len() {
            let is_table = self.fence() || self.indented_code() || self.html_table() || self.grid() || self.joined();
            if !(is_table || self.heading() || self.pipes() || self.undrawn()) {
                self.text();
            }
        }
        self.document
    }

    /// Steps over a code sample.
    fn fence(&mut self) -> bool {
        let line = self.lines[self.at].trim_start();
        let Some(mark) = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark)) else { return false };
        let close = self.lines[self.at + 1..].iter().position(|line| line.trim_start().starts_with(mark));
        // A fence that is never closed hides nothing.
        let lines = close.unwrap_or_default();
        if lines > 0 {
            let sample = self.lines[self.at + 1..=self.at + lines].join("\n");
            self.document.blocks.push(Block::Sample(sample));
        }
        self.at += close.map_or(1, |lines| lines + 2);
        true
    }

    /// Steps over a table drawn in an indented code sample.
    fn indented_code(&mut self) -> bool {
        let is_indented = |line: &str| line.starts_with("    ") || line.starts_with('\t');
        let line = self.lines[self.at];
        if !is_indented(line) {
            if !line.trim().is_empty() {
                self.in_item = self.is_markdown && markdown::is_item(line);
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

    fn html_table(&mut self) -> bool {
        let open = |line: &str| line.to_ascii_lowercase().matches("<table").count();
        let close = |line: &str| line.to_ascii_lowercase().matches("</table").count();
        let mut depth = open(self.lines[self.at]);
        if depth == 0 {
            return false;
        }
        depth = depth.saturating_sub(close(self.lines[self.at]));
        let mut end = self.at + 1;
        while depth > 0 && end < self.lines.len() {
            depth = (depth + open(self.lines[end])).saturating_sub(close(self.lines[end]));
            end += 1;
        }
        if depth > 0 {
            let detail = "the page was cut: it ends inside a table";
            self.document.warnings.push(Warning::page(WarningKind::Truncated, detail));
        }
        let fragment = html::read_fragment(&self.lines[self.at..end].join("\n"));
        self.document.blocks.extend(fragment.blocks);
        self.document.warnings.extend(fragment.warnings);
        self.at = end;
        true
    }

    fn grid(&mut self) -> bool {
        let found = grid::find(&self.lines, self.at).or_else(|| simple::find(&self.lines, self.at));
        let Some((table, end)) = found else { return false };
        self.document.blocks.push(Block::Table(table));
        self.at = end;
        true
    }

    fn joined(&mut self) -> bool {
        let Some(table) = joined::find(self.lines[self.at], self.is_markdown) else { return false };
        self.document.blocks.push(Block::Table(table));
        self.at += 1;
        true
    }

    fn heading(&mut self) -> bool {
        if !self.is_markdown {
            return false;
        }
        let line = self.lines[self.at];
        if let Some((level, text)) = markdown::heading(line) {
            self.push_heading(level, &text);
            self.at += 1;
            return true;
        }
        let underline = self.lines.get(self.at + 1).map_or("", |next| next.trim_end());
        let underlined = underline.len() >= 3
            && (underline.bytes().all(|b| b == b'=') || underline.bytes().all(|b| b == b'-'))
            && !line.trim().is_empty()
            && !line.contains('|');
        if underlined {
            self.push_heading(1 + u8::from(underline.starts_with('-')), &markdown::inline(line));
            self.at += 2;
        }
        underlined
    }

    /// Anchors in headings are markup, not words.
    fn push_heading(&mut self, level: u8, text: &str) {
        let text = tidy(text);
        if !text.is_empty() {
            self.document.blocks.push(Block::Heading(level, text));
        }
    }

    fn pipes(&mut self) -> bool {
        let Some(found) = pipes::find(&self.lines, self.at, self.is_markdown) else { return false };
        self.take(found.table, found.end, found.is_cut);
        true
    }

    fn undrawn(&mut self) -> bool {
        let Some(found) = plain::find(&self.lines, self.at) else { return false };
        self.take(found.table, found.end, found.is_cut);
        true
    }

    fn take(&mut self, table: RawTable, end: usize, is_cut: bool) {
        if is_cut {
            let detail = "the page was cut: it ends in the middle of a table's last row";
            self.document.warnings.push(Warning::page(WarningKind::Truncated, detail));
        }
        self.document.blocks.push(Block::Table(table));
        self.at = end;
    }

    fn text(&mut self) {
        let line =
            if self.is_markdown { markdown::inline(self.lines[self.at]) } else { self.lines[self.at].to_owned() };
        let text = tidy(&line);
        let text = text.trim_end_matches('¶').trim_end();
        if !text.is_empty() {
            self.document.blocks.push(Block::Text(text.to_owned()));
        }
        self.at += 1;
    }
}
