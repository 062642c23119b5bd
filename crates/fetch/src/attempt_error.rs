use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::failure::FailureKind;

/// One failed attempt to fetch a page. As a [`std::error::Error`] it passes through reqwest, from our resolver back to
/// the attempt.
#[derive(Clone, Debug)]
pub(crate) struct AttemptError {
    pub(crate) kind: FailureKind,
    pub(crate) detail: String,
    pub(crate) retry: Retry,
    /// Whether the host of the requested URL could not be connected to, so that its other pages need not be tried.
    pub(crate) is_host_down: bool,
}

/// Whether another attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It does not help.
    Never,
    /// It may help after a backoff.
    Backoff,
    /// It may help, but not before the wait that the server asks for.
    After(Duration),
}

impl AttemptError {
    /// Creates an error that is not retried.
    pub(crate) fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry: Retry::Never, is_host_down: false }
    }

    pub(crate) fn with_retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }
}

impl fmt::Display for AttemptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Error for AttemptError {}
