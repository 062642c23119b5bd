//! A section of `sources.toml`, taken apart key by key; what is wrong is collected, not thrown.

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Problem;

pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

/// Collects what is wrong with a text.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: Vec<(usize, Problem)>,
}

impl<'t> Problems<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Line and column, both from one, of a byte offset.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }

    pub(crate) fn add(&mut self, span: &Range<usize>, message: impl Into<String>) {
        let at = Some(self.position(span.start));
        self.found.push((span.start, Problem { at, message: message.into() }));
    }

    /// The problems in the order of the file.
    pub(crate) fn sorted(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|(offset, _)| *offset);
        self.found.into_iter().map(|(_, problem)| problem).collect()
    }
}

/// A table under the name that a reader of the file knows it by, with the keys it may have.
pub(crate) struct Section<'a, 't> {
    pub(crate) name: &'a str,
    pub(crate) table: &'a DeTable<'t>,
    pub(crate) span: Range<usize>,
}

impl<'a, 't> Section<'a, 't> {
    /// The table in `value`; a problem is noted where it is none or has a key beside `allowed`.
    pub(crate) fn new(
        name: &'a str,
        value: &'a Value<'t>,
        allowed: &[&str],
        problems: &mut Problems<'_>,
    ) -> Option<Self> {
        let Some(table) = value.get_ref().as_table() else {
            problems.add(&value.span(), wrong_type(name, "a table", value));
            return None;
        };
        let section = Self { name, table, span: value.span() };
        section.refuse_unknown(allowed, problems);
        Some(section)
    }

    pub(crate) fn refuse_unknown(&self, allowed: &[&str], problems: &mut Problems<'_>) {
        for (key, _) in self.table {
            if !allowed.contains(&key.get_ref().as_ref()) {
                let key_text = key.get_ref().escape_debug();
                let message = format!("unknown key `{key_text}` in {}; allowed: {}", self.name, allowed.join(", "));
                problems.add(&key.span(), message);
            }
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Value<'t>> {
        self.table.get(key)
    }

    /// The value of `key`; a problem saying `advice` is noted where it is missing.
    pub(crate) fn required(&self, key: &str, advice: &str, problems: &mut Problems<'_>) -> Option<&'a Value<'t>> {
        let value = self.get(key);
        if value.is_none() {
            problems.add(&self.span, format!("missing key `{key}` in {}: {advice}", self.name));
        }
        value
    }
}

/// The text in `value`; a problem is noted where it is none, is blank or holds control characters.
pub(crate) fn text<'a>(key: &str, value: &'a Value<'_>, problems: &mut Problems<'_>) -> Option<&'a str> {
    let Some(text) = value.get_ref().as_str() else {
        problems.add(&value.span(), wrong_type(&format!("`{key}`"), "a string", value));
        return None;
    };
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        problems.add(&value.span(), format!("`{key}` must be one line of text"));
        return None;
    }
    Some(text)
}

/// The texts in the list `value`; a problem is noted where it is no list, and for each item that is no text.
pub(crate) fn parse_texts(key: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let Some(list) = value.get_ref().as_array() else {
        problems.add(&value.span(), wrong_type(&format!("`{key}`"), "a list of strings", value));
        return Vec::new();
    };
    list.iter().filter_map(|value| text(key, value, problems)).map(str::to_owned).collect()
}

/// The items of the list `value`, which should be tables; a problem is noted where it is no list.
pub(crate) fn parse_tables<'a, 't>(key: &str, value: &'a Value<'t>, problems: &mut Problems<'_>) -> &'a [Value<'t>] {
    let list = value.get_ref().as_array();
    if list.is_none() {
        problems.add(&value.span(), wrong_type(&format!("`{key}`"), "a list of tables", value));
    }
    list.map_or(&[], |list| list)
}

/// Which of the named choices `value` is; a problem that lists them is noted where it is none. `what` says what is chosen.
pub(crate) fn parse_choice<T: Copy>(
    what: &str,
    key: &str,
    value: &Value<'_>,
    choices: &[(&str, T)],
    problems: &mut Problems<'_>,
) -> Option<T> {
    let name = text(key, value, problems)?;
    let chosen = choices.iter().find(|(known, _)| *known == name).map(|(_, choice)| *choice);
    if chosen.is_none() {
        let allowed: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        let name = name.escape_debug();
        problems.add(&value.span(), format!("unknown {what} `{name}` in `{key}`; allowed: {}", allowed.join(", ")));
    }
    chosen
}

/// The truth value in `value`; a problem is noted where it is none.
pub(crate) fn boolean(key: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> bool {
    value.get_ref().as_bool().unwrap_or_else(|| {
        problems.add(&value.span(), wrong_type(&format!("`{key}`"), "true or false", value));
        false
    })
}

/// A whole number within `range`, both ends included.
pub(crate) fn number(
    section: &Section<'_, '_>,
    key: &str,
    range: (u64, u64),
    problems: &mut Problems<'_>,
) -> Option<u64> {
    let value = section.get(key)?;
    let number = value.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
    let (least, most) = range;
    let fits = number.filter(|number| (least..=most).contains(number));
    if fits.is_none() {
        let unit = if key.ends_with("_ms") { " of milliseconds" } else { "" };
        problems.add(&value.span(), format!("`{key}` must be a whole number{unit}, {least} to {most}"));
    }
    fits
}

pub(crate) fn wrong_type(what: &str, expected: &str, value: &Value<'_>) -> String {
    format!("{what} must be {expected}, not {}", with_article(value.get_ref().type_str()))
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
