//! A run: every host's requests one after another, the hosts side by side.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use docdrift_model::Page;
use futures_util::stream::{self, StreamExt as _};
use tokio::runtime;
use tokio::time::{Instant, sleep};

use crate::attempt::{Job, attempt};
use crate::client::Clients;
use crate::failure::{Cause, Failure, FailureKind, Miss};
use crate::policy;
use crate::retry::wait;
use crate::settings::{Request, Settings};

/// The most hosts that are asked at the same time.
const MAX_HOSTS: usize = 16;

/// Fetches every request and waits for the last; answer `i` belongs to request `i`. `progress` is called with that
/// index and answer as each is there, in no certain order.
///
/// One host's requests are made in order and `interval` apart; hosts are asked side by side. Once a host cannot be
/// connected to, its other requests fail with the same kind without being tried.
///
/// Blocking: not to be called from async code.
///
/// ```
/// use docdrift_fetch::{FailureKind, Request, Settings, fetch};
///
/// let request = Request { url: "http://docs.example.com/errors".to_owned(), local: false };
/// let answers = fetch(&[request], &Settings::default(), |_, _| ());
/// assert_eq!(answers[0].as_ref().unwrap_err().kind, FailureKind::Refused);
/// ```
pub fn fetch<F>(requests: &[Request], settings: &Settings, progress: F) -> Vec<Result<Page, Failure>>
where
    F: Fn(usize, &Result<Page, Failure>) + Send + Sync,
{
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return without_runtime(requests, &error.to_string(), progress),
    };
    let run =
        Run { clients: Clients::new(settings), settings, deadline: Deadline::new(settings.run_deadline), progress };
    let answers = runtime.block_on(run.all(requests));
    // Name lookups cannot be cancelled: dropping the runtime would wait for those that hang.
    runtime.shutdown_background();
    answers
}

fn without_runtime<F>(requests: &[Request], error: &str, progress: F) -> Vec<Result<Page, Failure>>
where
    F: Fn(usize, &Result<Page, Failure>),
{
    let detail = format!("the network cannot be used ({error})");
    let fail = |request: &Request| Err(Failure::new(&request.url, FailureKind::Unreachable(Cause::Connect), &detail));
    let answers: Vec<_> = requests.iter().map(fail).collect();
    answers.iter().enumerate().for_each(|(index, answer)| progress(index, answer));
    answers
}

struct Run<'a, F> {
    clients: Clients,
    settings: &'a Settings,
    deadline: Deadline,
    progress: F,
}

impl<F: Fn(usize, &Result<Page, Failure>)> Run<'_, F> {
    async fn all(&self, requests: &[Request]) -> Vec<Result<Page, Failure>> {
        let mut answers = Vec::with_capacity(requests.len());
        let mut hosts: BTreeMap<String, Vec<Job<'_>>> = BTreeMap::new();
        for (index, request) in requests.iter().enumerate() {
            match policy::parse(&request.url, request.local) {
                Ok(url) => hosts.entry(url.authority().to_owned()).or_default().push(Job { index, request, url }),
                Err(miss) => answers.push((index, self.answer(index, request, Err(miss)))),
            }
        }
        let mut hosts: Vec<_> = hosts.into_iter().collect();
        // The host with the most pages takes longest: it must not be the last to start.
        hosts.sort_by_key(|(_, jobs)| Reverse(jobs.len()));
        let visits = stream::iter(hosts).map(|(host, jobs)| self.visit(host, jobs)).buffer_unordered(MAX_HOSTS);
        answers.extend(visits.collect::<Vec<_>>().await.into_iter().flatten());
        answers.sort_by_key(|(index, _)| *index);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    async fn visit(&self, host: String, jobs: Vec<Job<'_>>) -> Vec<(usize, Result<Page, Failure>)> {
        let mut pace = Pace { interval: self.settings.interval, last: None };
        let mut answers = Vec::with_capacity(jobs.len());
        let mut down = None;
        for job in jobs {
            let result = match down {
                Some(kind) => Err(Miss::new(kind, format!("not tried again: {host} could not be reached"))),
                None => self.in_time(self.page(&job, &mut pace)).await,
            };
            if let Err(miss) = &result
                && miss.host_down
            {
                down = Some(miss.kind);
            }
            answers.push((job.index, self.answer(job.index, job.request, result)));
        }
        answers
    }

    /// The page, after as many tries as it is worth.
    async fn page(&self, job: &Job<'_>, pace: &mut Pace) -> Result<Page, Miss> {
        let client = self.clients.get(job.request.local)?;
        let mut tried = 0;
        loop {
            pace.turn().await;
            let miss = match attempt(client, job, self.settings).await {
                Ok(received) => return Ok(received),
                Err(miss) => miss,
            };
            tried += 1;
            match wait(miss.retry, tried, self.settings) {
                Some(wait) => sleep(wait).await,
                None if tried == 1 => return Err(miss),
                None => return Err(Miss { detail: format!("{}, after {tried} tries", miss.detail), ..miss }),
            }
        }
    }

    async fn in_time(&self, page: impl Future<Output = Result<Page, Miss>>) -> Result<Page, Miss> {
        tokio::select! {
            biased;
            () = self.deadline.expired() => {
                let detail = format!("no server answered anything for {:?}, so the run was ended", self.deadline.limit);
                Err(Miss::new(FailureKind::Unreachable(Cause::Timeout), detail))
            }
            result = page => {
                if result.as_ref().err().is_none_or(|miss| miss.kind.is_answer()) {
                    self.deadline.postpone();
                }
                result
            }
        }
    }

    fn answer(&self, index: usize, request: &Request, result: Result<Page, Miss>) -> Result<Page, Failure> {
        let answer = result.map_err(|miss| Failure::new(&request.url, miss.kind, &miss.detail));
        (self.progress)(index, &answer);
        answer
    }
}

