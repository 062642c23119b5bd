//! Conditional requests, and pages that moved.

use docdrift_fetch::{Answer, FailureKind, Request};
use docdrift_testkit::{HTML, LoopbackServer, ReceivedRequest, Reply};

use crate::setup::{PAGE, local, page, patient, redirect, run, to, words};

const TAG: &str = "W/\"a1-\"";
const DATE: &str = "Fri, 02 Jan 2026 03:04:05 GMT";

fn unchanged() -> Reply {
    Reply::raw("HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n")
}

fn conditional(url: String, etag: Option<&str>, last_modified: Option<&str>) -> Request {
    Request { etag: etag.map(str::to_owned), last_modified: last_modified.map(str::to_owned), ..local(url) }
}

/// Responds "not modified" to a request with the current tag or date.
fn routes(request: &ReceivedRequest) -> Reply {
    let tag = request.header("if-none-match").map(|tag| tag == TAG);
    let date = request.header("if-modified-since").map(|date| date == DATE);
    match request.path.as_str() {
        "/lies" => unchanged(),
        "/forgets" => page(),
        "/to" => to("/page"),
        "/moved" => redirect("301 Moved Permanently", "/page"),
        // Where both are sent, only the tag counts (RFC 9110, 13.1.3).
        _ if tag.or(date) == Some(true) => unchanged(),
        _ => Reply::last_response("200 OK", &format!("{HTML}etag: {TAG}\r\nlast-modified: {DATE}\r\n"), PAGE),
    }
}

#[test]
fn an_unchanged_page_costs_no_body() {
    let server = LoopbackServer::start(routes);
    for (path, etag, date, expected) in [
        ("/page", None, None, "fresh"),
        ("/page", Some(TAG), None, "not-modified"),
        ("/page", None, Some(DATE), "not-modified"),
        ("/page", Some(TAG), Some(DATE), "not-modified"),
        ("/page", Some("\"older\""), Some(DATE), "fresh"),
        ("/page", Some("\"no\nheader\""), Some(DATE), "not-modified"),
        ("/to", Some(TAG), None, "not-modified"),
        ("/moved", Some(TAG), None, "not-modified"),
        ("/forgets", Some(TAG), Some(DATE), "fresh"),
        ("/lies", Some(TAG), None, "not-modified"),
        ("/lies", None, None, "empty"),
    ] {
        let fetched = run(&[conditional(server.url(path), etag, date)], &patient());
        assert_eq!(words(&fetched), [expected], "{path} {etag:?} {date:?}: {fetched:?}");
        let host = &fetched.hosts[0];
        assert_eq!(host.not_modified_count, usize::from(expected == "not-modified"));
        assert_eq!(host.byte_count == 0, expected != "fresh", "{host:?}");
    }
}

#[test]
fn a_304_to_an_unconditional_request_is_a_failure_that_says_so() {
    let server = LoopbackServer::start(|_| unchanged());
    let fetched = run(&[local(server.url("/a"))], &patient());
    let failure = fetched.answers[0].as_ref().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Empty);
    assert!(failure.detail.contains("304, page not modified"), "{failure}");
}

#[test]
fn permanent_redirects_report_the_new_url() {
    let server = LoopbackServer::start(|request| match request.path.as_str() {
        "/301" => redirect("301 Moved Permanently", "/new"),
        "/308" => redirect("308 Permanent Redirect", "/301"),
        "/302" => to("/new"),
        "/temporary-then-permanent" => to("/301"),
        "/permanent-then-temporary" => redirect("301 Moved Permanently", "/302"),
        "/slash" => redirect("301 Moved Permanently", "/slash/"),
        "/known" if request.header("if-none-match").is_some() => redirect("308 Permanent Redirect", "/unchanged"),
        "/unchanged" => unchanged(),
        _ => page(),
    });
    for (path, expected) in [
        ("/new", None),
        ("/301", Some("/new")),
        ("/308", Some("/new")),
        ("/302", None),
        ("/temporary-then-permanent", None),
        ("/permanent-then-temporary", Some("/302")),
        ("/slash", Some("/slash/")),
        ("/known", Some("/unchanged")),
    ] {
        let etag = (path == "/known").then_some(TAG);
        let answer = run(&[conditional(server.url(path), etag, None)], &patient()).answers.remove(0).unwrap();
        let moved_to = match answer {
            Answer::Fresh { page, moved_to } => {
                assert_eq!((page.url, page.body), (server.url(path), PAGE.to_vec()));
                moved_to
            }
            Answer::NotModified { moved_to } => moved_to,
        };
        assert_eq!(moved_to, expected.map(|path| server.url(path)), "{path}");
    }
}
