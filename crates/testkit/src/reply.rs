//! What a server sends for a request, as data: bytes, pauses and the end of the connection.

use std::time::Duration;

/// What a server sends for a request, step by step.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What is sent, in order.
    pub steps: Vec<Step>,
    /// What happens to the connection after the last step.
    pub end: End,
}

/// A step of a reply.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends the bytes.
    Send(Vec<u8>),
    /// Sends the bytes the given number of times.
    Repeat(Vec<u8>, usize),
    /// Sends the bytes one by one, with a pause before each.
    Drip(Vec<u8>, Duration),
    /// Sends nothing for the given time.
    Pause(Duration),
    /// Sends nothing more until the client leaves.
    Hang,
}

/// What happens to a connection after a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The connection stays open for the next request.
    Keep,
    /// The connection is closed in good order.
    Close,
    /// The connection is reset.
    Reset,
}

/// The content type of an HTML page, as a header line.
pub const HTML: &str = "content-type: text/html; charset=utf-8\r\n";
/// A number of repetitions that no client waits for.
pub const ENDLESS: usize = usize::MAX;

impl Reply {
    /// Sends the bytes and closes the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { steps: vec![Step::Send(bytes.into())], end: End::Close }
    }

    /// Sends a well-formed response. `status` and `headers` are written to the wire unchanged; each header ends with a
    /// line break.
    pub fn response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
        Self::raw([head.as_bytes(), body].concat()).ending(End::Keep)
    }

    /// Sends a well-formed response that announces the end of the connection.
    pub fn last_response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::response(status, &format!("{headers}connection: close\r\n"), body).ending(End::Close)
    }

    /// Sends an HTML page.
    pub fn page(body: impl AsRef<[u8]>) -> Self {
        Self::response("200 OK", HTML, body)
    }

    /// Sends an HTML page with further headers.
    pub fn page_with(headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::response("200 OK", &format!("{HTML}{headers}"), body)
    }

    /// Sends a status without a body.
    pub fn status(status: &str, headers: &str) -> Self {
        Self::response(status, headers, "")
    }

    /// Sends a redirect (302).
    pub fn redirect(location: &str) -> Self {
        Self::status("302 Found", &format!("location: {location}\r\n"))
    }

    /// Sends nothing.
    pub fn silent(end: End) -> Self {
        Self { steps: Vec::new(), end }
    }

    /// Sends nothing and keeps the connection until the client leaves.
    pub fn hang() -> Self {
        Self::silent(End::Close).then(Step::Hang)
    }

    /// Adds a step.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Replaces the end of the connection.
    #[must_use]
    pub fn ending(self, end: End) -> Self {
        Self { end, ..self }
    }
}
