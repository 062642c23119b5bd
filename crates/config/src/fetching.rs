//! How pages are fetched: `[fetch]`, `[hosts."…"]`, and the keys of a `[[source]]` about it.

use std::{collections::BTreeMap, path::PathBuf};

use docdrift_model::{
    config::{FetchSettings, HostFetch},
    source::Fetching,
};
use url::{Host, Url};

use crate::fields::{Problems, Section, Value, parse_list, parse_text, wrong_type};

/// The largest interval, an hour. Someone who waits longer between two pages mistook the unit.
const MAX_INTERVAL_MS: u64 = 3_600_000;
/// The largest time-out, a day. A longer run mistook the unit as well.
const MAX_TIME_MS: u64 = 86_400_000;
/// The largest number of requests to a host at a time. More is an attack on the host, not a visit.
const MAX_CONCURRENCY: u64 = 64;
/// The largest number of requests to a host in a run. No vendor's documentation has more pages.
const MAX_REQUESTS_PER_HOST: u64 = 1_000_000;
/// The largest number of retries. With a backoff that doubles, the tenth comes a thousand times later than the first.
const MAX_RETRIES: u64 = 10;
/// The largest page in MiB. The longest real error-code page is some thousand times smaller.
const MAX_BODY_MB: u64 = 256;

/// The prefix of the environment variables that headers may contain.
const HEADER_VARIABLES: &str = "DOCDRIFT_HEADER_";

/// Reads `[fetch]`, without the settings of single hosts.
pub(crate) fn parse_fetch(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<FetchSettings> {
    Section::read_value("[fetch]", value, problems, |section, problems| {
        let contact = section.get("contact").and_then(|value| parse_contact(value, problems));
        let browser = section.text("browser", problems).map(PathBuf::from);
        let mut number = |key, range| section.number(key, range, problems);
        Some(FetchSettings {
            contact,
            browser,
            interval_ms: number("interval_ms", (0, MAX_INTERVAL_MS)),
            concurrency: number("concurrency", (1, MAX_CONCURRENCY)),
            max_requests_per_host: number("max_requests_per_host", (1, MAX_REQUESTS_PER_HOST)),
            connect_timeout_ms: number("connect_timeout_ms", (1, MAX_TIME_MS)),
            read_timeout_ms: number("read_timeout_ms", (1, MAX_TIME_MS)),
            request_timeout_ms: number("request_timeout_ms", (1, MAX_TIME_MS)),
            run_limit_ms: number("run_limit_ms", (1, MAX_TIME_MS)),
            retries: number("retries", (0, MAX_RETRIES)),
            backoff_ms: number("backoff_ms", (0, MAX_INTERVAL_MS)),
            max_body_mb: number("max_body_mb", (1, MAX_BODY_MB)),
            hosts: BTreeMap::new(),
        })
    })
}

fn parse_contact(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<String> {
    let contact = parse_text("contact", value, problems)?;
    let is_url = Url::parse(contact).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
    if !is_url || !contact.is_ascii() || contact.contains(' ') {
        problems.add(&value.span(), "`contact` must be a URL (https://… or mailto:…) in plain ASCII");
        return None;
    }
    Some(contact.to_owned())
}

/// Reads the `[hosts."…"]` tables.
pub(crate) fn parse_hosts(value: &Value<'_>, problems: &mut Problems<'_>) -> BTreeMap<String, HostFetch> {
    let Some(table) = value.get_ref().as_table() else {
        problems.add(&value.span(), wrong_type("[hosts]", "a table, as [hosts.\"docs.example.com\"]", value));
        return BTreeMap::new();
    };
    let mut hosts = BTreeMap::new();
    for (name, value) in table {
        let Some(host) = parse_host(name.get_ref()) else {
            let name = name.get_ref().escape_debug();
            problems.add(
                &value.span(),
                format!("`{name}` in [hosts] is no host: write it as URLs have it, docs.example.com"),
            );
            continue;
        };
        hosts.extend(parse_host_fetch(value, problems).map(|settings| (host, settings)));
    }
    hosts
}

/// Parses a host as in a URL, with its port if one is given.
pub(crate) fn parse_host(text: &str) -> Option<String> {
    let url = Url::parse(&format!("https://{text}/")).ok()?;
    let is_host = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (is_host && matches!(url.host(), Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_))))
        .then(|| text.to_lowercase())
}

