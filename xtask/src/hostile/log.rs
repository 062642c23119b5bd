//! What the server was asked, and when.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A request as the server saw it.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The route's place in the list.
    pub(crate) route: usize,
    /// The path.
    pub(crate) path: String,
    /// The request's lines.
    pub(crate) head: String,
    /// When its head was whole.
    pub(crate) at: Instant,
    /// The status of what was answered; empty where it is none of HTTP.
    pub(crate) status: String,
}

/// Everything since it was cleared last.
#[derive(Default)]
pub(crate) struct Log(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    visits: Vec<Visit>,
    /// The first and the last sign of a client, by route.
    contacts: BTreeMap<usize, (Instant, Instant)>,
    /// Contacts that nobody has any business to make.
    strays: Vec<String>,
}

impl Log {
    pub(crate) fn clear(&self) {
        *self.entries() = Entries::default();
    }

    /// Notes a sign of a client at that route: it came, or was answered.
    pub(crate) fn contact(&self, route: usize) {
        let now = Instant::now();
        self.entries().contacts.entry(route).or_insert((now, now)).1 = now;
    }

    /// Notes a request; answers with how often that route was asked for that path.
    pub(crate) fn visit(&self, visit: Visit) -> usize {
        let mut entries = self.entries();
        entries.visits.push(visit);
        let Some(last) = entries.visits.last() else { return 0 };
        entries.visits.iter().filter(|visit| visit.route == last.route && visit.path == last.path).count()
    }

    /// Notes what the latest request of a route is answered.
    pub(crate) fn answered(&self, route: usize, path: &str, status: &str) {
        let mut entries = self.entries();
        let visit = entries.visits.iter_mut().rev().find(|visit| visit.route == route && visit.path == path);
        if let Some(visit) = visit {
            status.clone_into(&mut visit.status);
        }
    }

    /// Notes a contact that should never have been made.
    pub(crate) fn stray(&self, what: impl Into<String>) {
        self.entries().strays.push(what.into());
    }

    pub(crate) fn visits(&self) -> Vec<Visit> {
        self.entries().visits.clone()
    }

    pub(crate) fn strays(&self) -> Vec<String> {
        self.entries().strays.clone()
    }

    /// From the first to the last sign of a client at that route.
    pub(crate) fn time(&self, route: usize) -> Option<Duration> {
        self.entries().contacts.get(&route).map(|(first, last)| last.duration_since(*first))
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
