//! The only way from the browser to the network: a proxy on loopback that connects to the hosts of the page only.

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

use self::head::{ProxyRequest, read_head};
use super::scope::Scope;
use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::settings::Settings;

mod head;

/// The most connections at a time. Chromium opens at most 32 to one proxy.
const MAX_CONNECTIONS: usize = 64;

/// How many bodies of the largest size a page and everything it loads may transfer together.
const MAX_BODIES: u64 = 4;

/// The pause after a connection that could not be accepted, for example because the process has too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The most hosts whose connection error is kept. It limits the memory that a page can take.
const MAX_CONNECT_ERRORS: usize = 1000;

/// The size of the buffer of one direction, in bytes.
const BUFFER_SIZE: usize = 16 << 10;

/// A host and a port.
type Endpoint = (String, u16);

/// The proxy for one page.
pub(super) struct Proxy<'a> {
    listener: TcpListener,
    port: u16,
    scope: &'a Scope<'a>,
    settings: &'a Settings,
    /// The bytes that may still be transferred, in both directions together.
    bytes_left: AtomicU64,
    budget_exceeded: Notify,
    /// Why the proxy did not connect to an endpoint.
    connect_errors: Mutex<BTreeMap<Endpoint, AttemptError>>,
}

impl<'a> Proxy<'a> {
    pub(super) async fn open(scope: &'a Scope<'a>, settings: &'a Settings) -> Result<Self, AttemptError> {
        let opened = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let opened = opened.and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
        let (port, listener) = opened.map_err(|error| {
            let detail = format!("the proxy for the browser cannot be started ({error})");
            AttemptError::new(FailureKind::Unreachable(Cause::Connect), detail)
        })?;
        let bytes_left = AtomicU64::new(Self::byte_budget(settings));
        Ok(Self {
            listener,
            port,
            scope,
            settings,
            bytes_left,
            budget_exceeded: Notify::new(),
            connect_errors: Mutex::default(),
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Returns the error of the connection to the host of `url`, if there was one.
    pub(super) fn connect_error(&self, url: &Url) -> Option<AttemptError> {
        self.connect_errors().get(&endpoint(url)?).cloned()
    }

    /// Serves until the byte budget is exceeded, and returns the error of that.
    pub(super) async fn serve(&self) -> AttemptError {
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                biased;
                () = self.budget_exceeded.notified() => {
                    let detail = format!("the page loads more than {} bytes", Self::byte_budget(self.settings));
                    return AttemptError::new(FailureKind::TooLarge, detail);
                }
                Some(()) = open.next() => {}
                accepted = self.listener.accept(), if open.len() < MAX_CONNECTIONS => match accepted {
                    Ok((stream, _)) => open.push(self.handle(stream)),
                    Err(_) => sleep(ACCEPT_PAUSE).await,
                },
            }
        }
    }

    fn byte_budget(settings: &Settings) -> u64 {
        u64::try_from(settings.max_body).unwrap_or(u64::MAX).saturating_mul(MAX_BODIES)
    }

    fn connect_errors(&self) -> MutexGuard<'_, BTreeMap<Endpoint, AttemptError>> {
        self.connect_errors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Handles one connection of the browser.
    async fn handle(&self, mut client: TcpStream) {
        let head = timeout(self.settings.read_timeout, read_head(&mut client)).await;
        let request = head.ok().and_then(|head| ProxyRequest::parse(&head?, self.scope.url.scheme()));
        let Some(request) = request else { return send_status(&mut client, "400 Bad Request").await };
        match self.connect(&request.target).await {
            Ok(server) => self.relay(client, server, &request).await,
            Err(error) => {
                debug!(target = %request.target.authority(), detail = %error.detail, "connection denied to the rendered page");
                let is_refused = matches!(error.kind, FailureKind::Refused | FailureKind::Moved);
                if let Some(endpoint) =
                    endpoint(&request.target).filter(|_| self.connect_errors().len() < MAX_CONNECT_ERRORS)
                {
                    self.connect_errors().insert(endpoint, error);
                }
                send_status(&mut client, if is_refused { "403 Forbidden" } else { "502 Bad Gateway" }).await;
            }
        }
    }

    async fn connect(&self, target: &Url) -> Result<TcpStream, AttemptError> {
        let mut last_error = None;
        for address in self.scope.addresses(target).await? {
            match timeout(self.settings.connect_timeout, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last_error = Some(error),
                Err(_) => last_error = Some(io::ErrorKind::TimedOut.into()),
            }
        }
        let reason = last_error.map_or_else(String::new, |error| format!(" ({error})"));
        let detail = format!("no connection to {}{reason}", target.authority());
        Err(AttemptError::new(FailureKind::Unreachable(Cause::Connect), detail))
    }

    /// Transfers bytes in both directions until one of them ends early or both are done.
    async fn relay(&self, mut client: TcpStream, mut server: TcpStream, request: &ProxyRequest) {
        let begun = match request.forwarded_head.as_deref() {
            Some(head) => server.write_all(head).await,
            None => client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await,
        };
        if begun.is_err() {
            return;
        }
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        // An error in one direction ends both, so that a part of a response does not look complete.
        let _ = tokio::try_join!(
            self.transfer(&mut from_client, &mut to_server),
            self.transfer(&mut from_server, &mut to_client)
        );
    }

    async fn transfer<R, W>(&self, from: &mut R, to: &mut W) -> io::Result<()>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut buffer = vec![0; BUFFER_SIZE];
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return to.shutdown().await;
            }
            self.spend_bytes(u64::try_from(count).unwrap_or(u64::MAX))?;
            to.write_all(buffer.get(..count).unwrap_or_default()).await?;
        }
    }

    fn spend_bytes(&self, count: u64) -> io::Result<()> {
        let spent = self.bytes_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(count));
        spent.map(|_| ()).map_err(|_| {
            self.budget_exceeded.notify_one();
            io::ErrorKind::QuotaExceeded.into()
        })
    }
}

