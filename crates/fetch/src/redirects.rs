//! From a URL to the first response that is not a redirect. Redirects are followed here and not by reqwest, because
//! each hop waits for its host, obeys the robots.txt of that host, and can be named in an error.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{HeaderMap, LOCATION};
use tokio::time::timeout;
use url::Url;

use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::policy::{RedirectPolicy, check_redirect};
use crate::reqwest_error::{from_send_error, response_too_slow};
use crate::session::Session;
use crate::session::host::{Host, RequestPermit};

/// What to fetch, and what is allowed on the way there.
pub(crate) struct FetchPlan<'a> {
    pub(crate) url: &'a Url,
    /// Whether plain http and addresses that are not public are allowed.
    pub(crate) is_local: bool,
    /// The headers that make the request conditional.
    pub(crate) conditions: HeaderMap,
    pub(crate) redirect_policy: RedirectPolicy<'a>,
}

/// A response whose body is not read yet.
pub(crate) struct ResponseHead {
    pub(crate) response: Response,
    pub(crate) permit: RequestPermit,
    /// The time left to read the body.
    pub(crate) time_left: Duration,
    /// The URL at the end of the permanent redirects.
    pub(crate) moved_to: Option<String>,
}

/// Requests the URL of `plan` and the redirects from there. `check_hop` decides for each URL whether its host allows to
/// fetch it.
pub(crate) async fn follow_redirects(
    session: &Session<'_>,
    plan: &FetchPlan<'_>,
    check_hop: impl AsyncFn(&Host, &Url) -> Result<(), AttemptError>,
) -> Result<ResponseHead, AttemptError> {
    let mut time_left = session.settings.request_timeout;
    let mut previous = Vec::new();
    let mut url = plan.url.clone();
    let mut is_permanent = true;
    let mut moved_to = None;
    loop {
        let host = session.hosts.get(&url);
        check_hop(&host, &url).await?;
        let mut permit = host.acquire_permit(&url, &session.stop).await?;
        let response = send(session, plan, &host, &url, time_left).await?;
        permit.record_head(&response);
        time_left = time_left.saturating_sub(permit.elapsed());
        let Some(next) = redirect_target(&response, &url) else {
            let moved_to = moved_to.filter(|url| *url != plan.url.as_str());
            return Ok(ResponseHead { response, permit, time_left, moved_to });
        };
        previous.push(url);
        check_redirect(&previous, &next, plan.is_local, plan.redirect_policy)?;
        // The target of a temporary redirect may differ tomorrow, so nothing behind it is permanent.
        is_permanent &= matches!(response.status().as_u16(), 301 | 308);
        if is_permanent {
            moved_to = Some(next.to_string());
        }
        url = next;
    }
}

async fn send(
    session: &Session<'_>,
    plan: &FetchPlan<'_>,
    host: &Host,
    url: &Url,
    time_left: Duration,
) -> Result<Response, AttemptError> {
    let request = async {
        let client = session.clients.get(plan.is_local, host.http1_only)?;
        let mut headers = host.headers()?;
        headers.extend(plan.conditions.clone());
        let response = client.get(url.clone()).headers(headers).send().await;
        response.map_err(|error| from_send_error(&error, session.settings))
    };
    let sent = timeout(time_left, request).await.unwrap_or_else(|_| Err(response_too_slow(session.settings)));
    sent.map_err(|error| add_location(error, plan, url))
}

/// Returns the URL that `response` redirects to, or `None` where it names none that can be followed.
fn redirect_target(response: &Response, url: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    // The specification allows ASCII only, but servers often redirect to pages with Chinese names in UTF-8.
    let location = str::from_utf8(response.headers().get(LOCATION)?.as_bytes()).ok()?;
    url.join(location).ok()
}

/// Adds the URL of the failed hop to `error`, and whether the host of the plan is down.
fn add_location(error: AttemptError, plan: &FetchPlan<'_>, url: &Url) -> AttemptError {
    let has_no_connection = matches!(error.kind, FailureKind::Unreachable(Cause::Dns | Cause::Connect | Cause::Tls));
    let is_host_down = has_no_connection && url.authority() == plan.url.authority();
    let detail = if url == plan.url { error.detail } else { format!("redirected to {url}: {}", error.detail) };
    AttemptError { detail, is_host_down, ..error }
}
