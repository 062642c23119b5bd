//! Logged events, and secrets that must not be logged.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, MutexGuard};

use docdrift_fetch::{HostSettings, Settings};
use docdrift_testkit::LoopbackServer;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::with_default;
use tracing::{Event, Metadata, Subscriber};

use crate::outcomes::routes;
use crate::setup::{PAGE, heads, local, patient, run};

/// Keeps every event of every crate, one per line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn lines(&self) -> MutexGuard<'_, String> {
        self.0.lock().expect("no thread panics while it holds the log")
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut Line(&mut self.lines()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.lines()));
    }

    fn event(&self, event: &Event<'_>) {
        let mut log = self.lines();
        write!(log, "{} {}:", event.metadata().level(), event.metadata().target()).expect("writing to memory");
        event.record(&mut Line(&mut log));
        log.push('\n');
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").expect("writing to memory");
    }
}

fn fetch_logged(paths: &[&str]) -> (LoopbackServer, String) {
    let server = LoopbackServer::start(routes);
    let headers = vec![("x-key".to_owned(), "hush-header".to_owned())];
    let own = HostSettings { headers, ..HostSettings::default() };
    let settings = Settings { hosts: [(format!("127.0.0.1:{}", server.port), own)].into(), ..patient() };
    let requests: Vec<_> = paths.iter().map(|path| local(server.url(path))).collect();
    // Other tests of this program may register the same callsites while the subscriber is set, and tracing may then miss
    // them. A run without the subscriber registers them first.
    run(&requests, &settings);
    let log = Log::default();
    with_default(log.clone(), || run(&requests, &settings));
    let text = log.lines().clone();
    (server, text)
}

#[test]
fn each_request_and_each_host_is_logged() {
    let (server, log) = fetch_logged(&["/ok", "/500"]);
    let host = format!("host=\"127.0.0.1:{}\"", server.port);
    for (level, fields, count) in [
        ("DEBUG", format!("{host} path=\"/ok\" status=200 bytes={}", PAGE.len()), 1),
        ("DEBUG", format!("{host} path=\"/500\" status=500"), 3),
        ("WARN", format!("{host} kind=\"server-error\" tried="), 2),
        ("WARN", format!("{host} path=\"/500\" kind=\"server-error\""), 1),
        ("INFO", format!("{host} requests=4 bytes={} not_modified=0 retries=2", PAGE.len()), 1),
    ] {
        let found = log.lines().filter(|line| line.starts_with(level) && line.contains(&fields)).count();
        assert_eq!(found, count, "{fields}\n{log}");
    }
}

#[test]
fn no_secret_is_logged() {
    let (server, log) = fetch_logged(&["/ok?token=hush-query", "/to-secret"]);
    assert!(heads(&server)[0].contains("hush-header") && heads(&server)[0].contains("hush-query"));
    let own = log.lines().filter(|line| line.contains("docdrift_fetch"));
    assert!(own.clone().count() >= 4, "{log}");
    for line in own {
        assert!(!line.contains("hush") && !line.contains("me:pw"), "{line}");
    }
    assert!(!log.contains("hush-header"), "{log}");
}
