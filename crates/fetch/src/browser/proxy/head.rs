//! The requests of a browser to its proxy.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use url::{Position, Url};

/// The largest head of a request, in bytes.
const MAX_HEAD_SIZE: usize = 64 << 10;

/// The empty line that ends a head.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// Headers that are not forwarded: those between the browser and its proxy, and `host`, which is written again.
const DROPPED_HEADERS: [&str; 5] = ["connection", "host", "keep-alive", "proxy-authorization", "proxy-connection"];

/// A request of the browser to the proxy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProxyRequest {
    /// A URL with the host and port to connect to.
    pub(super) target: Url,
    /// The bytes to send there first; `None` where the browser asks for a tunnel.
    pub(super) forwarded_head: Option<Vec<u8>>,
}

impl ProxyRequest {
    /// Parses a request. `scheme` is the scheme of what runs in tunnels. The start of a body that was received with the
    /// head is forwarded with it. Returns `None` for anything but a request to a proxy.
    pub(super) fn parse(received: &[u8], scheme: &str) -> Option<Self> {
        let end = received.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD)?;
        let (head, body) = received.split_at_checked(end + END_OF_HEAD.len())?;
        let mut lines = str::from_utf8(head.strip_suffix(END_OF_HEAD)?).ok()?.split("\r\n");
        let (method, rest) = lines.next()?.split_once(' ')?;
        let target = rest.strip_suffix(" HTTP/1.1")?;
        if method == "CONNECT" {
            let is_authority = !target.contains(['/', '?', '#', '@', '\\']);
            let target = Url::parse(&format!("{scheme}://{target}/")).ok().filter(|_| is_authority)?;
            return Some(Self { target, forwarded_head: None }).filter(|_| body.is_empty());
        }
        let target = Url::parse(target).ok().filter(|target| target.scheme() == "http")?;
        let path = &target[Position::BeforePath..Position::AfterQuery];
        let mut forwarded = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", target.authority());
        for line in lines {
            let (name, _) = line.split_once(':')?;
            if !DROPPED_HEADERS.contains(&name.trim().to_ascii_lowercase().as_str()) {
                forwarded.push_str(line);
                forwarded.push_str("\r\n");
            }
        }
        // One request per connection, because the next one on it could be for another host.
        forwarded.push_str("connection: close\r\n\r\n");
        Some(Self { target, forwarded_head: Some([forwarded.as_bytes(), body].concat()) })
    }
}

/// Reads up to the end of the head, and what was received with it. Returns `None` where the head does not end.
pub(super) async fn read_head(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut received = Vec::new();
    while !received.windows(END_OF_HEAD.len()).any(|window| window == END_OF_HEAD) {
        if received.len() > MAX_HEAD_SIZE || client.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
    Some(received)
}

#[cfg(test)]
mod tests {
    use super::ProxyRequest;

    fn parse(head: &str) -> Option<(String, Option<String>)> {
        let request = ProxyRequest::parse(head.as_bytes(), "https")?;
        Some((request.target.to_string(), request.forwarded_head.map(|bytes| String::from_utf8(bytes).unwrap())))
    }

    #[test]
    fn tunnels_and_plain_requests() {
        for (head, target, forwarded) in [
            ("CONNECT docs.vendor.com:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n", "https://docs.vendor.com/", None),
            ("CONNECT docs.vendor.com:8443 HTTP/1.1\r\n\r\n", "https://docs.vendor.com:8443/", None),
            ("CONNECT [::1]:443 HTTP/1.1\r\n\r\n", "https://[::1]/", None),
            (
                "GET http://127.0.0.1:8000/a?b=c HTTP/1.1\r\nHost: evil.example\r\nProxy-Connection: keep-alive\r\n\
                 Accept: */*\r\n\r\n",
                "http://127.0.0.1:8000/a?b=c",
                Some("GET /a?b=c HTTP/1.1\r\nhost: 127.0.0.1:8000\r\nAccept: */*\r\nconnection: close\r\n\r\n"),
            ),
            (
                "POST http://docs.corp HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",
                "http://docs.corp/",
                Some("POST / HTTP/1.1\r\nhost: docs.corp\r\nContent-Length: 2\r\nconnection: close\r\n\r\nhi"),
            ),
        ] {
            assert_eq!(parse(head), Some((target.to_owned(), forwarded.map(str::to_owned))), "{head:?}");
        }
    }

    #[test]
    fn other_input_is_rejected() {
        for head in [
            "",
            "\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET http://a.example/ HTTP/1.0\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nno header\r\n\r\n",
            "GET https://a.example/ HTTP/1.1\r\n\r\n",
            "GET ftp://a.example/ HTTP/1.1\r\n\r\n",
            "GET file:///etc/hostname HTTP/1.1\r\n\r\n",
            "CONNECT a.example/b:443 HTTP/1.1\r\n\r\n",
            "CONNECT me:pw@a.example:443 HTTP/1.1\r\n\r\n",
            "CONNECT :443 HTTP/1.1\r\n\r\n",
            "CONNECT a.example:443 HTTP/1.1\r\n\r\nearly",
            "\u{16}\u{3}\u{1}",
        ] {
            assert_eq!(parse(head), None, "{head:?}");
        }
        assert_eq!(ProxyRequest::parse(b"GET http://a.example/\xff HTTP/1.1\r\n\r\n", "https"), None);
    }
}
