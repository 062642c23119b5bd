//! Files of the dataset as rows, to say which entry differs and in what.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use super::Flaw;

/// An entry, or all that a file tells beside its entries.
#[derive(Debug)]
pub(super) struct Row {
    /// Empty for what is no entry.
    id: String,
    line: Option<usize>,
    /// Texts by column, as `message.en`.
    cells: BTreeMap<String, String>,
}

impl Row {
    /// The columns whose cells are such.
    pub(super) fn columns_where(&self, is_such: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        self.cells.iter().filter(move |(_, cell)| is_such(cell)).map(|(name, _)| name.as_str())
    }

    /// A flaw of the row.
    pub(super) fn flaw(&self, path: &Path, what: &str) -> Flaw {
        let flaw = Flaw { line: self.line, ..Flaw::of(path, what) };
        if self.id.is_empty() { flaw } else { flaw.entry(&self.id) }
    }
}

/// The rows of a file; `None` where it has none or cannot be read.
pub(super) fn of(path: &Path, bytes: &[u8]) -> Option<Vec<Row>> {
    match path.extension()?.to_str()? {
        "csv" => of_csv(bytes),
        "json" => of_json(str::from_utf8(bytes).ok()?),
        _ => None,
    }
}

fn of_csv(bytes: &[u8]) -> Option<Vec<Row>> {
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

fn of_json(text: &str) -> Option<Vec<Row>> {
    let mut file: Value = serde_json::from_str(text).ok()?;
    let entries = file.as_object_mut()?.shift_remove("entries").unwrap_or_default();
    let mut lines = lines_of_ids(text);
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

/// Where ids stand in a file as docdrift lays it out.
fn lines_of_ids(text: &str) -> BTreeMap<String, Vec<usize>> {
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

/// Where the rows found are not those expected.
pub(super) fn compare(path: &Path, expected: &[Row], found: &[Row]) -> Vec<Flaw> {
    let by_id = |rows: &'_ [Row]| -> BTreeMap<String, usize> {
        rows.iter().enumerate().map(|(at, row)| (row.id.clone(), at)).collect()
    };
    let (wanted, had) = (by_id(expected), by_id(found));
    let mut flaws = Vec::new();
    for (at, row) in found.iter().enumerate() {
        let flaw = |what: &str| row.flaw(path, &format!("{what}; a refresh writes it anew"));
        match wanted.get(&row.id).and_then(|at| expected.get(*at)) {
            _ if had.get(&row.id) != Some(&at) => flaws.push(flaw("edited by hand: it stands there twice")),
            None => flaws.push(flaw("edited by hand: no snapshot has it")),
            Some(wanted) => flaws.extend(
                columns(wanted, row)
                    .map(|columns| flaw(&format!("edited by hand: {columns} not what its snapshot says"))),
            ),
        }
    }
    let missing = expected.iter().filter(|row| !had.contains_key(&row.id));
    flaws.extend(missing.map(|row| {
        let lineless = Row { line: None, id: row.id.clone(), cells: BTreeMap::new() };
        lineless.flaw(path, "edited by hand: it is missing; a refresh writes it anew")
    }));
    flaws
}

/// The columns that differ, as the beginning of a sentence.
fn columns(expected: &Row, found: &Row) -> Option<String> {
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
