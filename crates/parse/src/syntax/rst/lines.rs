//! Splits text into lines with their indentation.

use std::ops::Range;

/// The distance of tab stops in columns (docutils' default).
const TAB_WIDTH: usize = 8;

/// A line without its indentation and trailing white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) indent: usize,
    pub(super) text: &'a str,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

pub(super) fn split_lines(text: &str) -> Vec<Line<'_>> {
    text.trim_start_matches('\u{feff}').lines().map(measure_line).collect()
}

fn measure_line(line: &str) -> Line<'_> {
    let mut indent = 0;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'\t' => indent = (indent / TAB_WIDTH + 1) * TAB_WIDTH,
            b' ' | 0x0b | 0x0c => indent += 1,
            _ => return Line { indent, text: line[at..].trim_end() },
        }
    }
    Line { indent: 0, text: "" }
}

/// Returns the first line from `at` that is neither blank nor indented by more than `indent`.
pub(super) fn find_outdent(lines: &[Line<'_>], range: Range<usize>, indent: usize) -> usize {
    let is_inside = |line: &&Line<'_>| line.is_blank() || line.indent > indent;
    range.start + lines.get(range).unwrap_or_default().iter().take_while(is_inside).count()
}

/// Returns the smallest indentation of the non-blank lines.
pub(super) fn smallest_indent(lines: &[Line<'_>]) -> usize {
    lines.iter().filter(|line| !line.is_blank()).map(|line| line.indent).min().unwrap_or_default()
}

/// Joins the lines to text, without their common indentation and without blank lines around them.
pub(super) fn dedent(lines: &[Line<'_>]) -> String {
    let base = smallest_indent(lines);
    let mut out = String::new();
    let mut blanks = 0;
    for line in lines {
        if line.is_blank() {
            blanks += 1;
            continue;
        }
        if !out.is_empty() {
            out.extend(std::iter::repeat_n('\n', blanks + 1));
        }
        blanks = 0;
        out.extend(std::iter::repeat_n(' ', line.indent - base));
        out.push_str(line.text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{dedent, split_lines};

    #[test]
    fn measures_and_removes_indentation() {
        assert_eq!(dedent(&split_lines("\n   a\n\n\t b  \n   c\n\n")), "a\n\n      b\nc");
        assert_eq!(dedent(&split_lines(" \n\t")), "");
    }
}
