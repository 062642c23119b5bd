//! `.docdrift/failing.json`: since when which sources could not be refreshed, and why. Written when that changes only.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};
use docdrift_model::SourceId;
use serde::{Deserialize, Serialize};

use crate::files;

pub(crate) const FILE_NAME: &str = "failing.json";

/// A source that could not be refreshed the last time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// When that began, RFC 3339 in UTC.
    pub since: String,
    /// When it was refreshed last before that, RFC 3339 in UTC, if ever.
    pub last_success: Option<String>,
    /// Why, the last time: a sentence each.
    pub reasons: Vec<String>,
}

/// What the file at `path` tells; nothing where there is none.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<SourceId, Failing>> {
    let Some(text) = files::read_text_optional(path)? else { return Ok(BTreeMap::new()) };
    serde_json::from_str(&text).with_context(|| format!("{} is damaged: remove it", path.display()))
}

/// The text of the file.
pub(crate) fn render(failing: &BTreeMap<SourceId, Failing>) -> Result<String> {
    Ok(serde_json::to_string_pretty(failing)? + "\n")
}
