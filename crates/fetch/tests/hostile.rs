//! Fetching from a server on loopback that misbehaves in every way we know of.

mod server;

use std::env;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use docdrift_fetch::{Cause, Failure, FailureKind, Request, Settings, fetch};
use docdrift_model::Page;
use flate2::Compression;
use flate2::write::GzEncoder;
use server::{Reply, Server, Then, answer, raw};

const PAGE: &[u8] = b"<table><tr><th>Error Code</th></tr><tr><td>OR.1</td></tr></table>";
const HTML: &str = "content-type: text/html; charset=utf-8\r\n";
const CAP: usize = 64 << 10;

/// As patient as a real run, so that a busy machine changes nothing, but it does not wait between requests.
fn patient() -> Settings {
    Settings {
        interval: Duration::ZERO,
        backoff: Duration::from_millis(1),
        max_wait: Duration::from_secs(2),
        max_body: CAP,
        ..Settings::default()
    }
}

fn requests(urls: &[String], local: bool) -> Vec<Request> {
    urls.iter().map(|url| Request { url: url.clone(), local }).collect()
}

fn fetch_local(urls: &[String], settings: &Settings) -> Vec<Result<Page, Failure>> {
    fetch(&requests(urls, true), settings, |_, _| ())
}

fn fetch_one(url: String, settings: &Settings) -> Result<Page, Failure> {
    fetch_local(&[url], settings).remove(0)
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

fn page() -> Reply {
    answer("200 OK", HTML, PAGE)
}

fn to(location: &str) -> Reply {
    answer("302 Found", &format!("location: {location}\r\n"), b"")
}

/// Announces one byte more than it sends.
fn cut() -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {}\r\n\r\n", PAGE.len() + 1);
    raw([head.as_bytes(), PAGE].concat())
}

fn routes(path: &str, nth: usize) -> Reply {
    match path {
        "/gzip" => answer("200 OK", &format!("{HTML}content-encoding: gzip\r\n"), &gzip(PAGE)),
        "/markdown" => answer("200 OK", "content-type: text/markdown\r\n", PAGE),
        "/untyped" => answer("200 OK", "", PAGE),
        "/202" => answer("202 Accepted", HTML, PAGE),
        "/204" => raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
        "/206" => answer("206 Partial Content", HTML, PAGE),
        "/304" => raw("HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n"),
        "/401" => answer("401 Unauthorized", HTML, PAGE),
        "/403" => answer("403 Forbidden", HTML, PAGE),
        "/404" => answer("404 Not Found", HTML, PAGE),
        "/410" => answer("410 Gone", HTML, PAGE),
        "/999" => answer("999 Denied", HTML, PAGE),
        "/429-once" if nth == 1 => answer("429 Too Many Requests", "retry-after: 1\r\n", b""),
        "/429-long" => answer("429 Too Many Requests", "retry-after: 3600\r\n", b""),
        "/429" => answer("429 Too Many Requests", "", b""),
        "/500-twice" if nth <= 2 => answer("500 Oops", HTML, PAGE),
        "/500" => answer("500 Oops", HTML, PAGE),
        "/503-long" => answer("503 Later", "retry-after: 3600\r\n", b""),
        "/empty" => answer("200 OK", HTML, b""),
        "/blank" => answer("200 OK", HTML, b"\xef\xbb\xbf \r\n\t\n"),
        "/image" => answer("200 OK", "content-type: image/png\r\n", PAGE),
        "/json" => answer("200 OK", "content-type: Application/JSON; charset=utf-8\r\n", PAGE),
        "/full" => answer("200 OK", HTML, &vec![b'x'; CAP]),
        "/large" => answer("200 OK", HTML, &vec![b'x'; CAP + 1]),
        "/large-unannounced" => {
            raw([b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice(), &vec![b'x'; CAP + 1]].concat())
        }
        "/bomb" => answer("200 OK", &format!("{HTML}content-encoding: gzip\r\n"), &gzip(&vec![b'x'; CAP * 512])),
        "/cut-once" if nth == 1 => cut(),
        "/cut" => cut(),
        "/cut-chunk" => raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        "/cut-gzip" => {
            let body = gzip(PAGE);
            answer("200 OK", &format!("{HTML}content-encoding: gzip\r\n"), &body[..body.len() / 2])
        }
        "/hop-5" => to("/hop-4"),
        "/hop-4" => to("hop-3"),
        "/hop-3" => to("/hop-2"),
        "/hop-2" => to("/hop-1"),
        "/hop-1" => to("/hop-0"),
        "/hop-6" => to("/hop-5"),
        "/loop" => to("/loop"),
        "/to-localhost" => to("http://localhost:9/page"),
        "/to-vendor" => to("https://docs.vendor.example/new?page=1"),
        // A port that nothing listens on: it is reserved, and below those that are given out.
        "/to-dead" => to("http://127.0.0.1:1/page"),
        "/to-nonsense" => to("https://[/"),
        "/to-chinese" => to("/错误码"),
        "/to-file" => to("file:///etc/hostname"),
        "/to-secret" => to("http://me:pw@127.0.0.1:9/"),
        "/to-nowhere" => answer("302 Found", "", b""),
        "/cookie" => answer("200 OK", &format!("{HTML}Set-Cookie: id=1\r\nX-Edition: Spring\r\n"), PAGE),
        "/silent" => Reply { bytes: Vec::new(), then: Then::Hang },
        "/stalled" => Reply { then: Then::Hang, ..cut() },
        "/drip" => Reply { then: Then::Drip, ..raw(format!("HTTP/1.1 200 OK\r\n{HTML}\r\n")) },
        "/closed" => raw(""),
        "(tls)" => Reply { then: Then::Hang, ..raw("HTTP/1.1 400 Bad Request\r\n\r\n") },
        _ => page(),
    }
}

