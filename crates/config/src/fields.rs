//! Reads the tables and values of a TOML file key by key, and collects everything that is wrong.
//!
//! A key is described where it is read: its name, its type and its limits are in one call. The keys that a reader asks
//! for are the keys that its table may have, so there is no separate list of them.

use std::{cell::RefCell, ops::Range};

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Problem;

pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

/// Collects the problems of a file.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: Vec<(usize, Problem)>,
}

impl<'t> Problems<'t> {
    /// Starts without problems. `text` is the file.
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Returns line and column, both from one, of a byte offset.
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

    /// Returns what was read, or the problems in the order of the file.
    pub(crate) fn into_result<T>(mut self, read: Option<T>) -> Result<T, Vec<Problem>> {
        self.found.sort_by_key(|(offset, _)| *offset);
        let problems: Vec<Problem> = self.found.into_iter().map(|(_, problem)| problem).collect();
        read.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

/// A table of the file, under the name that its messages use.
pub(crate) struct Section<'a, 't> {
    name: &'a str,
    table: &'a DeTable<'t>,
    pub(crate) span: Range<usize>,
    /// The keys that were asked for, in this order.
    keys: RefCell<Vec<&'static str>>,
}

impl<'a, 't> Section<'a, 't> {
    /// Reads the table of a whole file.
    pub(crate) fn read_file<T>(
        name: &str,
        text: &str,
        problems: &mut Problems<'_>,
        read: impl FnOnce(&Section<'_, '_>, &mut Problems<'_>) -> Option<T>,
    ) -> Option<T> {
        match DeTable::parse(text) {
            Ok(root) => Section::new(name, root.get_ref(), 0..0).read(problems, read),
            Err(error) => {
                let span = error.span().unwrap_or_default();
                problems.add(&span, format!("not valid TOML: {}", error.message().replace('\n', "; ")));
                None
            }
        }
    }

    /// Reads the table in `value`. A problem when it is no table, or has a key that `read` does not ask for. So `read` asks
    /// for all keys before it returns.
    pub(crate) fn read_value<T>(
        name: &'a str,
        value: &'a Value<'t>,
        problems: &mut Problems<'_>,
        read: impl FnOnce(&Self, &mut Problems<'_>) -> Option<T>,
    ) -> Option<T> {
        let Some(table) = value.get_ref().as_table() else {
            problems.add(&value.span(), wrong_type(name, "a table", value));
            return None;
        };
        Self::new(name, table, value.span()).read(problems, read)
    }

    fn new(name: &'a str, table: &'a DeTable<'t>, span: Range<usize>) -> Self {
        Self { name, table, span, keys: RefCell::default() }
    }

    fn read<T>(
        &self,
        problems: &mut Problems<'_>,
        read: impl FnOnce(&Self, &mut Problems<'_>) -> Option<T>,
    ) -> Option<T> {
        let result = read(self, problems);
        let keys = self.keys.borrow();
        for (key, _) in self.table.iter().filter(|(key, _)| !keys.contains(&key.get_ref().as_ref())) {
            let unknown = key.get_ref().escape_debug();
            let message = format!("unknown key `{unknown}` in {}; allowed: {}", self.name, keys.join(", "));
            problems.add(&key.span(), message);
        }
        result
    }

    /// Returns the value of `key`.
    pub(crate) fn get(&self, key: &'static str) -> Option<&'a Value<'t>> {
        let mut keys = self.keys.borrow_mut();
        if !keys.contains(&key) {
            keys.push(key);
        }
        self.table.get(key)
    }

    /// Returns the value of `key`. A problem with `advice` when it is missing.
    pub(crate) fn required(
        &self,
        key: &'static str,
        advice: &str,
        problems: &mut Problems<'_>,
    ) -> Option<&'a Value<'t>> {
        let value = self.get(key);
        if value.is_none() {
            problems.add(&self.span, format!("missing key `{key}` in {}: {advice}", self.name));
        }
        value
    }

    /// Reads the text of `key`. `None` when it is missing or has a problem.
    pub(crate) fn text(&self, key: &'static str, problems: &mut Problems<'_>) -> Option<String> {
        self.get(key).and_then(|value| parse_text(key, value, problems)).map(str::to_owned)
    }

    /// Reads the text of `key`, which must be there.
    pub(crate) fn required_text(&self, key: &'static str, advice: &str, problems: &mut Problems<'_>) -> Option<String> {
        let value = self.required(key, advice, problems)?;
        parse_text(key, value, problems).map(str::to_owned)
    }

    /// Reads the texts of `key`. None when it is missing.
    pub(crate) fn texts(&self, key: &'static str, problems: &mut Problems<'_>) -> Vec<String> {
        self.get(key).map_or_else(Vec::new, |value| parse_texts(key, value, problems))
    }

    /// Reads the truth value of `key`. `None` when it is missing.
    pub(crate) fn boolean(&self, key: &'static str, problems: &mut Problems<'_>) -> Option<bool> {
        self.get(key).map(|value| parse_boolean(key, value, problems))
    }

    /// Reads the truth value of `key`, which must be there.
    pub(crate) fn required_boolean(
        &self,
        key: &'static str,
        advice: &str,
        problems: &mut Problems<'_>,
    ) -> Option<bool> {
        self.required(key, advice, problems).map(|value| parse_boolean(key, value, problems))
    }

    /// Reads the whole number of `key`, which lies within `range`, both ends included.
    pub(crate) fn number(&self, key: &'static str, range: (u64, u64), problems: &mut Problems<'_>) -> Option<u64> {
        self.get(key).and_then(|value| parse_number(key, value, range, problems))
    }

    /// Reads the whole number of `key`, which must be there.
    pub(crate) fn required_number(
        &self,
        key: &'static str,
        advice: &str,
        range: (u64, u64),
        problems: &mut Problems<'_>,
    ) -> Option<u64> {
        self.required(key, advice, problems).and_then(|value| parse_number(key, value, range, problems))
    }
}

/// Reads a text. A problem when the value is none, is blank or has control characters.
pub(crate) fn parse_text<'a>(key: &str, value: &'a Value<'_>, problems: &mut Problems<'_>) -> Option<&'a str> {
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

/// Reads a list of texts. A problem when the value is no list, and for each item that is no text.
pub(crate) fn parse_texts(key: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let texts = parse_list(key, "a list of strings", value, problems).iter();
    texts.filter_map(|value| parse_text(key, value, problems)).map(str::to_owned).collect()
}

/// Reads the items of a list. A problem that names what is `expected` when the value is no list.
pub(crate) fn parse_list<'a, 't>(
    key: &str,
    expected: &str,
    value: &'a Value<'t>,
    problems: &mut Problems<'_>,
) -> &'a [Value<'t>] {
    let list = value.get_ref().as_array();
    if list.is_none() {
        problems.add(&value.span(), wrong_type(&format!("`{key}`"), expected, value));
    }
    list.map_or(&[], |list| list)
}

/// Reads a choice. A problem that lists the choices when the value is none of them. `what` says what is chosen.
pub(crate) fn parse_choice<T: Copy>(
    what: &str,
    key: &str,
    value: &Value<'_>,
    choices: &[(&str, T)],
    problems: &mut Problems<'_>,
) -> Option<T> {
    let name = parse_text(key, value, problems)?;
    let chosen = choices.iter().find(|(known, _)| *known == name).map(|(_, choice)| *choice);
    if chosen.is_none() {
        let allowed: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        let name = name.escape_debug();
        problems.add(&value.span(), format!("unknown {what} `{name}` in `{key}`; allowed: {}", allowed.join(", ")));
    }
    chosen
}

fn parse_boolean(key: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> bool {
    value.get_ref().as_bool().unwrap_or_else(|| {
        problems.add(&value.span(), wrong_type(&format!("`{key}`"), "true or false", value));
        false
    })
}

fn parse_number(key: &str, value: &Value<'_>, range: (u64, u64), problems: &mut Problems<'_>) -> Option<u64> {
    let number = value.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
    let (min, max) = range;
    let number = number.filter(|number| (min..=max).contains(number));
    if number.is_none() {
        let unit = if key.ends_with("_ms") { " of milliseconds" } else { "" };
        problems.add(&value.span(), format!("`{key}` must be a whole number{unit}, {min} to {max}"));
    }
    number
}

/// Says that a value has the wrong type.
pub(crate) fn wrong_type(what: &str, expected: &str, value: &Value<'_>) -> String {
    format!("{what} must be {expected}, not {}", with_article(value.get_ref().type_str()))
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
