use std::time::Duration;

use docdrift_model::Page;

use crate::failure::Failure;

/// The answer to a successful request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The page as it is now.
    Fresh {
        /// The page, under the requested URL.
        page: Page,
        /// The URL at the end of permanent redirects (301 or 308), where it is not the requested one.
        moved_to: Option<String>,
    },
    /// The page is the copy at hand, which [`Request::etag`](crate::Request::etag) or
    /// [`Request::last_modified`](crate::Request::last_modified) describes.
    NotModified {
        /// As for a fresh page.
        moved_to: Option<String>,
    },
}

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchReport {
    /// Answer `i` belongs to request `i`.
    pub answers: Vec<Result<Answer, Failure>>,
    /// A summary for each host, sorted by host.
    pub hosts: Vec<HostSummary>,
    /// Whether the user ended the run early with Ctrl-C. The requests that were not done failed as
    /// [`Interrupted`](crate::FailureKind::Interrupted).
    pub interrupted: bool,
}

/// The requests to one host in a run, and their cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostSummary {
    /// The host, with its port where that is not the default one.
    pub host: String,
    /// The number of requests: pages, redirects, retries and robots.txt.
    pub request_count: usize,
    /// The size of all bodies as they were sent, in bytes.
    pub byte_count: u64,
    /// The number of pages that had not changed.
    pub not_modified_count: usize,
    /// The number of repeated attempts.
    pub retry_count: usize,
    /// The time that requests waited for their start.
    pub wait_time: Duration,
    /// The number of pages that could not be fetched.
    pub failure_count: usize,
}