#[test]
fn what_becomes_of_each_answer() {
    use FailureKind::{Blocked, Empty, Gone, Moved, Refused, ServerError, TooLarge, Truncated, Unreachable, WrongType};
    let server = Server::start(routes);
    let full = vec![b'x'; CAP];
    for (path, expected, asked) in [
        ("/ok", Ok(PAGE), 1),
        ("/gzip", Ok(PAGE), 1),
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
        ("/304", Err(Moved), 1),
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
        ("/bomb", Err(TooLarge), 1),
        ("/cut", Err(Truncated), 3),
        ("/cut-chunk", Err(Truncated), 3),
        ("/cut-gzip", Err(Truncated), 3),
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
    ] {
        let before = server.paths().len();
        let found = fetch_one(server.url(path), &patient());
        let body = found.as_ref().map(|page| page.body.as_slice()).map_err(|failure| failure.kind);
        assert_eq!(body, expected, "{path}: {:?}", found.as_ref().err());
        assert_eq!(server.paths().len() - before, asked, "{path}: requests made");
    }
}

#[test]
fn a_server_that_takes_too_long_is_asked_once_a_page() {
    let server = Server::start(routes);
    let stalled = Settings { read_timeout: Duration::from_millis(300), ..patient() };
    let slow = Settings { request_timeout: Duration::from_millis(600), ..patient() };
    for (path, settings, detail) in [
        ("/silent", &stalled, "the server sent nothing for 300ms"),
        ("/stalled", &stalled, "the server sent nothing for 300ms"),
        ("/drip", &slow, "the page was not there after 600ms"),
    ] {
        let failure = fetch_one(server.url(path), settings).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Timeout), "{failure}");
        assert_eq!(failure.detail, detail);
    }
    assert_eq!(server.paths(), ["/silent", "/stalled", "/drip"]);
}

#[test]
fn one_page_that_hangs_does_not_cost_its_neighbours() {
    let server = Server::start(routes);
    let settings = Settings { read_timeout: Duration::from_secs(3), ..patient() };
    let answers = fetch_local(&[server.url("/silent"), server.url("/ok")], &settings);
    assert_eq!(answers[0].as_ref().unwrap_err().kind, FailureKind::Unreachable(Cause::Timeout));
    assert_eq!(answers[1].as_ref().unwrap().body, PAGE);
}

