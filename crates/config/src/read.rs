//! `read` of a `[[source]]`: a maintainer's hints for how its pages are read.

use docdrift_model::{ReadHints, Role};

use crate::fields::{Problems, Section, Value, parse_choice, parse_texts, text, wrong_type};

const READ_KEYS: [&str; 4] = ["within", "tables", "skip", "columns"];

/// Parses the hints of a source.
pub(crate) fn parse_hints(value: &Value<'_>, problems: &mut Problems<'_>) -> ReadHints {
    let Some(section) = Section::new("`read`", value, &READ_KEYS, problems) else { return ReadHints::default() };
    let within = section.get("within").and_then(|value| text("read.within", value, problems)).map(str::to_owned);
    let tables = section.get("tables").map_or_else(Vec::new, |value| parse_texts("read.tables", value, problems));
    let skip = section.get("skip").map_or_else(Vec::new, |value| parse_texts("read.skip", value, problems));
    if let Some(both) = tables.iter().find(|table| skip.contains(table)) {
        problems.add(&section.span, format!("`{}` is in `read.tables` and in `read.skip`", both.escape_debug()));
    }
    let columns = section.get("columns").map_or_else(Vec::new, |value| parse_columns(value, problems));
    ReadHints { within, tables, skip, columns }
}

fn parse_columns(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(String, Role)> {
    let Some(table) = value.get_ref().as_table() else {
        problems.add(&value.span(), wrong_type("`read.columns`", "a table of roles", value));
        return Vec::new();
    };
    // The table sorts its keys; the file's order is that of their places in it.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(word, _)| word.span().start);
    let names = Role::ALL.map(|role| (role.as_str(), role));
    let mut columns = Vec::new();
    for (word, value) in entries {
        if word.get_ref().trim().is_empty() {
            problems.add(&word.span(), "a key of `read.columns` is a header word: it must not be blank");
        }
        let role = parse_choice("role", "read.columns", value, &names, problems);
        columns.extend(role.map(|role| (word.get_ref().clone().into_owned(), role)));
    }
    columns
}

#[cfg(test)]
mod tests {
    use docdrift_model::{ReadHints, Role};

    use crate::parse::config;

    fn file(read: &str) -> String {
        format!(
            "[[source]]\nvendor = \"acme\"\nservice = \"vault\"\nname = {{ en = \"Vault\" }}\nlicence = \"their own\"\n\
             pages = {{ en = \"https://docs.acme.test/en/errors\" }}\n{read}\n"
        )
    }

    #[test]
    fn hints_of_a_source() {
        let text = file(
            "read = { within = \"main .doc\", tables = [\"Error codes\"], skip = [\"A | B\"], \
             columns = { \"Returned Value\" = \"code\", \"Answer\" = \"status\" } }",
        );
        let expected = ReadHints {
            within: Some("main .doc".into()),
            tables: vec!["Error codes".into()],
            skip: vec!["A | B".into()],
            columns: vec![("Returned Value".into(), Role::Code), ("Answer".into(), Role::Status)],
        };
        assert_eq!(config(&text).unwrap().sources[0].read, expected, "in the order of the file");
        for none in ["", "read = {}"] {
            assert_eq!(config(&file(none)).unwrap().sources[0].read, ReadHints::default());
        }
    }

    #[test]
    fn each_mistake_and_its_line() {
        const ROLES: &str = "status, code, message, description, solution, group, other";
        for (read, expected) in [
            ("read = 1", "7:8: `read` must be a table, not an integer".to_owned()),
            (
                "read = { inside = \"main\" }",
                "7:10: unknown key `inside` in `read`; allowed: within, tables, skip, columns".into(),
            ),
            ("read.within = [\"main\"]", "7:15: `read.within` must be a string, not an array".into()),
            ("read.within = \" \"", "7:15: `read.within` must be one line of text".into()),
            ("read.tables = \"Errors\"", "7:15: `read.tables` must be a list of strings, not a string".into()),
            ("read.skip = [1]", "7:14: `read.skip` must be a string, not an integer".into()),
            ("read = { tables = [\"A\"], skip = [\"A\"] }", "7:8: `A` is in `read.tables` and in `read.skip`".into()),
            ("read.columns = [\"A\"]", "7:16: `read.columns` must be a table of roles, not an array".into()),
            ("read.columns.Fault = \"key\"", format!("7:22: unknown role `key` in `read.columns`; allowed: {ROLES}")),
            ("read.columns.Fault = 1", "7:22: `read.columns` must be a string, not an integer".into()),
            ("read.columns.\" \" = \"code\"", "7:14: a key of `read.columns` is a header word".into()),
        ] {
            let problems = config(&file(read)).unwrap_err();
            let shown = problems.iter().map(|problem| {
                let (line, column) = problem.at.unwrap();
                format!("{line}:{column}: {}", problem.message)
            });
            let shown: Vec<String> = shown.collect();
            assert!(shown.len() == 1 && shown[0].starts_with(&expected), "{read}\n{shown:?}");
        }
    }
}
