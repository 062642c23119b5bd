//! Requests and settings of the fetcher, made from sources.toml and the archive.

use std::{collections::BTreeMap, time::Duration};

use anyhow::anyhow;
use docdrift_archive::{Archive, Visit};
use docdrift_fetch::{HostSettings, Request, Settings};
use docdrift_model::{
    Lang, Source,
    config::{FetchSettings, HostFetch},
};

use crate::pipeline::Error;

/// Builds the request for a page of a source, with the validators of the archived page. `is_failing` is whether the last
/// refresh of the source failed.
pub(super) fn build_request(archive: &Archive, source: &Source, lang: Lang, url: &str, is_failing: bool) -> Request {
    // A bad page may have had the ETag of the good one, and the server would call it unchanged forever. A page made by a
    // browser has no validators. A page that is lost or had another address is fetched in full.
    let may_be_unchanged = !is_failing && !source.fetching.rendered;
    let visit = if may_be_unchanged { archive.last_visit(&source.id, lang).ok().flatten() } else { None };
    let is_usable =
        |visit: &Visit| visit.url == url && visit.status.is_some() && archive.contains_body(visit).unwrap_or(false);
    let (etag, last_modified) = visit.filter(is_usable).map(|visit| (visit.etag, visit.last_modified)).unzip();
    Request {
        local: source.local,
        etag: etag.flatten(),
        last_modified: last_modified.flatten(),
        obey_robots: source.fetching.ignore_robots.is_none(),
        rendered: source.fetching.rendered,
        redirect_hosts: source.fetching.redirect_hosts.clone(),
        ..Request::new(url)
    }
}

/// Builds the fetcher's settings. Returns an error where a header of a host needs an environment variable that is not set.
pub(super) fn fetch_settings(fetch: &FetchSettings) -> Result<Settings, Error> {
    let defaults = Settings::default();
    let user_agent = match &fetch.contact {
        Some(contact) => format!("docdrift/{} (+{contact})", env!("CARGO_PKG_VERSION")),
        None => defaults.user_agent.clone(),
    };
    let hosts = fetch.hosts.iter().map(|(name, host)| Ok((name.clone(), host_settings(name, host)?)));
    let request_timeout = millis(fetch.request_timeout_ms).unwrap_or(defaults.request_timeout);
    Ok(Settings {
        user_agent,
        interval: millis(fetch.interval_ms).unwrap_or(defaults.interval),
        concurrency: count(fetch.concurrency).unwrap_or(defaults.concurrency),
        hosts: hosts.collect::<Result<BTreeMap<_, _>, Error>>()?,
        max_requests_per_host: count(fetch.max_requests_per_host).unwrap_or(defaults.max_requests_per_host),
        connect_timeout: millis(fetch.connect_timeout_ms).unwrap_or(defaults.connect_timeout),
        read_timeout: millis(fetch.read_timeout_ms).unwrap_or(defaults.read_timeout),
        request_timeout,
        // The run must not end before its slowest answer may arrive.
        run_deadline: defaults.run_deadline.max(request_timeout * 2),
        run_limit: millis(fetch.run_limit_ms).unwrap_or(defaults.run_limit),
        retries: fetch.retries.and_then(|retries| u32::try_from(retries).ok()).unwrap_or(defaults.retries),
        backoff: millis(fetch.backoff_ms).unwrap_or(defaults.backoff),
        max_body: count(fetch.max_body_mb).map_or(defaults.max_body, |mebibytes| mebibytes << 20),
        browser: fetch.browser.clone(),
        ..defaults
    })
}

fn millis(number: Option<u64>) -> Option<Duration> {
    number.map(Duration::from_millis)
}

fn count(number: Option<u64>) -> Option<usize> {
    number.and_then(|number| usize::try_from(number).ok())
}

fn host_settings(name: &str, host: &HostFetch) -> Result<HostSettings, Error> {
    let resolved = |(header, value): &(String, String)| {
        let value = with_environment(value, |variable| std::env::var(variable).ok());
        let value = value.map_err(|variable| {
            Error::usage(anyhow!(
                "sources.toml: the header `{header}` of [hosts.\"{name}\"] needs the environment variable `{variable}`, \
                 which is not set"
            ))
        })?;
        Ok((header.clone(), value))
    };
    Ok(HostSettings {
        interval: millis(host.interval_ms),
        concurrency: count(host.concurrency),
        headers: host.headers.iter().map(resolved).collect::<Result<_, Error>>()?,
        http1: host.http1,
    })
}

/// Replaces each `${NAME}` in `text` by the value that `variable` returns. `Err` is the name of a missing one.
fn with_environment(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&variable(name).ok_or_else(|| name.to_owned())?);
        rest = after;
    }
    Ok(out + rest)
}

#[cfg(test)]
mod tests {
    use super::with_environment;

    #[test]
    fn secrets_come_from_the_environment() {
        let variable = |name: &str| (name == "KEY").then(|| "s3cret".to_owned());
        for (text, expected) in [
            ("plain", Ok("plain")),
            ("${KEY}", Ok("s3cret")),
            ("Bearer ${KEY}!", Ok("Bearer s3cret!")),
            ("${KEY}${KEY}", Ok("s3crets3cret")),
            ("${OTHER}", Err("OTHER")),
            ("${KEY", Ok("${KEY")),
            ("$KEY", Ok("$KEY")),
        ] {
            assert_eq!(with_environment(text, variable), expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }
}
