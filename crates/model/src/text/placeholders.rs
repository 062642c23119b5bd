//! The placeholders of a wire message: what a program fills in or parses out.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::{Match, Regex};

use crate::text::{fold, half_width};

/// `{0}` `{}` `{{name}}` · `%s` `%1$d` `%(key)s` · `<parameter name>` · `xxx`. The brackets or quotes that a page puts
/// around them are not part of them; ranges and character classes in square brackets are none.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    let syntaxes = [
        r"\{\{?[\w .$#:-]{0,60}\}?\}",
        r"%(?:\(\w+\)|[0-9]+\$)?[-+#0]*[0-9]*(?:\.[0-9]+)?(?:l{1,2}|h)?[sdiufgxXqv](?-u:\b)",
        r"<[\p{L}_$][\w .$#:/-]{0,60}>",
        r"(?-u:\b)(?:x{3,}|X{3,})(?-u:\b)",
    ];
    Regex::new(&syntaxes.join("|")).expect("a valid pattern")
});

/// The placeholders of `message`, folded, and how many arguments each takes: a named one is the same argument wherever
/// it stands, a nameless one is another argument each time.
pub fn placeholders(message: &str) -> BTreeMap<String, usize> {
    let message = half_width(message);
    let mut counts = BTreeMap::new();
    for place in found(&message) {
        let count = counts.entry(fold(place.as_str())).or_insert(0);
        if *count == 0 || is_nameless(place.as_str()) {
            *count += 1;
        }
    }
    counts
}

/// `%s`, `{}` and `xxx`, but not `{0}`, `%1$s` or `%(key)s`.
fn is_nameless(placeholder: &str) -> bool {
    let is_format = placeholder.starts_with('%') && !placeholder.contains(['(', '$']);
    is_format || matches!(placeholder, "{}" | "{{}}") || placeholder.chars().all(|c| matches!(c, 'x' | 'X'))
}

/// `message` (in half-width forms) without its placeholders.
pub fn without(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut end = 0;
    for place in found(message) {
        out += &message[end..place.start()];
        end = place.end();
    }
    out + &message[end..]
}

fn found(message: &str) -> impl Iterator<Item = Match<'_>> {
    PLACEHOLDER.find_iter(message).filter(|place| stands_alone(message, place))
}

/// `[a-z]{3}` repeats a character class, `a<b and c>d` and `100%d` compare and count.
fn stands_alone(message: &str, place: &Match<'_>) -> bool {
    let before = message[..place.start()].chars().next_back();
    match message[place.start()..].chars().next() {
        Some('{') => !matches!(before, Some(']' | ')' | '\\')) || !is_repeat(place.as_str()),
        Some('<' | '%') => !before.is_some_and(|c| c.is_ascii_alphanumeric()),
        _ => true,
    }
}

fn is_repeat(braces: &str) -> bool {
    braces.trim_matches(['{', '}']).chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{placeholders, without};

    #[test]
    fn syntaxes_of_placeholders() {
        for (message, expected) in [
            ("Tank {0} has no {}.", vec!["{0}", "{}"]),
            ("Tank {tank_id} of {{farm}}", vec!["{tank_id}", "{{farm}}"]),
            ("Tank ${tank id} is dry", vec!["{tankid}"]),
            ("Tank [%s] holds %d l, %1$s, %(key)s and %.2f", vec!["%(key)s", "%.2f", "%1$s", "%d", "%s"]),
            ("水箱%s不存在，编号%d。", vec!["%d", "%s"]),
            ("The '<tank name>' is bad", vec!["<tankname>"]),
            ("水箱＜名称＞无效", vec!["<名称>"]),
            ("Tank xxx not found; 水箱XXX不存在", vec!["xxx"]),
            ("Twice {0} and {0}", vec!["{0}"]),
            ("Use [1-1000] of [a-zA-Z0-9._-]{3}", vec![]),
            ("Match ^[a-z]{1,64}$", vec![]),
            ("At 100% some tanks; 50%d", vec![]),
            ("Need a<b and c>d, a < b > c", vec![]),
            ("4xx or 5XX, Exxon", vec![]),
            (r#"{"tank": 1}"#, vec![]),
            ("", vec![]),
        ] {
            assert_eq!(placeholders(message).into_keys().collect::<Vec<_>>(), expected, "{message}");
        }
    }

    #[test]
    fn nameless_placeholders_count_each_time() {
        let count = |message: &str| placeholders(message).into_values().sum::<usize>();
        assert_eq!(count("Tank {0} is not {0} but {1}, %(key)s and %(key)s"), 3);
        assert_eq!(count("Tank %s of %s holds {} of {}, xxx or xxx"), 6);
    }

    #[test]
    fn a_message_without_its_placeholders() {
        assert_eq!(without("Tank {0} of [%s]: 水箱<名称>。"), "Tank  of []: 水箱。");
        assert_eq!(without("plain"), "plain");
    }
}
