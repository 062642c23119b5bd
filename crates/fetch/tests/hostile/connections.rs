//! Servers that hang, close the connection or cannot be reached, and proxies.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use docdrift_fetch::{Cause, Failure, FailureKind, Request, Settings};
use docdrift_testkit::{LoopbackServer, Reply};

use crate::outcomes::routes;
use crate::setup::{PAGE, fetch_local, fetch_one, heads, pages, patient, run_with};

#[test]
fn timeouts_are_not_retried() {
    let server = LoopbackServer::start(routes);
    let stalled = Settings { read_timeout: Duration::from_millis(300), ..patient() };
    let slow = Settings { request_timeout: Duration::from_millis(600), ..patient() };
    for (path, settings, detail) in [
        ("/silent", &stalled, "the server sent nothing for 300ms"),
        ("/stalled", &stalled, "the server sent nothing for 300ms"),
        ("/drip", &slow, "the page was not received within 600ms"),
    ] {
        let failure = fetch_one(server.url(path), settings).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Timeout), "{failure}");
        assert_eq!(failure.detail, detail);
    }
    assert_eq!(server.paths(), ["/silent", "/stalled", "/drip"]);
}

#[test]
fn a_page_that_hangs_does_not_fail_the_other_pages_of_its_host() {
    let server = LoopbackServer::start(routes);
    let settings = Settings { read_timeout: Duration::from_secs(3), ..patient() };
    let answers = fetch_local(&[server.url("/silent"), server.url("/ok")], &settings);
    assert_eq!(answers[0].as_ref().unwrap_err().kind, FailureKind::Unreachable(Cause::Timeout));
    assert_eq!(answers[1].as_ref().unwrap().body, PAGE);
}

#[test]
fn a_host_without_a_connection_is_closed_and_other_hosts_are_not() {
    let server = LoopbackServer::start(routes);
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let mut urls: Vec<String> = (0..3).map(|page| format!("http://{closed}/{page}")).collect();
    urls.push(server.url("/ok"));
    let answers = fetch_local(&urls, &patient());
    let failures: Vec<&Failure> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert!(failures.iter().all(|failure| failure.kind == FailureKind::Unreachable(Cause::Connect)), "{failures:?}");
    assert!(failures[0].detail.ends_with("after 3 tries"), "{}", failures[0]);
    let not_tried = format!("not fetched: {closed} could not be connected to");
    assert_eq!([&failures[1].detail, &failures[2].detail], [&not_tried, &not_tried]);
    assert_eq!(answers[3].as_ref().unwrap().body, PAGE);
}

#[test]
fn a_redirect_to_a_dead_host_does_not_close_the_redirecting_host() {
    let server = LoopbackServer::start(routes);
    let answers = fetch_local(&[server.url("/to-dead"), server.url("/ok")], &patient());
    let failure = answers[0].as_ref().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Connect), "{failure}");
    assert!(failure.detail.starts_with("redirected to http://127.0.0.1:1/page: "), "{failure}");
    assert_eq!(answers[1].as_ref().unwrap().body, PAGE);
}

#[test]
fn a_failed_handshake_closes_the_host() {
    let server = LoopbackServer::start(routes);
    let urls = ["/a", "/b", "/c"].map(|path| server.url(path).replace("http:", "https:"));
    let answers = fetch_local(&urls, &patient());
    for answer in &answers {
        let failure = answer.as_ref().unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Tls), "{failure}");
    }
    assert_eq!(server.paths(), ["(tls)"]);
}

#[test]
fn a_handshake_that_hangs_is_a_failed_connection() {
    let server = LoopbackServer::start(|_| Reply::hang());
    let urls = ["/a", "/b"].map(|path| server.url(path).replace("http:", "https:"));
    let settings = Settings { connect_timeout: Duration::from_millis(300), ..patient() };
    let answers = fetch_local(&urls, &settings);
    for answer in &answers {
        let failure = answer.as_ref().unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Connect), "{failure}");
    }
    assert_eq!(server.paths().len(), 3, "three tries for the first page, none for the second");
}

#[test]
fn a_run_without_responses_ends() {
    let server = LoopbackServer::start(routes);
    let urls = vec![server.url("/silent"); 50];
    let settings = Settings { run_deadline: Duration::from_millis(500), ..patient() };
    for answer in fetch_local(&urls, &settings) {
        assert_eq!(answer.unwrap_err().kind, FailureKind::Unreachable(Cause::Timeout));
    }
    assert_eq!(server.paths(), ["/silent"]);
}

#[test]
fn local_pages_need_no_ca_certificates() {
    let nowhere = [("SSL_CERT_FILE", "no-such-file"), ("SSL_CERT_DIR", "no-such-folder")];
    run_with("connections::inner_local_pages_need_no_ca_certificates", &nowhere);
}

#[test]
#[ignore = "run by local_pages_need_no_ca_certificates, with other environment variables"]
fn inner_local_pages_need_no_ca_certificates() {
    let server = LoopbackServer::start(routes);
    assert_eq!(fetch_one(server.url("/ok"), &patient()).unwrap().body, PAGE);
    let public = Request::new("https://docs.vendor.example/");
    let failure = pages(&[public], &patient()).remove(0).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Tls), "{failure}");
}

#[test]
fn public_pages_use_the_proxy_of_the_environment() {
    let proxy = LoopbackServer::start(routes);
    let address = format!("http://127.0.0.1:{}", proxy.port);
    let variables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].map(|name| (name, address.as_str()));
    run_with("connections::inner_public_pages_use_the_proxy_of_the_environment", &variables);
    assert_eq!(proxy.paths().first().map(String::as_str), Some("docs.vendor.example:443"));
    assert!(heads(&proxy)[0].starts_with("connect "), "{:?}", heads(&proxy));
}

#[test]
#[ignore = "run by public_pages_use_the_proxy_of_the_environment, with other environment variables"]
fn inner_public_pages_use_the_proxy_of_the_environment() {
    let server = LoopbackServer::start(routes);
    assert_eq!(fetch_one(server.url("/ok"), &patient()).unwrap().body, PAGE, "a local page is fetched without a proxy");
    assert_eq!(server.paths(), ["/ok"]);
    let public = Request::new("https://docs.vendor.example/");
    assert!(pages(&[public], &patient()).remove(0).is_err());
}

#[test]
fn a_run_over_its_limit_keeps_what_was_fetched() {
    let server = LoopbackServer::start(routes);
    let urls = ["/ok", "/drip", "/ok"].map(|path| server.url(path));
    let settings = Settings { run_limit: Duration::from_millis(800), ..patient() };
    let answers = fetch_local(&urls, &settings);
    assert_eq!(answers[0].as_ref().unwrap().body, PAGE);
    for answer in &answers[1..] {
        assert_eq!(answer.as_ref().unwrap_err().kind, FailureKind::OverBudget);
    }
    assert_eq!(server.paths(), ["/ok", "/drip"]);
}

#[test]
fn the_longest_durations_do_not_overflow_the_clock() {
    let server = LoopbackServer::start(routes);
    let settings = Settings { interval: Duration::MAX, run_limit: Duration::MAX, ..patient() };
    assert_eq!(fetch_one(server.url("/ok"), &settings).unwrap().body, PAGE);
}
