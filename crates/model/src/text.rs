//! Folding of text: which texts count as the same.
//!
//! There are two steps. [`tidy`] returns the text that a reader sees, which docdrift keeps. [`fold`] also removes what a
//! reader would not notice; its result is only compared and digested, never shown.

mod code;
pub mod placeholders;
mod status;

use std::{collections::HashSet, fmt::Write as _, sync::LazyLock};

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

pub use code::list as code_list;
pub use status::numbers as status_numbers;

const DIGEST_PREFIX: &str = "sha256:";

/// Whether a character is invisible and means nothing in a cell: soft hyphens, zero-width spaces and joiners, byte-order
/// marks, direction marks. Copied into codes, they would make two equal codes differ.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns the visible text of a cell: invisible characters dropped, white-space runs folded to one space, its paragraphs (the
/// lines of `text`) joined by one newline, empty ones left out.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let start = out.len();
        for word in line.split_whitespace() {
            let before = out.len();
            out.extend(word.chars().filter(|c| !is_invisible(*c)));
            if out.len() > before && before > start {
                out.insert(before, ' ');
            }
        }
        if out.len() > start && start > 0 {
            out.insert(start, '\n');
        }
    }
    out
}

/// Returns the text with full-width forms made half-width (compatibility composition, Unicode's NFKC) and the CJK full stop,
/// comma and quotation marks made plain.
pub fn half_width(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfkc()
        .map(|c| match c {
            '。' | '｡' => '.',
            '、' | '，' => ',',
            '“' | '”' | '「' | '」' => '"',
            '‘' | '’' => '\'',
            '–' | '—' => '-',
            c => c,
        })
        .collect()
}

/// Returns the text without white space, punctuation width and letter case. Two texts with the same fold differ only
/// cosmetically.
pub fn fold(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).flat_map(char::to_lowercase).collect()
}

/// Returns `sha256:` and the hexadecimal digest of `bytes`.
pub fn digest(bytes: &[u8]) -> String {
    let mut out = String::from(DIGEST_PREFIX);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Returns the digest that replaces an unpublished text, made from its fold; empty for an empty text.
pub fn published(text: &str) -> String {
    if text.is_empty() || is_digest(text) { text.to_owned() } else { digest(fold(text).as_bytes()) }
}

/// The words with which pages fill empty cells, and their digests.
static NOTHING: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let words = ["-", "--", "/", "\\", "null", "none", "n/a", "无", "暂无"];
    words.iter().flat_map(|word| [fold(word), published(word)]).collect()
});

/// The number of characters of the longest of them.
const LONGEST_NOTHING: usize = 4;

/// Whether a cell is empty or says `-`, `null`, `无` or the like.
pub fn says_nothing(text: &str) -> bool {
    if text.is_empty() || is_digest(text) {
        return text.is_empty() || NOTHING.contains(text);
    }
    // Folding every cell of every page would cost more than reading them.
    let seen = text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c));
    seen.take(LONGEST_NOTHING + 1).count() <= LONGEST_NOTHING && NOTHING.contains(&fold(text))
}

/// Whether `text` is a digest in place of a text.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix(DIGEST_PREFIX).is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether two texts are the same, where either may be the digest of the other.
pub fn same(a: &str, b: &str) -> bool {
    match (is_digest(a), is_digest(b)) {
        (true, false) => a == published(b),
        (false, true) => published(a) == b,
        _ => a == b,
    }
}

/// Returns a key that sorts `A.2` before `A.10`: runs of digits are padded by their length.
pub fn natural_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 8);
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let number = digits.trim_start_matches('0');
            // The length first: a longer number is a greater one. Leading zeros decide last.
            let _ = write!(key, "{:04}{number}{:02}", number.len(), digits.len() - number.len());
            digits.clear();
        }
        if c != '\0' {
            key.push(c);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::{digest, fold, is_digest, natural_key, published, same, tidy};

    #[test]
    fn tidy_keeps_visible_text() {
        for (raw, seen) in [
            ("  a \t b ", "a b"),
            ("a\n\n  b\r\n", "a\nb"),
            ("I\u{ad}I\u{200b}C.1", "IIC.1"),
            ("a \u{200b} b", "a b"),
            ("\u{a0}", ""),
            ("", ""),
            ("状态\u{3000}码", "状态 码"),
        ] {
            assert_eq!(tidy(raw), seen, "{raw:?}");
            assert_eq!(tidy(&tidy(raw)), seen, "tidy is idempotent: {raw:?}");
        }
    }

    #[test]
    fn fold_removes_cosmetic_differences() {
        for (a, b) in [
            ("IP地址", "IP 地址"),
            ("参数错误。", "参数错误．"),
            ("Bad Request: {0}.", "bad request：{0}."),
            ("（code）", "(Code)"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} / {b}");
        }
        assert_ne!(fold("identity store"), fold("identity source"));
    }

    #[test]
    fn a_text_and_its_digest_are_the_same() {
        let hidden = published("Try again.");
        assert!(is_digest(&hidden));
        assert_eq!(published(&hidden), hidden);
        assert!(same("try again．", &hidden));
        assert!(!same("Try later.", &hidden));
        assert_eq!(published(""), "");
        assert_eq!(digest(b""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn words_for_nothing() {
        for nothing in [
            "",
            "-",
            "—",
            "／",
            "NULL",
            "ＮＯＮＥ",
            "n u l\u{200b} l",
            "无",
            " 暂无 ",
            &published("-"),
            &published("无"),
        ] {
            assert!(super::says_nothing(nothing), "{nothing}");
        }
        let longest = ["-", "--", "/", "\\", "null", "none", "n/a", "无", "暂无"].map(|word| word.chars().count());
        assert_eq!(longest.into_iter().max(), Some(super::LONGEST_NOTHING));
        for something in ["0", "no", "无效", "nulls", &published("x")] {
            assert!(!super::says_nothing(something), "{something}");
        }
    }

    #[test]
    fn natural_order() {
        let mut codes = ["A.10", "A.2", "A.02", "B", "A.2.b", "A", "A.1000", "0023", "23"];
        codes.sort_by_key(|code| natural_key(code));
        assert_eq!(codes, ["23", "0023", "A", "A.2", "A.2.b", "A.02", "A.10", "A.1000", "B"]);
    }
}
