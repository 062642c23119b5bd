//! Reads the titles of the document and its sections.

use docdrift_model::text::tidy;

use super::reader::{AsciidocReader, Pending};
use crate::syntax::block::Content;

/// The maximum difference in length between a title and its underline, as in AsciiDoc.py.
const UNDERLINE_TOLERANCE: usize = 1;

impl<'a> AsciidocReader<'a> {
    pub(super) fn read_heading(&mut self, line: &'a str) -> bool {
        let sign = if line.starts_with('#') { '#' } else { '=' };
        let rest = line.trim_start_matches(sign);
        let level = line.len() - rest.len();
        if !(1..=6).contains(&level) || !rest.starts_with([' ', '\t']) {
            return false;
        }
        // Equal signs may also close the title.
        let closing = format!(" {}", &line[..level]);
        let title = rest.trim().strip_suffix(&closing).unwrap_or(rest);
        let is_document = level == 1 && self.blocks.is_empty();
        self.emit_heading(level, title, 1);
        if is_document {
            self.read_author_lines();
        }
        true
    }

    fn emit_heading(&mut self, level: usize, title: &str, length: usize) {
        let first = self.at;
        self.at += length;
        self.lists.close();
        self.pending = Pending::default();
        let text = tidy(&self.render(title).text);
        if !text.is_empty() {
            self.emit(first, Content::Heading { level: u8::try_from(level).unwrap_or(7), text });
        }
    }

    /// Reads the lines directly below the title of the document: author and revision.
    pub(super) fn read_author_lines(&mut self) {
        while let Some(line) = self.lines.get(self.at).map(|line| line.trim_end()) {
            let is_text = !line.is_empty() && !line.starts_with([':', '/', '[', '=', 'i']);
            if !is_text {
                return;
            }
            let first = self.at;
            self.at += 1;
            self.emit_paragraph(first, line);
        }
    }

    /// Reads a title with an underline, as in AsciiDoc.py.
    pub(super) fn read_underlined(&mut self, line: &'a str) -> bool {
        let Some(under) = self.lines.get(self.at + 1).map(|line| line.trim_end()) else { return false };
        let level = ["=", "-", "~", "^", "+"].iter().position(|sign| under.trim_start_matches(sign).is_empty());
        let length = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        let fits =
            [length, line.chars().count()].iter().any(|length| length.abs_diff(under.len()) <= UNDERLINE_TOLERANCE);
        // The line that closes a block is no underline.
        let is_closing = self.open_blocks.contains(&under);
        let Some(level) = level.filter(|_| fits && !is_closing && under.len() > 2 && !line.starts_with(' ')) else {
            return false;
        };
        self.emit_heading(level + 1, line, 2);
        true
    }
}
