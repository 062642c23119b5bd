//! The outcome of each response that a server may send.

use std::sync::Mutex;

use docdrift_fetch::{Answer, Cause, FailureKind, FetchReport, Request, Settings, fetch};
use docdrift_testkit::{HTML, LoopbackServer, ReceivedRequest, Reply, Step};

use crate::setup::{
    CAP, PAGE, assert_outcomes, cut, drip, fetch_local, fetch_one, gzip, heads, local, packed, page, patient, run, to,
};

pub(crate) fn routes(request: &ReceivedRequest) -> Reply {
    let nth = request.attempt;
    match request.path.as_str() {
        "/gzip" => packed("gzip", &gzip(PAGE)),
        "/markdown" => Reply::last_response("200 OK", "content-type: text/markdown\r\n", PAGE),
        "/untyped" => Reply::last_response("200 OK", "", PAGE),
        "/202" => Reply::last_response("202 Accepted", HTML, PAGE),
        "/204" => Reply::raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
        "/206" => Reply::last_response("206 Partial Content", HTML, PAGE),
        "/304" => Reply::raw("HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n"),
        "/305" => Reply::last_response("305 Use Proxy", "location: /ok\r\n", b""),
        "/401" => Reply::last_response("401 Unauthorized", HTML, PAGE),
        "/403" => Reply::last_response("403 Forbidden", HTML, PAGE),
        "/404" => Reply::last_response("404 Not Found", HTML, PAGE),
        "/410" => Reply::last_response("410 Gone", HTML, PAGE),
        "/999" => Reply::last_response("999 Denied", HTML, PAGE),
        "/429-once" if nth == 1 => Reply::last_response("429 Too Many Requests", "retry-after: 1\r\n", b""),
        "/429-long" => Reply::last_response("429 Too Many Requests", "retry-after: 3600\r\n", b""),
        "/429" => Reply::last_response("429 Too Many Requests", "", b""),
        "/500-twice" if nth <= 2 => Reply::last_response("500 Oops", HTML, PAGE),
        "/500" => Reply::last_response("500 Oops", HTML, PAGE),
        "/503-long" => Reply::last_response("503 Later", "retry-after: 3600\r\n", b""),
        "/empty" => Reply::last_response("200 OK", HTML, b""),
        "/blank" => Reply::last_response("200 OK", HTML, b"\xef\xbb\xbf \r\n\t\n"),
        "/image" => Reply::last_response("200 OK", "content-type: image/png\r\n", PAGE),
        "/json" => Reply::last_response("200 OK", "content-type: Application/JSON; charset=utf-8\r\n", PAGE),
        "/full" => Reply::last_response("200 OK", HTML, vec![b'x'; CAP]),
        "/large" => Reply::last_response("200 OK", HTML, vec![b'x'; CAP + 1]),
        "/large-unannounced" => {
            Reply::raw([b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice(), &vec![b'x'; CAP + 1]].concat())
        }
        "/cut-once" if nth == 1 => cut(),
        "/cut" => cut(),
        "/cut-chunk" => Reply::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        "/octets" => Reply::last_response("200 OK", "content-type: application/octet-stream\r\n", PAGE),
        "/octets-html" => {
            Reply::last_response("200 OK", "content-type: application/octet-stream\r\n", b"<!doctype html>x")
        }
        "/pdf" => Reply::last_response("200 OK", HTML, b"%PDF-1.7 x"),
        "/cookie" => Reply::last_response("200 OK", &format!("{HTML}Set-Cookie: id=1\r\nX-Edition: Spring\r\n"), PAGE),
        "/silent" => Reply::hang(),
        "/stalled" => cut().then(Step::Hang),
        "/drip" => drip(&format!("HTTP/1.1 200 OK\r\n{HTML}\r\n")),
        "/closed" => Reply::raw(""),
        "(tls)" => Reply::raw("HTTP/1.1 400 Bad Request\r\n\r\n").then(Step::Hang),
        path => redirects(path).unwrap_or_else(page),
    }
}

