//! Detects reStructuredText by markup that no other format uses.

use super::{
    adornments::find_title,
    directive::split_name,
    lines::{Line, split_lines},
};

/// The maximum number of inspected lines.
const MAX_LINES: usize = 20_000;

/// Roles that documentation uses. Any other `:word:` before a backquote is no proof.
const ROLES: [&str; 17] = [
    "ref", "doc", "term", "code", "class", "func", "meth", "file", "guilabel", "command", "option", "envvar", "numref",
    "download", "any", "program", "samp",
];

/// Directives that pages use. Any other `.. word::` is no proof.
const DIRECTIVES: [&str; 34] = [
    "note",
    "warning",
    "tip",
    "hint",
    "important",
    "caution",
    "danger",
    "attention",
    "seealso",
    "admonition",
    "code-block",
    "code",
    "sourcecode",
    "literalinclude",
    "table",
    "list-table",
    "csv-table",
    "flat-table",
    "toctree",
    "contents",
    "image",
    "figure",
    "include",
    "raw",
    "versionadded",
    "versionchanged",
    "deprecated",
    "rubric",
    "topic",
    "glossary",
    "only",
    "index",
    "highlight",
    "container",
];

/// Whether the page is reStructuredText. A drawn table is no proof, since plain text contains them too.
pub(crate) fn is_rst(text: &str) -> bool {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return false;
    }
    let head_end = text.match_indices('\n').nth(MAX_LINES).map_or(text.len(), |(at, _)| at);
    let lines = split_lines(&text[..head_end]);
    let mut is_fenced = false;
    let (mut proofs, mut titles, mut foreign) = (0_usize, 0_usize, 0_usize);
    for (at, line) in lines.iter().enumerate() {
        if line.text.starts_with("```") || line.text.starts_with("~~~~") && line.text.contains(char::is_alphabetic) {
            is_fenced = !is_fenced;
            foreign += 1;
        } else if !is_fenced {
            proofs += usize::from(is_proof(line));
            titles += usize::from(line.indent == 0 && find_title(&lines[at..]).is_some());
            foreign += usize::from(is_foreign(line));
        }
    }
    proofs > foreign && (proofs > 1 || titles > 0)
}

fn is_proof(line: &Line<'_>) -> bool {
    let Some(rest) = line.text.strip_prefix(".. ").map(str::trim_start) else {
        return line.text.match_indices(":`").any(|(at, _)| is_known_role(&line.text[..at]));
    };
    let is_target = rest.starts_with('_') && rest.trim_end().contains(':');
    let is_substitution = rest.starts_with('|') && rest[1..].contains('|') && rest.contains("::");
    is_target
        || is_substitution
        || split_name(rest).is_some_and(|(name, _)| name.contains(':') || DIRECTIVES.contains(&name.as_str()))
}

/// Whether the text ends with `:role`.
fn is_known_role(before: &str) -> bool {
    let start = before.len() - before.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
    before[..start].ends_with(':') && ROLES.contains(&&before[start..])
}

/// Whether a line has markup of Markdown, `AsciiDoc` or HTML that reStructuredText does not use.
fn is_foreign(line: &Line<'_>) -> bool {
    let text = line.text;
    let hashes = text.bytes().take_while(|b| *b == b'#').count();
    let is_atx = line.indent == 0 && (1..=6).contains(&hashes) && text[hashes..].starts_with(' ');
    let is_pipe_rule = text.contains("-|-") || text.starts_with("|--") || text.starts_with("| --") || text == "|===";
    let is_tag = text.starts_with("</") || text.starts_with("<table") || text.starts_with("<div");
    is_atx || is_pipe_rule || is_tag || text.contains("](http")
}
