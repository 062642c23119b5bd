//! The load on a host, and how a host can limit it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use docdrift_fetch::{FailureKind, HostSettings, HostSummary, Request, Settings};
use docdrift_testkit::{HTML, LoopbackServer, Reply};

use crate::setup::{PAGE, kinds, local, page, pages, patient, run, to, words};

fn requests(server: &LoopbackServer, count: usize) -> Vec<Request> {
    (0..count).map(|page| local(server.url(&format!("/{page}")))).collect()
}

fn for_host(server: &LoopbackServer, own: HostSettings, all: Settings) -> Settings {
    Settings { hosts: [(format!("127.0.0.1:{}", server.port), own)].into(), ..all }
}

#[test]
fn requests_in_progress_stay_within_the_concurrency() {
    for (limit, own) in [(1, None), (3, None), (3, Some(1)), (1, Some(2))] {
        let (now, peak) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
        let highest = Arc::clone(&peak);
        let server = LoopbackServer::start(move |_| {
            highest.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(10));
            now.fetch_sub(1, Ordering::SeqCst);
            page()
        });
        let settings = Settings { concurrency: limit, ..patient() };
        let settings = for_host(&server, HostSettings { concurrency: own, ..HostSettings::default() }, settings);
        let answers = pages(&requests(&server, 12), &settings);
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        assert!(peak.load(Ordering::SeqCst) <= own.unwrap_or(limit), "{limit} {own:?}");
    }
}

#[test]
fn requests_in_progress_reach_the_concurrency() {
    // The server responds only when four requests wait.
    let four = Barrier::new(4);
    let server = LoopbackServer::start(move |_| {
        four.wait();
        page()
    });
    let settings = Settings { concurrency: 4, read_timeout: Duration::from_secs(5), ..patient() };
    assert_eq!(kinds(&pages(&requests(&server, 8), &settings)), [None; 8]);
}

#[test]
fn retry_after_pauses_the_whole_host() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let request_times = Arc::clone(&log);
    let server = LoopbackServer::start(move |request| {
        request_times.lock().unwrap().push(std::time::Instant::now());
        match (request.path.as_str(), request.attempt) {
            ("/0", 1) => Reply::last_response("429 Too Many Requests", "retry-after: 1\r\n", b""),
            _ => page(),
        }
    });
    let settings = Settings { concurrency: 2, ..patient() };
    // The second request runs beside the first one, and perhaps the third one does too. The last one had to wait.
    let fetched = run(&requests(&server, 3), &settings);
    assert_eq!(words(&fetched), ["fresh"; 3]);
    let log = log.lock().unwrap();
    assert!(log[3] - log[0] >= Duration::from_secs(1), "{log:?}");
    let host = &fetched.hosts[0];
    assert_eq!((host.request_count, host.retry_count, host.failure_count), (4, 1, 0));
    assert!(host.wait_time >= Duration::from_millis(900), "{host:?}");
}

#[test]
fn a_host_that_asks_for_a_long_pause_is_closed() {
    for (status, headers, first) in [
        ("429 Too Many Requests", "retry-after: 3600\r\n", "blocked"),
        ("503 Later", "retry-after: 3600\r\n", "server-error"),
        ("200 OK", "ratelimit-remaining: 0\r\nratelimit-reset: 3600\r\n", "fresh"),
        ("200 OK", "ratelimit: \"hour\";r=0;t=3600\r\n", "fresh"),
        ("500 Oops", "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 3600\r\n", "server-error"),
    ] {
        let server = LoopbackServer::start(move |_| Reply::last_response(status, headers, PAGE));
        let fetched = run(&requests(&server, 3), &patient());
        assert_eq!(words(&fetched), [first, "blocked", "blocked"], "{headers}");
        let failure = fetched.answers[1].as_ref().unwrap_err();
        assert_eq!(failure.detail, format!("not fetched: 127.0.0.1:{} asks for a pause of 3600s", server.port));
        assert_eq!(server.paths(), ["/0"], "{headers}");
    }
}

#[test]
fn an_exhausted_limit_is_waited_for() {
    let server = LoopbackServer::start(|_| {
        Reply::last_response("200 OK", "ratelimit-remaining: 0\r\nratelimit-reset: 1\r\n", PAGE)
    });
    let fetched = run(&requests(&server, 2), &patient());
    assert_eq!(words(&fetched), ["fresh"; 2]);
    assert!(fetched.hosts[0].wait_time >= Duration::from_millis(900), "{fetched:?}");
}

#[test]
fn a_budget_counts_pages_redirects_and_retries() {
    let server = LoopbackServer::start(|request| match (request.path.as_str(), request.attempt) {
        ("/1", _) => to("/one"),
        ("/2", 1) => Reply::last_response("500 Oops", HTML, b""),
        _ => page(),
    });
    for (budget, expected) in [
        (0, ["over-budget"; 5]),
        (2, ["fresh", "over-budget", "over-budget", "over-budget", "over-budget"]),
        (6, ["fresh", "fresh", "fresh", "fresh", "over-budget"]),
        (7, ["fresh"; 5]),
    ] {
        let before = server.paths().len();
        // Only the first request for the second page fails.
        let requests = requests(&server, 5);
        let settings = Settings { max_requests_per_host: budget, ..patient() };
        let fetched = run(&requests, &settings);
        let request_count = server.paths().len() - before;
        assert_eq!(request_count, fetched.hosts[0].request_count);
        assert!(request_count <= budget, "{budget}: {request_count}");
        if budget != 7 {
            assert_eq!(words(&fetched), expected, "{budget}");
        }
    }
}

#[test]
fn each_host_has_a_summary() {
    let first = LoopbackServer::start(|request| match request.path.as_str() {
        "/0" => Reply::last_response("404 Not Found", HTML, b"gone"),
        "/1" if request.attempt == 1 => Reply::last_response("503 Later", "", b""),
        _ => page(),
    });
    let second = LoopbackServer::start(|_| page());
    let requests = [requests(&first, 3), requests(&second, 1), vec![local("no url")]].concat();
    let fetched = run(&requests, &patient());
    assert_eq!(words(&fetched), ["gone", "fresh", "fresh", "fresh", "refused"]);
    let bytes = PAGE.len() as u64;
    let summary = |server: &LoopbackServer| HostSummary {
        host: format!("127.0.0.1:{}", server.port),
        request_count: server.paths().len(),
        ..HostSummary::default()
    };
    let mut expected = [
        HostSummary { byte_count: bytes * 2, retry_count: 1, failure_count: 1, ..summary(&first) },
        HostSummary { byte_count: bytes, ..summary(&second) },
    ];
    expected.sort_by(|a, b| a.host.cmp(&b.host));
    let found: Vec<_> =
        fetched.hosts.into_iter().map(|host| HostSummary { wait_time: Duration::ZERO, ..host }).collect();
    assert_eq!(found, expected);
}

#[test]
fn hosts_do_not_wait_for_each_other() {
    let slow = LoopbackServer::start(|_| Reply::hang());
    let quick = LoopbackServer::start(|_| page());
    let settings = Settings { read_timeout: Duration::from_millis(300), ..patient() };
    let requests = [requests(&slow, 1), requests(&quick, 2)].concat();
    let timeout = FailureKind::Unreachable(docdrift_fetch::Cause::Timeout);
    assert_eq!(kinds(&pages(&requests, &settings)), [Some(timeout), None, None]);
}
