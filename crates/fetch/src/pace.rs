//! The turns of one host: when its next request may start.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use crate::retry::chance;

/// No pause is longer: the clock cannot count to all that settings and servers can ask for.
const LONGEST: Duration = Duration::from_hours(24);

/// Keeps the requests to one host apart.
pub(crate) struct Pace {
    interval: Cell<Duration>,
    /// The longest pause that a slow answer brings.
    max_wait: Duration,
    next: Cell<Option<Instant>>,
    turnstile: Mutex<()>,
}

impl Pace {
    pub(crate) fn new(interval: Duration, max_wait: Duration) -> Self {
        Self { interval: Cell::new(interval), max_wait, next: Cell::new(None), turnstile: Mutex::new(()) }
    }

    /// Waits for the next turn, first come, first served, and says how long nobody else had one for that.
    pub(crate) async fn turn(&self) -> Duration {
        let _first = self.turnstile.lock().await;
        let start = Instant::now();
        // Whoever is answered meanwhile may put the turn off.
        while let Some(next) = self.next.get().filter(|next| *next > Instant::now()) {
            sleep_until(next).await;
        }
        self.hold(lengthened(self.interval.get(), chance()));
        start.elapsed()
    }

    /// Lets no request start before `pause` is over.
    pub(crate) fn hold(&self, pause: Duration) {
        let next = Instant::now() + pause.min(LONGEST);
        self.next.set(Some(self.next.get().map_or(next, |set| set.max(next))));
    }

    /// Takes a longer interval that the host asks for.
    pub(crate) fn widen(&self, interval: Duration) {
        let interval = interval.min(self.max_wait).max(self.interval.get());
        self.interval.set(interval);
        self.hold(interval);
    }

    /// Leaves a host that took longer to answer than the interval alone for as long again.
    pub(crate) fn answered(&self, took: Duration) {
        let interval = self.interval.get();
        if !interval.is_zero() && took > interval {
            self.hold(took.min(self.max_wait));
        }
    }
}

/// The interval and up to a tenth of it. At least a hundredth is added, because the first request of a connection
/// reaches the server later than those after it, and it is the server that the interval is kept for.
fn lengthened(interval: Duration, chance: u8) -> Duration {
    interval.saturating_add(interval / 100).saturating_add(interval / 100 * 9 / 255 * u32::from(chance))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use tokio::time::{Instant, sleep};

    use super::{Pace, lengthened};

    const SECOND: Duration = Duration::from_secs(1);

    fn pace(interval: Duration) -> Pace {
        Pace::new(interval, SECOND * 30)
    }

    /// Whether `took` is that many seconds and at most a tenth more.
    fn about(took: Duration, seconds: u32) -> bool {
        (SECOND * seconds..=SECOND * seconds * 11 / 10).contains(&took)
    }

    #[test]
    fn chance_adds_a_tenth_at_most_and_nothing_to_nothing() {
        for interval in [1, 50, 1000, 86_400_000].map(Duration::from_millis) {
            assert!(lengthened(interval, 0) > interval);
            assert!(lengthened(interval, 128) > lengthened(interval, 127));
            assert!(lengthened(interval, 255) <= interval * 11 / 10);
        }
        assert_eq!(lengthened(Duration::ZERO, 255), Duration::ZERO);
        assert_eq!(lengthened(Duration::MAX, 255), Duration::MAX);
    }

    // The clock of these tests is tokio's own: it stands still until all wait.
    #[tokio::test(start_paused = true)]
    async fn turns_are_an_interval_apart_and_the_first_is_at_once() {
        let pace = pace(SECOND * 2);
        assert_eq!(pace.turn().await, Duration::ZERO);
        sleep(SECOND).await;
        let waited = pace.turn().await;
        assert!(about(waited + SECOND, 2), "{waited:?}");
        sleep(SECOND * 5).await;
        assert_eq!(pace.turn().await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_wait_together_go_one_by_one() {
        let pace = pace(SECOND);
        let start = Instant::now();
        let starts = join_all((0..20).map(|_| async {
            let waited = pace.turn().await;
            (start.elapsed(), waited)
        }))
        .await;
        for pair in starts.windows(2) {
            assert!(about(pair[1].0.saturating_sub(pair[0].0), 1), "{starts:?}");
        }
        let waited: Duration = starts.iter().map(|(_, waited)| *waited).sum();
        assert_eq!(waited, starts[19].0, "no wait is counted twice");
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_left_alone_as_long_as_it_took() {
        for (interval, took, pause) in [(1, 0, 0), (1, 1, 0), (1, 4, 4), (1, 29, 29), (1, 45, 30), (0, 45, 0)] {
            let pace = pace(SECOND * interval);
            pace.turn().await;
            sleep(SECOND * took).await;
            pace.answered(SECOND * took);
            sleep(SECOND * 2 * u32::from(pause == 0)).await;
            assert_eq!(pace.turn().await, SECOND * pause, "{interval} {took}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_counts_for_those_that_wait_already() {
        let pace = pace(SECOND);
        pace.turn().await;
        let start = Instant::now();
        let hold = async {
            sleep(SECOND / 2).await;
            pace.hold(SECOND * 7);
            pace.hold(SECOND * 3);
        };
        tokio::join!(pace.turn(), hold);
        assert_eq!(start.elapsed(), SECOND * 15 / 2, "the longest pause holds");
    }

    #[tokio::test(start_paused = true)]
    async fn an_interval_asked_for_only_widens_ours() {
        for (ours, theirs, interval) in [(1, 5, 5), (0, 5, 5), (5, 1, 5), (1, 99, 30)] {
            let pace = pace(SECOND * ours);
            pace.turn().await;
            pace.widen(SECOND * theirs);
            pace.turn().await;
            let waited = pace.turn().await;
            assert!(about(waited, interval), "{ours} {theirs}: {waited:?}");
        }
    }
}
