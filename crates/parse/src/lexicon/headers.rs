//! Maps header words to roles. Spellings are compared without white space, letter case and punctuation width.

use std::{collections::HashMap, sync::LazyLock};

use docdrift_model::{Role, text::fold};

use super::{
    compose,
    spellings::{OTHER_TABLES, PARTS, SURE, Strength, WEAK},
};

static SPELLINGS: LazyLock<HashMap<String, (Role, Strength)>> = LazyLock::new(|| {
    let weak = WEAK.iter().map(|(role, words)| (role, words, Strength::Weak));
    let sure = SURE.iter().map(|(role, words)| (role, words, Strength::Sure));
    let all = weak
        .chain(sure)
        .flat_map(|(role, words, strength)| words.iter().map(move |w| (fold_header(w), (*role, strength))));
    all.collect()
});

/// The maximum length of a header cell in bytes. Longer texts are not worth folding.
const MAX_HEADER_BYTES: usize = 160;

/// The maximum length of a folded header in characters. The longest listed spelling has fewer.
const MAX_FOLDED_CHARS: usize = 40;

/// Returns the role of a header cell that is listed.
pub(crate) fn lookup_role(header: &str) -> Option<(Role, Strength)> {
    let folded = foldable(header)?;
    let lookup_gloss = |gloss: Option<String>| gloss.and_then(|gloss| SPELLINGS.get(&gloss).copied());
    SPELLINGS
        .get(&folded)
        .copied()
        .or_else(|| role_of_parts(&folded))
        .or_else(|| lookup_gloss(before_bracket(&folded)))
        .or_else(|| lookup_gloss(inside_bracket(&folded)))
        .or_else(|| lookup_gloss(han_only(&folded)))
        .or_else(|| lookup_gloss(latin_only(&folded)))
}

/// Returns the role of a header cell that is listed or consists of known words.
pub(crate) fn interpret_header(header: &str) -> Option<(Role, Strength)> {
    lookup_role(header)
        .or_else(|| compose::compose_role(header))
        .or_else(|| suggest_role(header).map(|role| (role, Strength::Guess)))
}

/// Whether the words are a listed header, possibly with a gloss in brackets. Required for labels in running text.
pub(crate) fn is_spelling(words: &str) -> bool {
    let is_known = |folded: &str| SPELLINGS.contains_key(folded);
    foldable(words).is_some_and(|folded| {
        is_known(&folded) || (folded.ends_with(')') && before_bracket(&folded).is_some_and(|word| is_known(&word)))
    })
}

/// Interprets combined headers. `状态码/错误码` heads a column of both, whose key is the code; otherwise the first listed
/// word counts.
fn role_of_parts(folded: &str) -> Option<(Role, Strength)> {
    let parts: Option<Vec<_>> = folded.split(['/', '&', '、', '|']).map(|part| SPELLINGS.get(part).copied()).collect();
    let parts = parts.filter(|parts| parts.len() > 1)?;
    parts.iter().find(|(role, _)| *role == Role::Code).or(parts.first()).copied()
}

/// Returns the role that part of a header suggests.
pub(crate) fn suggest_role(header: &str) -> Option<Role> {
    let folded = foldable(header)?;
    PARTS.iter().find(|(_, parts)| parts.iter().any(|part| folded.contains(part))).map(|(role, _)| *role)
}

fn foldable(header: &str) -> Option<String> {
    if header.is_empty() || header.len() > MAX_HEADER_BYTES {
        return None;
    }
    Some(fold_header(header)).filter(|folded| !folded.is_empty() && folded.chars().count() <= MAX_FOLDED_CHARS)
}

/// Whether a header cell belongs to a table of parameters, elements or other things than errors.
pub(crate) fn belongs_to_other_table(header: &str) -> bool {
    OTHER_TABLES.contains(&fold_header(header).as_str()) || compose::is_foreign(header)
}

/// Whether two header cells are equal after folding.
pub(crate) fn is_same_header(a: &str, b: &str) -> bool {
    fold_header(a) == fold_header(b)
}

