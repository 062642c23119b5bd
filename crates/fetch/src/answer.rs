use std::time::Duration;

use docdrift_model::Page;

use crate::failure::Failure;

/// What a server answered that can be worked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The page as it is now.
    Fresh {
        /// The page, under the URL asked for.
        page: Page,
        /// The address that the server says it has for good (301 or 308), where that is another one.
        moved_to: Option<String>,
    },
    /// The page is what [`Request::known`](crate::Request::known) tells of.
    NotModified {
        /// As of a fresh page.
        moved_to: Option<String>,
    },
}

/// All that came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Answer `i` belongs to request `i`.
    pub answers: Vec<Result<Answer, Failure>>,
    /// What each host was asked, sorted by host.
    pub hosts: Vec<HostSummary>,
    /// Whether the user ended the run early (Ctrl-C): the requests left failed as
    /// [`Interrupted`](crate::FailureKind::Interrupted).
    pub interrupted: bool,
}

/// What a host was asked in a run, and what that cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostSummary {
    /// The host, with its port where that is not the usual one.
    pub host: String,
    /// The requests made: pages, redirects, retries and robots.txt.
    pub requests: usize,
    /// The bytes of all bodies, as they were sent.
    pub bytes: u64,
    /// The pages that had not changed.
    pub not_modified: usize,
    /// The requests made once more because they had failed.
    pub retries: usize,
    /// The time that requests waited for their turn.
    pub waited: Duration,
    /// The pages that could not be had.
    pub failures: usize,
}
