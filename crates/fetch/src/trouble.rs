//! What reqwest's errors mean.

use std::error::Error;
use std::io;
use std::iter;

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::{Cause, FailureKind};
use crate::settings::Settings;

/// The longest quotation of an error from below, in characters: a certificate may name hundreds of hosts.
const QUOTE: usize = 160;

/// The failure to get the head of an answer.
pub(crate) fn while_asking(error: &reqwest::Error, settings: &Settings) -> AttemptError {
    if let Some(miss) = causes(error).find_map(|cause| cause.downcast_ref::<AttemptError>()) {
        return miss.clone();
    }
    let unreachable = |cause, detail| AttemptError::new(FailureKind::Unreachable(cause), detail);
    let words = told(error);
    if error.is_connect() && is_tls(error) {
        unreachable(Cause::Tls, no_trust(error))
    } else if error.is_connect() && error.is_timeout() {
        let detail = format!("no connection within {:?}", settings.connect_timeout);
        unreachable(Cause::Connect, detail).with_retry(Retry::Backoff)
    } else if error.is_connect() {
        unreachable(Cause::Connect, format!("no connection ({words})")).with_retry(Retry::Backoff)
    } else if error.is_timeout() {
        stalled(settings)
    } else if causes(error).filter_map(|cause| cause.downcast_ref()).any(hyper::Error::is_parse_too_large) {
        AttemptError::new(FailureKind::TooLarge, "the head of the answer is larger than any head need be")
    } else if error.is_builder() {
        AttemptError::new(FailureKind::Refused, format!("no request can be made of this URL ({words})"))
    } else {
        unreachable(Cause::Dropped, format!("the connection broke before an answer ({words})"))
            .with_retry(Retry::Backoff)
    }
}

/// The failure to get the body of an answer.
pub(crate) fn while_reading(error: &reqwest::Error, settings: &Settings) -> AttemptError {
    if error.is_timeout() {
        return stalled(settings);
    }
    let detail = format!("the page broke off in the middle ({})", told(error));
    AttemptError::new(FailureKind::Truncated, detail).with_retry(Retry::Backoff)
}

/// The failure of an answer that goes on for too long.
pub(crate) fn too_slow(settings: &Settings) -> AttemptError {
    timed_out(format!("the page was not there after {:?}", settings.request_timeout))
}

/// What to say where TLS fails, before or while connecting.
pub(crate) fn no_trust(error: &reqwest::Error) -> String {
    format!("no secure connection ({})", told(error))
}

fn stalled(settings: &Settings) -> AttemptError {
    timed_out(format!("the server sent nothing for {:?}", settings.read_timeout))
}

/// Not tried again in this run: whoever lets us wait that long is overloaded or wants us to wait.
fn timed_out(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Timeout), detail)
}

/// The words of what first caused an error; those around it say only which layer passed it on.
fn told(error: &reqwest::Error) -> String {
    let cause = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    cause.chars().take(QUOTE).collect()
}

/// What caused an error, the nearest first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next = error.source();
    iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

fn is_tls(error: &reqwest::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref()).any(is_handshake)
}

/// rustls reports a failed handshake as an I/O error of one of these kinds, which the connector wraps in another.
fn is_handshake(error: &io::Error) -> bool {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => true,
        _ => error.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(is_handshake),
    }
}
