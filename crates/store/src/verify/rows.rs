//! Compares files of the dataset row by row, to name the entry and the columns that differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use super::VerifyIssue;

/// An entry, or the data of a file besides its entries.
#[derive(Debug)]
pub(super) struct Row {
    /// Empty for the data besides the entries.
    id: String,
    line: Option<usize>,
    /// The texts by column, such as `message.en`.
    cells: BTreeMap<String, String>,
}

impl Row {
    /// Returns the columns whose cells match.
    pub(super) fn columns_where(&self, matches: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        self.cells.iter().filter(move |(_, cell)| matches(cell)).map(|(name, _)| name.as_str())
    }

    /// Creates an issue of the row.
    pub(super) fn issue(&self, path: &Path, what: &str) -> VerifyIssue {
        let issue = VerifyIssue { line: self.line, ..VerifyIssue::new(path, what) };
        if self.id.is_empty() { issue } else { issue.in_entry(&self.id) }
    }
}

/// Parses the rows of a file. `None` when it has none or cannot be parsed.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Option<Vec<Row>> {
    match path.extension()?.to_str()? {
        "csv" => parse_csv(bytes),
        "json" => parse_json(str::from_utf8(bytes).ok()?),
        _ => None,
    }
}

fn parse_csv(bytes: &[u8]) -> Option<Vec<Row>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(bytes);
    let header = reader.headers().ok()?.clone();
    let row = |record: ::csv::StringRecord| {
        let cells = record.iter().enumerate().map(|(column, cell)| {
            let name = header.get(column).map_or_else(|| format!("column {}", column + 1), str::to_owned);
            (name, cell.to_owned())
        });
        let line = record.position().and_then(|at| usize::try_from(at.line()).ok());
        Row { id: record.get(0).unwrap_or_default().to_owned(), line, cells: cells.collect() }
    };
    let top = header.iter().enumerate().map(|(column, name)| (format!("column {}", column + 1), name.to_owned()));
    let top = Row { id: String::new(), line: Some(1), cells: top.collect() };
    let rows: Result<Vec<Row>, _> = reader.records().map(|record| record.map(row)).collect();
    Some(std::iter::once(top).chain(rows.ok()?).collect())
}

fn parse_json(text: &str) -> Option<Vec<Row>> {
    let mut file: Value = serde_json::from_str(text).ok()?;
    let entries = file.as_object_mut()?.shift_remove("entries").unwrap_or_default();
    let mut lines = find_id_lines(text);
    let mut row = |value: &Value, id: &str| {
        let mut cells = BTreeMap::new();
        flatten(value, String::new(), &mut cells);
        let line = lines.get_mut(id).and_then(|lines| (!lines.is_empty()).then(|| lines.remove(0)));
        Row { id: id.to_owned(), line, cells }
    };
    let mut rows = vec![row(&file, "")];
    rows.extend(entries.as_array()?.iter().map(|entry| row(entry, entry["id"].as_str().unwrap_or_default())));
    Some(rows)
}

/// Finds the line numbers of ids in a file with docdrift's layout.
fn find_id_lines(text: &str) -> BTreeMap<String, Vec<usize>> {
    let mut lines: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let id = line.trim_start().strip_prefix("\"id\": ").map(|id| id.trim_end_matches(','));
        if let Some(id) = id.and_then(|id| serde_json::from_str(id).ok()) {
            lines.entry(id).or_default().push(number + 1);
        }
    }
    lines
}

fn flatten(value: &Value, name: String, cells: &mut BTreeMap<String, String>) {
    let below = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match value {
        Value::Object(keys) if !keys.is_empty() => {
            keys.iter().for_each(|(key, value)| flatten(value, below(key), cells));
        }
        _ => drop(cells.insert(name, value.to_string())),
    }
}

/// Returns an issue for each row that is not as expected.
pub(super) fn compare(path: &Path, expected: &[Row], found: &[Row]) -> Vec<VerifyIssue> {
    let by_id = |rows: &'_ [Row]| -> BTreeMap<String, usize> {
        rows.iter().enumerate().map(|(at, row)| (row.id.clone(), at)).collect()
    };
    let (expected_by_id, found_by_id) = (by_id(expected), by_id(found));
    let mut issues = Vec::new();
    for (at, row) in found.iter().enumerate() {
        let issue = |what: &str| row.issue(path, &format!("{what}; a refresh writes it anew"));
        match expected_by_id.get(&row.id).and_then(|at| expected.get(*at)) {
            _ if found_by_id.get(&row.id) != Some(&at) => issues.push(issue("edited by hand: it occurs twice")),
            None => issues.push(issue("edited by hand: no snapshot has it")),
            Some(expected) => {
                let columns = differing_columns(expected, row);
                issues.extend(
                    columns.map(|columns| issue(&format!("edited by hand: {columns} not what its snapshot says"))),
                );
            }
        }
    }
    let missing = expected.iter().filter(|row| !found_by_id.contains_key(&row.id));
    issues.extend(missing.map(|row| {
        let row = Row { line: None, id: row.id.clone(), cells: BTreeMap::new() };
        row.issue(path, "edited by hand: it is missing; a refresh writes it anew")
    }));
    issues
}

/// Names the columns that differ, as the start of a sentence.
fn differing_columns(expected: &Row, found: &Row) -> Option<String> {
    let names: BTreeSet<&String> = expected.cells.keys().chain(found.cells.keys()).collect();
    let names: Vec<String> = names
        .into_iter()
        .filter(|name| expected.cells.get(*name) != found.cells.get(*name))
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len() {
        0 => None,
        1 => Some(format!("{} is", names.concat())),
        _ => Some(format!("{} are", names.join(", "))),
    }
}
