//! One host in a run: whose turn it is, what it may still be asked, and what it was asked.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tracing::{debug, info, warn};
use url::Url;

use crate::answer::HostSummary;
use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;
use crate::limits;
use crate::pace::Pace;
use crate::robots::Rules;
use crate::settings::{HostSettings, Settings};
use crate::stop::Stop;

/// The hosts of a run, by the authority of their URLs.
pub(crate) struct Hosts<'a> {
    settings: &'a Settings,
    known: RefCell<BTreeMap<String, Rc<Host>>>,
}

impl<'a> Hosts<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self { settings, known: RefCell::default() }
    }

    /// The host that `url` is of.
    pub(crate) fn of(&self, url: &Url) -> Rc<Host> {
        let mut known = self.known.borrow_mut();
        let new = || Rc::new(Host::new(url.authority(), self.settings));
        Rc::clone(known.entry(url.authority().to_owned()).or_insert_with(new))
    }

    /// What each was asked, told to the log as well.
    pub(crate) fn summaries(&self) -> Vec<HostSummary> {
        let summaries: Vec<HostSummary> =
            self.known.borrow().values().map(|host| host.tally.borrow().clone()).collect();
        for HostSummary { host, requests, bytes, not_modified, retries, waited, failures } in &summaries {
            info!(host, requests, bytes, not_modified, retries, ?waited, failures, "asked in this run");
        }
        summaries
    }
}

/// One host.
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) http1: bool,
    pub(crate) concurrency: usize,
    pub(crate) pace: Pace,
    /// What its robots.txt says, once it was asked for.
    pub(crate) rules: OnceCell<Rules>,
    /// What was counted of it so far.
    pub(crate) tally: RefCell<HostSummary>,
    /// Its own headers, or why they cannot be sent.
    headers: Result<HeaderMap, AttemptError>,
    max_wait: Duration,
    max_requests: usize,
    permits: Arc<Semaphore>,
    /// Why it is asked nothing more.
    closed: RefCell<Option<AttemptError>>,
}

impl Host {
    pub(crate) fn new(name: &str, settings: &Settings) -> Self {
        let none = HostSettings::default();
        let own = settings.hosts.get(name).unwrap_or(&none);
        let concurrency = own.concurrency.unwrap_or(settings.concurrency).clamp(1, Semaphore::MAX_PERMITS);
        let host = Self {
            name: name.to_owned(),
            http1: own.http1,
            concurrency,
            pace: Pace::new(own.interval.unwrap_or(settings.interval), settings.max_wait),
            rules: OnceCell::new(),
            tally: RefCell::new(HostSummary { host: name.to_owned(), ..HostSummary::default() }),
            headers: header_map(name, &own.headers),
            max_wait: settings.max_wait,
            max_requests: settings.max_requests_per_host,
            permits: Arc::new(Semaphore::new(concurrency)),
            closed: RefCell::default(),
        };
        host.watch_budget();
        host
    }

    pub(crate) fn headers(&self) -> Result<HeaderMap, AttemptError> {
        self.headers.clone()
    }

    /// Waits until the host may be asked once more, if it may be at all.
    pub(crate) async fn turn(self: &Rc<Self>, url: &Url, stop: &Stop) -> Result<Turn, AttemptError> {
        tokio::select! {
            biased;
            miss = stop.no_more() => Err(miss),
            turn = self.wait(url) => turn,
        }
    }

    async fn wait(self: &Rc<Self>, url: &Url) -> Result<Turn, AttemptError> {
        // There is always a permit to come: nobody closes the semaphore.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        self.open()?;
        let waited = self.pace.turn().await;
        // Another answer may have closed the host meanwhile.
        self.open()?;
        self.count(|tally| {
            tally.requests += 1;
            tally.waited += waited;
        });
        self.watch_budget();
        Ok(Turn {
            host: Rc::clone(self),
            path: url.path().to_owned(),
            start: Instant::now(),
            status: None,
            encoding: String::new(),
            bytes: Cell::new(0),
            _permit: permit,
        })
    }

    /// Whether it may still be asked.
    pub(crate) fn open(&self) -> Result<(), AttemptError> {
        self.closed.borrow().clone().map_or(Ok(()), Err)
    }

    /// Lets nothing more be asked of it. What is said first stays.
    pub(crate) fn close(&self, kind: FailureKind, why: &str) {
        let mut closed = self.closed.borrow_mut();
        if closed.is_none() {
            warn!(host = self.name, kind = kind.as_str(), "nothing more is asked");
            let is_host_down = matches!(kind, FailureKind::Unreachable(_));
            *closed = Some(AttemptError { is_host_down, ..AttemptError::new(kind, why) });
        }
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut HostSummary)) {
        change(&mut self.tally.borrow_mut());
    }

    fn watch_budget(&self) {
        if self.tally.borrow().requests >= self.max_requests {
            let why = format!("not asked: {} was asked {} times in this run", self.name, self.max_requests);
            self.close(FailureKind::OverBudget, &why);
        }
    }

    /// Gives the host the pause that an answer of it asks for.
    fn heed(&self, status: u16, headers: &HeaderMap) {
        match limits::pause(status, headers, Timestamp::now()) {
            None => {}
            Some(pause) if pause <= self.max_wait => {
                debug!(host = self.name, ?pause, "the host asked for a pause");
                self.pace.hold(pause);
            }
            Some(pause) => {
                let why = format!("not asked: {} wants no request for {pause:?}", self.name);
                self.close(FailureKind::Blocked, &why);
            }
        }
    }
}

/// A request that may be made now. Until it is dropped it is under way.
pub(crate) struct Turn {
    host: Rc<Host>,
    path: String,
    start: Instant,
    status: Option<u16>,
    encoding: String,
    bytes: Cell<u64>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// Notes what the head of the answer says.
    pub(crate) fn answered(&mut self, response: &Response) {
        let status = response.status().as_u16();
        self.status = Some(status);
        if let Some(encoding) = response.headers().get(CONTENT_ENCODING) {
            self.encoding = String::from_utf8_lossy(encoding.as_bytes()).into_owned();
        }
        self.host.heed(status, response.headers());
    }

    /// Notes that so many bytes of the body came, and says how many did so far.
    pub(crate) fn received(&self, bytes: usize) -> u64 {
        let sum = self.bytes.get().saturating_add(bytes as u64);
        self.bytes.set(sum);
        sum
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    pub(crate) fn took(&self) -> Duration {
        self.start.elapsed()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (took, bytes) = (self.took(), self.bytes.get());
        if self.status.is_some() {
            self.host.pace.answered(took);
        }
        self.host.count(|tally| tally.bytes += bytes);
        let (host, path, status, encoding) = (&self.host.name, &self.path, self.status, &self.encoding);
        // No query: those of documentation pages may hold tokens.
        debug!(host, path, status, bytes, encoding, ?took, "asked");
    }
}

/// The headers set for a host. Their values may be secrets, so an error names the header only.
fn header_map(host: &str, headers: &[(String, String)]) -> Result<HeaderMap, AttemptError> {
    let header = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    };
    let wrong = |name: &str| {
        AttemptError::new(
            FailureKind::Refused,
            format!("the header {name:?} set for {host} has no valid name or value"),
        )
    };
    headers.iter().map(|pair| header(pair).ok_or_else(|| wrong(&pair.0))).collect()
}
