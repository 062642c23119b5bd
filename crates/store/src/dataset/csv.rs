//! `error-codes.csv`: one record per entry, RFC 4180 with LF.

use std::collections::BTreeMap;

use docdrift_files::{Result, StorageError};
use docdrift_model::{Entry, Field, Lang, SourceId};

use super::Part;

pub(super) const FILE_NAME: &str = "error-codes.csv";

/// A column: name, type and format as in the Frictionless Table Schema, and description.
pub(super) type Column = (&'static str, &'static str, &'static str, &'static str);

/// The columns in order.
pub(super) const COLUMNS: [Column; 22] = [
    ("id", "string", "default", "Names the entry; stable from one version of the dataset to the next"),
    ("vendor", "string", "default", "The cloud vendor"),
    ("service", "string", "default", "The vendor's service"),
    ("table", "string", "default", "Title of the table on the page; empty where the only table has none"),
    ("http_status", "string", "default", "HTTP status as the page prints it, words included"),
    ("code", "string", "default", "Error code as the page prints it; text, leading zeros count"),
    ("message_en", "string", "default", "What the API answers with, from the English page"),
    ("message_zh", "string", "default", "What the API answers with, from the Chinese page"),
    ("description_en", "string", "default", "What the error means, from the English page"),
    ("description_zh", "string", "default", "What the error means, from the Chinese page"),
    ("solution_en", "string", "default", "What to do about it, from the English page"),
    ("solution_zh", "string", "default", "What to do about it, from the Chinese page"),
    ("group_en", "string", "default", "Module, category or product, from the English page"),
    ("group_zh", "string", "default", "Module, category or product, from the Chinese page"),
    ("extra_en", "object", "default", "Further columns of the English page, by header"),
    ("extra_zh", "object", "default", "Further columns of the Chinese page, by header"),
    ("pairing", "string", "default", "How the rows of the two pages were found to be one error"),
    ("score", "number", "default", "How sure the pairing is, from 0 to 1"),
    ("first_seen", "date", "default", "The day docdrift first saw the entry"),
    ("last_changed", "date", "default", "The day docdrift saw the entry change last; at first that it saw it at all"),
    ("url_en", "string", "uri", "The English page; empty where it lacks the error"),
    ("url_zh", "string", "uri", "The Chinese page; empty where it lacks the error"),
];

/// Renders the file.
pub(super) fn render(parts: &[Part]) -> Result<Vec<u8>> {
    let unwritable = |error| StorageError::invalid("cannot write CSV to memory").caused_by(error);
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.map(|(name, ..)| name)).map_err(unwritable)?;
    for part in parts {
        for entry in &part.entries {
            writer.write_record(record(part, entry)?).map_err(unwritable)?;
        }
    }
    writer.into_inner().map_err(|error| unwritable(error.into_error().into()))
}

/// Returns whether the table has a record of the source. It searches the text, so that damage elsewhere does not matter.
pub(super) fn mentions(table: &[u8], id: &SourceId) -> bool {
    let cells = format!(",{},{},", id.vendor, id.service);
    table.windows(cells.len()).any(|window| window == cells.as_bytes())
}

fn record(part: &Part, entry: &Entry) -> Result<Vec<String>> {
    let id = &part.id;
    let mut cells = vec![entry.id.clone(), id.vendor.clone(), id.service.clone()];
    cells.extend([entry.table.clone(), entry.status.clone(), entry.code.clone()]);
    for text in Field::ALL.iter().filter_map(|field| entry.text(*field)) {
        cells.extend([text.en.clone(), text.zh.clone()]);
    }
    cells.extend([to_json(&entry.extra.en)?, to_json(&entry.extra.zh)?]);
    cells.extend([entry.pairing.method.clone(), entry.pairing.score.to_string()]);
    cells.extend(
        [entry.first_seen, entry.last_changed].map(|date| date.map(|date| date.to_string()).unwrap_or_default()),
    );
    cells.extend([page_url(part, entry, Lang::En), page_url(part, entry, Lang::Zh)]);
    Ok(cells)
}

fn to_json(extra: &BTreeMap<String, String>) -> Result<String> {
    Ok(if extra.is_empty() { String::new() } else { serde_json::to_string(extra)? })
}

fn page_url(part: &Part, entry: &Entry, lang: Lang) -> String {
    let page = part.pages.get(lang).as_ref().filter(|_| entry.has(lang));
    page.map(|page| page.url.clone()).unwrap_or_default()
}