#[test]
fn malformed_answers_are_failures() {
    // One route a row: what is sent stands in the path, by index.
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
    let server = Server::start(|path, _| raw(ANSWERS[path[1..].parse::<usize>().expect("an index")]));
    let urls: Vec<String> = (0..ANSWERS.len()).map(|index| server.url(&format!("/{index}"))).collect();
    for (answer, sent) in fetch_local(&urls, &patient()).iter().zip(ANSWERS) {
        let failure = answer.as_ref().expect_err(sent);
        let expected = [FailureKind::Unreachable(Cause::Dropped), FailureKind::Truncated];
        assert!(expected.contains(&failure.kind), "{sent:?}: {} {failure}", failure.kind);
    }
}

#[test]
fn a_page_is_as_it_was_received_but_for_cookies() {
    let server = Server::start(routes);
    let settings = Settings { user_agent: "docdrift-test/7".to_owned(), ..patient() };
    let answers = fetch_local(&[server.url("/cookie"), server.url("/hop-1")], &settings);
    let page = answers[0].as_ref().unwrap();
    assert_eq!(page.url, server.url("/cookie"));
    assert_eq!(page.status, Some(200));
    assert_eq!(page.header("x-edition"), Some("Spring"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("set-cookie"), None);
    let shape: String = page.fetched_at.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00T00:00:00Z");
    assert_eq!(answers[1].as_ref().unwrap().url, server.url("/hop-1"), "the URL asked for, not the one it led to");
    for head in server.heads() {
        assert!(head.contains("\r\nuser-agent: docdrift-test/7\r\n"), "{head}");
        assert!(!["cookie:", "referer:", "authorization:"].iter().any(|name| head.contains(name)), "{head}");
    }
}

#[test]
fn a_moved_page_names_its_new_address() {
    let server = Server::start(routes);
    let failure = fetch_one(server.url("/to-vendor"), &patient()).unwrap_err();
    assert!(failure.to_string().contains("https://docs.vendor.example/new?page=1"), "{failure}");
    let failure = fetch_one(server.url("/to-secret"), &patient()).unwrap_err();
    assert!(!failure.to_string().contains("pw"), "{failure}");
}

#[test]
fn what_is_refused_is_never_asked() {
    let server = Server::start(routes);
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
        let failure = fetch(&requests(&[url], false), &patient(), |_, _| ()).remove(0).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused, "{failure}");
        assert!(!failure.to_string().contains("pw"), "{failure}");
    }
    assert!(server.paths().is_empty());
}

#[test]
fn a_user_agent_that_is_no_header_value_is_refused() {
    let server = Server::start(routes);
    let settings = Settings { user_agent: "two\nlines".to_owned(), ..patient() };
    assert_eq!(fetch_one(server.url("/ok"), &settings).unwrap_err().kind, FailureKind::Refused);
    assert!(server.paths().is_empty());
}

#[test]
fn a_host_without_a_connection_is_given_up_and_the_others_are_not() {
    let server = Server::start(routes);
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let mut urls: Vec<String> = (0..3).map(|page| format!("http://{closed}/{page}")).collect();
    urls.push(server.url("/ok"));
    let answers = fetch_local(&urls, &patient());
    let failures: Vec<&Failure> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert!(failures.iter().all(|failure| failure.kind == FailureKind::Unreachable(Cause::Connect)), "{failures:?}");
    assert!(failures[0].detail.ends_with("after 3 tries"), "{}", failures[0]);
    let not_tried = format!("not tried again: {closed} could not be reached");
    assert_eq!([&failures[1].detail, &failures[2].detail], [&not_tried, &not_tried]);
    assert_eq!(answers[3].as_ref().unwrap().body, PAGE);
}

#[test]
fn a_redirect_to_a_dead_host_does_not_cost_its_neighbours() {
    let server = Server::start(routes);
    let answers = fetch_local(&[server.url("/to-dead"), server.url("/ok")], &patient());
    let failure = answers[0].as_ref().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Connect), "{failure}");
    assert!(failure.detail.starts_with("redirected to http://127.0.0.1:1/page: "), "{failure}");
    assert_eq!(answers[1].as_ref().unwrap().body, PAGE);
}

