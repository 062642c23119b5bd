//! How pages are fetched: `[fetch]`, `[hosts."…"]`, and the keys of a `[[source]]` about it.

use std::{collections::BTreeMap, path::PathBuf};

use docdrift_model::{FetchSettings, Fetching, HostFetch};
use url::{Host, Url};

use crate::fields::{Problems, Section, Value, boolean, number, text, wrong_type};

const FETCH_KEYS: [&str; 12] = [
    "contact",
    "browser",
    "interval_ms",
    "concurrency",
    "max_requests_per_host",
    "connect_timeout_ms",
    "read_timeout_ms",
    "request_timeout_ms",
    "run_limit_ms",
    "retries",
    "backoff_ms",
    "max_body_mb",
];
const HOST_KEYS: [&str; 4] = ["interval_ms", "concurrency", "http1", "headers"];

/// An hour: who waits longer between two pages has mistaken the unit.
const MAX_INTERVAL_MS: u64 = 3_600_000;
/// A day: the same of a whole run.
const MAX_TIME_MS: u64 = 86_400_000;
/// More at a time is an attack on a host, not a visit.
const MAX_CONCURRENCY: u64 = 64;
/// No page of documentation is larger.
const MAX_BODY_MB: u64 = 256;

/// The environment variables that headers may hold begin so.
const HEADER_VARIABLES: &str = "DOCDRIFT_HEADER_";

/// What `[fetch]` says.
pub(crate) fn fetch(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<FetchSettings> {
    let section = Section::new("[fetch]", value, &FETCH_KEYS, problems)?;
    let mut number = |key, range| number(&section, key, range, problems);
    let mut settings = FetchSettings {
        interval_ms: number("interval_ms", (0, MAX_INTERVAL_MS)),
        concurrency: number("concurrency", (1, MAX_CONCURRENCY)),
        max_requests_per_host: number("max_requests_per_host", (1, 1_000_000)),
        connect_timeout_ms: number("connect_timeout_ms", (1, MAX_TIME_MS)),
        read_timeout_ms: number("read_timeout_ms", (1, MAX_TIME_MS)),
        request_timeout_ms: number("request_timeout_ms", (1, MAX_TIME_MS)),
        run_limit_ms: number("run_limit_ms", (1, MAX_TIME_MS)),
        retries: number("retries", (0, 10)),
        backoff_ms: number("backoff_ms", (0, MAX_INTERVAL_MS)),
        max_body_mb: number("max_body_mb", (1, MAX_BODY_MB)),
        ..FetchSettings::default()
    };
    settings.contact = section.get("contact").and_then(|value| contact(value, problems));
    settings.browser = section.get("browser").and_then(|value| text("browser", value, problems)).map(PathBuf::from);
    Some(settings)
}

fn contact(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<String> {
    let contact = text("contact", value, problems)?;
    let fits = Url::parse(contact).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
    if !fits || !contact.is_ascii() || contact.contains(' ') {
        problems.add(&value.span(), "`contact` must be a URL (https://… or mailto:…) in plain ASCII");
        return None;
    }
    Some(contact.to_owned())
}

/// What the `[hosts."…"]` say.
pub(crate) fn hosts(value: &Value<'_>, problems: &mut Problems<'_>) -> BTreeMap<String, HostFetch> {
    let Some(table) = value.get_ref().as_table() else {
        problems.add(&value.span(), wrong_type("[hosts]", "a table, as [hosts.\"docs.example.com\"]", value));
        return BTreeMap::new();
    };
    let mut hosts = BTreeMap::new();
    for (name, value) in table {
        let Some(host) = host_name(name.get_ref()) else {
            let name = name.get_ref().escape_debug();
            problems.add(
                &value.span(),
                format!("`{name}` in [hosts] is no host: write it as URLs have it, docs.example.com"),
            );
            continue;
        };
        hosts.extend(of_host(value, problems).map(|settings| (host, settings)));
    }
    hosts
}

/// A host as URLs have it, with its port where one is named.
pub(crate) fn host_name(text: &str) -> Option<String> {
    let url = Url::parse(&format!("https://{text}/")).ok()?;
    let is_host = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (is_host && matches!(url.host(), Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_))))
        .then(|| text.to_lowercase())
}

fn of_host(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<HostFetch> {
    let section = Section::new("[hosts]", value, &HOST_KEYS, problems)?;
    Some(HostFetch {
        interval_ms: number(&section, "interval_ms", (0, MAX_INTERVAL_MS), problems),
        concurrency: number(&section, "concurrency", (1, MAX_CONCURRENCY), problems),
        http1: section.get("http1").is_some_and(|value| boolean("http1", value, problems)),
        headers: section.get("headers").map_or_else(Vec::new, |value| headers(value, problems)),
    })
}

fn headers(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(String, String)> {
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
        } else if let Some(said) = text("headers", value, problems) {
            refuse_foreign(said, value, problems);
            headers.push((name.get_ref().to_lowercase(), said.to_owned()));
        }
    }
    headers
}

/// Notes the environment variables in a header that are not meant for one: whoever may change the file could send any
/// secret of a job to any host.
fn refuse_foreign(header: &str, value: &Value<'_>, problems: &mut Problems<'_>) {
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

/// What a `[[source]]` says of how its pages are fetched.
pub(crate) fn of_source(section: &Section<'_, '_>, problems: &mut Problems<'_>) -> Fetching {
    Fetching {
        ignore_robots: section.get("robots").and_then(|value| robots(value, problems)),
        rendered: section.get("render").is_some_and(|value| render(value, problems)),
        redirect_hosts: section.get("redirect_hosts").map_or_else(Vec::new, |value| redirect_hosts(value, problems)),
    }
}

/// `{ ignore = true, reason = "…" }`.
fn robots(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<String> {
    let section = Section::new("`robots`", value, &["ignore", "reason"], problems)?;
    let ignores = section.required("ignore", "true, where robots.txt is not to be obeyed", problems);
    let reason = section.required("reason", "why it may be ignored, as the vendor's word for it", problems);
    let reason = reason.and_then(|value| text("reason", value, problems));
    ignores.filter(|value| boolean("ignore", value, problems))?;
    reason.map(str::to_owned)
}

fn render(value: &Value<'_>, problems: &mut Problems<'_>) -> bool {
    let how = text("render", value, problems);
    if how.is_some_and(|how| how != "browser") {
        problems.add(&value.span(), "`render` must be \"browser\", or be left out");
    }
    how == Some("browser")
}

fn redirect_hosts(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let Some(list) = value.get_ref().as_array() else {
        problems.add(&value.span(), wrong_type("`redirect_hosts`", "a list of hosts", value));
        return Vec::new();
    };
    let mut hosts = Vec::new();
    for value in list {
        match text("redirect_hosts", value, problems).map(|name| (name, host_name(name))) {
            Some((_, Some(host))) => hosts.push(host),
            Some((name, None)) => problems.add(&value.span(), format!("`{}` is no host", name.escape_debug())),
            None => {}
        }
    }
    hosts
}
