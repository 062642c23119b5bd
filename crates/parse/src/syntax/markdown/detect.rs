//! Distinguishes Markdown from plain text.

use std::sync::LazyLock;

use regex::Regex;

use super::pipes;

static TELLTALE: LazyLock<Regex> = LazyLock::new(|| {
    let marks = r"^#{1,6} \S|\]\((https?://|/|#|~~|\.)|<table[\s>]|^```|^\s*\|?[^|\n]*\*\*[^*\n]+\*\*";
    let blocks = r"^[*-] `[^`\n]+`|^:::|^---\n(?:[a-z_]+:.*\n)+---$|^\{\{[<%]";
    Regex::new(&format!("(?m){marks}|{blocks}")).expect("a valid pattern")
});
static BOLD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\*\*[^*|\s][^*|]*\*\*").expect("a valid pattern"));

/// Whether a text has markup of Markdown: headings, links, fences, bold words or HTML tables.
pub(crate) fn is_markdown(text: &str) -> bool {
    TELLTALE.is_match(text) || has_table_with_markup(text)
}

/// The number of rows below a separator inspected for markup.
const MAX_PROBED_ROWS: usize = 20;

/// Whether a pipe table has inline markup in its first rows. Tables in plain text have none.
fn has_table_with_markup(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let is_marked_line = |line: &&str| line.matches('`').count() > 1 || BOLD.is_match(line);
    let is_below = |at: usize| lines[at + 1..].iter().take(MAX_PROBED_ROWS).take_while(|line| line.contains('|'));
    let separators = (1..lines.len()).filter(|at| pipes::separator_cells(lines[*at]).is_some_and(|cells| cells > 1));
    separators.into_iter().any(|at| is_below(at).any(&is_marked_line))
}
