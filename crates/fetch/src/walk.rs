//! From a URL to the first answer that is no redirect. Redirects are followed here and not by reqwest, because only
//! here each host gets its turn, its robots.txt is obeyed and it can be told which host a failure is of.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION};
use tokio::time::timeout;
use url::Url;

use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::host::{Host, Turn};
use crate::policy::{Reach, check_redirect};
use crate::request::Known;
use crate::robots;
use crate::run::Run;
use crate::trouble::{too_slow, while_asking};

/// What is to be fetched, and what is allowed on the way.
pub(crate) struct Errand<'a> {
    pub(crate) url: &'a Url,
    pub(crate) local: bool,
    pub(crate) known: Option<&'a Known>,
    pub(crate) obey_robots: bool,
    pub(crate) reach: Reach<'a>,
}

/// An answer whose body is still to come.
pub(crate) struct Arrival {
    pub(crate) response: Response,
    pub(crate) turn: Turn,
    /// The time left for the body.
    pub(crate) left: Duration,
    /// Where permanent redirects led to.
    pub(crate) moved_to: Option<String>,
}

/// Asks once, redirects and all.
pub(crate) async fn walk(run: &Run<'_>, errand: &Errand<'_>) -> Result<Arrival, AttemptError> {
    let mut left = run.settings.request_timeout;
    let mut previous = Vec::new();
    let mut url = errand.url.clone();
    let mut permanent = true;
    let mut moved_to = None;
    loop {
        let (turn, response) = step(run, errand, &url, left).await?;
        left = left.saturating_sub(turn.took());
        let Some(next) = redirect(&response, &url) else {
            let moved_to = moved_to.filter(|url| *url != errand.url.as_str());
            return Ok(Arrival { response, turn, left, moved_to });
        };
        previous.push(url);
        check_redirect(&previous, &next, errand.local, errand.reach)?;
        // What lies behind a redirect for now may be somewhere else tomorrow.
        permanent &= matches!(response.status().as_u16(), 301 | 308);
        if permanent {
            moved_to = Some(next.to_string());
        }
        url = next;
    }
}

/// One request, when its host lets us.
async fn step(run: &Run<'_>, errand: &Errand<'_>, url: &Url, left: Duration) -> Result<(Turn, Response), AttemptError> {
    let host = run.hosts.of(url);
    if errand.obey_robots {
        robots::check(run, &host, url, errand.local).await?;
    }
    let mut turn = host.turn(url, &run.stop).await?;
    let asked = timeout(left, ask(run, errand, &host, url)).await;
    let response = asked.unwrap_or_else(|_| Err(too_slow(run.settings))).map_err(|miss| locate(miss, errand, url))?;
    turn.answered(&response);
    Ok((turn, response))
}

async fn ask(run: &Run<'_>, errand: &Errand<'_>, host: &Host, url: &Url) -> Result<Response, AttemptError> {
    let client = run.clients.get(errand.local, host.http1)?;
    let mut headers = host.headers()?;
    headers.extend(errand.known.into_iter().flat_map(conditions));
    client.get(url.clone()).headers(headers).send().await.map_err(|error| while_asking(&error, run.settings))
}

/// The headers that make an unchanged page cost no body. What cannot be sent is left out: the page then just comes.
fn conditions(known: &Known) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let pairs = [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)];
    pairs.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(value.as_deref()?).ok()?)))
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

/// The failure to ask `url`, with what that means for the host of the errand.
fn locate(miss: AttemptError, errand: &Errand<'_>, url: &Url) -> AttemptError {
    let unconnected = matches!(miss.kind, FailureKind::Unreachable(Cause::Dns | Cause::Connect | Cause::Tls));
    let is_host_down = unconnected && url.authority() == errand.url.authority();
    let detail = if url == errand.url { miss.detail } else { format!("redirected to {url}: {}", miss.detail) };
    AttemptError { detail, is_host_down, ..miss }
}
