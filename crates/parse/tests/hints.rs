//! Tests that hints for rejected tables make the reader accept them.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests do")]

use std::collections::BTreeSet;

use docdrift_model::{Page, ReadRules, Reading, Role, read_rules::ReadHints, trace::TraceVerdict};
use docdrift_parse::{format_hints, locate_codes, read};

/// A table under unknown header words, on a page that does not mention errors.
const UNKNOWN: &str = "\
# Lamps

## Answers

| Zustand | Kennung | Bemerkung |
|---|---|---|
| rot | Lamp.0001 | Die Birne fehlt. |
| rot | Lamp.0002 | Der Schalter klemmt. |
| gelb | Lamp.0003 | Das Kabel ist lose. |
";

/// A table whose codes look like words.
const WORDS: &str = "\
# Lamps

| Colour | Sense |
|---|---|
| red | bulb |
| green | switch |
| blue | cable |
";

fn page(text: &str) -> Page {
    Page {
        url: "page.md".into(),
        fetched_at: "2025-01-01T00:00:00Z".into(),
        status: None,
        headers: vec![],
        body: text.as_bytes().to_vec(),
    }
}

fn read_with(text: &str, hints: ReadHints) -> Reading {
    read(&page(text), &ReadRules { hints, ..ReadRules::default() })
}

/// Parses the hints of a `read = { tables = […], columns = { … } }` line.
fn parse_hints(line: &str) -> ReadHints {
    let quoted = |text: &str| -> Vec<String> { text.split('"').skip(1).step_by(2).map(str::to_owned).collect() };
    let (tables, columns) = line.split_once("columns = ").unwrap_or((line, ""));
    let columns = quoted(columns);
    assert!(columns.get(1).is_none_or(|role| role == "code"), "{line}");
    let hints = ReadHints {
        tables: quoted(tables),
        columns: columns.first().map(|word| (word.clone(), Role::Code)).into_iter().collect(),
        ..ReadHints::default()
    };
    assert_eq!(format_hints(&hints), line, "the hint is one of tables and a column");
    hints
}

#[test]
fn accepts_a_rejected_table_by_its_hint() {
    let headless =
        "# Lamps\n\n<table><tr><td>bulb</td><td>missing now</td></tr><tr><td>cable</td><td>loose</td></tr></table>";
    for (text, codes) in [(UNKNOWN, "Lamp.0001"), (WORDS, "red"), (headless, "bulb")] {
        let before = read_with(text, ReadHints::default());
        assert!(before.tables.is_empty(), "{:?}", before.tables);
        let rejected = before.trace.candidates.iter().find(|candidate| candidate.pass == "printed").unwrap();
        assert!(matches!(rejected.verdict, TraceVerdict::Rejected { .. }));
        let hint = rejected.hint.as_ref().unwrap();
        let after = read_with(text, parse_hints(hint));
        assert_eq!(after.tables.len(), 1, "{hint}\n{:?}", after.trace);
        assert_eq!(after.tables[0].cell(0, Role::Code), codes, "{hint}");
    }
}

#[test]
fn names_a_table_with_a_shared_title_by_its_header() {
    let two = format!("{UNKNOWN}\n| Field | Type |\n|---|---|\n| watts | Integer |\n| volts | Integer |\n");
    let reading = read_with(&two, ReadHints::default());
    let hints: Vec<&str> = reading.trace.candidates.iter().filter_map(|found| found.hint.as_deref()).collect();
    assert!(hints.iter().any(|hint| hint.contains("[\"Zustand | Kennung | Bemerkung\"]")), "{hints:?}");
}

#[test]
fn accepts_a_table_by_column_or_by_name_alone() {
    let named = ReadHints { tables: vec!["answers".into()], ..ReadHints::default() };
    let tables = read_with(UNKNOWN, named).tables;
    assert_eq!(tables[0].roles[1], Role::Code, "the column that looks most like codes");
    let both = ReadHints {
        tables: vec!["Zustand | Kennung | Bemerkung".into()],
        columns: vec![("Zustand".into(), Role::Code)],
        ..ReadHints::default()
    };
    assert_eq!(read_with(UNKNOWN, both).tables[0].roles[0], Role::Code);
}

#[test]
fn gives_no_hint_for_skipped_tables() {
    let skip = ReadHints { skip: vec!["Answers".into()], ..ReadHints::default() };
    let reading = read_with(UNKNOWN, skip);
    assert!(reading.trace.candidates.iter().all(|candidate| candidate.hint.is_none()), "{:?}", reading.trace);
}

#[test]
fn locates_codes_on_a_page() {
    let codes = |codes: &[&str]| -> BTreeSet<String> { codes.iter().map(ToString::to_string).collect() };
    let known = codes(&["Lamp.0001", "Lamp.0002", "Lamp.0003", "Lamp.0004"]);
    let location = locate_codes(&page(UNKNOWN), &ReadRules::default(), &known).unwrap();
    let column = location.column.unwrap();
    assert_eq!((location.found, column.index), (3, 1));
    assert_eq!(column.candidate.lines, Some((5, 9)));
    let hints = column.hints.unwrap();
    assert_eq!(read_with(UNKNOWN, hints).tables[0].rows.len(), 3);

    let text = "# Lamps\n\nAfter Lamp.0001 or “Lamp.0002”, which is Lamp.00030 no more, call us.";
    let location = locate_codes(&page(text), &ReadRules::default(), &known).unwrap();
    assert_eq!((location.found, location.column), (2, None));
    assert_eq!(locate_codes(&page("# Nothing"), &ReadRules::default(), &known), None);
}

#[test]
fn locates_codes_beside_another_key() {
    let text = "\
# Error codes

| Error code | Old name | Description |
|---|---|---|
| 10001 | LampMissing | The lamp is missing. |
| 10002 | LampBroken | The lamp is broken. |
| 10003 | LampBusy | The lamp is busy. |
";
    let known: BTreeSet<String> = ["LampMissing", "LampBroken"].map(str::to_owned).into();
    let column = locate_codes(&page(text), &ReadRules::default(), &known).unwrap().column.unwrap();
    assert_eq!(column.index, 1);
    let hints = column.hints.unwrap();
    assert_eq!((hints.tables.len(), &hints.columns[..]), (0, &[("Old name".to_owned(), Role::Code)][..]));
    assert_eq!(read_with(text, hints).tables[0].cell(0, Role::Code), "LampMissing");
    let read_already: BTreeSet<String> = ["10001", "10002"].map(str::to_owned).into();
    let location = locate_codes(&page(text), &ReadRules::default(), &read_already).unwrap();
    assert_eq!(location.column, None, "what is read as codes needs no hint");
}

#[test]
fn a_table_name_does_not_select_lists_beside_it() {
    let text = UNKNOWN.replace(
        "| Zustand",
        "- **Watts**: how bright it is.\n- **Volts**: how strong it is.\n- **Ohms**: how hard it is.\n\n| Zustand",
    );
    let named = ReadHints { tables: vec!["Answers".into()], ..ReadHints::default() };
    let tables = read_with(&text, named).tables;
    assert_eq!(tables.iter().map(|table| table.rows.len()).collect::<Vec<_>>(), [3], "{tables:?}");
}