fn parse_host_fetch(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<HostFetch> {
    Section::read_value("[hosts]", value, problems, |section, problems| {
        Some(HostFetch {
            interval_ms: section.number("interval_ms", (0, MAX_INTERVAL_MS), problems),
            concurrency: section.number("concurrency", (1, MAX_CONCURRENCY), problems),
            http1: section.boolean("http1", problems).unwrap_or_default(),
            headers: section.get("headers").map_or_else(Vec::new, |value| parse_headers(value, problems)),
        })
    })
}

fn parse_headers(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(String, String)> {
    let Some(table) = value.get_ref().as_table() else {
        problems.add(&value.span(), wrong_type("`headers`", "a table of strings", value));
        return Vec::new();
    };
    let is_token =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let mut headers = Vec::new();
    for (name, value) in table {
        if !is_token(name.get_ref()) {
            problems.add(&name.span(), format!("`{}` is no header name", name.get_ref().escape_debug()));
        } else if let Some(header) = parse_text("headers", value, problems) {
            refuse_other_variables(header, value, problems);
            headers.push((name.get_ref().to_lowercase(), header.to_owned()));
        }
    }
    headers
}

/// Refuses environment variables that are not meant for headers. Otherwise anyone who may change the file could send any
/// secret of a job to any host.
fn refuse_other_variables(header: &str, value: &Value<'_>, problems: &mut Problems<'_>) {
    for rest in header.split("${").skip(1) {
        let name = rest.split('}').next().unwrap_or_default();
        if !name.starts_with(HEADER_VARIABLES) {
            let name = name.escape_debug();
            problems.add(
                &value.span(),
                format!("`${{{name}}}` is not for headers: only variables named {HEADER_VARIABLES}… are sent"),
            );
        }
    }
}

/// Reads the keys of a `[[source]]` about fetching.
pub(crate) fn parse_source_fetching(section: &Section<'_, '_>, problems: &mut Problems<'_>) -> Fetching {
    Fetching {
        ignore_robots: section.get("robots").and_then(|value| parse_robots(value, problems)),
        rendered: section.get("render").is_some_and(|value| parse_render(value, problems)),
        redirect_hosts: section
            .get("redirect_hosts")
            .map_or_else(Vec::new, |value| parse_redirect_hosts(value, problems)),
    }
}

/// Reads `{ ignore = true, reason = "…" }` and returns the reason.
fn parse_robots(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<String> {
    Section::read_value("`robots`", value, problems, |section, problems| {
        let ignores = section.required_boolean("ignore", "true, where robots.txt is not to be obeyed", problems);
        let reason = section.required_text("reason", "why it may be ignored, as the vendor's word for it", problems);
        reason.filter(|_| ignores.unwrap_or_default())
    })
}

fn parse_render(value: &Value<'_>, problems: &mut Problems<'_>) -> bool {
    let how = parse_text("render", value, problems);
    if how.is_some_and(|how| how != "browser") {
        problems.add(&value.span(), "`render` must be \"browser\", or be left out");
    }
    how == Some("browser")
}

fn parse_redirect_hosts(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let mut hosts = Vec::new();
    for value in parse_list("redirect_hosts", "a list of hosts", value, problems) {
        match parse_text("redirect_hosts", value, problems).map(|name| (name, parse_host(name))) {
            Some((_, Some(host))) => hosts.push(host),
            Some((name, None)) => problems.add(&value.span(), format!("`{}` is no host", name.escape_debug())),
            None => {}
        }
    }
    hosts
}
