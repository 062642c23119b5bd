use crate::text::digest;

/// A page as received, before anything is read from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it came from: the URL asked for, or a file's path.
    pub url: String,
    /// When it was received, RFC 3339 in UTC.
    pub fetched_at: String,
    /// The HTTP status; `None` for a file.
    pub status: Option<u16>,
    /// The response headers, names in lower case; empty for a file.
    pub headers: Vec<(String, String)>,
    /// The body after transfer and content decoding, in the page's own charset.
    pub body: Vec<u8>,
}

impl Page {
    /// Returns the value of the header `name` (lower case), if it was sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns `sha256:…` of the body.
    pub fn digest(&self) -> String {
        digest(&self.body)
    }
}