fn endpoint(url: &Url) -> Option<Endpoint> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

async fn send_status(client: &mut TcpStream, status: &str) {
    let response = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    // Fails where the browser has closed the connection already.
    let _ = client.write_all(response.as_bytes()).await;
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

    /// Starts a server that sends `response` to every connection and closes it. Returns its port.
    async fn serve(response: Vec<u8>) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&response).await;
            }
        });
        port
    }

    /// Sends `request` to the proxy at `port` and returns the first line of the response.
    async fn send(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response).await;
        String::from_utf8_lossy(&response).lines().next().unwrap_or_default().to_owned()
    }

    /// Sends `sent` to the proxy for the page at `url`. Returns the first line of the response, or why the proxy ended.
    async fn ask(url: &str, sent: &str, settings: &Settings) -> Result<String, AttemptError> {
        let url = Url::parse(url).unwrap();
        let request = Request { local: url.scheme() == "http", ..Request::new(url.as_str()) };
        let scope = Scope::new(&url, &request);
        let proxy = Proxy::open(&scope, settings).await.unwrap();
        tokio::select! {
            biased;
            error = proxy.serve() => Err(error),
            response = send(proxy.port(), sent) => Ok(response),
        }
    }

    #[tokio::test]
    async fn only_hosts_in_scope_are_reached() {
        let port = serve(b"HTTP/1.1 200 Fine\r\nconnection: close\r\n\r\nbody".to_vec()).await;
        let page = format!("http://127.0.0.1:{port}/page");
        let (fine, refused, bad) = ("HTTP/1.1 200 Fine", "HTTP/1.1 403 Forbidden", "HTTP/1.1 400 Bad Request");
        for (url, request, expected) in [
            (&*page, &*format!("GET {page}"), fine),
            (&page, &format!("CONNECT 127.0.0.1:{port}"), "HTTP/1.1 200 OK"),
            (&page, "CONNECT 127.0.0.1:9", refused),
            (&page, "GET http://127.0.0.1:9/", refused),
            (&page, &format!("CONNECT localhost:{port}"), refused),
            (&page, &format!("GET http://localhost:{port}/"), refused),
            (&page, "GET /page", bad),
            (&page, "hello", bad),
            (&page, &"x".repeat(80 << 10), ""),
            // Addresses of this machine are not public, even for a page on this machine.
            ("https://localhost/", "CONNECT localhost:443", refused),
            ("https://127.0.0.1/", "CONNECT 127.0.0.1:443", refused),
            ("https://vendor.example/", "CONNECT 1.1.1.1:443", refused),
            ("https://vendor.example/", "CONNECT vendor.example.org:443", refused),
            ("https://vendor.example/", "CONNECT vendor.example:22", refused),
            ("https://vendor.example/", "CONNECT vendor.example:80", refused),
            ("https://vendor.example/", "GET http://vendor.example/", refused),
        ] {
            let sent = format!("{request} HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");
            let response = ask(url, &sent, &Settings::default()).await.unwrap();
            // The connection of a too large head is closed before all of it is read, which can lose the response.
            let is_lost_or_bad = expected.is_empty() && response == bad;
            assert!(response == expected || is_lost_or_bad, "{url} {request:.60}: {response}");
        }
    }

    #[tokio::test]
    async fn a_page_may_transfer_its_byte_budget() {
        let settings = Settings { max_body: 1000, ..Settings::default() };
        for (length, expected) in [(3900, None), (4001, Some(FailureKind::TooLarge))] {
            let port = serve([b"HTTP/1.1 200 Fine\r\n".as_slice(), &vec![b'x'; length]].concat()).await;
            let page = format!("http://127.0.0.1:{port}/");
            let ended = ask(&page, &format!("GET {page} HTTP/1.1\r\n\r\n"), &settings).await.err();
            assert_eq!(ended.map(|error| error.kind), expected, "{length}");
        }
    }

    #[tokio::test]
    async fn connections_over_the_limit_wait() {
        let port = serve(b"HTTP/1.1 200 Fine\r\n\r\n".to_vec()).await;
        let url = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
        let request = Request { local: true, ..Request::new(url.as_str()) };
        let (scope, settings) = (Scope::new(&url, &request), Settings::default());
        let proxy = Proxy::open(&scope, &settings).await.unwrap();
        let sent = format!("GET {url} HTTP/1.1\r\n\r\n");
        let clients = async {
            let mut idle = Vec::new();
            for _ in 0..MAX_CONNECTIONS {
                idle.push(TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port())).await.unwrap());
            }
            let early = timeout(Duration::from_millis(100), send(proxy.port(), &sent)).await;
            idle.clear();
            (early.ok(), send(proxy.port(), &sent).await)
        };
        tokio::select! {
            error = proxy.serve() => panic!("{error}"),
            responses = clients => assert_eq!(responses, (None, "HTTP/1.1 200 Fine".to_owned())),
        }
    }
}
