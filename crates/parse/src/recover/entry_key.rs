//! Reads the code at the beginning of a heading, term or line of a list, with the name beside it.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    lexicon::{
        cells::{CodeForm, is_http_status, is_reason_phrase},
        headers,
    },
    syntax::block::Prose,
};

/// The maximum length of a heading with a code, in bytes. Longer headings are sentences.
const MAX_HEADING: usize = 160;
/// The maximum length of a name beside a code, in bytes. Longer text is its description.
const MAX_NAME: usize = 100;

/// The maximum number of words of a name beside a code. Longer texts are sentences.
const MAX_NAME_WORDS: usize = 6;

/// The separators between a code and the text after it in a line.
const JOINTS: [&str; 11] = [": ", "：", " - ", " – ", " — ", "——", " = ", " => ", ":", "—", "–"];

/// A code in brackets before or after a name: `NAME (12)`, `(12) NAME`, `NAME（12）`.
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?P<a>[^\s(（\[]+)\s*[(（\[]\s*(?P<b>[-+]?[0-9A-Za-z_x.]+)\s*[)）\]]|[(（\[]\s*(?P<d>[-+]?[0-9A-Za-z_x.]+)\s*[)）\]]\s*(?P<c>\S+))$")
        .expect("a valid pattern")
});
/// Words before a code that announce it: `Error 1045`, `Error code: 12`, `错误码 12`.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:(?:error|err|exit|return|result|reason|status)?\s*(?:code|number|no\.?)|error|sqlstate|错误码|错误代码|返回码)\s*[:：#]?\s*(?P<rest>\S.*)$")
        .expect("a valid pattern")
});
/// Section numbers before the words of a heading, such as `1.` and `2.3`.
static SECTION_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[0-9]{1,2}\.)+[0-9]{0,2}\.?\s+(?P<rest>\S.*)$").expect("a valid pattern"));

/// A code, the name beside it, and the rest of the line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct EntryKey {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) rest: String,
}

impl EntryKey {
    /// Reads a heading that is a code, with or without a name.
    pub(super) fn from_heading(text: &str) -> Option<Self> {
        if text.len() > MAX_HEADING {
            return None;
        }
        let text =
            SECTION_NUMBER.captures(text).and_then(|found| found.name("rest")).map_or(text, |rest| rest.as_str());
        Self::parse_whole(text, CodeForm::Name).or_else(|| {
            let (key, rest) = Self::split_text(text)?;
            Some(Self { name: rest.to_owned(), ..key }).filter(|key| key.name.len() <= MAX_NAME)
        })
    }

    /// Reads a term that is a code.
    pub(super) fn from_term(text: &str) -> Option<Self> {
        Self::from_heading(text).or_else(|| Self::parse_whole(text, CodeForm::SmallNumber))
    }

    /// Reads the code at the beginning of a line. It must be emphasized or followed by a separator.
    pub(super) fn from_line(prose: &Prose) -> Option<Self> {
        let text = prose.text.as_str();
        if prose.lead > 0 {
            return Self::from_lead(text.get(..prose.lead)?, text.get(prose.lead..)?);
        }
        // The lines of a code sample have no codes.
        if text.starts_with(['"', '{', '}', '[', '<']) {
            return None;
        }
        if text.contains(['(', '（', '['])
            && let Some(key) = Self::parse_whole(text, CodeForm::Number)
        {
            return Some(key);
        }
        let (key, rest) = Self::split_text(text)?;
        (!rest.is_empty()).then(|| key.with_rest(rest))
    }

    fn from_lead(lead: &str, rest: &str) -> Option<Self> {
        let lead = lead.trim().trim_end_matches([':', '：', '-', '–', '—']).trim_end();
        let key = Self::parse_whole(lead, CodeForm::SmallNumber).or_else(|| {
            let (key, name) = Self::split_text(lead)?;
            Some(Self { name: name.to_owned(), ..key })
        })?;
        let rest = rest.trim_start();
        // A number in brackets directly after the code is its other form.
        let bracket = rest.strip_prefix(['(', '（']).and_then(|inner| inner.split_once([')', '）']));
        if let Some((other, rest)) = bracket.filter(|(other, _)| CodeForm::parse(other) >= CodeForm::SmallNumber) {
            return Some(Self { name: other.trim().to_owned(), ..key }.with_rest(rest));
        }
        let is_joined = rest.is_empty() || rest.starts_with([':', '：', '-', '–', '—', '=', '(', '（', ',', '，']);
        // An emphasized word that a sentence continues is no code.
        let is_apart =
            CodeForm::parse(&key.code).looks_like_identifier() && !rest.starts_with(|c: char| c.is_ascii_lowercase());
        (is_joined || is_apart).then(|| key.with_rest(rest))
    }

    /// Reads a text that is only a code of at least this form, or a code and a number in brackets.
    fn parse_whole(text: &str, least: CodeForm) -> Option<Self> {
        let text = LABEL.captures(text).and_then(|found| found.name("rest")).map_or(text, |rest| rest.as_str()).trim();
        if let Some(found) = BRACKETED.captures(text) {
            let part = |name: &str| found.name(name).map(|part| part.as_str().to_owned());
            let (code, name) = (part("a").or_else(|| part("c"))?, part("b").or_else(|| part("d"))?);
            return is_key(&code, CodeForm::Word).then(|| Self { code, name, rest: String::new() });
        }
        (!text.contains(char::is_whitespace) && is_key(text, least))
            .then(|| Self { code: text.to_owned(), ..Self::default() })
    }

