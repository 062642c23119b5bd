//! The order of a run: hosts in parallel, and the requests to one host one after another or as many at a time as its
//! concurrency allows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _};
use tracing::warn;
use url::Url;

use crate::answer::Answer;
use crate::attempt::fetch_page;
use crate::attempt_error::AttemptError;
use crate::failure::Failure;
use crate::policy;
use crate::request::Request;
use crate::retry::with_retries;
use crate::session::Session;
use crate::session::host::Host;

/// The most hosts that are fetched from at the same time: one more than the sources.toml of this repository names, so
/// that none of them waits for another.
const MAX_PARALLEL_HOSTS: usize = 16;

/// A request whose URL passed the policy.
struct Job<'a> {
    /// The position among the requests of the run.
    index: usize,
    request: &'a Request,
    url: Url,
}

/// An answer and the position of its request.
type IndexedAnswer = (usize, Result<Answer, Failure>);

/// Fetches all requests and returns the answers in the order of the requests.
pub(crate) async fn fetch_all<F>(
    session: &Session<'_>,
    requests: &[Request],
    progress: &F,
) -> Vec<Result<Answer, Failure>>
where
    F: Fn(usize, &Result<Answer, Failure>),
{
    let mut answers = Vec::with_capacity(requests.len());
    let mut jobs_by_host: BTreeMap<String, Vec<Job<'_>>> = BTreeMap::new();
    for (index, request) in requests.iter().enumerate() {
        match policy::parse_url(&request.url, request.local) {
            Ok(url) => jobs_by_host.entry(url.authority().to_owned()).or_default().push(Job { index, request, url }),
            Err(error) => {
                warn!(index, "request refused");
                answers.push(finish(index, request, Err(error), progress));
            }
        }
    }
    let mut hosts: Vec<Vec<Job<'_>>> = jobs_by_host.into_values().collect();
    // The host with the most pages takes longest, so it starts first.
    hosts.sort_by_key(|jobs| Reverse(jobs.len()));
    let host_fetches = stream::iter(hosts).map(|jobs| fetch_from_host(session, jobs, progress));
    let by_host: Vec<Vec<IndexedAnswer>> = host_fetches.buffer_unordered(MAX_PARALLEL_HOSTS).collect().await;
    answers.extend(by_host.into_iter().flatten());
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

async fn fetch_from_host<F>(session: &Session<'_>, jobs: Vec<Job<'_>>, progress: &F) -> Vec<IndexedAnswer>
where
    F: Fn(usize, &Result<Answer, Failure>),
{
    let Some(host) = jobs.first().map(|job| session.hosts.get(&job.url)) else { return Vec::new() };
    let run_job = async |job: Job<'_>| {
        let result = run_job(session, &host, &job).await;
        finish(job.index, job.request, result, progress)
    };
    stream::iter(jobs).map(run_job).buffer_unordered(host.concurrency).collect().await
}

async fn run_job(session: &Session<'_>, host: &Host, job: &Job<'_>) -> Result<Answer, AttemptError> {
    let result = tokio::select! {
        biased;
        error = session.stop.wait_for_end() => Err(error),
        result = with_retries(session, host, async || fetch_page(session, job.request, &job.url).await) => result,
    };
    result.inspect_err(|error| {
        warn!(host = host.name, path = job.url.path(), kind = error.kind.as_str(), "request failed");
        host.update_summary(|summary| summary.failure_count += 1);
        if error.is_host_down {
            host.close(error.kind, &format!("not fetched: {} could not be connected to", host.name));
        }
    })
}

fn finish<F>(index: usize, request: &Request, result: Result<Answer, AttemptError>, progress: &F) -> IndexedAnswer
where
    F: Fn(usize, &Result<Answer, Failure>),
{
    let answer = result.map_err(|error| Failure::new(&request.url, error.kind, &error.detail));
    progress(index, &answer);
    (index, answer)
}
