//! One attempt to fetch one page.

use docdrift_model::Page;
use jiff::Timestamp;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, TRANSFER_ENCODING,
};
use url::Url;

use crate::answer::Answer;
use crate::attempt_error::AttemptError;
use crate::body::{self, page_too_large};
use crate::browser;
use crate::classify::{check_page_body, error_for_status, parse_content_type};
use crate::failure::FailureKind;
use crate::policy::RedirectPolicy;
use crate::redirects::{FetchPlan, ResponseHead, follow_redirects};
use crate::request::Request;
use crate::retry::with_retries;
use crate::robots::{self, RobotsRules};
use crate::session::Session;
use crate::session::host::Host;
use crate::settings::Settings;

/// Fetches the page at `url`, the parsed URL of `request`, once.
pub(crate) async fn fetch_page(session: &Session<'_>, request: &Request, url: &Url) -> Result<Answer, AttemptError> {
    if request.rendered {
        return render_page(session, request, url).await;
    }
    let plan = FetchPlan {
        url,
        is_local: request.local,
        conditions: conditional_headers(request),
        redirect_policy: RedirectPolicy::SameSite { other_hosts: &request.redirect_hosts },
    };
    let check_hop = async |host: &Host, url: &Url| check_robots(session, host, request, url).await;
    let head = follow_redirects(session, &plan, check_hop).await?;
    match head.response.status().as_u16() {
        200 => read_page(head, &request.url, session.settings).await,
        304 => not_modified(request, head),
        status => Err(error_for_status(status, head.response.headers())),
    }
}

async fn read_page(head: ResponseHead, url: &str, settings: &Settings) -> Result<Answer, AttemptError> {
    let ResponseHead { response, permit, time_left, moved_to } = head;
    let content_type = parse_content_type(response.headers())?;
    if response.content_length().unwrap_or_default() > settings.max_body as u64 {
        return Err(page_too_large(settings));
    }
    let headers = archived_headers(response.headers());
    let body = body::read(response, &permit, settings.max_body, time_left, settings).await?;
    if !body.is_complete {
        return Err(page_too_large(settings));
    }
    check_page_body(content_type, &body.bytes)?;
    let fetched_at = format!("{:.0}", Timestamp::now());
    let page = Page { url: url.to_owned(), fetched_at, status: Some(200), headers, body: body.bytes };
    Ok(Answer::Fresh { page, moved_to })
}

fn not_modified(request: &Request, head: ResponseHead) -> Result<Answer, AttemptError> {
    if request.etag.is_none() && request.last_modified.is_none() {
        let detail = "the server answered 304, page not modified, to an unconditional request";
        return Err(AttemptError::new(FailureKind::Empty, detail));
    }
    head.permit.host().update_summary(|summary| summary.not_modified_count += 1);
    Ok(Answer::NotModified { moved_to: head.moved_to })
}

/// Fetches a page with a browser. It waits for its host and obeys robots.txt as any other page.
async fn render_page(session: &Session<'_>, request: &Request, url: &Url) -> Result<Answer, AttemptError> {
    let host = session.hosts.get(url);
    check_robots(session, &host, request, url).await?;
    let permit = host.acquire_permit(url, &session.stop).await?;
    let page = browser::render(url, request, session.settings).await?;
    permit.record_body_bytes(page.body.len());
    Ok(Answer::Fresh { page, moved_to: None })
}

/// Checks that the robots.txt of `host` allows to fetch `url`, unless `request` ignores it. The file is fetched once for
/// each host and run.
async fn check_robots(session: &Session<'_>, host: &Host, request: &Request, url: &Url) -> Result<(), AttemptError> {
    if !request.obey_robots {
        return Ok(());
    }
    let load = async || {
        let fetch = async |url: &Url| {
            with_retries(session, host, async || fetch_robots_txt(session, url, request.local).await).await
        };
        let rules = RobotsRules::load(url, fetch).await?;
        if let Some(delay) = rules.crawl_delay() {
            host.pacer.widen_interval(delay);
        }
        Ok(rules)
    };
    host.robots_rules.get_or_try_init(load).await?.check(url)
}

/// Fetches the robots.txt at `url` once; `None` where the host has none.
async fn fetch_robots_txt(session: &Session<'_>, url: &Url, is_local: bool) -> Result<Option<Vec<u8>>, AttemptError> {
    let redirect_policy = RedirectPolicy::AnySite;
    let plan = FetchPlan { url, is_local, conditions: HeaderMap::new(), redirect_policy };
    let ResponseHead { response, permit, time_left, .. } =
        follow_redirects(session, &plan, async |_: &Host, _: &Url| Ok(())).await?;
    match response.status().as_u16() {
        200..=299 => {
            let body = body::read(response, &permit, robots::MAX_FILE_SIZE, time_left, session.settings).await?;
            Ok(Some(body.bytes))
        }
        status @ 500.. => Err(error_for_status(status, response.headers())),
        _ => Ok(None),
    }
}

/// Returns the headers with which an unchanged page costs a response without a body. A validator that is not a valid
/// header value is left out, so that the page is fetched in full.
fn conditional_headers(request: &Request) -> HeaderMap {
    let validators = [(IF_NONE_MATCH, &request.etag), (IF_MODIFIED_SINCE, &request.last_modified)];
    let header = |(name, value): (_, &Option<String>)| Some((name, HeaderValue::from_str(value.as_deref()?).ok()?));
    validators.into_iter().filter_map(header).collect()
}

/// Returns the headers that are archived: without cookies, and without what described the compressed body only.
fn archived_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let is_compressed = headers.contains_key(CONTENT_ENCODING);
    let is_dropped = |name: &str| match name {
        "set-cookie" | "set-cookie2" => true,
        _ => is_compressed && [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|wire| wire == name),
    };
    headers
        .iter()
        .filter(|(name, _)| !is_dropped(name.as_str()))
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}
