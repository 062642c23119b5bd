//! The pause that a server asks for in the headers of a response.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// From this number on a reset is in seconds since 1970 and not from now: no limit lasts thirty years.
const MIN_EPOCH_SECONDS: u64 = 1_000_000_000;

/// Returns the pause that a response asks for, with `Retry-After` (for a status that means overload) or with a
/// limit of which nothing remains. Where both do, returns the longer one.
pub(crate) fn requested_pause(status: u16, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let overload = if matches!(status, 429 | 503) { retry_after(headers, now) } else { None };
    overload.max(exhausted_limit_reset(headers, now))
}

/// Returns the wait in `Retry-After`.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    parse_retry_after(header_text(headers, RETRY_AFTER.as_str())?, now)
}

/// Parses seconds or a date (RFC 9110, 10.2.3).
fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = Timestamp::try_from(httpdate::parse_http_date(value.trim()).ok()?).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

/// Returns the time until all exhausted limits are reset.
fn exhausted_limit_reset(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let pairs = [
        ("ratelimit-remaining", "ratelimit-reset"),
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
        ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ];
    let resets = pairs.into_iter().filter_map(|(remaining, reset)| {
        let remaining = leading_number(header_text(headers, remaining)?)?;
        let reset = leading_number(header_text(headers, reset)?)?;
        (remaining == 0).then(|| time_until_reset(reset, now))
    });
    let combined = header_text(headers, "ratelimit");
    resets.chain(combined.into_iter().flat_map(|value| parse_combined_header(value, now))).max()
}

/// Parses the `RateLimit` header and returns the resets of its exhausted limits. Its drafts had two forms:
/// `limit=9, remaining=0, reset=5`, and a list of `"name";r=0;t=5`.
fn parse_combined_header(value: &str, now: Timestamp) -> Vec<Duration> {
    let number = |limit: &str, names: [&str; 2]| {
        limit
            .split([',', ';'])
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| names.contains(&name.trim()))
            .and_then(|(_, number)| leading_number(number))
    };
    let limits: Vec<&str> = if value.contains(';') { value.split(',').collect() } else { vec![value] };
    limits
        .into_iter()
        .filter(|limit| number(limit, ["remaining", "r"]) == Some(0))
        .filter_map(|limit| number(limit, ["reset", "t"]))
        .map(|reset| time_until_reset(reset, now))
        .collect()
}

fn time_until_reset(reset: u64, now: Timestamp) -> Duration {
    let is_epoch = reset >= MIN_EPOCH_SECONDS;
    let seconds = if is_epoch { reset.saturating_sub(now.as_second().unsigned_abs()) } else { reset };
    Duration::from_secs(seconds)
}

/// Parses the number at the start of a value. Some servers append their policy to it.
fn leading_number(value: &str) -> Option<u64> {
    let value = value.trim();
    let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{parse_retry_after, requested_pause};

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
            assert_eq!(parse_retry_after(header, now()), expected.map(Duration::from_secs), "{header}");
        }
    }

    #[test]
    fn responses_that_ask_for_a_pause() {
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
            let found = requested_pause(status, &pairs.collect::<HeaderMap>(), now());
            assert_eq!(found, expected.map(Duration::from_secs), "{status} {headers:?}");
        }
    }
}
