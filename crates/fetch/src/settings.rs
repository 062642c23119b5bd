use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How patient, how polite and how trusting a run is. `..Settings::default()` gives what is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What docdrift calls itself; a header value.
    pub user_agent: String,
    /// The least time between the starts of two requests to one host (1 s). A tenth of it at most is added by chance;
    /// a host that takes longer to answer is left alone as long as it took. Zero is as fast as it goes.
    pub interval: Duration,
    /// How many requests one host may have to answer at a time (1).
    pub concurrency: usize,
    /// What is otherwise for one host, by its name; with its port where that is not the usual one.
    pub hosts: BTreeMap<String, HostSettings>,
    /// The most requests that one host is asked in a run, redirects, retries and robots.txt included (2000).
    pub max_requests_per_host: usize,
    /// The longest wait for a connection: name, address and TLS together (10 s).
    pub connect_timeout: Duration,
    /// The longest wait for the next byte (15 s).
    pub read_timeout: Duration,
    /// The longest time for one answer from its request to its last byte, redirects included (60 s).
    pub request_timeout: Duration,
    /// The longest a run goes on without any server answering anything (100 s); what is left then fails. A run that
    /// gets answers may take as long as `run_limit`. Must be longer than every other time here but that.
    pub run_deadline: Duration,
    /// The longest a run takes (30 min); what is left then fails.
    pub run_limit: Duration,
    /// The most bytes of one body, as sent and as decoded (16 MiB).
    pub max_body: usize,
    /// How often a failed request is tried again where that may help (2).
    pub retries: u32,
    /// The wait before the first retry (1 s), doubled for each further one; up to half of it is left out by chance, so
    /// that hosts that failed together are not asked together.
    pub backoff: Duration,
    /// The longest wait before a request (30 s). A server that asks for a longer one is not asked again.
    pub max_wait: Duration,
    /// The browser that renders pages made by scripts; found by itself where none is named.
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

/// What is otherwise for one host.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HostSettings {
    /// Its own [`Settings::interval`].
    pub interval: Option<Duration>,
    /// Its own [`Settings::concurrency`].
    pub concurrency: Option<usize>,
    /// Headers sent to it and to no other host. They may hold secrets, so they are never printed.
    pub headers: Vec<(String, String)>,
    /// Whether it is asked in HTTP/1.1 even if it offers HTTP/2.
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
