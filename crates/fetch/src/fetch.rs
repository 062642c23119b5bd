use tokio::runtime;

use std::future::Future;
use std::pin::pin;

use crate::answer::{Answer, FetchReport};
use crate::ctrl_c::CtrlCGuard;
use crate::failure::{Cause, Failure, FailureKind};
use crate::request::Request;
use crate::scheduler::fetch_all;
use crate::session::Session;
use crate::session::stop::StopCondition;
use crate::settings::Settings;

/// Fetches every request and returns when the last one is done; answer `i` belongs to request `i`. Calls `progress`
/// with the index and the answer of each request when it is done, in no fixed order.
///
/// The requests to one host start in order, `interval` apart. Hosts are fetched from in parallel. When a host cannot be
/// connected to, its other requests fail with the same kind without an attempt.
///
/// While it runs, Ctrl-C ends the run instead of the process: requests in progress get a moment to finish, all others
/// fail as [`Interrupted`](FailureKind::Interrupted). A second Ctrl-C ends the process.
///
/// This function blocks. Do not call it from async code.
///
/// ```
/// use docdrift_fetch::{FailureKind, Request, Settings, fetch};
///
/// let request = Request::new("http://docs.example.com/errors");
/// let report = fetch(&[request], &Settings::default(), |_, _| ());
/// assert_eq!(report.answers[0].as_ref().unwrap_err().kind, FailureKind::Refused);
/// ```
pub fn fetch<F>(requests: &[Request], settings: &Settings, progress: F) -> FetchReport
where
    F: Fn(usize, &Result<Answer, Failure>) + Send + Sync,
{
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail_all(requests, &error.to_string(), progress),
    };
    let report = runtime.block_on(async {
        let session = Session::new(settings);
        let answers = run_until_ctrl_c(&session.stop, fetch_all(&session, requests, &progress)).await;
        FetchReport { answers, hosts: session.hosts.summaries(), interrupted: session.stop.is_interrupted() }
    });
    // Name lookups cannot be cancelled. Dropping the runtime would wait for those that hang.
    runtime.shutdown_background();
    report
}

/// Runs `work` to its end. Ctrl-C interrupts `stop`, after which `work` is expected to end soon.
async fn run_until_ctrl_c<T>(stop: &StopCondition, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let guard = CtrlCGuard::new();
    tokio::select! {
        biased;
        () = guard.wait_for_press() => stop.interrupt(),
        done = &mut work => return done,
    }
    work.await
}

/// Fails every request because there is no async runtime.
fn fail_all<F>(requests: &[Request], error: &str, progress: F) -> FetchReport
where
    F: Fn(usize, &Result<Answer, Failure>),
{
    let detail = format!("the network cannot be used ({error})");
    let fail = |request: &Request| Err(Failure::new(&request.url, FailureKind::Unreachable(Cause::Connect), &detail));
    let answers: Vec<_> = requests.iter().map(fail).collect();
    answers.iter().enumerate().for_each(|(index, answer)| progress(index, answer));
    FetchReport { answers, ..FetchReport::default() }
}
