//! robots.txt and its effects.

use std::time::Duration;

use docdrift_fetch::{FailureKind, Request, Settings};
use docdrift_testkit::{LoopbackServer, ReceivedRequest, Reply};

use crate::setup::{PAGE, local, packed, page, patient, redirect, run, to, words};

const TEXT: &str = "content-type: text/plain\r\n";

fn obedient(url: String) -> Request {
    Request { obey_robots: true, ..local(url) }
}

fn rules(text: &str) -> Reply {
    Reply::last_response("200 OK", TEXT, text.as_bytes())
}

/// Starts a server with `robots` as its robots.txt and pages everywhere else.
fn site(robots: impl Fn(&ReceivedRequest) -> Reply + Send + Sync + 'static) -> LoopbackServer {
    LoopbackServer::start(move |request| if request.path.starts_with("/robots") { robots(request) } else { page() })
}

#[test]
fn robots_txt_is_fetched_once_and_only_by_requests_that_obey_it() {
    let server = site(|_| rules("user-agent: *\ndisallow: /private"));
    let requests = ["/a", "/private/b", "/c"].map(|path| obedient(server.url(path)));
    let fetched = run(&requests, &Settings { concurrency: 3, ..patient() });
    assert_eq!(words(&fetched), ["fresh", "robots", "fresh"]);
    let failure = fetched.answers[1].as_ref().unwrap_err();
    assert_eq!(failure.detail, "robots.txt disallows it (\"/private\", for user agent \"*\")");
    let mut paths = server.paths();
    paths.sort();
    assert_eq!(paths, ["/a", "/c", "/robots.txt"]);
    assert_eq!(fetched.hosts[0].request_count, 3);

    let disobedient = requests.map(|request| Request { obey_robots: false, ..request });
    assert_eq!(words(&run(&disobedient, &patient())), ["fresh"; 3]);
    assert_eq!(server.paths().iter().filter(|path| *path == "/robots.txt").count(), 1);
}

#[test]
fn each_response_for_robots_txt_has_its_effect() {
    const DENY: &str = "user-agent: *\ndisallow: /";
    let long = format!("{}{DENY}", "# filler\n".repeat(60_000));
    for (name, reply, expected, request_count) in [
        ("deny", rules(DENY), "robots", 1),
        ("deny, compressed", packed("gzip", &crate::setup::gzip(DENY.as_bytes())), "robots", 1),
        ("own group", rules("user-agent: docdrift\nallow: /\nuser-agent: *\ndisallow: /"), "fresh", 1),
        ("empty", rules(""), "fresh", 1),
        ("a page", Reply::last_response("200 OK", "content-type: text/html\r\n", PAGE), "fresh", 1),
        ("beyond 500 KiB", rules(&long), "fresh", 1),
        ("401", Reply::last_response("401 Unauthorized", TEXT, DENY.as_bytes()), "fresh", 1),
        ("404", Reply::last_response("404 Not Found", TEXT, DENY.as_bytes()), "fresh", 1),
        ("500", Reply::last_response("500 Oops", TEXT, b""), "robots", 3),
        ("503", Reply::last_response("503 Later", TEXT, b""), "robots", 3),
        ("cut", Reply::raw(format!("HTTP/1.1 200 OK\r\n{TEXT}content-length: 99\r\n\r\nallow: /")), "robots", 3),
        ("closed", Reply::raw(""), "robots", 3),
        ("silent", Reply::hang(), "robots", 1),
        ("a circle", redirect("301 Moved Permanently", "/robots.txt"), "fresh", 6),
        ("to nowhere", Reply::last_response("302 Found", "", b""), "fresh", 1),
        ("to a file", to("file:///etc/hostname"), "refused", 1),
    ] {
        let server = site(move |_| reply.clone());
        let max_body = 2 << 20;
        let settings = Settings { read_timeout: Duration::from_millis(700), max_body, ..patient() };
        let fetched = run(&[obedient(server.url("/a")), obedient(server.url("/b"))], &settings);
        assert_eq!(words(&fetched), [expected; 2], "{name}: {fetched:?}");
        let count = server.paths().iter().filter(|path| *path == "/robots.txt").count();
        // A refused redirect fails the page and is tried again for the next one.
        let load_count = if expected == "refused" { 2 } else { 1 };
        assert_eq!(count, request_count * load_count, "{name}");
    }
}

#[test]
fn an_unavailable_robots_txt_is_explained() {
    let server = site(|_| Reply::last_response("503 Later", TEXT, b""));
    let fetched = run(&[obedient(server.url("/a"))], &patient());
    let failure = fetched.answers[0].as_ref().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Robots);
    assert!(failure.detail.ends_with("the server answered 503, after 3 tries"), "{failure}");
}

#[test]
fn robots_txt_may_redirect_to_another_host() {
    let keeper = LoopbackServer::start(|_| rules("user-agent: *\ndisallow: /a"));
    let port = keeper.port;
    let server = site(move |_| to(&format!("http://localhost:{port}/shared.txt")));
    let fetched = run(&[obedient(server.url("/a")), obedient(server.url("/b"))], &patient());
    assert_eq!(words(&fetched), ["robots", "fresh"]);
    assert_eq!(keeper.paths(), ["/shared.txt"]);
}

#[test]
fn redirects_obey_robots_txt() {
    let server = LoopbackServer::start(|request| match request.path.as_str() {
        "/robots.txt" => rules("user-agent: *\ndisallow: /private"),
        "/a" => to("/private"),
        _ => page(),
    });
    assert_eq!(words(&run(&[obedient(server.url("/a"))], &patient())), ["robots"]);
    assert_eq!(server.paths(), ["/robots.txt", "/a"]);
}

#[test]
fn a_host_that_is_down_fails_as_unreachable() {
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let requests = ["a", "b"].map(|path| obedient(format!("http://{closed}/{path}")));
    let fetched = run(&requests, &patient());
    assert_eq!(words(&fetched), ["unreachable-connect"; 2]);
    assert_eq!(fetched.hosts[0].request_count, 3, "three tries for robots.txt, and none after that");
}

#[test]
fn a_crawl_delay_widens_the_interval() {
    let server = site(|_| rules("user-agent: *\ncrawl-delay: 0.3"));
    let fetched = run(&["/a", "/b"].map(|path| obedient(server.url(path))), &patient());
    assert_eq!(words(&fetched), ["fresh"; 2]);
    assert!(fetched.hosts[0].wait_time >= Duration::from_millis(500), "{:?}", fetched.hosts);
}