#[test]
fn a_failed_handshake_is_tried_once_for_the_whole_host() {
    let server = Server::start(routes);
    let urls = ["/a", "/b", "/c"].map(|path| server.url(path).replace("http:", "https:"));
    let answers = fetch_local(&urls, &patient());
    for answer in &answers {
        let failure = answer.as_ref().unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Tls), "{failure}");
    }
    assert_eq!(server.paths(), ["(tls)"]);
}

#[test]
fn a_handshake_that_hangs_is_no_connection() {
    let server = Server::start(|_, _| Reply { bytes: Vec::new(), then: Then::Hang });
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
fn answers_belong_to_their_requests_and_progress_sees_each_once() {
    let server = Server::start(routes);
    let other = Server::start(routes);
    let paths = ["/ok", "/404", "/gzip", "/empty", "/ok", "/403"];
    let mut urls: Vec<String> = paths.iter().flat_map(|path| [server.url(path), other.url(path)]).collect();
    urls.insert(5, "no url".to_owned());
    let seen = Mutex::new(Vec::new());
    let answers = fetch(&requests(&urls, true), &patient(), |index, answer| {
        seen.lock().unwrap().push((index, answer.clone()));
    });
    let mut seen = seen.into_inner().unwrap();
    seen.sort_by_key(|(index, _)| *index);
    assert_eq!(seen, answers.iter().cloned().enumerate().collect::<Vec<_>>());
    let asked = answers.iter().map(|answer| match answer {
        Ok(page) => page.url.clone(),
        Err(failure) => failure.url.clone(),
    });
    assert_eq!(asked.collect::<Vec<_>>(), urls);
    assert_eq!([server.paths(), other.paths()], [paths, paths], "each host's pages in order");
    assert!(fetch(&[], &patient(), |_, _| ()).is_empty());
}

#[test]
fn a_run_without_answers_ends() {
    let server = Server::start(routes);
    let urls = vec![server.url("/silent"); 50];
    let settings = Settings { run_deadline: Duration::from_millis(500), ..patient() };
    for answer in fetch_local(&urls, &settings) {
        assert_eq!(answer.unwrap_err().kind, FailureKind::Unreachable(Cause::Timeout));
    }
    assert_eq!(server.paths(), ["/silent"]);
}

/// Runs the ignored test `name` of this file in a process with other environment variables.
fn run_with(name: &str, variables: &[(&str, &str)]) {
    let this = env::current_exe().expect("a program");
    let arguments = ["--exact", name, "--ignored", "--nocapture"];
    let output = Command::new(this).args(arguments).envs(variables.iter().copied()).output().expect("a process");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
fn without_ca_certificates() {
    let nowhere = [("SSL_CERT_FILE", "no-such-file"), ("SSL_CERT_DIR", "no-such-folder")];
    run_with("inner_without_ca_certificates", &nowhere);
}

#[test]
#[ignore = "run by without_ca_certificates, with other environment variables"]
fn inner_without_ca_certificates() {
    let server = Server::start(routes);
    assert_eq!(fetch_one(server.url("/ok"), &patient()).unwrap().body, PAGE);
    let public = requests(&["https://docs.vendor.example/".to_owned()], false);
    let failure = fetch(&public, &patient(), |_, _| ()).remove(0).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable(Cause::Tls), "{failure}");
}

#[test]
fn with_a_proxy() {
    let proxy = Server::start(routes);
    let address = format!("http://127.0.0.1:{}", proxy.port);
    let variables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].map(|name| (name, address.as_str()));
    run_with("inner_with_a_proxy", &variables);
    assert_eq!(proxy.paths().first().map(String::as_str), Some("docs.vendor.example:443"));
    assert!(proxy.heads()[0].starts_with("connect "), "{:?}", proxy.heads());
}

#[test]
#[ignore = "run by with_a_proxy, with other environment variables"]
fn inner_with_a_proxy() {
    let server = Server::start(routes);
    assert_eq!(fetch_one(server.url("/ok"), &patient()).unwrap().body, PAGE, "a local page is not asked of a proxy");
    assert_eq!(server.paths(), ["/ok"]);
    let public = requests(&["https://docs.vendor.example/".to_owned()], false);
    assert!(fetch(&public, &patient(), |_, _| ()).remove(0).is_err());
}
