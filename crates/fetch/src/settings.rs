use std::time::Duration;

/// One page to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its address, `https://…`; `http://…` only where it is local.
    pub url: String,
    /// Whether it lies on this machine or network: plain http and addresses that are not public are fine, and no
    /// proxy is asked.
    pub local: bool,
}

/// How patient, how polite and how trusting a run is. `..Settings::default()` gives what is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What docdrift calls itself; a header value.
    pub user_agent: String,
    /// The least time between the starts of two requests to one host (1 s). A redirect is followed at once.
    pub interval: Duration,
    /// The longest wait for a connection: name, address and TLS together (10 s).
    pub connect_timeout: Duration,
    /// The longest wait for the next byte (15 s).
    pub read_timeout: Duration,
    /// The longest time for one answer from its request to its last byte, redirects included (60 s).
    pub request_timeout: Duration,
    /// The longest a run goes on without any server answering anything (100 s); what is left then fails. A run that
    /// gets answers may take as long as it needs. Must be longer than every other time here.
    pub run_deadline: Duration,
    /// The most bytes of one body, counted after decoding (16 MiB).
    pub max_body: usize,
    /// How often a failed request is tried again where that may help (2).
    pub retries: u32,
    /// The wait before the first retry (1 s), doubled for each further one; up to half of it is left out by chance, so
    /// that hosts that failed together are not asked together.
    pub backoff: Duration,
    /// The longest wait before a retry (30 s). A server that asks for a longer one is not asked again.
    pub max_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("docdrift/", env!("CARGO_PKG_VERSION")).to_owned(),
            interval: Duration::from_secs(1),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(15),
            request_timeout: Duration::from_mins(1),
            run_deadline: Duration::from_secs(100),
            max_body: 16 << 20,
            retries: 2,
            backoff: Duration::from_secs(1),
            max_wait: Duration::from_secs(30),
        }
    }
}
