//! The definitions of a page: substitutions and hyperlink targets.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
};

use super::lines::{Line, dedent, find_outdent};

/// The maximum total length of expanded substitutions of a page in bytes.
const MAX_EXPANSION: usize = 4 << 20;

#[derive(Default)]
pub(super) struct Substitutions {
    texts: HashMap<String, String>,
    targets: HashSet<String>,
    /// The number of bytes that may still be expanded.
    budget: Cell<usize>,
}

impl Substitutions {
    /// Collects the definitions in `lines`. `render` turns inline markup into text.
    pub(super) fn collect(lines: &[Line<'_>], render: impl Fn(&str, &Self) -> String) -> Self {
        let mut found = Self { budget: Cell::new(MAX_EXPANSION), ..Self::default() };
        for (at, line) in lines.iter().enumerate() {
            let Some(rest) = line.text.strip_prefix(".. ").map(str::trim_start) else { continue };
            if let Some(definition) = rest.strip_prefix('|') {
                let end = find_outdent(lines, at + 1..lines.len(), line.indent);
                found.define(definition, &dedent(&lines[at + 1..end]));
            } else if let Some((name, _)) = rest.strip_prefix('_').and_then(|target| target.split_once(':')) {
                found.targets.insert(normalize(name.trim_matches('`')));
            }
        }
        // A replacement may contain markup but no further substitution, since nested ones could double without end.
        let plain = Self { targets: std::mem::take(&mut found.targets), ..Self::default() };
        for text in found.texts.values_mut() {
            *text = render(text, &plain);
        }
        found.targets = plain.targets;
        found
    }

    fn define(&mut self, definition: &str, more: &str) {
        let Some((name, rest)) = definition.split_once('|') else { return };
        let Some((directive, argument)) = rest.trim().split_once("::") else { return };
        let text = match directive {
            "replace" => format!("{} {}", argument.trim(), more.replace('\n', " ")),
            "unicode" => parse_unicode(argument),
            "raw" if more.contains("<br") => "\n".to_owned(),
            _ => String::new(),
        };
        self.texts.entry(normalize(name)).or_insert(text);
    }

    /// Returns the replacement of a name, within the limit of the page.
    pub(super) fn expand(&self, name: &str) -> Option<&str> {
        let text = self.texts.get(&normalize(name))?;
        self.budget.set(self.budget.get().checked_sub(text.len())?);
        Some(text)
    }

    pub(super) fn is_target(&self, name: &str) -> bool {
        self.targets.contains(&normalize(name))
    }
}

fn normalize(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Parses the argument of `unicode::`: character codes and text, with a comment after `..`.
fn parse_unicode(argument: &str) -> String {
    let words = argument.split_whitespace().take_while(|word| *word != "..");
    let decode = |word: &str| {
        let digits = ["0x", "x", "\\x", "U+", "u", "\\u"].iter().find_map(|prefix| word.strip_prefix(prefix));
        let code = match digits {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => word.parse().ok(),
        };
        code.and_then(char::from_u32).map_or_else(|| word.to_owned(), String::from)
    };
    words.map(decode).collect()
}
