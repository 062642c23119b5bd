//! The configuration of a workspace and of fetching.

use std::{collections::BTreeMap, path::PathBuf};

use crate::{Publish, Source, thresholds::Thresholds, vendor::Vendor};

/// The content of `sources.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The watched sources, sorted by id; at least one.
    pub sources: Vec<Source>,
    /// The known vendors: those of `sources.toml`, then the built-in ones.
    pub vendors: Vec<Vendor>,
    /// Which text fields `output/` and `snapshots/` carry.
    pub publish: Publish,
    /// How pages are fetched.
    pub fetch: FetchSettings,
    /// What may be removed from the archive; `None` for nothing.
    pub archive: Option<Retention>,
    /// The guard's thresholds that differ from the default. A source has its own as well.
    pub guard: Thresholds,
}

/// How pages are fetched. `None` is the fetcher's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchSettings {
    /// A URL for the User-Agent, where a vendor reads who asks and why.
    pub contact: Option<String>,
    /// The browser that renders pages made by scripts: its executable.
    pub browser: Option<PathBuf>,
    /// The least time between two requests to one host, in milliseconds.
    pub interval_ms: Option<u64>,
    /// The most requests to one host at a time.
    pub concurrency: Option<u64>,
    /// The most requests to one host in one run.
    pub max_requests_per_host: Option<u64>,
    /// The longest wait for a connection, in milliseconds.
    pub connect_timeout_ms: Option<u64>,
    /// The longest wait for the next byte, in milliseconds.
    pub read_timeout_ms: Option<u64>,
    /// The longest time for one answer, in milliseconds.
    pub request_timeout_ms: Option<u64>,
    /// The longest time for the whole run, in milliseconds.
    pub run_limit_ms: Option<u64>,
    /// How often a request that failed is tried again.
    pub retries: Option<u64>,
    /// The wait before the first retry, in milliseconds.
    pub backoff_ms: Option<u64>,
    /// The largest page, in mebibytes.
    pub max_body_mb: Option<u64>,
    /// The settings of single hosts.
    pub hosts: BTreeMap<String, HostFetch>,
}

/// How the pages of one host are fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostFetch {
    /// The least time between two requests, in milliseconds.
    pub interval_ms: Option<u64>,
    /// The most requests at a time.
    pub concurrency: Option<u64>,
    /// Whether only HTTP/1.1 is spoken.
    pub http1: bool,
    /// Headers sent with each request, by name; `${NAME}` in a value stands for an environment variable, so that no
    /// secret stands in the file.
    pub headers: Vec<(String, String)>,
}

/// Which archived visits `docdrift archive prune` keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Visits of the last days are kept, in days.
    pub keep_days: u32,
    /// The number of last versions of each page that are kept, however old.
    pub keep_versions: u32,
}
