//! A run: the hosts side by side, each host's requests one after another or as many at a time as it may be asked.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;

use futures_util::stream::{self, StreamExt as _};
use tokio::runtime;
use tracing::warn;

use crate::answer::{Answer, Fetched};
use crate::attempt::{Job, attempt};
use crate::attempt_error::AttemptError;
use crate::client::Clients;
use crate::failure::{Cause, Failure, FailureKind};
use crate::host::{Host, Hosts};
use crate::interrupt::Caught;
use crate::policy;
use crate::request::Request;
use crate::retry::tries;
use crate::settings::Settings;
use crate::stop::Stop;

/// The most hosts that are asked at the same time.
const MAX_HOSTS: usize = 16;

/// Fetches every request and waits for the last; answer `i` belongs to request `i`. `progress` is called with that
/// index and answer as each is there, in no certain order.
///
/// One host's requests are started in order and `interval` apart; hosts are asked side by side. Once a host cannot be
/// connected to, its other requests fail with the same kind without being tried.
///
/// While it runs, Ctrl-C ends the run and not the process: requests under way get a moment, those left fail as
/// [`Interrupted`](FailureKind::Interrupted). A second Ctrl-C does what it always does.
///
/// Blocking: not to be called from async code.
///
/// ```
/// use docdrift_fetch::{FailureKind, Request, Settings, fetch};
///
/// let request = Request::new("http://docs.example.com/errors");
/// let fetched = fetch(&[request], &Settings::default(), |_, _| ());
/// assert_eq!(fetched.answers[0].as_ref().unwrap_err().kind, FailureKind::Refused);
/// ```
pub fn fetch<F>(requests: &[Request], settings: &Settings, progress: F) -> Fetched
where
    F: Fn(usize, &Result<Answer, Failure>) + Send + Sync,
{
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return without_runtime(requests, &error.to_string(), progress),
    };
    let fetched = runtime.block_on(async {
        let run = Run::new(settings);
        let answers = run.until_interrupted(run.all(requests, &progress)).await;
        Fetched { answers, hosts: run.hosts.summaries(), interrupted: run.stop.is_interrupted() }
    });
    // Name lookups cannot be cancelled: dropping the runtime would wait for those that hang.
    runtime.shutdown_background();
    fetched
}

fn without_runtime<F>(requests: &[Request], error: &str, progress: F) -> Fetched
where
    F: Fn(usize, &Result<Answer, Failure>),
{
    let detail = format!("the network cannot be used ({error})");
    let fail = |request: &Request| Err(Failure::new(&request.url, FailureKind::Unreachable(Cause::Connect), &detail));
    let answers: Vec<_> = requests.iter().map(fail).collect();
    answers.iter().enumerate().for_each(|(index, answer)| progress(index, answer));
    Fetched { answers, ..Fetched::default() }
}

/// An answer and the place of its request.
type Placed = (usize, Result<Answer, Failure>);

/// What the requests of a run share.
pub(crate) struct Run<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) clients: Clients<'a>,
    pub(crate) hosts: Hosts<'a>,
    pub(crate) stop: Stop,
}

impl<'a> Run<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self { settings, clients: Clients::new(settings), hosts: Hosts::new(settings), stop: Stop::new(settings) }
    }

    async fn until_interrupted<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let caught = Caught::new();
        tokio::select! {
            biased;
            () = caught.pressed() => self.stop.interrupt(),
            done = &mut work => return done,
        }
        work.await
    }

    async fn all<F>(&self, requests: &[Request], progress: &F) -> Vec<Result<Answer, Failure>>
    where
        F: Fn(usize, &Result<Answer, Failure>),
    {
        let mut answers = Vec::with_capacity(requests.len());
        let mut hosts: BTreeMap<String, Vec<Job<'_>>> = BTreeMap::new();
        for (index, request) in requests.iter().enumerate() {
            match policy::parse(&request.url, request.local) {
                Ok(url) => hosts.entry(url.authority().to_owned()).or_default().push(Job { index, request, url }),
                Err(miss) => {
                    warn!(index, "a request is refused");
                    answers.push(place(index, request, Err(miss), progress));
                }
            }
        }
        let mut hosts: Vec<Vec<Job<'_>>> = hosts.into_values().collect();
        // The host with the most pages takes longest: it must not be the last to start.
        hosts.sort_by_key(|jobs| Reverse(jobs.len()));
        let visits = stream::iter(hosts).map(|jobs| self.visit(jobs, progress)).buffer_unordered(MAX_HOSTS);
        answers.extend(visits.collect::<Vec<_>>().await.into_iter().flatten());
        answers.sort_by_key(|(index, _)| *index);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// Asks one host for all that is wanted of it.
    async fn visit<F>(&self, jobs: Vec<Job<'_>>, progress: &F) -> Vec<Placed>
    where
        F: Fn(usize, &Result<Answer, Failure>),
    {
        let Some(host) = jobs.first().map(|job| self.hosts.of(&job.url)) else { return Vec::new() };
        let answer = async |job: Job<'_>| {
            let result = self.page(&host, &job).await;
            place(job.index, job.request, result, progress)
        };
        stream::iter(jobs).map(answer).buffer_unordered(host.concurrency).collect().await
    }

    async fn page(&self, host: &Host, job: &Job<'_>) -> Result<Answer, AttemptError> {
        let result = tokio::select! {
            biased;
            miss = self.stop.over() => Err(miss),
            result = tries(self, host, async || attempt(self, job).await) => result,
        };
        result.inspect_err(|miss| {
            warn!(host = host.name, path = job.url.path(), kind = miss.kind.as_str(), "no page");
            host.count(|tally| tally.failures += 1);
            if miss.is_host_down {
                host.close(miss.kind, &format!("not tried again: {} could not be reached", host.name));
            }
        })
    }
}

fn place<F>(index: usize, request: &Request, result: Result<Answer, AttemptError>, progress: &F) -> Placed
where
    F: Fn(usize, &Result<Answer, Failure>),
{
    let answer = result.map_err(|miss| Failure::new(&request.url, miss.kind, &miss.detail));
    progress(index, &answer);
    (index, answer)
}
