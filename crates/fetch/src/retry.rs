//! Whether and when to ask again.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use tokio::time::sleep;
use tracing::warn;

use crate::attempt_error::{AttemptError, Retry};
use crate::host::Host;
use crate::run::Run;
use crate::settings::Settings;

/// What asking brings, after as many tries as it is worth.
pub(crate) async fn tries<T>(
    run: &Run<'_>,
    host: &Host,
    once: impl AsyncFn() -> Result<T, AttemptError>,
) -> Result<T, AttemptError> {
    let mut tried = 0;
    loop {
        let result = once().await;
        if result.as_ref().err().is_none_or(|miss| miss.kind.is_answer()) {
            run.stop.postpone();
        }
        let miss = match result {
            Ok(received) => return Ok(received),
            Err(miss) => miss,
        };
        tried += 1;
        // A host that wants nothing more asked does not change what became of this request.
        let wait = wait(miss.retry, tried, run.settings).filter(|_| host.open().is_ok());
        match wait {
            Some(wait) => {
                warn!(host = host.name, kind = miss.kind.as_str(), tried, ?wait, "a request is tried again");
                rest(run, host, wait).await?;
            }
            None if tried == 1 => return Err(miss),
            None => return Err(AttemptError { detail: format!("{}, after {tried} tries", miss.detail), ..miss }),
        }
    }
}

async fn rest(run: &Run<'_>, host: &Host, wait: Duration) -> Result<(), AttemptError> {
    host.count(|tally| {
        tally.retries += 1;
        tally.waited += wait;
    });
    tokio::select! {
        biased;
        miss = run.stop.no_more() => Err(miss),
        () = sleep(wait) => Ok(()),
    }
}

/// The wait before another try, where `tried` tries have failed so far; `None` where there is to be none.
pub(crate) fn wait(retry: Retry, tried: u32, settings: &Settings) -> Option<Duration> {
    if tried > settings.retries {
        return None;
    }
    let backoff = backoff(settings, tried.saturating_sub(1), chance());
    match retry {
        Retry::Never => None,
        Retry::Backoff => Some(backoff),
        Retry::After(asked) if asked > settings.max_wait => None,
        Retry::After(asked) => Some(asked.max(backoff)),
    }
}

/// The `nth` wait (from zero): doubled each time, capped, and by `chance` between half and the whole of that.
fn backoff(settings: &Settings, nth: u32, chance: u8) -> Duration {
    let whole = settings.backoff.saturating_mul(2_u32.saturating_pow(nth)).min(settings.max_wait);
    let half = whole / 2;
    half + half / 255 * u32::from(chance)
}

/// A random number: the standard library's hashers are seeded with one.
pub(crate) fn chance() -> u8 {
    let [byte, ..] = RandomState::new().hash_one(0_u8).to_le_bytes();
    byte
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{backoff, wait};
    use crate::attempt_error::Retry;
    use crate::settings::Settings;

    #[test]
    fn waits_double_up_to_the_cap() {
        let settings = Settings { max_wait: Duration::from_secs(5), ..Settings::default() };
        for (nth, least, most) in [(0, 500, 1000), (1, 1000, 2000), (2, 2000, 4000), (3, 2500, 5000), (99, 2500, 5000)]
        {
            assert_eq!(backoff(&settings, nth, 0), Duration::from_millis(least), "{nth}");
            let longest = backoff(&settings, nth, 255);
            assert!(longest <= Duration::from_millis(most), "{nth}: {longest:?}");
            assert!(longest > Duration::from_millis(most - 1), "{nth}: {longest:?}");
        }
    }

    #[test]
    fn retries_are_counted_and_the_server_is_heard() {
        let settings = Settings { max_wait: Duration::from_secs(5), ..Settings::default() };
        let seconds = Duration::from_secs;
        for (retry, tried, expected) in [
            (Retry::Never, 1, false),
            (Retry::Backoff, 1, true),
            (Retry::Backoff, 2, true),
            (Retry::Backoff, 3, false),
            (Retry::After(seconds(5)), 2, true),
            (Retry::After(seconds(5)), 3, false),
            (Retry::After(seconds(6)), 1, false),
        ] {
            assert_eq!(wait(retry, tried, &settings).is_some(), expected, "{retry:?} {tried}");
        }
        assert_eq!(wait(Retry::After(seconds(4)), 1, &settings), Some(seconds(4)));
        assert!(wait(Retry::After(seconds(0)), 1, &settings) >= Some(settings.backoff / 2));
    }
}