/// The redirect of a path that has one.
fn redirects(path: &str) -> Option<Reply> {
    Some(match path {
        "/hop-5" => to("/hop-4"),
        "/hop-4" => to("hop-3"),
        "/hop-3" => to("/hop-2"),
        "/hop-2" => to("/hop-1"),
        "/hop-1" => to("/hop-0"),
        "/hop-6" => to("/hop-5"),
        "/loop" => to("/loop"),
        "/to-localhost" => to("http://localhost:9/page"),
        "/to-vendor" => to("https://docs.vendor.example/new?page=1"),
        // Nothing listens on this port: it is reserved, and below those that the system assigns.
        "/to-dead" => to("http://127.0.0.1:1/page"),
        "/to-nonsense" => to("https://[/"),
        "/to-chinese" => to("/错误码"),
        "/to-file" => to("file:///etc/hostname"),
        "/to-secret" => to("http://me:pw@127.0.0.1:9/"),
        "/to-nowhere" => Reply::last_response("302 Found", "", b""),
        _ => return None,
    })
}

#[test]
fn each_response_has_its_outcome() {
    use FailureKind::{Blocked, Empty, Gone, Moved, Refused, ServerError, TooLarge, Truncated, Unreachable, WrongType};
    let server = LoopbackServer::start(routes);
    let full = vec![b'x'; CAP];
    let expected = [
        ("/ok", Ok(PAGE), 1),
        ("/gzip", Ok(PAGE), 1),
        ("/octets-html", Ok(b"<!doctype html>x"), 1),
        ("/markdown", Ok(PAGE), 1),
        ("/untyped", Ok(PAGE), 1),
        ("/429-once", Ok(PAGE), 2),
        ("/500-twice", Ok(PAGE), 3),
        ("/cut-once", Ok(PAGE), 2),
        ("/hop-5", Ok(PAGE), 6),
        ("/full", Ok(full.as_slice()), 1),
        ("/202", Err(Blocked), 1),
        ("/204", Err(Empty), 1),
        ("/206", Err(Truncated), 1),
        ("/304", Err(Empty), 1),
        ("/305", Err(Moved), 1),
        ("/401", Err(Blocked), 1),
        ("/403", Err(Blocked), 1),
        ("/404", Err(Gone), 1),
        ("/410", Err(Gone), 1),
        ("/429", Err(Blocked), 3),
        ("/429-long", Err(Blocked), 1),
        ("/999", Err(Blocked), 1),
        ("/500", Err(ServerError), 3),
        ("/503-long", Err(ServerError), 1),
        ("/empty", Err(Empty), 1),
        ("/blank", Err(Empty), 1),
        ("/image", Err(WrongType), 1),
        ("/json", Err(WrongType), 1),
        ("/large", Err(TooLarge), 1),
        ("/large-unannounced", Err(TooLarge), 1),
        ("/cut", Err(Truncated), 3),
        ("/cut-chunk", Err(Truncated), 3),
        ("/octets", Err(WrongType), 1),
        ("/pdf", Err(WrongType), 1),
        ("/hop-6", Err(Moved), 6),
        ("/loop", Err(Moved), 6),
        ("/to-localhost", Err(Moved), 1),
        ("/to-vendor", Err(Moved), 1),
        ("/to-file", Err(Refused), 1),
        ("/to-nonsense", Err(Moved), 1),
        ("/to-chinese", Ok(PAGE), 2),
        ("/to-secret", Err(Refused), 1),
        ("/to-nowhere", Err(Moved), 1),
        ("/closed", Err(Unreachable(Cause::Dropped)), 3),
    ];
    assert_outcomes(&server, &expected);
}

