//! Reads blocks between delimiters, and literal paragraphs.

use super::{
    delimiters::is_delimiter,
    reader::{AsciidocReader, is_block_start, is_sample_style},
};
use crate::syntax::block::Content;

impl<'a> AsciidocReader<'a> {
    /// Reads samples: listings, literal blocks and fenced code. Passthrough blocks contain markup of another language.
    pub(super) fn read_verbatim(&mut self, line: &'a str) -> bool {
        let is_fence = line.starts_with("```");
        let is_styled = line == "--" && is_sample_style(self.pending.attributes.style());
        let is_pass = is_delimiter(line, '+');
        if !(is_fence || is_styled || is_pass || is_delimiter(line, '-') || is_delimiter(line, '.')) {
            return false;
        }
        let closing = if is_fence { "```" } else { line };
        let first = self.at;
        let end = self.find_line(first + 1, closing);
        let sample: Vec<&str> = self.lines[first + 1..end].iter().map(|line| strip_callouts(line)).collect();
        self.at = (end + 1).min(self.lines.len());
        self.begin_block();
        self.emit_block_title();
        let text = sample.join("\n").trim_matches('\n').trim_end().to_owned();
        if !is_pass && !text.is_empty() {
            self.emit(first, Content::Sample(text));
        }
        true
    }

    /// Reads breaks and the delimiters of blocks that contain blocks. Their content is read like the text around them.
    pub(super) fn read_delimiter(&mut self, line: &'a str) -> bool {
        let is_container = line == "--" || ['=', '*', '_'].iter().any(|sign| is_delimiter(line, *sign));
        let is_break = matches!(line, "'''" | "<<<" | "---" | "- - -" | "***" | "* * *");
        if !is_container && !is_break {
            return false;
        }
        self.at += 1;
        if self.attached_block == Some(line) {
            self.attached_block = None;
        } else if self.is_attached {
            self.attached_block = Some(line);
        } else if self.attached_block.is_none() {
            self.lists.close();
        }
        if is_container {
            match self.open_blocks.iter().rposition(|open| *open == line) {
                Some(index) => self.open_blocks.truncate(index),
                None => self.open_blocks.push(line),
            }
        }
        self.is_attached = false;
        self.emit_block_title();
        true
    }

    /// Reads an indented paragraph as a literal block, unless it belongs to a list item.
    pub(super) fn read_indented(&mut self, line: &'a str) -> bool {
        if !line.starts_with([' ', '\t']) || self.is_term_open {
            return false;
        }
        let first = self.at;
        let is_inside =
            |line: &&&str| !line.trim().is_empty() && !is_block_start(line.trim_end()) && line.trim() != "+";
        let length = self.lines[first..].iter().take_while(is_inside).count().max(1);
        let sample: Vec<&str> = self.lines[first..first + length].iter().map(|line| line.trim_end()).collect();
        let shared =
            sample.iter().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or_default();
        let text = sample.iter().map(|line| &line[shared..]).collect::<Vec<_>>().join("\n");
        self.at += length;
        self.begin_block();
        self.emit_block_title();
        self.emit(first, Content::Sample(text));
        true
    }
}

/// Returns the line without the callouts at its end, such as `// <1>`.
fn strip_callouts(line: &str) -> &str {
    let mut rest = line.trim_end();
    while let Some(found) = strip_callout(rest) {
        rest = found;
    }
    if rest.len() == line.trim_end().len() {
        return rest;
    }
    let code = rest.trim_end();
    ["//", "#", "--", ";;"].iter().find_map(|sign| code.strip_suffix(sign)).unwrap_or(code).trim_end()
}

fn strip_callout(line: &str) -> Option<&str> {
    let (before, label) = line.strip_suffix('>')?.rsplit_once('<')?;
    let is_label = label == "." || (!label.is_empty() && label.len() < 4 && label.bytes().all(|b| b.is_ascii_digit()));
    (is_label && before.ends_with([' ', '>', '\t'])).then(|| before.trim_end())
}
