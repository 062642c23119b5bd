//! What the tests of all concerns need.

use std::env;
use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use async_compression::Level;
use async_compression::tokio::bufread::{BrotliEncoder, ZlibEncoder, ZstdEncoder};
use docdrift_fetch::{Answer, Failure, FailureKind, FetchReport, Request, Settings, fetch};
use docdrift_model::Page;
use docdrift_testkit::{ENDLESS, End, HTML, LoopbackServer, Reply, Step};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncRead, AsyncReadExt as _};

pub(crate) const PAGE: &[u8] = b"<table><tr><th>Error Code</th></tr><tr><td>OR.1</td></tr></table>";
pub(crate) const CAP: usize = 64 << 10;

/// As patient as a real run, so that a busy machine changes nothing, but it does not wait between requests.
pub(crate) fn patient() -> Settings {
    Settings {
        interval: Duration::ZERO,
        backoff: Duration::from_millis(1),
        max_wait: Duration::from_secs(2),
        max_body: CAP,
        ..Settings::default()
    }
}

/// A request for a page on this machine, asked for without a look at robots.txt.
pub(crate) fn local(url: impl Into<String>) -> Request {
    Request { local: true, obey_robots: false, ..Request::new(url) }
}

pub(crate) fn run(requests: &[Request], settings: &Settings) -> FetchReport {
    fetch(requests, settings, |_, _| ())
}

/// The pages, or why there are none.
pub(crate) fn pages(requests: &[Request], settings: &Settings) -> Vec<Result<Page, Failure>> {
    run(requests, settings).answers.into_iter().map(|answer| answer.map(fresh)).collect()
}

pub(crate) fn fetch_local(urls: &[String], settings: &Settings) -> Vec<Result<Page, Failure>> {
    pages(&urls.iter().map(local).collect::<Vec<_>>(), settings)
}

pub(crate) fn fetch_one(url: String, settings: &Settings) -> Result<Page, Failure> {
    fetch_local(&[url], settings).remove(0)
}

fn fresh(answer: Answer) -> Page {
    match answer {
        Answer::Fresh { page, .. } => page,
        Answer::NotModified { .. } => panic!("nothing was known"),
    }
}

/// What became of each, in one word.
pub(crate) fn words(fetched: &FetchReport) -> Vec<&'static str> {
    let word = |answer: &Result<Answer, Failure>| match answer {
        Ok(Answer::Fresh { .. }) => "fresh",
        Ok(Answer::NotModified { .. }) => "not-modified",
        Err(failure) => failure.kind.as_str(),
    };
    fetched.answers.iter().map(word).collect()
}

pub(crate) fn kinds(answers: &[Result<Page, Failure>]) -> Vec<Option<FailureKind>> {
    answers.iter().map(|answer| answer.as_ref().err().map(|failure| failure.kind)).collect()
}

pub(crate) fn page() -> Reply {
    Reply::last_response("200 OK", HTML, PAGE)
}

pub(crate) fn to(location: &str) -> Reply {
    redirect("302 Found", location)
}

pub(crate) fn redirect(status: &str, location: &str) -> Reply {
    Reply::last_response(status, &format!("location: {location}\r\n"), b"")
}

/// A page with this body, announced as encoded with `encoding`.
pub(crate) fn packed(encoding: &str, body: &[u8]) -> Reply {
    Reply::last_response("200 OK", &format!("{HTML}content-encoding: {encoding}\r\n"), body)
}

/// A page that announces one byte more than it sends.
pub(crate) fn cut() -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {}\r\n\r\n", PAGE.len() + 1);
    Reply::raw([head.as_bytes(), PAGE].concat())
}

/// Sends the head, and then a byte now and then until the client leaves.
pub(crate) fn drip(head: &str) -> Reply {
    Reply::raw(head).then(Step::Drip(b"x".repeat(100_000), Duration::from_millis(20)))
}

/// Sends the bytes again and again until the client leaves.
pub(crate) fn flood(bytes: Vec<u8>) -> Reply {
    Reply::silent(End::Close).then(Step::Repeat(bytes, ENDLESS))
}

/// The heads of all requests, in lower case.
pub(crate) fn heads(server: &LoopbackServer) -> Vec<String> {
    server.requests().iter().map(|request| request.head.to_lowercase()).collect()
}

pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

/// `body` packed as `encoding`.
pub(crate) fn pack(encoding: &str, body: &[u8]) -> Vec<u8> {
    match encoding {
        "gzip" => gzip(body),
        "br" => collect(BrotliEncoder::with_quality(body, Level::Fastest)),
        "zstd" => collect(ZstdEncoder::with_quality(body, Level::Fastest)),
        "deflate" => collect(ZlibEncoder::with_quality(body, Level::Fastest)),
        other => panic!("{other} is no encoding"),
    }
}

fn collect(mut reader: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(reader.read_to_end(&mut bytes)).expect("reading from memory");
    bytes
}

/// Runs the ignored test `name` in a process with other environment variables.
pub(crate) fn run_with(name: &str, variables: &[(&str, &str)]) {
    let this = env::current_exe().expect("a program");
    let arguments = ["--exact", name, "--ignored", "--nocapture"];
    let output = Command::new(this).args(arguments).envs(variables.iter().copied()).output().expect("a process");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
}

/// A path, what is to come of it, and how many requests that is to take.
pub(crate) type Outcome<'a> = (&'a str, Result<&'a [u8], FailureKind>, usize);

/// Asks for each path.
pub(crate) fn assert_outcomes(server: &LoopbackServer, expected: &[Outcome<'_>]) {
    for (path, expected, asked) in expected {
        let before = server.paths().len();
        let found = fetch_one(server.url(path), &patient());
        let body = found.as_ref().map(|page| page.body.as_slice()).map_err(|failure| failure.kind);
        assert_eq!(body, *expected, "{path}: {:?}", found.as_ref().err());
        assert_eq!(server.paths().len() - before, *asked, "{path}: requests made");
    }
}