/// Keeps two requests to one host apart.
struct Pace {
    interval: Duration,
    last: Option<Instant>,
}

impl Pace {
    async fn turn(&mut self) {
        if let Some(last) = self.last {
            sleep(self.interval.saturating_sub(last.elapsed())).await;
        }
        self.last = Some(Instant::now());
    }
}

/// Ends a run that gets no answers, however many requests are left.
struct Deadline {
    limit: Duration,
    last_answer: Cell<Instant>,
}

impl Deadline {
    fn new(limit: Duration) -> Self {
        Self { limit, last_answer: Cell::new(Instant::now()) }
    }

    fn postpone(&self) {
        self.last_answer.set(Instant::now());
    }

    async fn expired(&self) {
        loop {
            let left = self.limit.saturating_sub(self.last_answer.get().elapsed());
            if left.is_zero() {
                return;
            }
            sleep(left).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::{Cause, Clients, Deadline, FailureKind, Miss, Pace, Run, Settings};

    const SECOND: Duration = Duration::from_secs(1);

    // The clock of these tests is tokio's own: it stands still until all wait.
    #[tokio::test(start_paused = true)]
    async fn turns_are_an_interval_apart_and_the_first_is_at_once() {
        let start = Instant::now();
        let mut pace = Pace { interval: SECOND * 2, last: None };
        pace.turn().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        sleep(SECOND).await;
        pace.turn().await;
        assert_eq!(start.elapsed(), SECOND * 2);
        sleep(SECOND * 5).await;
        pace.turn().await;
        assert_eq!(start.elapsed(), SECOND * 7);
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_goes_on_while_there_are_answers_of_any_kind() {
        let settings = Settings { run_deadline: SECOND * 10, ..Settings::default() };
        let deadline = Deadline::new(settings.run_deadline);
        let run = Run { clients: Clients::new(&settings), settings: &settings, deadline, progress: |_, _: &_| () };
        let silent = FailureKind::Unreachable(Cause::Timeout);
        let mut seen = Vec::new();
        for kind in [FailureKind::Gone, FailureKind::Gone, silent, silent, FailureKind::Gone] {
            let page = async {
                sleep(SECOND * 9).await;
                Err(Miss::new(kind, "answered"))
            };
            let miss = run.in_time(page).await.unwrap_err();
            seen.push((miss.kind, miss.detail == "answered"));
        }
        let gone = FailureKind::Gone;
        assert_eq!(seen, [(gone, true), (gone, true), (silent, true), (silent, false), (silent, false)]);
    }
}
