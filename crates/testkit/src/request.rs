//! A request as a server receives it.

/// The path that stands for a TLS greeting on a connection without TLS.
const TLS_PATH: &str = "(tls)";
/// The first byte of a TLS greeting.
pub(crate) const TLS_GREETING: u8 = 22;

/// A request as a server receives it.
#[derive(Clone, Debug)]
pub struct ReceivedRequest {
    /// The path without query and fragment; `(tls)` for a TLS greeting.
    pub path: String,
    /// The query without its question mark; empty where there is none.
    pub query: String,
    /// The request's lines up to the empty one, as received.
    pub head: String,
    /// How many requests for this path the server has received, this one included.
    pub attempt: usize,
}

impl ReceivedRequest {
    /// Reads path and query from the request's lines. `attempt` counts the requests for a path, this one included.
    pub(crate) fn from_head(head: String, attempt: impl FnOnce(&str) -> usize) -> Self {
        let is_tls = head.as_bytes().first() == Some(&TLS_GREETING);
        let target = if is_tls { TLS_PATH } else { head.split(' ').nth(1).unwrap_or_default() };
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { path: path.to_owned(), query: query.to_owned(), attempt: attempt(path), head }
    }

    /// The value of the first header with this name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::ReceivedRequest;

    fn request(head: &str) -> ReceivedRequest {
        ReceivedRequest::from_head(head.to_owned(), |_| 1)
    }

    #[test]
    fn target_is_split_into_path_and_query() {
        let full = request("GET /a/b?c=d#e HTTP/1.1\r\n\r\n");
        assert_eq!((full.path.as_str(), full.query.as_str()), ("/a/b", "c=d"));
        assert_eq!(request("CONNECT docs.example:443 HTTP/1.1\r\n\r\n").path, "docs.example:443");
        assert_eq!(request("\u{16}\u{3}\u{1}").path, "(tls)");
        assert_eq!(request("").path, "");
    }

    #[test]
    fn header_names_match_in_any_case() {
        let request = request("GET / HTTP/1.1\r\nIf-None-Match: \"A: b\"\r\n\r\n");
        assert_eq!(request.header("if-none-match"), Some("\"A: b\""));
        assert_eq!(request.header("etag"), None);
    }
}
