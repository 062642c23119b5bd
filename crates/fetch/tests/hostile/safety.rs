//! What a hostile server must not achieve: requests to forbidden addresses, unlimited memory, leaked secrets.

use std::sync::Arc;
use std::sync::Mutex;

use docdrift_fetch::{Answer, Cause, FailureKind, HostSettings, Request, Settings};
use docdrift_testkit::{HTML, LoopbackServer, Reply};

use crate::outcomes::routes;
use crate::setup::{
    CAP, PAGE, fetch_local, fetch_one, flood, heads, local, pack, packed, page, pages, patient, redirect, run, to,
};

#[test]
fn refused_urls_are_never_requested() {
    let server = LoopbackServer::start(routes);
    let port = server.port;
    for url in [
        server.url("/ok"),
        format!("https://127.0.0.1:{port}/ok"),
        format!("https://[::ffff:127.0.0.1]:{port}/ok"),
        format!("http://localhost:{port}/ok"),
        "https://10.0.0.1/".to_owned(),
        "https://me:pw@docs.example.com/".to_owned(),
        "no url".to_owned(),
    ] {
        let failure = pages(&[Request::new(url)], &patient()).remove(0).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused, "{failure}");
        assert!(!failure.to_string().contains("pw"), "{failure}");
    }
    assert!(server.paths().is_empty());
}

#[test]
fn an_invalid_user_agent_is_refused() {
    let server = LoopbackServer::start(routes);
    let settings = Settings { user_agent: "two\nlines".to_owned(), ..patient() };
    assert_eq!(fetch_one(server.url("/ok"), &settings).unwrap_err().kind, FailureKind::Refused);
    assert!(server.paths().is_empty());
}

#[test]
fn bodies_are_limited_before_and_after_decompression() {
    const ENCODINGS: [&str; 4] = ["gzip", "br", "zstd", "deflate"];
    let server = LoopbackServer::start(|request| {
        let huge = vec![b'x'; CAP * 64];
        let noise: Vec<u8> =
            (0..CAP / 2).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[4..].to_vec()).collect();
        match request.path.split_at(request.path.rfind('/').expect("a path")) {
            ("/bomb", encoding) => packed(&encoding[1..], &pack(&encoding[1..], &huge)),
            ("/flood", encoding) => {
                let head = format!("HTTP/1.1 200 OK\r\n{HTML}content-encoding: {}\r\n\r\n", &encoding[1..]);
                flood([head.as_bytes(), &pack(&encoding[1..], &noise)].concat())
            }
            _ => flood([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &noise].concat()),
        }
    });
    let mut urls = vec![server.url("/endless")];
    for encoding in ENCODINGS {
        urls.extend([server.url(&format!("/bomb/{encoding}")), server.url(&format!("/flood/{encoding}"))]);
    }
    for answer in fetch_local(&urls, &patient()) {
        let failure = answer.unwrap_err();
        assert_eq!(failure.kind, FailureKind::TooLarge, "{failure}");
    }
    assert_eq!(server.paths(), urls.iter().map(|url| url.replace(&server.url(""), "")).collect::<Vec<_>>());
}

#[test]
fn compressed_bodies_count_with_their_compressed_size() {
    let server = LoopbackServer::start(|_| packed("gzip", &pack("gzip", &vec![b'x'; CAP])));
    let sent = pack("gzip", &vec![b'x'; CAP]).len() as u64;
    let fetched = run(&[local(server.url("/a"))], &patient());
    let Ok(Answer::Fresh { page, .. }) = &fetched.answers[0] else { panic!("{fetched:?}") };
    assert_eq!((page.body.len(), fetched.hosts[0].byte_count), (CAP, sent));
}

