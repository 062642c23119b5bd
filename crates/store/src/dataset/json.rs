//! `<vendor>/<service>.json`: one source with all that its last snapshot tells.

use anyhow::{Context as _, Result, ensure};
use docdrift_model::{Bilingual, Entry, PageFacts};
use serde::{Deserialize, Serialize};

use super::{Part, PublishedSource};
use crate::snapshots::{check_dates, check_schema, is_date};

/// The shape of the dataset files that this version writes; it reads this one and those before. It is not that of
/// snapshots: each changes by itself.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct File<'a> {
    schema: u32,
    vendor: &'a str,
    service: &'a str,
    name: &'a Bilingual<String>,
    pages: &'a Bilingual<Option<PageFacts>>,
    licence: &'a str,
    last_change: &'a str,
    entries: Vec<Listed<'a>>,
}

/// An entry and what programs would else have to read out of its printed status and code.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    http_statuses: Vec<u16>,
    codes: Vec<String>,
}

/// What is read back; the rest of a [`File`] follows from the entries.
#[derive(Deserialize)]
struct Read {
    vendor: String,
    service: String,
    name: Bilingual<String>,
    pages: Bilingual<Option<PageFacts>>,
    licence: String,
    last_change: String,
    entries: Vec<Entry>,
}

pub(super) fn render(part: &Part) -> Result<String> {
    let listed = |entry| Listed { entry, http_statuses: entry.status_numbers(), codes: entry.codes() };
    let file = File {
        schema: SCHEMA,
        vendor: &part.id.vendor,
        service: &part.id.service,
        name: &part.names,
        pages: &part.pages,
        licence: &part.licence,
        last_change: &part.last_change,
        entries: part.entries.iter().map(listed).collect(),
    };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// The part that the text of a JSON file tells; `name` names the file in errors.
pub(super) fn read(name: &str, text: &str) -> Result<Part> {
    let broken = || format!("{name} is no dataset file");
    check_schema(text, SCHEMA).with_context(broken)?;
    let file: Read = serde_json::from_str(text).with_context(broken)?;
    let Read { vendor, service, name: names, pages, licence, last_change, entries } = file;
    let id = format!("{vendor}/{service}").parse().map_err(anyhow::Error::msg).with_context(broken)?;
    ensure!(is_date(&last_change), "{name}: `{}` is no date YYYY-MM-DD", last_change.escape_debug());
    entries.iter().try_for_each(check_dates).with_context(broken)?;
    Ok(Part { id, names, pages, licence, last_change, entries }.dated())
}

/// Reads the text of a dataset's `<vendor>/<service>.json`; `name` names it in errors.
pub fn parse_dataset_file(name: &str, text: &str) -> Result<PublishedSource> {
    read(name, text).map(PublishedSource::from)
}