/// Whether a header is about row numbers.
pub(crate) fn is_index(header: &str) -> bool {
    const INDEXES: [&str; 10] = ["序号", "#", "no", "no.", "index", "序", "s.no", "sno", "sl no", "编号顺序"];
    INDEXES.contains(&header.trim().to_lowercase().as_str())
}

/// Returns the form in which header cells, titles and hints are compared.
pub(crate) fn fold_header(header: &str) -> String {
    fold(header).trim_matches(|c: char| matches!(c, '*' | '.' | ':' | '#' | '"')).to_owned()
}

/// `错误码(errorcode)` is the word `错误码` with a gloss.
fn before_bracket(folded: &str) -> Option<String> {
    folded.split_once('(').map(|(before, _)| before.to_owned())
}

fn inside_bracket(folded: &str) -> Option<String> {
    let (inside, _) = folded.split_once('(')?.1.split_once(')')?;
    Some(inside.to_owned())
}

/// `错误代码errorcode` is one word in both languages without a separator.
fn han_only(folded: &str) -> Option<String> {
    let is_mixed = !folded.is_ascii() && folded.chars().any(|c| c.is_ascii_alphabetic());
    is_mixed.then(|| folded.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).collect())
}

fn latin_only(folded: &str) -> Option<String> {
    let is_mixed = !folded.is_ascii();
    is_mixed.then(|| folded.chars().filter(char::is_ascii_alphabetic).collect())
}

#[cfg(test)]
mod tests {
    use super::{Role, Strength, lookup_role, suggest_role};

    #[test]
    fn maps_spellings_to_roles() {
        for (header, expected) in [
            ("状态码", Role::Status),
            ("HTTP 状态码", Role::Status),
            ("ＨＴＴＰ状态码", Role::Status),
            ("HTTP状态码（Status Code）", Role::Status),
            ("HttpCode", Role::Status),
            ("错误码(Error Code)", Role::Code),
            ("ErrorCode 错误代码", Role::Code),
            ("错误代码Code", Role::Code),
            ("Error Codes", Role::Code),
            ("模块错误码(codeDesc)", Role::Code),
            ("Message 错误信息", Role::Message),
            ("Error Message.", Role::Message),
            ("Description.", Role::Description),
            ("**Description**", Role::Description),
            ("Handling Suggestions (Optional)", Role::Solution),
            ("处理建议（可选）", Role::Solution),
            ("HTTP Status Code / Error Code", Role::Code),
            ("错误原因/解决方案", Role::Description),
        ] {
            assert_eq!(lookup_role(header), Some((expected, Strength::Sure)), "{header}");
        }
        for other in ["Parameter", "参数名", "Element", "", "The error code that the server answers with when it fails"]
        {
            assert_eq!(lookup_role(other), None, "{other}");
        }
        assert_eq!(suggest_role("Possible reason"), Some(Role::Description));
    }

    /// Checks the catalogue of real header words, if it is next to the repository.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "it reads a list that is not part of the repository")]
    fn maps_every_spelling_of_the_catalogue() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/sources-catalogue.md");
        let Ok(catalogue) = std::fs::read_to_string(path) else {
            eprintln!("skipped: there is no catalogue beside the repository");
            return;
        };
        let (_, section) = catalogue.split_once("## 4. Header words").unwrap();
        let (mut expected, mut missing, mut count) = (None, Vec::new(), 0);
        for line in section.lines().take_while(|line| !line.starts_with("## ")) {
            if let Some(name) = line.strip_prefix("### ") {
                expected = [Role::Status, Role::Code, Role::Message, Role::Description, Role::Solution]
                    .into_iter()
                    .find(|role| format!("{role:?}").to_lowercase() == name.trim());
            }
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let (Some(expected), [spelling, "zh" | "en", place]) = (expected, &cells[..]) else { continue };
            count += 1;
            let found = lookup_role(spelling).map(|(role, _)| role).or_else(|| suggest_role(spelling));
            if found != Some(expected) && !place.contains("decoy") {
                missing.push(format!("{spelling} ({place}): {found:?}, not {expected:?}"));
            }
        }
        assert!(count > 140, "{count} spellings");
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}
