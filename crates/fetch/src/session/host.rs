//! One host in a run: when its next request may start, whether it may get more requests, and a summary of them.

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

use super::pacer::Pacer;
use super::stop::StopCondition;
use crate::answer::HostSummary;
use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;
use crate::rate_limit;
use crate::robots::RobotsRules;
use crate::settings::{HostSettings, Settings};

/// The hosts of a run, by the authority of their URLs.
pub(crate) struct Hosts<'a> {
    settings: &'a Settings,
    by_authority: RefCell<BTreeMap<String, Rc<Host>>>,
}

impl<'a> Hosts<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, by_authority: RefCell::default() }
    }

    /// Returns the host of `url`.
    pub(crate) fn get(&self, url: &Url) -> Rc<Host> {
        let mut hosts = self.by_authority.borrow_mut();
        let new = || Rc::new(Host::new(url.authority(), self.settings));
        Rc::clone(hosts.entry(url.authority().to_owned()).or_insert_with(new))
    }

    /// Returns and logs the summaries of all hosts, sorted by host.
    pub(crate) fn summaries(&self) -> Vec<HostSummary> {
        let summaries: Vec<HostSummary> =
            self.by_authority.borrow().values().map(|host| host.summary.borrow().clone()).collect();
        for summary in &summaries {
            info!(
                host = summary.host,
                requests = summary.request_count,
                bytes = summary.byte_count,
                not_modified = summary.not_modified_count,
                retries = summary.retry_count,
                waited = ?summary.wait_time,
                failures = summary.failure_count,
                "host summary"
            );
        }
        summaries
    }
}

/// The state of one host.
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) http1_only: bool,
    pub(crate) concurrency: usize,
    pub(crate) pacer: Pacer,
    /// The rules of its robots.txt, once they are loaded.
    pub(crate) robots_rules: OnceCell<RobotsRules>,
    summary: RefCell<HostSummary>,
    /// The headers set for this host, or why they cannot be sent.
    headers: Result<HeaderMap, AttemptError>,
    max_wait: Duration,
    max_requests: usize,
    permits: Arc<Semaphore>,
    /// Why no more requests are made.
    closed: RefCell<Option<AttemptError>>,
}

impl Host {
    fn new(name: &str, settings: &Settings) -> Self {
        let defaults = HostSettings::default();
        let own = settings.hosts.get(name).unwrap_or(&defaults);
        let concurrency = own.concurrency.unwrap_or(settings.concurrency).clamp(1, Semaphore::MAX_PERMITS);
        let host = Self {
            name: name.to_owned(),
            http1_only: own.http1,
            concurrency,
            pacer: Pacer::new(own.interval.unwrap_or(settings.interval), settings.max_wait),
            robots_rules: OnceCell::new(),
            summary: RefCell::new(HostSummary { host: name.to_owned(), ..HostSummary::default() }),
            headers: parse_headers(name, &own.headers),
            max_wait: settings.max_wait,
            max_requests: settings.max_requests_per_host,
            permits: Arc::new(Semaphore::new(concurrency)),
            closed: RefCell::default(),
        };
        host.close_if_over_budget();
        host
    }

    pub(crate) fn headers(&self) -> Result<HeaderMap, AttemptError> {
        self.headers.clone()
    }

    /// Waits until the next request to the host may start. Fails where the host is closed or the run is interrupted.
    pub(crate) async fn acquire_permit(
        self: &Rc<Self>,
        url: &Url,
        stop: &StopCondition,
    ) -> Result<RequestPermit, AttemptError> {
        tokio::select! {
            biased;
            error = stop.wait_for_interrupt() => Err(error),
            permit = self.wait_for_permit(url) => permit,
        }
    }

    async fn wait_for_permit(self: &Rc<Self>, url: &Url) -> Result<RequestPermit, AttemptError> {
        // The semaphore is never closed, so there is always a permit.
        let concurrency_permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        self.check_open()?;
        let waited = self.pacer.wait_turn().await;
        // A response to another request may have closed the host during the wait.
        self.check_open()?;
        self.update_summary(|summary| {
            summary.request_count += 1;
            summary.wait_time += waited;
        });
        self.close_if_over_budget();
        Ok(RequestPermit {
            host: Rc::clone(self),
            path: url.path().to_owned(),
            start: Instant::now(),
            status: None,
            encoding: String::new(),
            byte_count: Cell::new(0),
            _concurrency_permit: concurrency_permit,
        })
    }

