use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// The limits and the pace of a run. `..Settings::default()` fills in what is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The least time between the starts of two requests to one host (1 s). Up to a tenth of it is added at random.
    /// After a response that took longer, the pause is as long as the response took. Zero means no pause.
    pub interval: Duration,
    /// The most requests to one host that are in progress at a time (1).
    pub concurrency: usize,
    /// Settings of single hosts, by name, with the port where that is not the default one.
    pub hosts: BTreeMap<String, HostSettings>,
    /// The most requests to one host in a run, including redirects, retries and robots.txt (2000).
    pub max_requests_per_host: usize,
    /// The longest wait for a connection, including the name lookup and TLS (10 s).
    pub connect_timeout: Duration,
    /// The longest wait for the next byte (15 s).
    pub read_timeout: Duration,
    /// The longest time from a request to the last byte of its response, including redirects (60 s).
    pub request_timeout: Duration,
    /// The longest time in a run without a response from any server (100 s); then all requests that are not done fail.
    /// Must be longer than every other time here except `run_limit`.
    pub run_deadline: Duration,
    /// The longest time of a run (30 min); then all requests that are not done fail.
    pub run_limit: Duration,
    /// The most bytes of one body, as sent and as decompressed (16 MiB).
    pub max_body: usize,
    /// How often a failed request is retried where that may help (2).
    pub retries: u32,
    /// The wait before the first retry (1 s). It doubles with each further retry. Up to half of it is left out at
    /// random, so that hosts that failed together are not retried together.
    pub backoff: Duration,
    /// The longest wait before a request (30 s). A host that asks for a longer one gets no more requests.
    pub max_wait: Duration,
    /// The browser that renders pages built by scripts; `None` to look for an installed one.
    pub browser: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("docdrift/", env!("CARGO_PKG_VERSION")).to_owned(),
            interval: Duration::from_secs(1),
            concurrency: 1,
            hosts: BTreeMap::new(),
            max_requests_per_host: 2000,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(15),
            request_timeout: Duration::from_mins(1),
            run_deadline: Duration::from_secs(100),
            run_limit: Duration::from_mins(30),
            max_body: 16 << 20,
            retries: 2,
            backoff: Duration::from_secs(1),
            max_wait: Duration::from_secs(30),
            browser: None,
        }
    }
}

/// The settings of one host that differ from [`Settings`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HostSettings {
    /// Replaces [`Settings::interval`].
    pub interval: Option<Duration>,
    /// Replaces [`Settings::concurrency`].
    pub concurrency: Option<usize>,
    /// Headers sent to this host and to no other one. Their values may be secrets, so they are never printed.
    pub headers: Vec<(String, String)>,
    /// Whether HTTP/1.1 is used even if the host offers HTTP/2.
    pub http1: bool,
}

impl fmt::Debug for HostSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("HostSettings")
            .field("interval", &self.interval)
            .field("concurrency", &self.concurrency)
            .field("headers", &names)
            .field("http1", &self.http1)
            .finish()
    }
}
