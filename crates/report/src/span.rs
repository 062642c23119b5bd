//! A line of a report before it is styled. Our words and the pages' texts are separate parts.

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Span {
    /// Our words.
    Words(String),
    /// Our words, emphasized.
    Strong(String),
    /// Text of a page, or from another source outside.
    Text(String),
    /// Page text that was deleted.
    Deleted(String),
    /// Page text that was inserted.
    Inserted(String),
    /// A command to type.
    Code(String),
    /// Our words as a link to a web URL; any other URL is shown beside them.
    Link(String, String),
}

/// The number of characters that are shown of a text.
pub(crate) const MAX_TEXT_CHARS: usize = 400;
/// The number of characters that are shown of a name, such as a code or a header.
pub(crate) const MAX_NAME_CHARS: usize = 100;

/// Successive parts.
pub(crate) type Line = Vec<Span>;

/// Returns text from outside, cut after `limit` characters.
pub(crate) fn text(text: &str, limit: usize) -> Line {
    vec![Span::Text(shorten(text, limit))]
}

/// Returns our words.
pub(crate) fn plain(words: impl Into<String>) -> Line {
    vec![Span::Words(words.into())]
}

/// Joins lines with `between` them.
pub(crate) fn joined(lines: impl IntoIterator<Item = Line>, between: &str) -> Line {
    let mut out = Line::new();
    for line in lines {
        if !out.is_empty() {
            out.push(Span::Words(between.to_owned()));
        }
        out.extend(line);
    }
    out
}

/// Cuts `text` after `limit` characters.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Replaces `{0}`, `{1}` … in a template by the lines of `parts`. Text between two `*` is emphasized.
pub(crate) fn fill_template(template: &str, parts: &[Line]) -> Line {
    let mut out = Line::new();
    let mut strong = false;
    for (at, run) in template.split('*').enumerate() {
        strong = at > 0 && !strong;
        fill(run, strong, parts, &mut out);
    }
    out
}

fn fill(run: &str, strong: bool, parts: &[Line], out: &mut Line) {
    let push = |words: &str| match (words, strong) {
        ("", _) => None,
        (words, true) => Some(Span::Strong(words.to_owned())),
        (words, false) => Some(Span::Words(words.to_owned())),
    };
    let mut left = run;
    while let Some((before, index, after)) = placeholder(left) {
        out.extend(push(before));
        out.extend(parts.get(index).into_iter().flatten().cloned());
        left = after;
    }
    out.extend(push(left));
}

fn placeholder(run: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = run.split_once('{')?;
    let (index, after) = rest.split_once('}')?;
    Some((before, index.parse().ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::{Span, fill_template, shorten, text};

    #[test]
    fn templates_are_filled_once() {
        let said = fill_template("*gone* from {1}: {0}", &[text("{1} *a*", 20), text("b", 20)]);
        let expected = [
            Span::Strong("gone".into()),
            Span::Words(" from ".into()),
            Span::Text("b".into()),
            Span::Words(": ".into()),
            Span::Text("{1} *a*".into()),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shorten("水箱已空", 2), "水箱…");
        assert_eq!(shorten("水箱", 2), "水箱");
    }
}
