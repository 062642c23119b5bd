//! `<vendor>/<service>.json`: one source with all that its last snapshot tells.

use std::borrow::Cow;

use anyhow::{Context as _, Result};
use docdrift_model::{Bilingual, Entry, PageFacts, SourceId};
use serde::{Deserialize, Serialize};

use super::Part;
use crate::snapshots::{SCHEMA, check_schema};

#[derive(Serialize, Deserialize)]
struct File<'a> {
    schema: u32,
    vendor: Cow<'a, str>,
    service: Cow<'a, str>,
    #[serde(default)]
    name: Cow<'a, Bilingual<String>>,
    #[serde(default)]
    pages: Cow<'a, Bilingual<Option<PageFacts>>>,
    #[serde(default)]
    licence: Cow<'a, str>,
    #[serde(default)]
    last_change: Cow<'a, str>,
    entries: Cow<'a, [Entry]>,
}

pub(super) fn render(part: &Part<'_>) -> Result<String> {
    let file = File {
        schema: SCHEMA,
        vendor: Cow::Borrowed(&part.source.id.vendor),
        service: Cow::Borrowed(&part.source.id.service),
        name: Cow::Borrowed(&part.source.names),
        pages: Cow::Borrowed(&part.snapshot.pages),
        licence: Cow::Borrowed(&part.source.licence),
        last_change: Cow::Borrowed(&part.snapshot.date),
        entries: Cow::Borrowed(&part.snapshot.entries),
    };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// Reads the text of a dataset's `<vendor>/<service>.json`; `name` names it in errors.
pub fn parse_dataset_file(name: &str, text: &str) -> Result<(SourceId, Vec<Entry>)> {
    let broken = || format!("{name} is no dataset file");
    check_schema(text).with_context(broken)?;
    let file: File<'_> = serde_json::from_str(text).with_context(broken)?;
    let id = format!("{}/{}", file.vendor, file.service).parse().map_err(anyhow::Error::msg).with_context(broken)?;
    Ok((id, file.entries.into_owned()))
}