    /// Splits a code, with a separator or blank after it, from the text behind.
    fn split_text(text: &str) -> Option<(Self, &str)> {
        let text = LABEL.captures(text).and_then(|found| found.name("rest")).map_or(text, |rest| rest.as_str()).trim();
        let joint = JOINTS.iter().filter_map(|joint| Some((text.find(joint)?, joint.len()))).min();
        if let Some((at, len)) = joint {
            let (code, rest) = (text[..at].trim(), text[at + len..].trim());
            if let Some(key) = Self::parse_whole(code, CodeForm::SmallNumber) {
                return Some((key, rest));
            }
            if let Some((code, name)) =
                code.split_once(char::is_whitespace).filter(|(code, _)| is_key(code, CodeForm::Number))
            {
                let key = Self { code: code.to_owned(), name: name.trim().to_owned(), rest: String::new() };
                return (key.name.len() <= MAX_NAME).then_some((key, rest));
            }
        }
        let (code, rest) = text.split_once(char::is_whitespace)?;
        // Neither `404 Not Found` nor `OpenStack errors` is a code with a name.
        let has_joint = code.contains(|c: char| c.is_ascii_digit() || matches!(c, '_' | '.' | ':' | '-'));
        (has_joint && is_key(code, CodeForm::Number))
            .then(|| (Self { code: code.to_owned(), ..Self::default() }, rest.trim()))
            .filter(|(key, rest)| !(is_http_status(&key.code) && is_reason_phrase(rest)))
    }

    /// Adds the rest of a line: a short name before another separator, or all of it as text.
    fn with_rest(mut self, rest: &str) -> Self {
        let rest = rest.trim().trim_start_matches([':', '：', '-', '–', '—', '=', '>', ',', '，']).trim();
        let named = [": ", "：", " - ", " – ", " — "]
            .iter()
            .filter_map(|joint| rest.split_once(joint))
            .min_by_key(|(name, _)| name.len());
        match named.filter(|(name, text)| self.name.is_empty() && is_name(name) && !text.is_empty()) {
            Some((name, text)) => {
                name.clone_into(&mut self.name);
                text.trim().clone_into(&mut self.rest);
            }
            None => rest.clone_into(&mut self.rest),
        }
        self
    }
}

/// Whether a text is the name of an error: it has few words and no end of a sentence.
fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME / 2
        && text.split_whitespace().count() <= MAX_NAME_WORDS
        && !text.contains(['.', '。', ',', '，', '"', '`'])
}

/// Whether a word can be the code of a list. Header words, HTTP statuses in words and versions cannot.
fn is_key(word: &str, least: CodeForm) -> bool {
    let form = CodeForm::parse(word);
    form >= least
        && form > CodeForm::None
        && !word.ends_with(['.', ','])
        && !word.contains("//")
        && !is_status_class(word)
        && headers::lookup_role(word).is_none()
}

/// Whether a word is a class of HTTP statuses, such as `4xx`.
fn is_status_class(word: &str) -> bool {
    word.len() == 3 && word.starts_with(|c: char| ('1'..='5').contains(&c)) && word[1..].eq_ignore_ascii_case("xx")
}

#[cfg(test)]
mod tests {
    use super::EntryKey;
    use crate::syntax::block::Prose;

    fn key(code: &str, name: &str, rest: &str) -> EntryKey {
        EntryKey { code: code.into(), name: name.into(), rest: rest.into() }
    }

    #[test]
    fn reads_headings() {
        for (text, expected) in [
            ("-1000 UNKNOWN", Some(key("-1000", "UNKNOWN", ""))),
            ("LAMP_BUSY", Some(key("LAMP_BUSY", "", ""))),
            ("ELAMP（11）", Some(key("ELAMP", "11", ""))),
            ("(3) LAMP_DARK", Some(key("LAMP_DARK", "3", ""))),
            ("Error 1045: Lamp is dark", Some(key("1045", "Lamp is dark", ""))),
            ("1900401 No such lamp", Some(key("1900401", "No such lamp", ""))),
            ("2.1 LampBusy", Some(key("LampBusy", "", ""))),
            ("Lamp.0001 - Dark", Some(key("Lamp.0001", "Dark", ""))),
            ("Lamps that are dark", None),
            ("404 Not Found", None),
            ("1. Lamps and bulbs", None),
            ("Description", None),
        ] {
            assert_eq!(EntryKey::from_heading(text), expected, "{text}");
        }
    }

    #[test]
    fn reads_lines() {
        for (text, lead, expected) in [
            ("-32700 - Parse error: Invalid lamp", 6, Some(key("-32700", "Parse error", "Invalid lamp"))),
            ("LAMP_BUSY: The lamp is in use.", 9, Some(key("LAMP_BUSY", "", "The lamp is in use."))),
            ("LAMP_BUSY: The lamp is in use.", 0, Some(key("LAMP_BUSY", "", "The lamp is in use."))),
            ("LAMP_DARK (-1)", 9, Some(key("LAMP_DARK", "-1", ""))),
            ("LampDark.Name", 13, Some(key("LampDark.Name", "", ""))),
            ("1001: no lamp", 0, Some(key("1001", "", "no lamp"))),
            ("lamp is the name of a lamp", 4, None),
            ("A lamp: it shines", 0, None),
            ("See LAMP_BUSY: it is", 0, None),
        ] {
            assert_eq!(EntryKey::from_line(&Prose { text: text.into(), lead, depth: 0 }), expected, "{text}");
        }
    }
}
