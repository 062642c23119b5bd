//! From errors of reqwest to the errors of an attempt.

use std::error::Error;
use std::io;
use std::iter;

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::{Cause, FailureKind};
use crate::settings::Settings;

/// The longest quotation of an error, in characters: a certificate may name hundreds of hosts.
const MAX_QUOTE: usize = 160;

/// Converts an error that came instead of the head of a response.
pub(crate) fn from_send_error(error: &reqwest::Error, settings: &Settings) -> AttemptError {
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<AttemptError>()) {
        return error.clone();
    }
    let unreachable = |cause, detail| AttemptError::new(FailureKind::Unreachable(cause), detail);
    let root_cause = quote_root_cause(error);
    if error.is_connect() && is_tls_error(error) {
        unreachable(Cause::Tls, describe_tls_error(error))
    } else if error.is_connect() && error.is_timeout() {
        let detail = format!("no connection within {:?}", settings.connect_timeout);
        unreachable(Cause::Connect, detail).with_retry(Retry::Backoff)
    } else if error.is_connect() {
        unreachable(Cause::Connect, format!("no connection ({root_cause})")).with_retry(Retry::Backoff)
    } else if error.is_timeout() {
        server_stalled(settings)
    } else if causes(error).filter_map(|cause| cause.downcast_ref()).any(hyper::Error::is_parse_too_large) {
        AttemptError::new(FailureKind::TooLarge, "the headers of the response are too large")
    } else if error.is_builder() {
        let detail = format!("the URL cannot be made into a request ({root_cause})");
        AttemptError::new(FailureKind::Refused, detail)
    } else {
        let detail = format!("the connection was lost before a response ({root_cause})");
        unreachable(Cause::Dropped, detail).with_retry(Retry::Backoff)
    }
}

/// Converts an error that came instead of a part of the body.
pub(crate) fn from_body_error(error: &reqwest::Error, settings: &Settings) -> AttemptError {
    if error.is_timeout() {
        return server_stalled(settings);
    }
    let detail = format!("the connection was lost in the middle of the page ({})", quote_root_cause(error));
    AttemptError::new(FailureKind::Truncated, detail).with_retry(Retry::Backoff)
}

/// Returns the error of a response that takes longer than the settings allow.
pub(crate) fn response_too_slow(settings: &Settings) -> AttemptError {
    timed_out(format!("the page was not received within {:?}", settings.request_timeout))
}

/// Describes an error of TLS, in the setup or in the handshake.
pub(crate) fn describe_tls_error(error: &reqwest::Error) -> String {
    format!("no secure connection ({})", quote_root_cause(error))
}

fn server_stalled(settings: &Settings) -> AttemptError {
    timed_out(format!("the server sent nothing for {:?}", settings.read_timeout))
}

/// Timeouts are not retried within a run: a server that takes that long is overloaded or wants us to wait.
fn timed_out(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Timeout), detail)
}

/// Quotes the innermost cause. The errors around it only say which layer passed it on.
fn quote_root_cause(error: &reqwest::Error) -> String {
    let cause = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    cause.chars().take(MAX_QUOTE).collect()
}

/// The chain of causes, outermost first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(error.source(), |&cause| cause.source())
}

fn is_tls_error(error: &reqwest::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref()).any(is_handshake_error)
}

/// rustls reports a failed handshake as an I/O error of one of these kinds, which the connector wraps in another one.
fn is_handshake_error(error: &io::Error) -> bool {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => true,
        _ => error.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(is_handshake_error),
    }
}