#[test]
fn an_endless_head_is_a_failure() {
    let server = LoopbackServer::start(|request| match request.path.as_str() {
        "/many" => Reply::last_response("200 OK", &"x-more: y\r\n".repeat(10_000), PAGE),
        "/large" => Reply::last_response("200 OK", &format!("x-large: {}\r\n", "y".repeat(1 << 20)), PAGE),
        _ => flood(b"HTTP/1.1 200 OK\r\nx-more: y\r\n".to_vec()),
    });
    let urls = ["/many", "/large", "/endless"].map(|path| server.url(path));
    let settings = Settings { retries: 0, ..patient() };
    for (answer, url) in fetch_local(&urls, &settings).into_iter().zip(&urls) {
        let failure = answer.unwrap_err();
        // The flood may fail as an invalid header before it fails as an endless one.
        let is_flood = url.ends_with("/endless") && failure.kind == FailureKind::Unreachable(Cause::Dropped);
        assert!(failure.kind == FailureKind::TooLarge || is_flood, "{failure}");
    }
}

#[test]
fn redirects_stay_on_the_site_and_listed_hosts() {
    let server = LoopbackServer::start(routes);
    let port = server.port;
    let away = LoopbackServer::start(move |_| to(&format!("http://localhost:{port}/ok")));
    let listed = Request { redirect_hosts: vec!["localhost".to_owned()], ..local(away.url("/a")) };
    let answers = pages(&[local(away.url("/a")), listed], &patient());
    assert_eq!(answers[0].as_ref().unwrap_err().kind, FailureKind::Moved);
    assert_eq!(answers[1].as_ref().unwrap().body, PAGE);
    assert_eq!(server.paths(), ["/ok"], "requested only once");
}

/// The authority of the server, as in the settings.
fn authority(server: &LoopbackServer) -> String {
    format!("127.0.0.1:{}", server.port)
}

fn with_headers(server: &LoopbackServer, headers: &[(&str, &str)]) -> Settings {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let own = HostSettings { headers, ..HostSettings::default() };
    Settings { hosts: [(authority(server), own)].into(), ..patient() }
}

#[test]
fn headers_set_for_a_host_are_sent_to_no_other_host() {
    let other = LoopbackServer::start(|_| Reply::last_response("200 OK", HTML, PAGE));
    let port = other.port;
    let server = LoopbackServer::start(move |request| match request.path.as_str() {
        "/away" => to(&format!("http://127.0.0.1:{port}/away")),
        "/here" => to("/page"),
        _ => page(),
    });
    let settings = with_headers(&server, &[("X-Key", "hush-hush"), ("accept", "text/markdown")]);
    let urls = [server.url("/away"), server.url("/here"), other.url("/b")];
    for answer in fetch_local(&urls, &settings) {
        let page = answer.unwrap();
        assert!(!format!("{page:?}").contains("hush-hush"), "{page:?}");
    }
    assert_eq!(heads(&server).len(), 3);
    for head in heads(&server) {
        assert!(head.contains("x-key: hush-hush\r\n") && head.contains("accept: text/markdown\r\n"), "{head}");
    }
    assert_eq!(heads(&other).len(), 2);
    for head in heads(&other) {
        assert!(!head.contains("hush-hush") && !head.contains("accept: text/markdown"), "{head}");
    }
    assert!(!format!("{settings:?}").contains("hush-hush"), "{settings:?}");
}

#[test]
fn an_invalid_header_is_reported_without_its_value() {
    let server = LoopbackServer::start(routes);
    for header in [("x-key", "hush\nhush"), ("x key", "hush")] {
        let failure = fetch_one(server.url("/ok"), &with_headers(&server, &[header])).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused, "{failure}");
        assert!(failure.detail.contains(header.0) && !failure.detail.contains("hush"), "{failure}");
    }
    assert!(server.paths().is_empty());
}

#[test]
fn cookies_are_not_stored() {
    let seen = Arc::new(Mutex::new(0));
    let count = Arc::clone(&seen);
    let server = LoopbackServer::start(move |request| {
        *count.lock().unwrap() += usize::from(request.header("cookie").is_some());
        match request.path.as_str() {
            "/a" => redirect("302 Found", "/b\r\nset-cookie: id=1; path=/"),
            _ => Reply::last_response("200 OK", "set-cookie: id=2; path=/\r\n", PAGE),
        }
    });
    let answers = fetch_local(&[server.url("/a"), server.url("/b")], &patient());
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!((*seen.lock().unwrap(), server.paths().len()), (0, 3));
}
