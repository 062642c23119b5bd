//! `<vendor>/<service>.json`: one source with all data of its last snapshot.

use std::path::Path;

use docdrift_files::{Context as _, Result, StorageError};
use docdrift_model::{Bilingual, Entry, PageFacts};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Part, PublishedSource};
use crate::snapshots::check_schema;

/// The schema version of the dataset files that this version writes. It also reads all earlier ones. Snapshots have a
/// version of their own.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct File<'a> {
    schema: u32,
    vendor: &'a str,
    service: &'a str,
    name: &'a Bilingual<String>,
    pages: &'a Bilingual<Option<PageFacts>>,
    licence: &'a str,
    last_change: Date,
    entries: Vec<ListedEntry<'a>>,
}

/// An entry, with the statuses and codes that programs would otherwise have to parse from the printed ones.
#[derive(Serialize)]
struct ListedEntry<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    http_statuses: Vec<u16>,
    codes: Vec<String>,
}

/// The keys that are read back. The rest of a [`File`] follows from the entries.
#[derive(Deserialize)]
struct ParsedFile {
    vendor: String,
    service: String,
    name: Bilingual<String>,
    pages: Bilingual<Option<PageFacts>>,
    licence: String,
    #[serde(deserialize_with = "docdrift_model::date::deserialize")]
    last_change: Date,
    entries: Vec<Entry>,
}

pub(super) fn render(part: &Part) -> Result<String> {
    let listed = |entry| ListedEntry { entry, http_statuses: entry.status_numbers(), codes: entry.codes() };
    let file = File {
        schema: SCHEMA,
        vendor: &part.id.vendor,
        service: &part.id.service,
        name: &part.names,
        pages: &part.pages,
        licence: &part.licence,
        last_change: part.last_change,
        entries: part.entries.iter().map(listed).collect(),
    };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// Parses the text of a JSON file. `name` names the file in errors.
pub(super) fn parse(name: &str, text: &str) -> Result<Part> {
    let broken = || format!("{name} is no dataset file");
    let damaged = |message: String| StorageError::damaged(message).at(Path::new(name));
    check_schema(text, SCHEMA).map_err(|error| error.at(Path::new(name))).with_context(broken)?;
    let file: ParsedFile = serde_json::from_str(text).map_err(|error| damaged(broken()).caused_by(error))?;
    let ParsedFile { vendor, service, name: names, pages, licence, last_change, entries } = file;
    let id = format!("{vendor}/{service}").parse();
    let id = id.map_err(|message: String| damaged(message).context(broken()))?;
    Ok(Part { id, names, pages, licence, last_change, entries }.with_dates())
}

/// Parses the text of a dataset's `<vendor>/<service>.json`. `name` names the file in errors.
pub fn parse_dataset_file(name: &str, text: &str) -> Result<PublishedSource> {
    parse(name, text).map(PublishedSource::from)
}
