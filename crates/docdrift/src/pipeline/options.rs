//! The options of a run.

use docdrift_model::{Lang, Source};
use globset::GlobSet;
use jiff::civil::Date;

use super::{Error, input::Origin, settings};

/// What a refresh works on.
pub struct RefreshOptions {
    /// Where the pages come from.
    pub origin: Origin,
    /// Patterns of `vendor/service`; none for all sources.
    pub sources: Vec<String>,
    /// The sources whose pages are accepted although the guard holds them back.
    pub accept: Acceptance,
    /// The language of the reports that are written.
    pub report_lang: Lang,
    /// The time of the run, which dates its snapshots.
    pub now: jiff::Timestamp,
}

impl RefreshOptions {
    /// Returns the options for all sources over the network.
    pub fn new(now: jiff::Timestamp) -> Self {
        Self { origin: Origin::Network, sources: Vec::new(), accept: Acceptance::default(), report_lang: Lang::En, now }
    }

    /// Returns the day of the run in UTC.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

/// The sources whose pages a maintainer accepts although the guard holds them back, and why.
#[derive(Default)]
pub struct Acceptance {
    globs: GlobSet,
    reason: String,
}

impl Acceptance {
    /// Accepts the sources whose `vendor/service` matches any of the patterns.
    pub fn new(patterns: &[String], reason: &str) -> Result<Self, Error> {
        let globs = settings::compile_globs(patterns, "--accept").map_err(Error::Usage)?;
        Ok(Self { globs, reason: reason.to_owned() })
    }

    pub(crate) fn reason_for(&self, source: &Source) -> Option<&str> {
        self.globs.is_match(source.id.to_string()).then_some(self.reason.as_str())
    }
}
