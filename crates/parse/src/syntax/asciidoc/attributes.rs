//! Attributes of the document (`:name: value`, used as `{name}`) and of a block (`[name=value]`).

use std::collections::HashMap;

/// The maximum total length of expanded attributes of a page in bytes.
const MAX_EXPANSION: usize = 4 << 20;
/// The maximum length of a name in bytes.
const MAX_NAME: usize = 64;

/// The attributes of a document.
pub(super) struct Attributes {
    values: HashMap<String, String>,
    /// The number of bytes that may still be expanded.
    budget: usize,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { values: HashMap::new(), budget: MAX_EXPANSION }
    }
}

impl Attributes {
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let value = self.expand(value);
        self.values.insert(name.to_ascii_lowercase(), value);
    }

    pub(super) fn unset(&mut self, name: &str) {
        self.values.remove(&name.to_ascii_lowercase());
    }

    /// Replaces each `{name}` by its value. Unset names stay unchanged.
    pub(super) fn expand(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, found) = rest.split_at(at);
            out.push_str(before);
            let name = reference(found).filter(|_| !before.ends_with('\\'));
            let value = name.and_then(|name| self.values.get(&name.to_ascii_lowercase()));
            let left = value.and_then(|value| self.budget.checked_sub(value.len()));
            if let (Some(name), Some(value), Some(left)) = (name, value, left) {
                self.budget = left;
                out.push_str(value);
                rest = &found[name.len() + 2..];
            } else {
                out.push('{');
                rest = &found[1..];
            }
        }
        out.push_str(rest);
        out
    }
}

/// Returns the name in `{name}` at the start of the text.
pub(super) fn reference(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('{')?;
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let length = rest.bytes().take(MAX_NAME).take_while(is_name).count();
    (length > 0 && rest[length..].starts_with('}')).then(|| &rest[..length])
}

/// Parses `:name: value`, `:name!:` and `:!name:` into name and value. The value is `None` to unset the name.
pub(super) fn parse_entry(line: &str) -> Option<(&str, Option<&str>)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    let bare = name.trim_matches('!');
    let is_name = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let is_entry = is_name && (value.is_empty() || value.starts_with(' '));
    is_entry.then(|| (bare, (bare.len() == name.len()).then(|| value.trim())))
}

/// The attributes of a block.
#[derive(Debug, Default)]
pub(super) struct BlockAttributes {
    first: String,
    named: Vec<(String, String)>,
}

impl BlockAttributes {
    /// Adds the attributes of a line such as `[source,json]`. Later ones take precedence.
    pub(super) fn add(&mut self, list: &str) {
        for (index, part) in split_list(list, ',').into_iter().enumerate() {
            match part.split_once('=') {
                Some((name, value)) if !name.contains(['%', '#']) => {
                    self.named.push((name.trim().to_owned(), unquote(value).to_owned()));
                }
                _ if index == 0 && !part.trim().is_empty() => self.first.push_str(part.trim()),
                _ => {}
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the style: `source` in `[source%linenums,json]`.
    pub(super) fn style(&self) -> &str {
        self.first.split(['%', '#', '.']).next().unwrap_or_default()
    }

    pub(super) fn has_option(&self, name: &str) -> bool {
        let short = self.first.split(['#', '.']).any(|part| part.split('%').skip(1).any(|option| option == name));
        let long = ["options", "opts"].iter().filter_map(|key| self.get(key));
        short
            || long.flat_map(|list| list.split(',')).any(|option| option.trim() == name)
            || self.get(&format!("{name}-option")).is_some()
    }
}

fn unquote(value: &str) -> &str {
    let value = value.trim();
    let is_quoted = |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') { &value[1..value.len() - 1] } else { value }
}

/// Splits a list at separators outside of double quotes.
fn split_list(list: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, c) in list.char_indices() {
        if c == '"' {
            is_quoted = !is_quoted;
        } else if c == separator && !is_quoted {
            parts.push(&list[start..at]);
            start = at + 1;
        }
    }
    parts.push(&list[start..]);
    parts
}
