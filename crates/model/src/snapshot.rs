//! The state of a source on a date.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Bilingual, Entry, Lang, SourceId, date, table::Format};

/// Facts about a page that a snapshot was read from.
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
    /// The page's own date stamp.
    #[serde(default, deserialize_with = "date::deserialize_nullable")]
    pub updated_on: Option<Date>,
    /// Whether nothing followed the last error table ([`crate::Reading::ends_in_table`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in_table: Option<bool>,
    /// The length of the body in bytes; `None` in snapshots from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// Whether two states were read from the same pages.
pub fn are_same_pages(a: &Bilingual<Option<PageFacts>>, b: &Bilingual<Option<PageFacts>>) -> bool {
    let digest =
        |pages: &'_ Bilingual<Option<PageFacts>>, lang| pages.get(lang).as_ref().map(|page| page.digest.clone());
    Lang::ALL.into_iter().all(|lang| digest(a, lang) == digest(b, lang))
}

/// A maintainer's acceptance of pages that looked wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The maintainer's reason.
    pub reason: String,
    /// The guard's reasons, an English sentence each.
    pub against: Vec<String>,
}

/// The state of one source on a date, in its publishable form.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Which source.
    pub source: SourceId,
    /// The day it was taken, in UTC.
    pub date: Date,
    /// The version of the reader that read it.
    pub reader: u32,
    /// The pages it was read from.
    pub pages: Bilingual<Option<PageFacts>>,
    /// Why a maintainer accepted it although its pages looked wrong, and what looked wrong.
    pub accepted: Option<Accepted>,
    /// The entries, sorted by table, code, status and id.
    pub entries: Vec<Entry>,
}