#[test]
fn malformed_responses_are_failures() {
    // The path is the index of the response.
    const ANSWERS: [&str; 9] = [
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nno gzip at all",
        "HTTP/1.1 200 OK\r\ncontent-encoding: br, gzip, br, gzip, x\r\ncontent-length: 9\r\n\r\nx",
    ];
    let server =
        LoopbackServer::start(|request| Reply::raw(ANSWERS[request.path[1..].parse::<usize>().expect("an index")]));
    let urls: Vec<String> = (0..ANSWERS.len()).map(|index| server.url(&format!("/{index}"))).collect();
    for (answer, sent) in fetch_local(&urls, &patient()).iter().zip(ANSWERS) {
        let failure = answer.as_ref().expect_err(sent);
        let expected = [FailureKind::Unreachable(Cause::Dropped), FailureKind::Truncated, FailureKind::WrongType];
        assert!(expected.contains(&failure.kind), "{sent:?}: {} {failure}", failure.kind);
    }
}

#[test]
fn a_page_is_kept_as_received_except_for_cookies() {
    let server = LoopbackServer::start(routes);
    let settings = Settings { user_agent: "docdrift-test/7".to_owned(), ..patient() };
    let answers = fetch_local(&["/cookie", "/hop-1", "/gzip"].map(|path| server.url(path)), &settings);
    let page = answers[0].as_ref().unwrap();
    assert_eq!(page.url, server.url("/cookie"));
    assert_eq!(page.status, Some(200));
    assert_eq!(page.header("x-edition"), Some("Spring"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("set-cookie"), None);
    let unpacked = answers[2].as_ref().unwrap();
    assert_eq!(unpacked.header("content-encoding"), None);
    assert_eq!(unpacked.header("content-length"), None, "that was the length of the compressed body");
    let shape: String = page.fetched_at.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00T00:00:00Z");
    assert_eq!(
        answers[1].as_ref().unwrap().url,
        server.url("/hop-1"),
        "the requested URL, not the target of the redirect"
    );
    for head in heads(&server) {
        assert!(head.contains("\r\nuser-agent: docdrift-test/7\r\n"), "{head}");
        assert!(!["cookie:", "referer:", "authorization:"].iter().any(|name| head.contains(name)), "{head}");
    }
}

#[test]
fn a_moved_page_reports_its_new_url() {
    let server = LoopbackServer::start(routes);
    let failure = fetch_one(server.url("/to-vendor"), &patient()).unwrap_err();
    assert!(failure.to_string().contains("https://docs.vendor.example/new?page=1"), "{failure}");
    let failure = fetch_one(server.url("/to-secret"), &patient()).unwrap_err();
    assert!(!failure.to_string().contains("pw"), "{failure}");
}

#[test]
fn answers_keep_the_order_of_requests_and_progress_sees_each_once() {
    let server = LoopbackServer::start(routes);
    let other = LoopbackServer::start(routes);
    let paths = ["/ok", "/404", "/gzip", "/empty", "/ok", "/403"];
    let mut urls: Vec<String> = paths.iter().flat_map(|path| [server.url(path), other.url(path)]).collect();
    urls.insert(5, "no url".to_owned());
    let seen = Mutex::new(Vec::new());
    let requests: Vec<Request> = urls.iter().map(local).collect();
    let FetchReport { answers, interrupted, .. } = fetch(&requests, &patient(), |index, answer| {
        seen.lock().unwrap().push((index, answer.clone()));
    });
    assert!(!interrupted);
    let mut seen = seen.into_inner().unwrap();
    seen.sort_by_key(|(index, _)| *index);
    assert_eq!(seen, answers.iter().cloned().enumerate().collect::<Vec<_>>());
    let answered_urls = answers.iter().map(|answer| match answer {
        Ok(Answer::Fresh { page, .. }) => page.url.clone(),
        Ok(Answer::NotModified { .. }) => panic!("the request was unconditional"),
        Err(failure) => failure.url.clone(),
    });
    assert_eq!(answered_urls.collect::<Vec<_>>(), urls);
    assert_eq!([server.paths(), other.paths()], [paths, paths], "the pages of each host in order");
    assert_eq!(run(&[], &patient()), FetchReport::default());
}
