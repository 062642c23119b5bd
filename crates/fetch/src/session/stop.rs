//! What stops a run before its last request is done.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::settings::Settings;

/// How long requests in progress may go on after the user interrupts the run: long enough for a page that is being
/// received, short enough that Ctrl-C feels immediate.
const INTERRUPT_GRACE: Duration = Duration::from_millis(700);

/// Stops a run that gets no responses, that takes too long, or that the user interrupts.
pub(crate) struct StopCondition {
    max_silence: Duration,
    last_response: Cell<Instant>,
    run_limit: Duration,
    start: Instant,
    interrupted: watch::Sender<bool>,
}

impl StopCondition {
    pub(crate) fn new(settings: &Settings) -> Self {
        let now = Instant::now();
        let host_intervals = settings.hosts.values().filter_map(|host| host.interval);
        let longest_interval = host_intervals.fold(settings.interval, Duration::max);
        Self {
            // No server can respond while we wait between two requests.
            max_silence: settings.run_deadline.max(longest_interval.saturating_mul(2)),
            last_response: Cell::new(now),
            run_limit: settings.run_limit,
            start: now,
            interrupted: watch::Sender::new(false),
        }
    }

    /// Records that a server responded.
    pub(crate) fn record_response(&self) {
        self.last_response.set(Instant::now());
    }

    pub(crate) fn interrupt(&self) {
        self.interrupted.send_replace(true);
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        *self.interrupted.borrow()
    }

    /// Waits until the run is interrupted, and returns the error of the requests that have not started.
    pub(crate) async fn wait_for_interrupt(&self) -> AttemptError {
        self.interruption().await;
        AttemptError::new(FailureKind::Interrupted, "the run was interrupted before this page was requested")
    }

    /// Waits until the run is over, and returns the error of all requests that are not done.
    pub(crate) async fn wait_for_end(&self) -> AttemptError {
        tokio::select! {
            biased;
            () = async { self.interruption().await; sleep(INTERRUPT_GRACE).await; } => {
                AttemptError::new(FailureKind::Interrupted, "the run was interrupted before this page was received")
            }
            () = sleep_while_left(|| self.run_limit.saturating_sub(self.start.elapsed())) => {
                let detail = format!("the run was ended after {:?}, its limit", self.run_limit);
                AttemptError::new(FailureKind::OverBudget, detail)
            }
            () = self.silence() => {
                let detail = format!("the run was ended because no server responded for {:?}", self.max_silence);
                AttemptError::new(FailureKind::Unreachable(Cause::Timeout), detail)
            }
        }
    }

    async fn interruption(&self) {
        // The sender lives as long as `self`, so the wait cannot fail.
        let _ = self.interrupted.subscribe().wait_for(|interrupted| *interrupted).await;
    }

    async fn silence(&self) {
        sleep_while_left(|| self.max_silence.saturating_sub(self.last_response.get().elapsed())).await;
    }
}

/// Sleeps until `time_left` returns zero. It checks before the first sleep, because a timer is ready only at the next
/// tick of the clock, and until then a request could start that must not.
async fn sleep_while_left(time_left: impl Fn() -> Duration) {
    loop {
        let left = time_left();
        if left.is_zero() {
            return;
        }
        sleep(left).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep, timeout};

    use super::{INTERRUPT_GRACE, StopCondition};
    use crate::failure::{Cause, FailureKind};
    use crate::settings::{HostSettings, Settings};

    const SECOND: Duration = Duration::from_secs(1);

    fn settings() -> Settings {
        Settings { run_deadline: SECOND * 10, run_limit: SECOND * 100, ..Settings::default() }
    }

    // These tests run on tokio's paused clock, which advances only while all tasks wait.
    #[tokio::test(start_paused = true)]
    async fn silence_ends_a_run_and_responses_delay_that() {
        let stop = StopCondition::new(&settings());
        for _ in 0..5 {
            assert!(timeout(SECOND * 9, stop.wait_for_end()).await.is_err());
            stop.record_response();
        }
        let start = Instant::now();
        let error = stop.wait_for_end().await;
        assert_eq!(error.kind, FailureKind::Unreachable(Cause::Timeout), "{error}");
        assert_eq!(start.elapsed(), SECOND * 10);
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_between_two_requests_is_not_silence() {
        let slow = HostSettings { interval: Some(SECOND * 20), ..HostSettings::default() };
        let settings = Settings { hosts: [("docs.vendor.example".to_owned(), slow)].into(), ..settings() };
        let stop = StopCondition::new(&settings);
        assert!(timeout(SECOND * 39, stop.wait_for_end()).await.is_err());
        assert!(timeout(SECOND * 2, stop.wait_for_end()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_is_limited_even_if_servers_respond() {
        let stop = StopCondition::new(&settings());
        let responses = async {
            loop {
                stop.record_response();
                sleep(SECOND).await;
            }
        };
        let start = Instant::now();
        let error = tokio::select! { () = responses => unreachable!(), error = stop.wait_for_end() => error };
        assert_eq!((error.kind, start.elapsed()), (FailureKind::OverBudget, SECOND * 100), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_interrupted_run_starts_nothing_and_lets_requests_in_progress_finish() {
        let stop = StopCondition::new(&settings());
        assert!(timeout(SECOND, stop.wait_for_interrupt()).await.is_err());
        stop.interrupt();
        let start = Instant::now();
        assert_eq!(stop.wait_for_interrupt().await.kind, FailureKind::Interrupted);
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(stop.wait_for_end().await.kind, FailureKind::Interrupted);
        assert_eq!(start.elapsed(), INTERRUPT_GRACE);
        assert!(stop.is_interrupted());
    }
}
