//! A web server on loopback that answers as it is told, bytes and all, and remembers what it was asked.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// What the server writes, and what it does then.
pub(crate) struct Reply {
    pub(crate) bytes: Vec<u8>,
    pub(crate) then: Then,
}

pub(crate) enum Then {
    /// Closes the connection.
    Close,
    /// Writes nothing more until the client leaves.
    Hang,
    /// Writes one more byte now and then until the client leaves.
    Drip,
    /// Writes the bytes again and again until the client leaves.
    Flood,
}

/// Whole bytes of an answer, closed after.
pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Reply {
    Reply { bytes: bytes.into(), then: Then::Close }
}

/// A well-formed answer; `status` and `headers` as they stand on the wire, `headers` each ended by a line break.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    raw([head.as_bytes(), body].concat())
}

/// What the server is asked.
pub(crate) struct Asked<'a> {
    pub(crate) path: &'a str,
    /// The how manieth visit to the path it is, from one.
    pub(crate) nth: usize,
    /// The whole head of the request, in lower case.
    pub(crate) head: &'a str,
}

impl Asked<'_> {
    /// The value of the header `name` (lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

pub(crate) struct Server {
    pub(crate) port: u16,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(routes: impl Fn(&Asked<'_>) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let shared = Arc::clone(&log);
        let routes = Arc::new(routes);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, routes) = (Arc::clone(&shared), Arc::clone(&routes));
                thread::spawn(move || serve(stream, &log, &*routes));
            }
        });
        Self { port, log }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The paths asked for, in order; `(tls)` for what was no plain HTTP.
    pub(crate) fn paths(&self) -> Vec<String> {
        lock(&self.log).iter().map(|head| path_of(head)).collect()
    }

    /// The request heads, in order, in lower case.
    pub(crate) fn heads(&self) -> Vec<String> {
        lock(&self.log).iter().map(|head| head.to_lowercase()).collect()
    }
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<String>>, routes: &dyn Fn(&Asked<'_>) -> Reply) {
    let head = read_head(&mut stream);
    let path = path_of(&head);
    let nth = {
        let mut log = lock(log);
        log.push(head.clone());
        log.iter().filter(|head| path_of(head) == path).count()
    };
    let Reply { bytes, then } = routes(&Asked { path: &path, nth, head: &head.to_lowercase() });
    let mut alive = stream.write_all(&bytes).is_ok();
    match then {
        Then::Close => {}
        Then::Hang => drain(&mut stream),
        Then::Flood => {
            while alive {
                alive = stream.write_all(&bytes).is_ok();
            }
        }
        Then::Drip => {
            while alive {
                thread::sleep(Duration::from_millis(20));
                alive = stream.write_all(b"x").is_ok();
            }
        }
    }
}

/// All up to the empty line, or the first bytes of a TLS handshake (its records start with 22).
fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.first() != Some(&22) {
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => head.extend_from_slice(&buffer[..count]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn path_of(head: &str) -> String {
    if head.starts_with('\u{16}') {
        return "(tls)".to_owned();
    }
    head.split(' ').nth(1).unwrap_or_default().to_owned()
}

fn drain(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    while matches!(stream.read(&mut buffer), Ok(count) if count > 0) {}
}

fn lock(log: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    log.lock().expect("no thread panics while it holds the log")
}
