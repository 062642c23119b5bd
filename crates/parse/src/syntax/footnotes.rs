//! Recognizes footnote marks, which are no part of the header word or key before them.

use std::sync::LazyLock;

use regex::Regex;

/// `1`, `[1]`, `(a)`, `*`, `†`.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[\[(（【]?\s*(?:[0-9]{1,2}|[a-z])\s*[\])）】]?|[*†‡§①-⑳]{1,3})\s*$").expect("a valid pattern")
});
static RAISED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)<sup>(.{0,80}?)</sup>").expect("a valid pattern"));
static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<[^>]*>|\\|\]\([^)]*\)").expect("a valid pattern"));

/// Whether a superscript is a footnote mark.
pub(super) fn is_footnote_mark(raised: &str) -> bool {
    MARK.is_match(raised)
}

/// The maximum number of words of a header word or key. A longer text is a sentence, where a superscript may be an
/// exponent.
const MAX_KEY_WORDS: usize = 4;
/// The minimum number of characters of a header word or key. A shorter text is a unit or a base with an exponent.
const MIN_KEY_CHARS: usize = 3;

/// Whether a text may have a footnote mark: a header word or a key, not a sentence or a unit.
pub(super) fn is_key(text: &str) -> bool {
    text.chars().count() >= MIN_KEY_CHARS
        && text.split_whitespace().count() <= MAX_KEY_WORDS
        && (!text.contains(char::is_whitespace) || !text.starts_with(|c: char| c.is_lowercase()))
        && !text.ends_with(['.', '。', '!', '?'])
}

/// Returns a Markdown cell without its footnote marks, or `None` if it has none.
pub(super) fn without_marks(source: &str) -> Option<String> {
    let is_mark = |raised: &str| is_footnote_mark(LINK.replace_all(raised, "").trim_start_matches('['));
    let has_marks = source.contains("<sup") && RAISED.captures_iter(source).any(|found| is_mark(&found[1]));
    has_marks.then(|| {
        let replaced = RAISED.replace_all(
            source,
            |found: &regex::Captures<'_>| {
                if is_mark(&found[1]) { String::new() } else { found[0].to_owned() }
            },
        );
        replaced.into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{is_footnote_mark, without_marks};

    #[test]
    fn recognizes_footnote_marks() {
        for mark in ["1", "[1]", "(2)", " * ", "†", "a", "①", "【3】"] {
            assert!(is_footnote_mark(mark), "{mark}");
        }
        for none in ["", "2024", "TM", "th", "n+1"] {
            assert!(!is_footnote_mark(none), "{none}");
        }
    }

    #[test]
    fn removes_marks_from_markdown() {
        for (source, expected) in [
            ("A.1<sup>1</sup>", Some("A.1")),
            ("A.1 <sup>[2](#note)</sup>", Some("A.1 ")),
            ("A.1<sup>\\[2\\]</sup>", Some("A.1")),
            ("Lamp<sup>TM</sup>", None),
            ("A.1", None),
        ] {
            assert_eq!(without_marks(source).as_deref(), expected, "{source}");
        }
    }
}