    /// Fails where no more requests may be made.
    pub(crate) fn check_open(&self) -> Result<(), AttemptError> {
        self.closed.borrow().clone().map_or(Ok(()), Err)
    }

    /// Fails all further requests with `kind` and `reason`. The first reason stays.
    pub(crate) fn close(&self, kind: FailureKind, reason: &str) {
        let mut closed = self.closed.borrow_mut();
        if closed.is_none() {
            warn!(host = self.name, kind = kind.as_str(), "no more requests to this host");
            let is_host_down = matches!(kind, FailureKind::Unreachable(_));
            *closed = Some(AttemptError { is_host_down, ..AttemptError::new(kind, reason) });
        }
    }

    pub(crate) fn update_summary(&self, update: impl FnOnce(&mut HostSummary)) {
        update(&mut self.summary.borrow_mut());
    }

    fn close_if_over_budget(&self) {
        if self.summary.borrow().request_count >= self.max_requests {
            let reason = format!("not fetched: {} has had {} requests in this run", self.name, self.max_requests);
            self.close(FailureKind::OverBudget, &reason);
        }
    }

    /// Makes the pause that a response asks for, or closes the host where the pause is too long.
    fn apply_rate_limit(&self, status: u16, headers: &HeaderMap) {
        match rate_limit::requested_pause(status, headers, Timestamp::now()) {
            None => {}
            Some(pause) if pause <= self.max_wait => {
                debug!(host = self.name, ?pause, "the host asks for a pause");
                self.pacer.pause(pause);
            }
            Some(pause) => {
                let reason = format!("not fetched: {} asks for a pause of {pause:?}", self.name);
                self.close(FailureKind::Blocked, &reason);
            }
        }
    }
}

/// The permission to make one request now. The request counts as in progress until the permit is dropped.
pub(crate) struct RequestPermit {
    host: Rc<Host>,
    path: String,
    start: Instant,
    status: Option<u16>,
    encoding: String,
    byte_count: Cell<u64>,
    _concurrency_permit: Option<OwnedSemaphorePermit>,
}

impl RequestPermit {
    /// Records the status and the encoding of the response, and applies its rate limit to the host.
    pub(crate) fn record_head(&mut self, response: &Response) {
        let status = response.status().as_u16();
        self.status = Some(status);
        if let Some(encoding) = response.headers().get(CONTENT_ENCODING) {
            self.encoding = String::from_utf8_lossy(encoding.as_bytes()).into_owned();
        }
        self.host.apply_rate_limit(status, response.headers());
    }

    /// Records that `count` more bytes of the body were received, and returns the sum so far.
    pub(crate) fn record_body_bytes(&self, count: usize) -> u64 {
        let sum = self.byte_count.get().saturating_add(count as u64);
        self.byte_count.set(sum);
        sum
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// The time since the request started.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

impl Drop for RequestPermit {
    fn drop(&mut self) {
        let (took, bytes) = (self.elapsed(), self.byte_count.get());
        if self.status.is_some() {
            self.host.pacer.record_response_time(took);
        }
        self.host.update_summary(|summary| summary.byte_count += bytes);
        let (host, path, status, encoding) = (&self.host.name, &self.path, self.status, &self.encoding);
        // Without the query, because those of documentation pages may hold tokens.
        debug!(host, path, status, bytes, encoding, ?took, "request finished");
    }
}

/// Parses the headers set for a host. Their values may be secrets, so an error names the header only.
fn parse_headers(host: &str, headers: &[(String, String)]) -> Result<HeaderMap, AttemptError> {
    let parse = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    };
    let invalid = |name: &str| {
        let detail = format!("the header {name:?} that is set for {host} has an invalid name or value");
        AttemptError::new(FailureKind::Refused, detail)
    };
    headers.iter().map(|pair| parse(pair).ok_or_else(|| invalid(&pair.0))).collect()
}
