//! The rhythm of one host: when its next request may start.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use crate::random::random_byte;

/// The longest pause, a day. Settings and servers can ask for more than the clock can add.
const MAX_PAUSE: Duration = Duration::from_hours(24);

/// Keeps the requests to one host apart.
pub(crate) struct Pacer {
    interval: Cell<Duration>,
    /// The longest pause after a slow response, and the longest interval that the host can ask for.
    max_wait: Duration,
    next_start: Cell<Option<Instant>>,
    queue: Mutex<()>,
}

impl Pacer {
    pub(super) fn new(interval: Duration, max_wait: Duration) -> Self {
        Self { interval: Cell::new(interval), max_wait, next_start: Cell::new(None), queue: Mutex::new(()) }
    }

    /// Waits until the next request may start, first come, first served. Returns the time spent at the head of the
    /// queue, so that the sum over all requests counts no moment twice.
    pub(super) async fn wait_turn(&self) -> Duration {
        let _head_of_queue = self.queue.lock().await;
        let start = Instant::now();
        // A response to another request may delay the start during the wait.
        while let Some(next) = self.next_start.get().filter(|next| *next > Instant::now()) {
            sleep_until(next).await;
        }
        self.pause(add_jitter(self.interval.get(), random_byte()));
        start.elapsed()
    }

    /// Starts no request before `pause` is over.
    pub(super) fn pause(&self, pause: Duration) {
        let next = Instant::now() + pause.min(MAX_PAUSE);
        self.next_start.set(Some(self.next_start.get().map_or(next, |current| current.max(next))));
    }

    /// Adopts the interval that the host asks for where it is longer than ours.
    pub(crate) fn widen_interval(&self, interval: Duration) {
        let interval = interval.min(self.max_wait).max(self.interval.get());
        self.interval.set(interval);
        self.pause(interval);
    }

    /// Pauses as long as the host took to respond, where that was longer than the interval.
    pub(super) fn record_response_time(&self, took: Duration) {
        let interval = self.interval.get();
        if !interval.is_zero() && took > interval {
            self.pause(took.min(self.max_wait));
        }
    }
}

/// Adds a hundredth to a tenth of the interval. The least addition is there because the first request of a connection
/// reaches the server later than those after it, and the interval has to hold at the server.
fn add_jitter(interval: Duration, random: u8) -> Duration {
    interval.saturating_add(interval / 100).saturating_add(interval / 100 * 9 / 255 * u32::from(random))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use tokio::time::{Instant, sleep};

    use super::{Pacer, add_jitter};

    const SECOND: Duration = Duration::from_secs(1);

    fn pacer(interval: Duration) -> Pacer {
        Pacer::new(interval, SECOND * 30)
    }

    /// Whether `took` is `seconds` and at most a tenth more.
    fn is_about(took: Duration, seconds: u32) -> bool {
        (SECOND * seconds..=SECOND * seconds * 11 / 10).contains(&took)
    }

    #[test]
    fn jitter_adds_at_most_a_tenth_and_nothing_to_zero() {
        for interval in [1, 50, 1000, 86_400_000].map(Duration::from_millis) {
            assert!(add_jitter(interval, 0) > interval);
            assert!(add_jitter(interval, 128) > add_jitter(interval, 127));
            assert!(add_jitter(interval, 255) <= interval * 11 / 10);
        }
        assert_eq!(add_jitter(Duration::ZERO, 255), Duration::ZERO);
        assert_eq!(add_jitter(Duration::MAX, 255), Duration::MAX);
    }

    // These tests run on tokio's paused clock, which advances only while all tasks wait.
    #[tokio::test(start_paused = true)]
    async fn requests_start_an_interval_apart_and_the_first_at_once() {
        let pacer = pacer(SECOND * 2);
        assert_eq!(pacer.wait_turn().await, Duration::ZERO);
        sleep(SECOND).await;
        let waited = pacer.wait_turn().await;
        assert!(is_about(waited + SECOND, 2), "{waited:?}");
        sleep(SECOND * 5).await;
        assert_eq!(pacer.wait_turn().await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_requests_start_one_by_one() {
        let pacer = pacer(SECOND);
        let start = Instant::now();
        let starts = join_all((0..20).map(|_| async {
            let waited = pacer.wait_turn().await;
            (start.elapsed(), waited)
        }))
        .await;
        for pair in starts.windows(2) {
            assert!(is_about(pair[1].0.saturating_sub(pair[0].0), 1), "{starts:?}");
        }
        let waited: Duration = starts.iter().map(|(_, waited)| *waited).sum();
        assert_eq!(waited, starts[19].0, "no wait is counted twice");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_response_is_followed_by_a_pause_of_the_same_length() {
        for (interval, took, pause) in [(1, 0, 0), (1, 1, 0), (1, 4, 4), (1, 29, 29), (1, 45, 30), (0, 45, 0)] {
            let pacer = pacer(SECOND * interval);
            pacer.wait_turn().await;
            sleep(SECOND * took).await;
            pacer.record_response_time(SECOND * took);
            sleep(SECOND * 2 * u32::from(pause == 0)).await;
            assert_eq!(pacer.wait_turn().await, SECOND * pause, "{interval} {took}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_delays_requests_that_wait_already() {
        let pacer = pacer(SECOND);
        pacer.wait_turn().await;
        let start = Instant::now();
        let pause = async {
            sleep(SECOND / 2).await;
            pacer.pause(SECOND * 7);
            pacer.pause(SECOND * 3);
        };
        tokio::join!(pacer.wait_turn(), pause);
        assert_eq!(start.elapsed(), SECOND * 15 / 2, "the longest pause counts");
    }

    #[tokio::test(start_paused = true)]
    async fn a_requested_interval_only_widens_ours() {
        for (ours, theirs, interval) in [(1, 5, 5), (0, 5, 5), (5, 1, 5), (1, 99, 30)] {
            let pacer = pacer(SECOND * ours);
            pacer.wait_turn().await;
            pacer.widen_interval(SECOND * theirs);
            pacer.wait_turn().await;
            let waited = pacer.wait_turn().await;
            assert!(is_about(waited, interval), "{ours} {theirs}: {waited:?}");
        }
    }
}
