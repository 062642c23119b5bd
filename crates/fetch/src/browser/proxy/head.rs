//! What a browser asks its proxy for.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use url::{Position, Url};

/// The longest head of a request, in bytes.
const MAX_HEAD: usize = 64 << 10;

const END: &[u8] = b"\r\n\r\n";

/// Headers that are between the browser and its proxy, and the one that is written anew.
const OWN_HEADERS: [&str; 5] = ["connection", "host", "keep-alive", "proxy-authorization", "proxy-connection"];

/// Where a connection is to lead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The host and port, in a URL.
    pub(super) target: Url,
    /// What is to be sent there first; nothing where the browser asks for a tunnel.
    pub(super) forwarded: Option<Vec<u8>>,
}

impl Asked {
    /// What the head of a request asks for; `scheme` is that of what runs in tunnels. A body that came along with the
    /// head is passed on.
    pub(super) fn read(received: &[u8], scheme: &str) -> Option<Self> {
        let end = received.windows(END.len()).position(|window| window == END)?;
        let (head, body) = received.split_at_checked(end + END.len())?;
        let mut lines = str::from_utf8(head.strip_suffix(END)?).ok()?.split("\r\n");
        let (method, rest) = lines.next()?.split_once(' ')?;
        let target = rest.strip_suffix(" HTTP/1.1")?;
        if method == "CONNECT" {
            let is_authority = !target.contains(['/', '?', '#', '@', '\\']);
            let target = Url::parse(&format!("{scheme}://{target}/")).ok().filter(|_| is_authority)?;
            return Some(Self { target, forwarded: None }).filter(|_| body.is_empty());
        }
        let target = Url::parse(target).ok().filter(|target| target.scheme() == "http")?;
        let path = &target[Position::BeforePath..Position::AfterQuery];
        let mut forwarded = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", target.authority());
        for line in lines {
            let (name, _) = line.split_once(':')?;
            if !OWN_HEADERS.contains(&name.trim().to_ascii_lowercase().as_str()) {
                forwarded.push_str(line);
                forwarded.push_str("\r\n");
            }
        }
        // One request a connection: another one on it could be for another host.
        forwarded.push_str("connection: close\r\n\r\n");
        Some(Self { target, forwarded: Some([forwarded.as_bytes(), body].concat()) })
    }
}

/// The bytes up to the empty line that ends a head, with what came along; `None` where there is none to be had.
pub(super) async fn read_head(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut received = Vec::new();
    while !received.windows(END.len()).any(|window| window == END) {
        if received.len() > MAX_HEAD || client.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
    Some(received)
}

#[cfg(test)]
mod tests {
    use super::Asked;

    fn read(head: &str) -> Option<(String, Option<String>)> {
        let asked = Asked::read(head.as_bytes(), "https")?;
        Some((asked.target.to_string(), asked.forwarded.map(|bytes| String::from_utf8(bytes).unwrap())))
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
            assert_eq!(read(head), Some((target.to_owned(), forwarded.map(str::to_owned))), "{head:?}");
        }
    }

    #[test]
    fn what_is_no_request_to_a_proxy() {
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
            assert_eq!(read(head), None, "{head:?}");
        }
        assert_eq!(Asked::read(b"GET http://a.example/\xff HTTP/1.1\r\n\r\n", "https"), None);
    }
}
