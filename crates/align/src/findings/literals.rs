//! Compares the parts that a translation must preserve: numbers, quoted literals and parameter names.

use std::{collections::BTreeSet, sync::LazyLock};

use docdrift_model::text::half_width;
use regex::{Captures, Regex};

static URL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"https?://[!-~]+").expect("a valid pattern"));
static ANGLES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<[^<>]*>").expect("a valid pattern"));
static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\]\([^()]*\)").expect("a valid pattern"));
static THOUSANDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[0-9]{1,3}(?:,[0-9]{3})+\b").expect("a valid pattern"));
static ZEROS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b0+([1-9][0-9]*)\b").expect("a valid pattern"));
/// A Latin word with its inner dots and hyphens, or a number.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9]+(?:\.[0-9]+)?[A-Za-z0-9_]*|[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*")
        .expect("a valid pattern")
});
static QUOTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"["'`]([!-~]{1,40}?)["'`]"#).expect("a valid pattern"));

/// Numbers that either language may spell out. An English word matches by its beginning.
const SPELLED_NUMBERS: [(&str, &[&str]); 13] = [
    ("0", &["零", "zero"]),
    ("1", &["一", "one", "january"]),
    ("2", &["二", "两", "two", "twice", "february"]),
    ("3", &["三", "three", "march"]),
    ("4", &["四", "four", "april"]),
    ("5", &["五", "five", "may"]),
    ("6", &["六", "six", "june"]),
    ("7", &["七", "seven", "july"]),
    ("8", &["八", "eight", "august"]),
    ("9", &["九", "nine", "september"]),
    ("10", &["十", "ten", "october"]),
    ("11", &["十一", "eleven", "november"]),
    ("12", &["十二", "twelve", "december"]),
];

/// Returns the text with the names removed from its `<…>` placeholders.
pub(super) fn without_placeholder_names(text: &str) -> String {
    ANGLES.replace_all(&half_width(text), "{}").into_owned()
}

/// Describes the literals that only one of two texts has. Returns `None` if there are none.
pub(super) fn describe_difference(zh: &str, en: &str) -> Option<String> {
    let (zh, en) = (normalize(zh), normalize(en));
    let only = |text: &str, other: &str| -> Vec<String> {
        let lower = other.to_lowercase();
        literals(text).into_iter().filter(|literal| !contains_literal(&lower, literal)).collect()
    };
    let describe =
        |lang: &str, only: &[String]| (!only.is_empty()).then(|| format!("{} in {lang} only", only.join(", ")));
    let parts = [describe("zh", &only(&zh, &en)), describe("en", &only(&en, &zh))];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Removes addresses, which differ by language, and the commas and leading zeros of numbers.
fn normalize(text: &str) -> String {
    let text = half_width(text);
    let text = URL.replace_all(&text, " ");
    let text = LINK.replace_all(&text, "]");
    let text = THOUSANDS.replace_all(&text, |number: &Captures<'_>| number[0].replace(',', ""));
    ZEROS.replace_all(&text, "$1").into_owned()
}

fn literals(text: &str) -> BTreeSet<String> {
    let quoted = QUOTED.captures_iter(text).filter_map(|found| found.get(1)).map(|found| found.as_str());
    let quoted = quoted.filter(|literal| literal.contains(|c: char| c.is_ascii_alphanumeric()));
    let tokens = TOKEN.find_iter(text).map(|found| found.as_str()).filter(|token| is_literal(token));
    quoted.chain(tokens).map(str::to_owned).collect()
}

/// Whether a token is a number or a name that does not occur in prose: `instance_id`, `imageName`, `ecs.g5`, `x86`, but
/// not `non-existent` or `ID`.
fn is_literal(token: &str) -> bool {
    if token.chars().all(|c| c == '_') {
        return false;
    }
    let has = |wanted: fn(&char) -> bool| token.chars().skip(1).any(|c| wanted(&c));
    let small = token.contains(|c: char| c.is_ascii_lowercase());
    token.starts_with(|c: char| c.is_ascii_digit())
        || has(char::is_ascii_digit)
        || token.contains('_')
        || (token.contains('.') && has(char::is_ascii_alphabetic))
        || (small && has(char::is_ascii_uppercase) && token.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// Whether the other text, in lower case, contains the literal as a separate word or spelled out.
fn contains_literal(other: &str, literal: &str) -> bool {
    let literal = literal.to_lowercase();
    let spelled = SPELLED_NUMBERS.iter().find(|(digits, _)| *digits == literal);
    has_word(other, &literal) || spelled.is_some_and(|(_, words)| words.iter().any(|word| other.contains(word)))
}

fn has_word(text: &str, word: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let is_whole = |at: usize| !inner(text[..at].chars().next_back()) && !inner(text[at + word.len()..].chars().next());
    text.match_indices(word).any(|(at, _)| is_whole(at))
}

#[cfg(test)]
mod tests {
    use super::describe_difference;

    #[test]
    fn finds_literals_missing_in_a_translation() {
        for (zh, en, expected) in [
            ("最多 64 个茶杯", "At most 64 cups", None),
            ("最多 64 个茶杯", "At most 128 cups", Some("64 in zh only; 128 in en only")),
            ("最多两个茶杯", "At most 2 cups", None),
            ("长度为 1~64", "1 to 64 characters", None),
            ("参数 cup_id 无效", "The cupId is invalid", Some("cup_id in zh only; cupId in en only")),
            ("参数CupId无效", "CupId is invalid", None),
            ("仅支持“HOT”和“COLD”", "Only 'HOT' is supported", Some("COLD in zh only")),
            ("请联系客服。", "Submit a service ticket. ID non-existent.", None),
            ("见 https://tea.test/zh/12", "See https://tea.test/en/34.", None),
            ("长度为2-64个字符，可含“_”", "2 to 64 characters, including underscores", None),
            ("2030年7月5日前", "Before July 5, 2030", None),
            ("2030-07-05 前", "Before July 5, 2030", None),
            ("超过2000毫升", "More than 2,000 ml", None),
            ("见[茶](../zh-CN/t1.md)", "See [tea](../en-US/t2.md)", None),
            ("至少 3.5 升", "At least 3.5 litres.", None),
            ("版本 v2 不支持", "Not supported", Some("v2 in zh only")),
            ("", "", None),
        ] {
            assert_eq!(describe_difference(zh, en).as_deref(), expected, "{zh} / {en}");
        }
    }
}
