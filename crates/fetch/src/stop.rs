//! What ends a run before its last request is answered.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::settings::Settings;

/// How long requests that are under way when the user ends the run may take to end.
const GRACE: Duration = Duration::from_millis(700);

/// Ends a run that gets no answers, however many requests are left, one that takes too long, and one that the user
/// does not want to wait for.
pub(crate) struct Stop {
    silence: Duration,
    last_answer: Cell<Instant>,
    limit: Duration,
    start: Instant,
    interrupted: watch::Sender<bool>,
}

impl Stop {
    pub(crate) fn new(settings: &Settings) -> Self {
        let now = Instant::now();
        let own = settings.hosts.values().filter_map(|host| host.interval);
        let interval = own.fold(settings.interval, Duration::max);
        Self {
            // Nobody can answer while we wait between two requests.
            silence: settings.run_deadline.max(interval.saturating_mul(2)),
            last_answer: Cell::new(now),
            limit: settings.run_limit,
            start: now,
            interrupted: watch::Sender::new(false),
        }
    }

    /// Notes that a server answered.
    pub(crate) fn postpone(&self) {
        self.last_answer.set(Instant::now());
    }

    pub(crate) fn interrupt(&self) {
        self.interrupted.send_replace(true);
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        *self.interrupted.borrow()
    }

    /// What becomes of requests that have not started once no more may.
    pub(crate) async fn no_more(&self) -> AttemptError {
        self.interruption().await;
        AttemptError::new(FailureKind::Interrupted, "the run was ended before this page was fetched")
    }

    /// What becomes of requests, started or not, once the run is over.
    pub(crate) async fn over(&self) -> AttemptError {
        tokio::select! {
            biased;
            () = async { self.interruption().await; sleep(GRACE).await; } => {
                AttemptError::new(FailureKind::Interrupted, "the run was ended before this page was there")
            }
            () = until(|| self.limit.saturating_sub(self.start.elapsed())) => {
                let detail = format!("the run took longer than {:?}, so it was ended", self.limit);
                AttemptError::new(FailureKind::OverBudget, detail)
            }
            () = self.silent() => {
                let detail = format!("no server answered anything for {:?}, so the run was ended", self.silence);
                AttemptError::new(FailureKind::Unreachable(Cause::Timeout), detail)
            }
        }
    }

    async fn interruption(&self) {
        // The sender lives as long as we do, so this ends only by the word awaited.
        let _ = self.interrupted.subscribe().wait_for(|interrupted| *interrupted).await;
    }

    async fn silent(&self) {
        until(|| self.silence.saturating_sub(self.last_answer.get().elapsed())).await;
    }
}

/// Waits until nothing is `left`. A timer alone would be ready only with the clock's next tick, when a request may have
/// started that must not.
async fn until(left: impl Fn() -> Duration) {
    loop {
        let left = left();
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

    use super::{GRACE, Stop};
    use crate::failure::{Cause, FailureKind};
    use crate::settings::{HostSettings, Settings};

    const SECOND: Duration = Duration::from_secs(1);

    fn settings() -> Settings {
        Settings { run_deadline: SECOND * 10, run_limit: SECOND * 100, ..Settings::default() }
    }

    // The clock of these tests is tokio's own: it stands still until all wait.
    #[tokio::test(start_paused = true)]
    async fn silence_ends_a_run_and_answers_put_that_off() {
        let stop = Stop::new(&settings());
        for _ in 0..5 {
            assert!(timeout(SECOND * 9, stop.over()).await.is_err());
            stop.postpone();
        }
        let start = Instant::now();
        let miss = stop.over().await;
        assert_eq!(miss.kind, FailureKind::Unreachable(Cause::Timeout), "{miss}");
        assert_eq!(start.elapsed(), SECOND * 10);
    }

    #[tokio::test(start_paused = true)]
    async fn our_own_waiting_is_no_silence() {
        let slow = HostSettings { interval: Some(SECOND * 20), ..HostSettings::default() };
        let settings = Settings { hosts: [("docs.vendor.example".to_owned(), slow)].into(), ..settings() };
        let stop = Stop::new(&settings);
        assert!(timeout(SECOND * 39, stop.over()).await.is_err());
        assert!(timeout(SECOND * 2, stop.over()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_is_limited_even_if_it_gets_answers() {
        let stop = Stop::new(&settings());
        let answers = async {
            loop {
                stop.postpone();
                sleep(SECOND).await;
            }
        };
        let start = Instant::now();
        let miss = tokio::select! { () = answers => unreachable!(), miss = stop.over() => miss };
        assert_eq!((miss.kind, start.elapsed()), (FailureKind::OverBudget, SECOND * 100), "{miss}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_interrupted_run_starts_nothing_and_gives_a_moment_to_what_runs() {
        let stop = Stop::new(&settings());
        assert!(timeout(SECOND, stop.no_more()).await.is_err());
        stop.interrupt();
        let start = Instant::now();
        assert_eq!(stop.no_more().await.kind, FailureKind::Interrupted);
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(stop.over().await.kind, FailureKind::Interrupted);
        assert_eq!(start.elapsed(), GRACE);
        assert!(stop.is_interrupted());
    }
}
