//! `<vendor>/<service>.json`: one source with all that its last snapshot tells.

use anyhow::{Context as _, Result};
use docdrift_model::{Bilingual, Entry, PageFacts, SourceId};
use serde::{Deserialize, Serialize};

use super::Part;
use crate::snapshots::{SCHEMA, check_schema};

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

/// What is read back; the rest of a [`File`] follows from the snapshots.
#[derive(Deserialize)]
struct Read {
    vendor: String,
    service: String,
    entries: Vec<Entry>,
}

pub(super) fn render(part: &Part<'_>) -> Result<String> {
    let listed = |entry| Listed { entry, http_statuses: entry.status_numbers(), codes: entry.codes() };
    let file = File {
        schema: SCHEMA,
        vendor: &part.source.id.vendor,
        service: &part.source.id.service,
        name: &part.source.names,
        pages: &part.snapshot.pages,
        licence: &part.source.licence,
        last_change: &part.snapshot.date,
        entries: part.snapshot.entries.iter().map(listed).collect(),
    };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// Reads the text of a dataset's `<vendor>/<service>.json`; `name` names it in errors.
pub fn parse_dataset_file(name: &str, text: &str) -> Result<(SourceId, Vec<Entry>)> {
    let broken = || format!("{name} is no dataset file");
    check_schema(text).with_context(broken)?;
    let file: Read = serde_json::from_str(text).with_context(broken)?;
    let id = format!("{}/{}", file.vendor, file.service).parse().map_err(anyhow::Error::msg).with_context(broken)?;
    Ok((id, file.entries))
}
