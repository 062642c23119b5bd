//! Whether and when a failed attempt is repeated.

use std::time::Duration;

use tokio::time::sleep;
use tracing::warn;

use crate::attempt_error::{AttemptError, Retry};
use crate::random::random_byte;
use crate::session::Session;
use crate::session::host::Host;
use crate::settings::Settings;

/// Repeats `attempt` until it succeeds, another try cannot help or the retries are used up.
pub(crate) async fn with_retries<T>(
    session: &Session<'_>,
    host: &Host,
    attempt: impl AsyncFn() -> Result<T, AttemptError>,
) -> Result<T, AttemptError> {
    let mut tried = 0;
    loop {
        let result = attempt().await;
        if result.as_ref().err().is_none_or(|error| error.kind.has_response()) {
            session.stop.record_response();
        }
        let error = match result {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        tried += 1;
        // A host that was closed in the meantime must not replace the error of this request.
        let delay = retry_delay(error.retry, tried, session.settings).filter(|_| host.check_open().is_ok());
        match delay {
            Some(wait) => {
                warn!(host = host.name, kind = error.kind.as_str(), tried, ?wait, "retrying a request");
                sleep_before_retry(session, host, wait).await?;
            }
            None if tried == 1 => return Err(error),
            None => return Err(AttemptError { detail: format!("{}, after {tried} tries", error.detail), ..error }),
        }
    }
}

async fn sleep_before_retry(session: &Session<'_>, host: &Host, delay: Duration) -> Result<(), AttemptError> {
    host.update_summary(|summary| {
        summary.retry_count += 1;
        summary.wait_time += delay;
    });
    tokio::select! {
        biased;
        error = session.stop.wait_for_interrupt() => Err(error),
        () = sleep(delay) => Ok(()),
    }
}

/// Returns the delay before the next try after `tried` failed ones, or `None` where there is no next try.
fn retry_delay(retry: Retry, tried: u32, settings: &Settings) -> Option<Duration> {
    if tried > settings.retries {
        return None;
    }
    let backoff = backoff(settings, tried.saturating_sub(1), random_byte());
    match retry {
        Retry::Never => None,
        Retry::Backoff => Some(backoff),
        Retry::After(wait) if wait > settings.max_wait => None,
        Retry::After(wait) => Some(wait.max(backoff)),
    }
}

/// Returns the backoff number `index` (from zero): it doubles each time up to `max_wait`. `random` moves it between a
/// half and the whole of that.
fn backoff(settings: &Settings, index: u32, random: u8) -> Duration {
    let whole = settings.backoff.saturating_mul(2_u32.saturating_pow(index)).min(settings.max_wait);
    let half = whole / 2;
    half + half / 255 * u32::from(random)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{backoff, retry_delay};
    use crate::attempt_error::Retry;
    use crate::settings::Settings;

    #[test]
    fn backoffs_double_up_to_the_limit() {
        let settings = Settings { max_wait: Duration::from_secs(5), ..Settings::default() };
        for (index, least, most) in
            [(0, 500, 1000), (1, 1000, 2000), (2, 2000, 4000), (3, 2500, 5000), (99, 2500, 5000)]
        {
            assert_eq!(backoff(&settings, index, 0), Duration::from_millis(least), "{index}");
            let longest = backoff(&settings, index, 255);
            assert!(longest <= Duration::from_millis(most), "{index}: {longest:?}");
            assert!(longest > Duration::from_millis(most - 1), "{index}: {longest:?}");
        }
    }

    #[test]
    fn retries_are_limited_and_respect_the_wait_that_a_server_asks_for() {
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
            assert_eq!(retry_delay(retry, tried, &settings).is_some(), expected, "{retry:?} {tried}");
        }
        assert_eq!(retry_delay(Retry::After(seconds(4)), 1, &settings), Some(seconds(4)));
        assert!(retry_delay(Retry::After(seconds(0)), 1, &settings) >= Some(settings.backoff / 2));
    }
}
