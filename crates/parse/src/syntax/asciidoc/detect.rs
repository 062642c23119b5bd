//! Detects `AsciiDoc` by markup that no other format uses.

use super::{attributes::parse_entry, delimiters::is_delimiter, reader::front_matter_length};

/// The maximum number of inspected lines.
const MAX_LINES: usize = 20_000;
/// The number of points from which a page is `AsciiDoc`. A single sign may occur in another format.
const MIN_POINTS: usize = 2;

/// Beginnings of lines in brackets that describe the block below.
const BLOCK_ATTRIBUTES: [&str; 13] = [
    "[source",
    "[cols=",
    "[options=",
    "[opts=",
    "[%",
    "[NOTE]",
    "[TIP]",
    "[WARNING]",
    "[IMPORTANT]",
    "[CAUTION]",
    "[discrete]",
    "[[",
    "[width=",
];
const MACROS: [&str; 6] = ["include::", "image::", "ifdef::", "ifndef::", "toc::", "endif::"];
const INLINE_MACROS: [&str; 3] = ["xref:", "link:http", "footnote:["];

/// The evidence for `AsciiDoc`, each kind counted once, and the evidence against it.
#[derive(Default)]
struct Evidence {
    /// Titles, sections, attribute entries, block attributes, block macros and inline macros.
    kinds: [bool; 6],
    table_rules: usize,
    foreign: usize,
}

impl Evidence {
    fn total_points(&self) -> usize {
        // The delimiters of a table are in no other format, so they count twice.
        let table = if self.table_rules > 1 { MIN_POINTS } else { 0 };
        self.kinds.iter().filter(|is_there| **is_there).count() + table
    }
}

/// Whether the page is `AsciiDoc`.
pub(crate) fn is_asciidoc(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return false;
    }
    let lines: Vec<&str> = text.lines().take(MAX_LINES).map(str::trim_end).collect();
    let mut evidence = Evidence::default();
    let mut verbatim: Option<&str> = None;
    let mut is_first = true;
    for line in &lines[front_matter_length(&lines).min(lines.len())..] {
        let delimiter = if line.starts_with("```") { "```" } else { line };
        if let Some(open) = verbatim {
            verbatim = (open != delimiter).then_some(open);
            continue;
        }
        if delimiter == "```" || is_delimiter(line, '.') {
            verbatim = Some(delimiter);
            continue;
        }
        add_line(line, is_first, &mut evidence);
        is_first &= line.is_empty() || line.starts_with("//") || line.starts_with(':') || line.starts_with('[');
    }
    evidence.foreign == 0 && evidence.total_points() >= MIN_POINTS
}

fn add_line(line: &str, is_first: bool, evidence: &mut Evidence) {
    let ends_in_bracket = line.ends_with(']');
    let starts_with = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
    let entry = parse_entry(line);
    let has_title = evidence.kinds[0] || (is_first && is_title(line, 1));
    let found = [
        has_title,
        (2..=5).any(|level| is_title(line, level)),
        entry.is_some_and(|(_, value)| has_title || (value.is_some() && is_first)),
        ends_in_bracket && starts_with(&BLOCK_ATTRIBUTES),
        ends_in_bracket && starts_with(&MACROS),
        has_inline_macro(line),
    ];
    evidence.kinds.iter_mut().zip(found).for_each(|(kind, is_there)| *kind |= is_there);
    evidence.table_rules += usize::from(line.starts_with("|===") && line[1..].bytes().all(|b| b == b'='));
    evidence.foreign += usize::from(is_foreign(line));
}

/// Whether a line is `== Title`, but not `== Title ==` as in wikis.
fn is_title(line: &str, level: usize) -> bool {
    let rest = line.trim_start_matches('=');
    line.len() - rest.len() == level && rest.starts_with(' ') && !rest.trim().is_empty() && !rest.ends_with('=')
}

fn has_inline_macro(line: &str) -> bool {
    let macros = INLINE_MACROS.iter().filter_map(|name| line.find(name));
    let is_closed = |at: usize| line[at..].contains('[') && line[at..].contains(']');
    macros.into_iter().any(is_closed)
        || line.find("<<").is_some_and(|at| line[at..].contains(',') && line[at..].contains(">>"))
}

/// Whether a line has markup of Markdown, reStructuredText or HTML that `AsciiDoc` does not use.
fn is_foreign(line: &str) -> bool {
    let hashes = line.bytes().take_while(|b| *b == b'#').count();
    let is_atx = (1..=6).contains(&hashes) && line[hashes..].starts_with(' ');
    let is_pipe_rule = line.contains("-|-") || line.starts_with("|--") || line.starts_with("| --");
    is_atx || is_pipe_rule || line.starts_with(".. ") || line.starts_with("</") || line.contains("](http")
}
