//! The only way from the browser to the network: a proxy on loopback that asks the page's own hosts and no other.

use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tracing::debug;
use url::Url;

use self::head::{Asked, read_head};
use super::scope::Scope;
use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::settings::Settings;

mod head;

/// The most connections at a time; a browser opens at most 32 to one proxy.
const MAX_CONNECTIONS: usize = 64;

/// How much more than one body may hold a page and all that it loads may hold together.
const BODIES: u64 = 4;

/// The pause after a connection that could not be accepted, such as for want of file handles.
const PAUSE: Duration = Duration::from_millis(50);

/// The most hosts that are remembered for not having been connected to.
const MAX_MISSED: usize = 1000;

const BUFFER: usize = 16 << 10;

type Place = (String, u16);

pub(super) struct Proxy<'a> {
    listener: TcpListener,
    port: u16,
    scope: &'a Scope<'a>,
    settings: &'a Settings,
    /// The bytes that may still pass, in both directions together.
    left: AtomicU64,
    spent: Notify,
    /// Why a host was not connected to, by its name and port.
    missed: Mutex<BTreeMap<Place, AttemptError>>,
}

impl<'a> Proxy<'a> {
    pub(super) async fn open(scope: &'a Scope<'a>, settings: &'a Settings) -> Result<Self, AttemptError> {
        let opened = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let opened = opened.and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
        let (port, listener) = opened.map_err(|error| {
            let detail = format!("the browser cannot be given a way to the network ({error})");
            AttemptError::new(FailureKind::Unreachable(Cause::Connect), detail)
        })?;
        let left = AtomicU64::new(Self::allowance(settings));
        Ok(Self { listener, port, scope, settings, left, spent: Notify::new(), missed: Mutex::default() })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Why the host of `url` was not connected to, if it was asked for and was not.
    pub(super) fn miss(&self, url: &Url) -> Option<AttemptError> {
        self.missed().get(&place(url)?).cloned()
    }

    /// Serves until more bytes have passed than a page may hold.
    pub(super) async fn serve(&self) -> AttemptError {
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                biased;
                () = self.spent.notified() => {
                    let detail = format!("the page loads more than {} bytes", Self::allowance(self.settings));
                    return AttemptError::new(FailureKind::TooLarge, detail);
                }
                Some(()) = open.next() => {}
                accepted = self.listener.accept(), if open.len() < MAX_CONNECTIONS => match accepted {
                    Ok((stream, _)) => open.push(self.handle(stream)),
                    Err(_) => sleep(PAUSE).await,
                },
            }
        }
    }

    fn allowance(settings: &Settings) -> u64 {
        u64::try_from(settings.max_body).unwrap_or(u64::MAX).saturating_mul(BODIES)
    }

    fn missed(&self) -> MutexGuard<'_, BTreeMap<Place, AttemptError>> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One connection of the browser, from its head to its end.
    async fn handle(&self, mut client: TcpStream) {
        let head = timeout(self.settings.read_timeout, read_head(&mut client)).await;
        let asked = head.ok().and_then(|head| Asked::read(&head?, self.scope.url.scheme()));
        let Some(asked) = asked else { return say(&mut client, "400 Bad Request").await };
        match self.connect(&asked.target).await {
            Ok(server) => self.exchange(client, server, &asked).await,
            Err(miss) => {
                debug!(target = %asked.target.authority(), detail = %miss.detail, "kept from the rendered page");
                let refused = matches!(miss.kind, FailureKind::Refused | FailureKind::Moved);
                if let Some(place) = place(&asked.target).filter(|_| self.missed().len() < MAX_MISSED) {
                    self.missed().insert(place, miss);
                }
                say(&mut client, if refused { "403 Forbidden" } else { "502 Bad Gateway" }).await;
            }
        }
    }

    async fn connect(&self, target: &Url) -> Result<TcpStream, AttemptError> {
        let mut last = None;
        for address in self.scope.addresses(target).await? {
            match timeout(self.settings.connect_timeout, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last = Some(error),
                Err(_) => last = Some(io::ErrorKind::TimedOut.into()),
            }
        }
        let why = last.map_or_else(String::new, |error| format!(" ({error})"));
        let detail = format!("no connection to {}{why}", target.authority());
        Err(AttemptError::new(FailureKind::Unreachable(Cause::Connect), detail))
    }

    async fn exchange(&self, mut client: TcpStream, mut server: TcpStream, asked: &Asked) {
        let begun = match asked.forwarded.as_deref() {
            Some(head) => server.write_all(head).await,
            None => client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await,
        };
        if begun.is_err() {
            return;
        }
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        // Whatever ends one direction early ends both: what comes half is not to look whole.
        let _ =
            tokio::try_join!(self.pass(&mut from_client, &mut to_server), self.pass(&mut from_server, &mut to_client));
    }

    async fn pass<R, W>(&self, from: &mut R, to: &mut W) -> io::Result<()>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut buffer = vec![0; BUFFER];
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return to.shutdown().await;
            }
            self.spend(u64::try_from(count).unwrap_or(u64::MAX))?;
            to.write_all(buffer.get(..count).unwrap_or_default()).await?;
        }
    }

    fn spend(&self, bytes: u64) -> io::Result<()> {
        let spent = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        spent.map(|_| ()).map_err(|_| {
            self.spent.notify_one();
            io::ErrorKind::QuotaExceeded.into()
        })
    }
}

