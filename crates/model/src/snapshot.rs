use serde::{Deserialize, Serialize};

use crate::{Bilingual, Entry, Format, Lang, SourceId};

/// What is known of a page that a snapshot was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFacts {
    /// The URL that sources.toml names, also where a saved copy was read.
    pub url: String,
    /// `sha256:…` of the body.
    pub digest: String,
    /// The document shape.
    pub format: Format,
    /// The language of the text.
    pub lang: Option<Lang>,
    /// The page's own date stamp, `YYYY-MM-DD`.
    pub updated_on: Option<String>,
}

/// The state of one source on a date, in its publishable form.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Which source.
    pub source: SourceId,
    /// The day it was taken, `YYYY-MM-DD` in UTC.
    pub date: String,
    /// The version of the reader that read it.
    pub reader: u32,
    /// The pages it was read from.
    pub pages: Bilingual<Option<PageFacts>>,
    /// The entries, sorted by table, code, status and id.
    pub entries: Vec<Entry>,
}
