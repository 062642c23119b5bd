//! Reads explicit markup, which starts with `..`, and anonymous targets.

use super::{
    directive,
    lines::{Line, find_outdent, smallest_indent},
    reader::{BlockPlace, RstReader},
};

impl RstReader<'_> {
    /// Reads directives, footnotes, targets, substitution definitions and comments.
    pub(super) fn read_explicit(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let line = self.lines[at];
        if line.text.starts_with("__ ") {
            return Some(at + 1);
        }
        let rest = line.text.strip_prefix("..").filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))?;
        let rest = rest.trim_start();
        let is_empty = rest.is_empty() && self.lines[at + 1..end].first().is_none_or(Line::is_blank);
        if is_empty {
            // An empty comment does not include the block that follows.
            return Some(at + 1);
        }
        let block_end = find_outdent(&self.lines, at + 1..end, line.indent);
        if let Some((name, argument)) = directive::split_name(rest) {
            self.read_directive(&name, argument, at..block_end, place);
        } else if let Some(text) = note_text(rest) {
            let more = smallest_indent(&self.lines[at + 1..block_end]);
            let indent = if more == 0 { line.indent + 1 } else { more };
            self.lines[at] = Line { indent, text };
            self.read_body(at..block_end, place.nested(indent));
        }
        Some(block_end)
    }
}

/// Returns the text after the label of a footnote or citation.
fn note_text(rest: &str) -> Option<&str> {
    let (label, text) = rest.strip_prefix('[')?.split_once(']')?;
    (!label.is_empty() && (text.is_empty() || text.starts_with(' '))).then(|| text.trim_start())
}