fn place(url: &Url) -> Option<Place> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

async fn say(client: &mut TcpStream, status: &str) {
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    // The browser may have gone already; then there is nobody to tell.
    let _ = client.write_all(answer.as_bytes()).await;
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::timeout;
    use url::Url;

    use super::{MAX_CONNECTIONS, Proxy};
    use crate::attempt_error::AttemptError;
    use crate::browser::scope::Scope;
    use crate::failure::FailureKind;
    use crate::request::Request;
    use crate::settings::Settings;

    /// A server that answers whatever each connection says and closes it; its port.
    async fn serve(answer: Vec<u8>) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
            }
        });
        port
    }

    /// The first line of what the proxy at `port` answers.
    async fn say(port: u16, said: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
    }

    /// What the proxy for the page at `url` answers, or why it ended.
    async fn ask(url: &str, said: &str, settings: &Settings) -> Result<String, AttemptError> {
        let url = Url::parse(url).unwrap();
        let request = Request { local: url.scheme() == "http", ..Request::new(url.as_str()) };
        let scope = Scope::new(&url, &request);
        let proxy = Proxy::open(&scope, settings).await.unwrap();
        tokio::select! {
            biased;
            miss = proxy.serve() => Err(miss),
            answer = say(proxy.port(), said) => Ok(answer),
        }
    }

    #[tokio::test]
    async fn which_hosts_are_reached() {
        let port = serve(b"HTTP/1.1 200 Fine\r\nconnection: close\r\n\r\nbody".to_vec()).await;
        let page = format!("http://127.0.0.1:{port}/page");
        let (fine, refused, bad) = ("HTTP/1.1 200 Fine", "HTTP/1.1 403 Forbidden", "HTTP/1.1 400 Bad Request");
        for (url, asked, expected) in [
            (&*page, &*format!("GET {page}"), fine),
            (&page, &format!("CONNECT 127.0.0.1:{port}"), "HTTP/1.1 200 OK"),
            (&page, "CONNECT 127.0.0.1:9", refused),
            (&page, "GET http://127.0.0.1:9/", refused),
            (&page, &format!("CONNECT localhost:{port}"), refused),
            (&page, &format!("GET http://localhost:{port}/"), refused),
            (&page, "GET /page", bad),
            (&page, "hello", bad),
            (&page, &"x".repeat(80 << 10), ""),
            // What is of this machine is not public, whatever the page's own host.
            ("https://localhost/", "CONNECT localhost:443", refused),
            ("https://127.0.0.1/", "CONNECT 127.0.0.1:443", refused),
            ("https://vendor.example/", "CONNECT 1.1.1.1:443", refused),
            ("https://vendor.example/", "CONNECT vendor.example.org:443", refused),
            ("https://vendor.example/", "CONNECT vendor.example:22", refused),
            ("https://vendor.example/", "CONNECT vendor.example:80", refused),
            ("https://vendor.example/", "GET http://vendor.example/", refused),
        ] {
            let said = format!("{asked} HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");
            let answer = ask(url, &said, &Settings::default()).await.unwrap();
            // An overlong head is cut off before it is read to its end, so that its answer may be lost.
            assert!(answer == expected || (expected.is_empty() && answer == bad), "{url} {asked:.60}: {answer}");
        }
    }

    #[tokio::test]
    async fn a_page_may_hold_so_much() {
        let settings = Settings { max_body: 1000, ..Settings::default() };
        for (length, expected) in [(3900, None), (4001, Some(FailureKind::TooLarge))] {
            let port = serve([b"HTTP/1.1 200 Fine\r\n".as_slice(), &vec![b'x'; length]].concat()).await;
            let page = format!("http://127.0.0.1:{port}/");
            let ended = ask(&page, &format!("GET {page} HTTP/1.1\r\n\r\n"), &settings).await.err();
            assert_eq!(ended.map(|miss| miss.kind), expected, "{length}");
        }
    }

    #[tokio::test]
    async fn so_many_connections_at_a_time() {
        let port = serve(b"HTTP/1.1 200 Fine\r\n\r\n".to_vec()).await;
        let url = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
        let request = Request { local: true, ..Request::new(url.as_str()) };
        let (scope, settings) = (Scope::new(&url, &request), Settings::default());
        let proxy = Proxy::open(&scope, &settings).await.unwrap();
        let said = format!("GET {url} HTTP/1.1\r\n\r\n");
        let clients = async {
            let mut idle = Vec::new();
            for _ in 0..MAX_CONNECTIONS {
                idle.push(TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port())).await.unwrap());
            }
            let early = timeout(Duration::from_millis(100), say(proxy.port(), &said)).await;
            idle.clear();
            (early.ok(), say(proxy.port(), &said).await)
        };
        tokio::select! {
            miss = proxy.serve() => panic!("{miss}"),
            answers = clients => assert_eq!(answers, (None, "HTTP/1.1 200 Fine".to_owned())),
        }
    }
}
