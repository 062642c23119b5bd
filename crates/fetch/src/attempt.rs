//! One page asked for once: an answer or a failure.

use docdrift_model::Page;
use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use url::Url;

use crate::answer::Answer;
use crate::attempt_error::AttemptError;
use crate::body;
use crate::browser;
use crate::failure::FailureKind;
use crate::host::Turn;
use crate::judge;
use crate::policy::Reach;
use crate::request::{Known, Request};
use crate::robots;
use crate::run::Run;
use crate::settings::Settings;
use crate::walk::{Arrival, Errand, walk};

/// A request that may be made.
pub(crate) struct Job<'a> {
    /// Its place among the requests of the run.
    pub(crate) index: usize,
    pub(crate) request: &'a Request,
    /// The request's URL, parsed and checked.
    pub(crate) url: Url,
}

/// Asks once, redirects and all.
pub(crate) async fn attempt(run: &Run<'_>, job: &Job<'_>) -> Result<Answer, AttemptError> {
    let request = job.request;
    if request.rendered {
        return rendered(run, job).await;
    }
    let errand = Errand {
        url: &job.url,
        local: request.local,
        known: request.known.as_ref(),
        obey_robots: request.obey_robots,
        reach: Reach::Site(&request.redirect_hosts),
    };
    let arrival = walk(run, &errand).await?;
    match arrival.response.status().as_u16() {
        200 => fresh(arrival, &request.url, run.settings).await,
        304 => not_modified(&arrival.turn, errand.known, arrival.moved_to),
        status => Err(judge::bad_status(status, arrival.response.headers())),
    }
}

async fn fresh(arrival: Arrival, url: &str, settings: &Settings) -> Result<Answer, AttemptError> {
    let Arrival { response, turn, left, moved_to } = arrival;
    let claim = judge::claim(response.headers())?;
    if announced(&response) > settings.max_body as u64 {
        return Err(body::too_large(settings));
    }
    let headers = kept_headers(response.headers());
    let body = body::read(response, &turn, settings.max_body, left, settings).await?;
    if !body.whole {
        return Err(body::too_large(settings));
    }
    judge::judge_body(claim, &body.bytes)?;
    let fetched_at = format!("{:.0}", Timestamp::now());
    let page = Page { url: url.to_owned(), fetched_at, status: Some(200), headers, body: body.bytes };
    Ok(Answer::Fresh { page, moved_to })
}

fn not_modified(turn: &Turn, known: Option<&Known>, moved_to: Option<String>) -> Result<Answer, AttemptError> {
    if known.is_none_or(|known| known.etag.is_none() && known.last_modified.is_none()) {
        let detail = "the server answered 304, page not modified, to somebody who has no page";
        return Err(AttemptError::new(FailureKind::Empty, detail));
    }
    turn.host().count(|tally| tally.not_modified += 1);
    Ok(Answer::NotModified { moved_to })
}

/// A page that a browser renders. Its host is asked as politely as for any other.
async fn rendered(run: &Run<'_>, job: &Job<'_>) -> Result<Answer, AttemptError> {
    let host = run.hosts.of(&job.url);
    if job.request.obey_robots {
        robots::check(run, &host, &job.url, job.request.local).await?;
    }
    let turn = host.turn(&job.url, &run.stop).await?;
    let page = browser::render(&job.url, job, run.settings).await?;
    turn.received(page.body.len());
    Ok(Answer::Fresh { page, moved_to: None })
}

fn announced(response: &Response) -> u64 {
    response.content_length().unwrap_or_default()
}

/// What was sent, less what identifies us and what was true of the bytes on the wire only.
fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let packed = headers.contains_key(CONTENT_ENCODING);
    let dropped = |name: &str| match name {
        "set-cookie" | "set-cookie2" => true,
        _ => packed && [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|wire| wire == name),
    };
    headers
        .iter()
        .filter(|(name, _)| !dropped(name.as_str()))
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}
