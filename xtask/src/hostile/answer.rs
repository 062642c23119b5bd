//! What a server sends, as data: bytes, pauses and ends.

use std::time::Duration;

/// An answer, step by step.
pub(crate) struct Answer {
    pub(crate) steps: Vec<Step>,
    /// How the connection ends when all steps are done.
    pub(crate) end: End,
}

/// A step of an answer.
pub(crate) enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends them so many times.
    Repeat(Vec<u8>, usize),
    /// Sends them one by one with a pause before each.
    Drip(Vec<u8>, Duration),
    /// Sends nothing for so long.
    Pause(Duration),
    /// Sends nothing more until the client leaves.
    Hang,
}

/// How a connection ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It does not: the next request may follow.
    Keep,
    /// In good order.
    Close,
    /// With a reset.
    Reset,
}

/// The header of a good page.
pub(crate) const HTML: &str = "content-type: text/html; charset=utf-8\r\n";
/// So often that no client waits for the last.
pub(crate) const ENDLESS: usize = usize::MAX;

impl Answer {
    /// An answer of these bytes, and then the end.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { steps: vec![Step::Send(bytes.into())], end: End::Close }
    }

    /// A whole answer; `status` and `headers` as they stand on the wire, `headers` each ended by a line break.
    pub(crate) fn whole(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
        Self { end: End::Keep, ..Self::raw([head.as_bytes(), body].concat()) }
    }

    /// A page.
    pub(crate) fn page(body: impl AsRef<[u8]>) -> Self {
        Self::whole("200 OK", HTML, body)
    }

    /// A page with further headers.
    pub(crate) fn page_with(headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::whole("200 OK", &format!("{HTML}{headers}"), body)
    }

    /// A status without a body.
    pub(crate) fn status(status: &str, headers: &str) -> Self {
        Self::whole(status, headers, "")
    }

    /// A redirect.
    pub(crate) fn to(location: &str) -> Self {
        Self::status("302 Found", &format!("location: {location}\r\n"))
    }

    /// Nothing at all, and then the end.
    pub(crate) fn nothing(end: End) -> Self {
        Self { steps: Vec::new(), end }
    }

    /// The same with one more step.
    pub(crate) fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The same with another end.
    pub(crate) fn ending(self, end: End) -> Self {
        Self { end, ..self }
    }
}

/// A time as answers need it.
pub(crate) const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}
