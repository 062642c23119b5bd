//! What the server was asked, and when.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::request::ReceivedRequest;

/// A request with its circumstances.
#[derive(Clone)]
pub(crate) struct LoggedRequest {
    pub(crate) request: ReceivedRequest,
    /// The route's index in the site.
    pub(crate) route: usize,
    /// When the head was complete.
    pub(crate) at: Instant,
    /// The status of the answer; empty where the answer is no HTTP.
    pub(crate) status: String,
}

/// Everything since the log was last cleared.
#[derive(Default)]
pub(crate) struct RequestLog(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    requests: Vec<LoggedRequest>,
    /// The first and the last sign of a client, by route.
    contacts: BTreeMap<usize, (Instant, Instant)>,
    forbidden: Vec<String>,
}

impl RequestLog {
    pub(crate) fn clear(&self) {
        *self.entries() = Entries::default();
    }

    /// Adds a sign of a client at the route: it connected, or it was answered.
    pub(crate) fn log_contact(&self, route: usize) {
        let now = Instant::now();
        self.entries().contacts.entry(route).or_insert((now, now)).1 = now;
    }

    /// Adds a request. Its attempts are counted by route and path.
    pub(crate) fn log_request(&self, route: usize, head: String) -> ReceivedRequest {
        let mut entries = self.entries();
        let is_same = |earlier: &LoggedRequest, path: &str| earlier.route == route && earlier.request.path == path;
        let count_earlier = |path: &str| entries.requests.iter().filter(|earlier| is_same(earlier, path)).count();
        let request = ReceivedRequest::from_head(head, |path| count_earlier(path) + 1);
        let (at, status) = (Instant::now(), String::new());
        entries.requests.push(LoggedRequest { request: request.clone(), route, at, status });
        request
    }

    /// Sets the status of the latest request of a route for a path.
    pub(crate) fn log_status(&self, route: usize, path: &str, status: &str) {
        let mut entries = self.entries();
        let mut latest_first = entries.requests.iter_mut().rev();
        if let Some(logged) = latest_first.find(|logged| logged.route == route && logged.request.path == path) {
            status.clone_into(&mut logged.status);
        }
    }

    /// Adds a contact that docdrift must never make.
    pub(crate) fn log_forbidden(&self, contact: impl Into<String>) {
        self.entries().forbidden.push(contact.into());
    }

    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        self.entries().requests.clone()
    }

    pub(crate) fn forbidden_contacts(&self) -> Vec<String> {
        self.entries().forbidden.clone()
    }

    /// The time from the first to the last sign of a client at the route.
    pub(crate) fn contact_time(&self, route: usize) -> Option<Duration> {
        self.entries().contacts.get(&route).map(|(first, last)| last.duration_since(*first))
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
