//! The result of a run.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Bilingual, Drift, Lang, Reason, Severity, Warning, date, entry::Pairing};

/// How the refresh of one source ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same as last time.
    Unchanged,
    /// Seen for the first time, with this many entries.
    First(usize),
    /// Accepted, and something changed.
    Changed,
    /// The pages look wrong; the last good data is kept.
    Quarantined(Vec<Reason>),
    /// A page could not be fetched or read; the last good data is kept.
    Failed(Reason),
}

impl Outcome {
    /// The name used in files and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Unchanged => "unchanged",
            Outcome::First(_) => "first",
            Outcome::Changed => "changed",
            Outcome::Quarantined(_) => "quarantined",
            Outcome::Failed(_) => "failed",
        }
    }

    /// Returns why the last good data is kept; `None` where the pages were accepted.
    pub fn reasons(&self) -> Option<&[Reason]> {
        match self {
            Outcome::Unchanged | Outcome::First(_) | Outcome::Changed => None,
            Outcome::Quarantined(reasons) => Some(reasons),
            Outcome::Failed(reason) => Some(std::slice::from_ref(reason)),
        }
    }
}

/// A pair of rows that a person should review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// The HTTP status of the entry.
    pub status: String,
    /// The error code of the entry.
    pub code: String,
    /// How the rows were paired, and the score.
    pub pairing: Pairing,
}

/// A page as it was at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageStamp {
    /// The page's own date stamp.
    #[serde(default, deserialize_with = "date::deserialize_nullable")]
    pub updated_on: Option<Date>,
    /// `sha256:…` of the body as received.
    pub digest: String,
}

/// A page before and now, as evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageEvidence {
    /// The page's URL.
    pub url: String,
    /// The page before, where it is known.
    pub old: Option<PageStamp>,
    /// The page now, where it is known.
    pub new: Option<PageStamp>,
}

/// The evidence of a drift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The pages of either language.
    pub pages: Bilingual<Option<PageEvidence>>,
    /// The command line that shows the same drift again; empty where there is none.
    pub reproduce: String,
}

/// What changed in a source because another version of the reader read the last snapshot. The vendor changed nothing of
/// it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReaderDrift {
    /// The version that read the last snapshot.
    pub from: u32,
    /// The version that reads now.
    pub to: u32,
    /// The drift from the last snapshot to its own pages as they are read now. `None` where the archive lacks them: then
    /// the reader's changes are among the vendor's.
    pub drift: Option<Drift>,
}

/// What happened to one source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceReport {
    /// Which source, as `vendor/service`; empty where two files of no known source were compared.
    pub source: String,
    /// The evidence of its drift.
    pub evidence: Evidence,
    /// How it ended.
    pub outcome: Outcome,
    /// What the vendor changed; for a quarantined source, what would have changed.
    pub drift: Drift,
    /// What another version of the reader changed; `None` where the last snapshot was read with this one.
    pub reader: Option<ReaderDrift>,
    /// What reading noticed, by page.
    pub warnings: Vec<(Lang, Warning)>,
    /// The pairs of rows that a person should review.
    pub doubts: Vec<Doubt>,
    /// Decisions of overrides.toml that no longer apply, each a sentence.
    pub stale: Vec<String>,
}

/// What happened in one run, sources in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// One for each source of the run.
    pub sources: Vec<SourceReport>,
}

impl Report {
    /// Returns the highest severity of the accepted drift.
    pub fn severity(&self) -> Severity {
        let accepted = self.sources.iter().filter(|s| matches!(s.outcome, Outcome::Changed | Outcome::First(_)));
        accepted.map(|s| s.drift.severity).max().unwrap_or_default()
    }

    /// Whether every source could be refreshed.
    pub fn is_whole(&self) -> bool {
        self.sources.iter().all(|s| s.outcome.reasons().is_none())
    }
}
