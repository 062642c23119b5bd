//! Handles a maintainer's hints for the pages of one source.

use std::fmt::Write as _;

use docdrift_model::{read_rules::ReadHints, text::is_invisible, vendor::Vendor};
use scraper::Selector;

/// Adds the header words of the page's vendor to the hints. Words from the source come first.
pub(crate) fn add_vendor_words(hints: &ReadHints, vendor: Option<&Vendor>) -> ReadHints {
    let headers = vendor.into_iter().flat_map(|vendor| &vendor.headers);
    let words = headers.flat_map(|(role, words)| words.iter().map(move |word| (word.clone(), *role)));
    let mut hints = hints.clone();
    hints.columns.extend(words);
    hints
}

/// Checks that the hints are valid. The error names the invalid hint.
pub fn check_hints(hints: &ReadHints) -> Result<(), String> {
    let Some(within) = &hints.within else { return Ok(()) };
    match Selector::parse(within) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("`read.within` is not a CSS selector: `{within}`: {error}")),
    }
}

/// Formats hints for a source in sources.toml.
pub fn format_hints(hints: &ReadHints) -> String {
    let list = |name: &str, texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|text| quote(text)).collect();
        (!texts.is_empty()).then(|| format!("{name} = [{}]", texts.join(", ")))
    };
    let columns: Vec<String> =
        hints.columns.iter().map(|(word, role)| format!("{} = {}", quote(word), quote(role.as_str()))).collect();
    let parts = [
        hints.within.as_ref().map(|within| format!("within = {}", quote(within))),
        list("tables", &hints.tables),
        list("skip", &hints.skip),
        (!columns.is_empty()).then(|| format!("columns = {{ {} }}", columns.join(", "))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "read = {}".to_owned() } else { format!("read = {{ {} }}", parts.join(", ")) }
}

/// Quotes a text as a basic string of TOML.
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            // Invisible characters are legal in TOML, but a person who pastes them does not see them.
            c if c.is_control() || is_invisible(c) => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Role, read_rules::ReadHints};

    use super::{check_hints, format_hints};

    #[test]
    fn formats_hints_as_toml() {
        let hints = ReadHints {
            within: None,
            tables: vec!["Say \"no\" \\ twice".into(), "a\u{202e}b\n\u{7f}".into()],
            skip: vec![],
            columns: vec![("返回值".into(), Role::Code)],
        };
        assert_eq!(
            format_hints(&hints),
            r#"read = { tables = ["Say \"no\" \\ twice", "a\U0000202Eb\n\U0000007F"], columns = { "返回值" = "code" } }"#
        );
        assert_eq!(format_hints(&ReadHints::default()), "read = {}");
    }

    #[test]
    fn within_is_a_css_selector() {
        let within = |selector: &str| ReadHints { within: Some(selector.to_owned()), ..ReadHints::default() };
        assert_eq!(check_hints(&ReadHints::default()), Ok(()));
        assert_eq!(check_hints(&within("main .doc > #body, [role=main]")), Ok(()));
        for wrong in ["main >", ".", "a[", "main..doc"] {
            let error = check_hints(&within(wrong)).unwrap_err();
            assert!(error.starts_with(&format!("`read.within` is not a CSS selector: `{wrong}`: ")), "{error}");
        }
    }
}
