//! Measures how fast pages of one host on loopback are fetched, and how exactly its interval is kept: `cargo bench -p
//! docdrift-fetch`. Where `lychee` is installed, it fetches the same pages for comparison.
//!
//! The other benchmarks use divan. This one cannot: it compares with another program that may be missing, and measures
//! the gaps between requests at the server, not the time of a function.
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]
#![allow(clippy::disallowed_methods, reason = "lychee reads the URLs from a file")]
#![allow(clippy::unwrap_used, reason = "an error ends the benchmark")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use docdrift_fetch::{Answer, FetchReport, Request, Settings, fetch};

const PAGE_COUNT: u32 = 400;
/// How often each measurement is repeated. The best one counts.
const RUN_COUNT: usize = 5;
const BODY_SIZE: usize = 8 << 10;
const TAG: &str = "\"1\"";

type Log = Arc<Mutex<Vec<Instant>>>;

fn main() {
    let log = Log::default();
    let port = serve(Arc::clone(&log));
    for concurrency in [1, 8, 32] {
        let settings = Settings { interval: Duration::ZERO, concurrency, ..Settings::default() };
        println!(
            "{PAGE_COUNT} pages, {concurrency:2} at a time: {:6.0} pages/s",
            rate(&requests(port, None), &settings)
        );
    }
    let settings = Settings { interval: Duration::ZERO, concurrency: 32, ..Settings::default() };
    println!("{PAGE_COUNT} pages, none modified:  {:6.0} pages/s", rate(&requests(port, Some(TAG)), &settings));

    println!("{}", lychee(port).unwrap_or_else(|| "lychee: not installed, no comparison".to_owned()));

    log.lock().unwrap().clear();
    let interval = Duration::from_millis(100);
    fetch(&requests(port, None)[..20], &Settings { interval, ..Settings::default() }, |_, _| ());
    let log = log.lock().unwrap();
    let gaps = || log.windows(2).map(|pair| pair[1] - pair[0]);
    println!("an interval of {interval:?}: {:?} to {:?} at the server", gaps().min().unwrap(), gaps().max().unwrap());
}

fn requests(port: u16, etag: Option<&str>) -> Vec<Request> {
    let request = |page| {
        let url = format!("http://127.0.0.1:{port}/{page}");
        Request { local: true, obey_robots: false, etag: etag.map(str::to_owned), ..Request::new(url) }
    };
    (0..PAGE_COUNT).map(request).collect()
}

fn rate(requests: &[Request], settings: &Settings) -> f64 {
    let run = || {
        let start = Instant::now();
        let FetchReport { answers, .. } = fetch(requests, settings, |_, _| ());
        assert!(answers.iter().all(|answer| match answer {
            Ok(Answer::Fresh { page, .. }) => page.body.len() == BODY_SIZE,
            answer => answer.is_ok(),
        }));
        f64::from(PAGE_COUNT) / start.elapsed().as_secs_f64()
    };
    (0..RUN_COUNT).map(|_| run()).fold(0.0, f64::max)
}

/// Measures `lychee`, a link checker, on the same pages: its best run, with and without its start-up, which a run over one
/// page measures.
fn lychee(port: u16) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let best = |pages: u32| {
        let list = folder.path().join("pages.txt");
        let urls: Vec<String> = (0..pages).map(|page| format!("http://127.0.0.1:{port}/{page}")).collect();
        std::fs::write(&list, urls.join("\n")).unwrap();
        let run = || {
            let start = Instant::now();
            let options = ["--host-request-interval", "0ms", "--host-concurrency", "32", "--no-progress", "--quiet"];
            let ended = Command::new("lychee").args(options).arg(&list).output().ok()?;
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
            Some(start.elapsed())
        };
        (0..RUN_COUNT).map(|_| run()).min().flatten()
    };
    let (start, whole) = (best(1)?, best(PAGE_COUNT)?);
    let rate = |time: Duration| f64::from(PAGE_COUNT) / time.as_secs_f64();
    Some(format!(
        "{PAGE_COUNT} pages by lychee:        {:6.0} pages/s, {:.0} with its start",
        rate(whole.saturating_sub(start)),
        rate(whole)
    ))
}

/// Starts a server that keeps its connections open and responds at once.
fn serve(log: Log) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let log = Arc::clone(&log);
            thread::spawn(move || answer(stream, &log));
        }
    });
    port
}

fn answer(mut stream: TcpStream, log: &Mutex<Vec<Instant>>) {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\netag: {TAG}\r\ncontent-length: {BODY_SIZE}\r\n\r\n");
    let page = [head.as_bytes(), &[b'x'; BODY_SIZE]].concat();
    stream.set_nodelay(true).unwrap();
    let mut buffer = [0; 4096];
    // A request fits the buffer, and the client sends the next one only after the response.
    while let Ok(1..) = stream.read(&mut buffer) {
        log.lock().unwrap().push(Instant::now());
        let known = buffer.windows(13).any(|name| name.eq_ignore_ascii_case(b"if-none-match"));
        let sent = if known { b"HTTP/1.1 304 Not Modified\r\n\r\n".as_slice() } else { &page };
        if stream.write_all(sent).is_err() {
            return;
        }
    }
}
