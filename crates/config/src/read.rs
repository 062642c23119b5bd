//! `read` of a `[[source]]`: a maintainer's hints for how its pages are read.

use docdrift_model::{Role, read_rules::ReadHints};

use crate::fields::{Problems, Section, Value, parse_choice, parse_text, parse_texts, wrong_type};

/// Reads the hints of a source.
pub(crate) fn parse_hints(value: &Value<'_>, problems: &mut Problems<'_>) -> ReadHints {
    let hints = Section::read_value("`read`", value, problems, |section, problems| {
        let within = section.get("within").and_then(|value| parse_text("read.within", value, problems));
        let tables = section.get("tables").map_or_else(Vec::new, |value| parse_texts("read.tables", value, problems));
        let skip = section.get("skip").map_or_else(Vec::new, |value| parse_texts("read.skip", value, problems));
        if let Some(both) = tables.iter().find(|table| skip.contains(table)) {
            problems.add(&section.span, format!("`{}` is in `read.tables` and in `read.skip`", both.escape_debug()));
        }
        let columns = section.get("columns").map_or_else(Vec::new, |value| parse_columns(value, problems));
        Some(ReadHints { within: within.map(str::to_owned), tables, skip, columns })
    });
    hints.unwrap_or_default()
}

fn parse_columns(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(String, Role)> {
    let Some(table) = value.get_ref().as_table() else {
        problems.add(&value.span(), wrong_type("`read.columns`", "a table of roles", value));
        return Vec::new();
    };
    // The table sorts its keys. Their spans give the order of the file.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(word, _)| word.span().start);
    let choices = Role::ALL.map(|role| (role.as_str(), role));
    let mut columns = Vec::new();
    for (word, value) in entries {
        if word.get_ref().trim().is_empty() {
            problems.add(&word.span(), "a key of `read.columns` is a header word: it must not be blank");
        }
        let role = parse_choice("role", "read.columns", value, &choices, problems);
        columns.extend(role.map(|role| (word.get_ref().clone().into_owned(), role)));
    }
    columns
}
