//! `datapackage.json`: describes `error-codes.csv` as a Frictionless Data Package (version 1).

use docdrift_files::Result;
use docdrift_model::{Lang, text::digest};
use serde_json::{Value, json};

use super::{Part, csv};

pub(super) const FILE_NAME: &str = "datapackage.json";

pub(super) fn render(parts: &[Part], table: &[u8]) -> Result<String> {
    let package = json!({
        "profile": "tabular-data-package",
        "name": "cloud-api-error-codes",
        "title": "Error codes of cloud APIs in Chinese and English",
        "description": "Error codes, HTTP statuses and messages from the vendors' documentation pages, each page's rows paired across the two languages.",
        "sources": parts.iter().flat_map(sources).collect::<Vec<_>>(),
        "resources": [{
            "name": "error-codes",
            "path": csv::FILE_NAME,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": table.len(),
            "hash": digest(table),
            "dialect": { "delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true, "header": true },
            "schema": {
                "fields": csv::COLUMNS.map(field),
                "missingValues": [""],
                "primaryKey": "id",
            },
        }],
    });
    Ok(serde_json::to_string_pretty(&package)? + "\n")
}

fn field((name, kind, format, description): csv::Column) -> Value {
    let mut field = json!({ "name": name, "type": kind, "format": format, "description": description });
    if name == "id" {
        field["constraints"] = json!({ "required": true, "unique": true });
    }
    field
}

/// Describes the pages of a source, each with its licence note.
fn sources(part: &Part) -> Vec<Value> {
    let page = |lang: Lang| {
        let url = &part.pages.get(lang).as_ref()?.url;
        let title = format!("{} ({lang})", part.id);
        Some(json!({ "title": title, "path": url, "licence": part.licence }))
    };
    Lang::ALL.into_iter().filter_map(page).collect()
}
