//! One request, one answer, judged.

use std::io;

use docdrift_model::Page;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Client, Response};
use tokio::time::timeout;
use url::Url;

use crate::client::{causes, no_trust, told};
use crate::failure::{Cause, FailureKind, Miss};
use crate::policy::check_redirect;
use crate::retry::{Retry, asked_wait};
use crate::settings::{Request, Settings};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A request that may be made.
pub(crate) struct Job<'a> {
    /// Its place among the requests of the run.
    pub(crate) index: usize,
    pub(crate) request: &'a Request,
    /// The request's URL, parsed and checked.
    pub(crate) url: Url,
}

/// Asks once, redirects and all.
pub(crate) async fn attempt(client: &Client, job: &Job<'_>, settings: &Settings) -> Result<Page, Miss> {
    let page = async { receive(follow(client, job, settings).await?, &job.request.url, settings).await };
    let too_late = |_| Err(too_slow(format!("the page was not there after {:?}", settings.request_timeout)));
    timeout(settings.request_timeout, page).await.unwrap_or_else(too_late)
}

/// The first answer that is no redirect. Redirects are followed here and not by reqwest, because only here it can be
/// told which host a failure is of.
async fn follow(client: &Client, job: &Job<'_>, settings: &Settings) -> Result<Response, Miss> {
    let mut previous = Vec::new();
    let mut url = job.url.clone();
    loop {
        let response = match client.get(url.clone()).send().await {
            Ok(response) => response,
            Err(error) => return Err(locate(while_asking(&error, settings), job, &url)),
        };
        let Some(next) = redirect(&response, &url) else { return Ok(response) };
        previous.push(url);
        check_redirect(&previous, &next, job.request.local)?;
        url = next;
    }
}

/// Where the answer redirects to, if it says so in a way that can be followed.
fn redirect(response: &Response, url: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    // Header values are ASCII by the book, but pages with Chinese names are often redirected to in UTF-8.
    let location = str::from_utf8(response.headers().get(LOCATION)?.as_bytes()).ok()?;
    url.join(location).ok()
}

/// The failure to ask `url`, with what that means for the host that the job is of.
fn locate(miss: Miss, job: &Job<'_>, url: &Url) -> Miss {
    let unconnected = matches!(miss.kind, FailureKind::Unreachable(Cause::Dns | Cause::Connect | Cause::Tls));
    let host_down = unconnected && url.authority() == job.url.authority();
    let detail = if *url == job.url { miss.detail } else { format!("redirected to {url}: {}", miss.detail) };
    Miss { detail, host_down, ..miss }
}

async fn receive(response: Response, url: &str, settings: &Settings) -> Result<Page, Miss> {
    let status = response.status().as_u16();
    judge_status(status, response.headers())?;
    judge_type(response.headers())?;
    let headers = kept_headers(response.headers());
    let body = read_body(response, settings).await?;
    if is_blank(&body) {
        return Err(Miss::new(FailureKind::Empty, "the server answered 200 with an empty page"));
    }
    let fetched_at = format!("{:.0}", Timestamp::now());
    Ok(Page { url: url.to_owned(), fetched_at, status: Some(status), headers, body })
}

/// Only 200 is a page: the other 2xx mean that it comes later (202, which some protections answer with), that there is
/// none (204, 205) or a part of it (206).
fn judge_status(status: u16, headers: &HeaderMap) -> Result<(), Miss> {
    let (kind, again) = match status {
        200 => return Ok(()),
        204 | 205 => (FailureKind::Empty, false),
        206 => (FailureKind::Truncated, false),
        300..=399 => (FailureKind::Moved, false),
        404 | 410 => (FailureKind::Gone, false),
        429 => (FailureKind::Blocked, true),
        500..=599 => (FailureKind::ServerError, true),
        _ => (FailureKind::Blocked, false),
    };
    let header = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry = match header.and_then(|text| asked_wait(text, Timestamp::now())) {
        _ if !again => Retry::Never,
        None => Retry::Backoff,
        Some(wait) => Retry::After(wait),
    };
    let detail = match kind {
        FailureKind::Moved => format!("the server answered {status} without an address that can be followed"),
        _ => format!("the server answered {status}"),
    };
    Err(Miss::new(kind, detail).retry(retry))
}

/// A page is text. An answer without a type is read: its bytes tell.
fn judge_type(headers: &HeaderMap) -> Result<(), Miss> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let value = String::from_utf8_lossy(value.as_bytes());
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "" | "application/xhtml+xml" | "application/markdown" | "application/x-markdown" => Ok(()),
        kind if kind.starts_with("text/") => Ok(()),
        kind => Err(Miss::new(FailureKind::WrongType, format!("the server answered with {kind}, no text page"))),
    }
}

/// What was sent, less what identifies us.
fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "set-cookie" | "set-cookie2"))
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

/// The decoded body. It is counted as it is decoded, so that a small answer that unfolds into a huge one stops at the
/// cap; the length announced counts only for a body that is not encoded.
async fn read_body(mut response: Response, settings: &Settings) -> Result<Vec<u8>, Miss> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    let mut body = Vec::new();
    let too_large = || {
        let detail = format!("the page is larger than {} bytes", settings.max_body);
        Miss::new(FailureKind::TooLarge, detail)
    };
    if announced > settings.max_body {
        return Err(too_large());
    }
    while let Some(chunk) = response.chunk().await.map_err(|error| while_reading(&error, settings))? {
        if chunk.len() > settings.max_body - body.len() {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_blank(body: &[u8]) -> bool {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    body.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
}

fn while_asking(error: &reqwest::Error, settings: &Settings) -> Miss {
    if let Some(miss) = causes(error).find_map(|cause| cause.downcast_ref::<Miss>()) {
        return miss.clone();
    }
    let unreachable = |cause, detail| Miss::new(FailureKind::Unreachable(cause), detail);
    let words = told(error);
    if error.is_connect() && is_tls(error) {
        unreachable(Cause::Tls, no_trust(error))
    } else if error.is_connect() && error.is_timeout() {
        let detail = format!("no connection within {:?}", settings.connect_timeout);
        unreachable(Cause::Connect, detail).retry(Retry::Backoff)
    } else if error.is_connect() {
        unreachable(Cause::Connect, format!("no connection ({words})")).retry(Retry::Backoff)
    } else if error.is_timeout() {
        stalled(settings)
    } else if error.is_builder() {
        Miss::new(FailureKind::Refused, format!("no request can be made of this URL ({words})"))
    } else {
        unreachable(Cause::Dropped, format!("the connection broke before an answer ({words})")).retry(Retry::Backoff)
    }
}

fn while_reading(error: &reqwest::Error, settings: &Settings) -> Miss {
    if error.is_timeout() {
        return stalled(settings);
    }
    let detail = format!("the page broke off in the middle ({})", told(error));
    Miss::new(FailureKind::Truncated, detail).retry(Retry::Backoff)
}

/// Not tried again in this run: whoever lets us wait that long is overloaded or wants us to wait.
fn too_slow(detail: String) -> Miss {
    Miss::new(FailureKind::Unreachable(Cause::Timeout), detail)
}

fn stalled(settings: &Settings) -> Miss {
    too_slow(format!("the server sent nothing for {:?}", settings.read_timeout))
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
