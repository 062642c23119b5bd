//! How long a server asks to be left alone, in the headers that there are for that.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// A reset given in seconds since 1970 and not from now: no limit resets in thirty years.
const EPOCH_FROM: u64 = 1_000_000_000;

/// The pause that an answer asks for, if it asks for one: by `Retry-After` where it says that there is too much to do,
/// or by a limit of which nothing remains.
pub(crate) fn pause(status: u16, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let later = if matches!(status, 429 | 503) { retry_after(headers, now) } else { None };
    later.max(used_up(headers, now))
}

/// The wait that `Retry-After` asks for.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    asked_wait(text(headers, RETRY_AFTER.as_str())?, now)
}

/// Seconds or a date (RFC 9110, 10.2.3).
fn asked_wait(header: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = header.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = Timestamp::try_from(httpdate::parse_http_date(header.trim()).ok()?).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

/// The time until a limit that is used up starts anew, by whichever of its headers tells it.
fn used_up(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let pairs = [
        ("ratelimit-remaining", "ratelimit-reset"),
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
        ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ];
    let told = pairs.into_iter().filter_map(|(remaining, reset)| {
        let left = leading(text(headers, remaining)?)?;
        let reset = leading(text(headers, reset)?)?;
        (left == 0).then(|| from_now(reset, now))
    });
    told.chain(text(headers, "ratelimit").into_iter().flat_map(|value| combined(value, now))).max()
}

/// `RateLimit` has had two forms while it was drafted: `limit=9, remaining=0, reset=5` and, several at a time,
/// `"name";r=0;t=5`.
fn combined(value: &str, now: Timestamp) -> Vec<Duration> {
    let number = |part: &str, names: [&str; 2]| {
        part.split([',', ';'])
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| names.contains(&name.trim()))
            .and_then(|(_, number)| leading(number))
    };
    let policies: Vec<&str> = if value.contains(';') { value.split(',').collect() } else { vec![value] };
    policies
        .into_iter()
        .filter(|policy| number(policy, ["remaining", "r"]) == Some(0))
        .filter_map(|policy| number(policy, ["reset", "t"]))
        .map(|reset| from_now(reset, now))
        .collect()
}

fn from_now(reset: u64, now: Timestamp) -> Duration {
    let seconds = if reset >= EPOCH_FROM { reset.saturating_sub(now.as_second().unsigned_abs()) } else { reset };
    Duration::from_secs(seconds)
}

/// The number that a value starts with; some append their policy to it.
fn leading(value: &str) -> Option<u64> {
    let value = value.trim();
    let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{asked_wait, pause};

    fn now() -> Timestamp {
        "2026-01-02T03:04:05Z".parse().unwrap()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        for (header, expected) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Fri, 02 Jan 2026 03:04:42 GMT", Some(37)),
            ("Fri, 02 Jan 2026 03:03:42 GMT", Some(0)),
            // The two obsolete forms that a recipient must accept (RFC 9110, 5.6.7).
            ("Friday, 02-Jan-26 03:04:42 GMT", Some(37)),
            ("Fri Jan  2 03:04:42 2026", Some(37)),
            // Times of HTTP are in GMT: another zone is malformed.
            ("Fri, 02 Jan 2026 05:04:42 +0200", None),
            ("Fri, 32 Jan 2026 03:04:42 GMT", None),
            ("soon", None),
            ("-1", None),
            ("99999999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(asked_wait(header, now()), expected.map(Duration::from_secs), "{header}");
        }
    }

    #[test]
    fn what_asks_for_a_pause() {
        let epoch = (now().as_second() + 40).to_string();
        for (status, headers, expected) in [
            (200, vec![], None),
            (200, vec![("retry-after", "9")], None),
            (429, vec![("retry-after", "9")], Some(9)),
            (503, vec![("retry-after", "9")], Some(9)),
            (500, vec![("retry-after", "9")], None),
            (429, vec![("retry-after", "soon")], None),
            (200, vec![("ratelimit-remaining", "0"), ("ratelimit-reset", "7")], Some(7)),
            (200, vec![("ratelimit-remaining", "1"), ("ratelimit-reset", "7")], None),
            (200, vec![("ratelimit-remaining", "0")], None),
            (200, vec![("ratelimit-remaining", "0, 0;w=1"), ("ratelimit-reset", "7")], Some(7)),
            (200, vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &epoch)], Some(40)),
            (200, vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1000000000")], Some(0)),
            (200, vec![("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "3")], Some(3)),
            (200, vec![("ratelimit", "limit=9, remaining=0, reset=5")], Some(5)),
            (200, vec![("ratelimit", "limit=9, remaining=3, reset=5")], None),
            (200, vec![("ratelimit", "\"minute\";r=0;t=5")], Some(5)),
            (200, vec![("ratelimit", "\"minute\";r=2;t=5, \"day\";r=0;t=60")], Some(60)),
            (200, vec![("ratelimit", "\"minute\";r=0")], None),
            (200, vec![("ratelimit", "nonsense;;=,")], None),
            (429, vec![("retry-after", "2"), ("ratelimit", "\"a\";r=0;t=5")], Some(5)),
        ] {
            let pairs = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
            let found = pause(status, &pairs.collect::<HeaderMap>(), now());
            assert_eq!(found, expected.map(Duration::from_secs), "{status} {headers:?}");
        }
    }
}
