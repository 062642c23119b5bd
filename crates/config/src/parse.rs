//! Parses the text of `sources.toml` into a [`Config`], or into all problems of it.

use std::{collections::BTreeMap, net::IpAddr};

use docdrift_model::{
    Bilingual, Field, Lang, Publish, Source, SourceId,
    config::Config,
    finding::{FindingKind, Ignore},
};
use url::{Host, Url};

use crate::{
    Problem, fetching,
    fields::{Problems, Section, Value, parse_choice, parse_list, parse_text},
    guard, read, retention,
    severity::parse_severities,
    vendor,
};

/// Parses the whole file. `Err` holds every problem, in the order of the file.
pub(crate) fn parse_config(file: &str) -> Result<Config, Vec<Problem>> {
    let mut problems = Problems::new(file);
    let config =
        Section::read_file("sources.toml", file, &mut problems, |top, problems| Some(read_config(top, problems)));
    problems.into_result(config)
}

fn read_config(top: &Section<'_, '_>, problems: &mut Problems<'_>) -> Config {
    let publish = top.get("publish").and_then(|value| parse_publish(value, problems));
    let fetch = top.get("fetch").and_then(|value| fetching::parse_fetch(value, problems)).unwrap_or_default();
    let hosts = top.get("hosts").map(|value| fetching::parse_hosts(value, problems)).unwrap_or_default();
    let severities = top.get("severity").map(|value| parse_severities("[severity]", value, problems));
    let severities = severities.unwrap_or_default();
    let guard = top.get("guard").map(|value| guard::parse_guard(value, problems)).unwrap_or_default();
    let archive = top.get("archive").and_then(|value| retention::parse_retention(value, problems));
    let vendors = vendor::parse_vendors(top.get("vendor"), problems);
    let mut sources = parse_sources(top, problems);
    for source in &mut sources {
        source.severities = severities.clone().with(&source.severities);
        source.guard = guard.clone().with(&source.guard);
    }
    let publish = publish.unwrap_or_else(Publish::all);
    Config {
        sources,
        vendors,
        publish,
        fetch: docdrift_model::config::FetchSettings { hosts, ..fetch },
        archive,
        guard,
    }
}

fn parse_publish(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Publish> {
    Section::read_value("[publish]", value, problems, |section, problems| {
        let Some(list) = section.get("fields") else { return Some(Publish::all()) };
        let choices = Field::ALL.map(|field| (field.as_str(), field));
        let names = parse_list("fields", "a list of strings", list, problems).iter();
        let fields: Vec<Field> =
            names.filter_map(|name| parse_choice("field", "fields", name, &choices, problems)).collect();
        Some(Publish::only(fields))
    })
}

fn parse_sources(top: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<Source> {
    let Some(list) = top.required("source", "watch at least one page with a [[source]]", problems) else {
        return Vec::new();
    };
    let Some(tables) = list.get_ref().as_array() else {
        problems.add(&list.span(), "`source` must be a list: write [[source]] with two brackets");
        return Vec::new();
    };
    if tables.is_empty() {
        problems.add(&list.span(), "`source` is empty: watch at least one page with a [[source]]");
    }
    let mut known: BTreeMap<SourceId, (Source, usize)> = BTreeMap::new();
    for value in tables {
        let Some(source) = parse_source(value, problems) else { continue };
        if let Some((_, first)) = known.get(&source.id) {
            let line = problems.position(*first).0;
            let message = format!("`{}` is there already (line {line}): give this one another `service`", source.id);
            problems.add(&value.span(), message);
        } else {
            known.insert(source.id.clone(), (source, value.span().start));
        }
    }
    known.into_values().map(|(source, _)| source).collect()
}

fn parse_source(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Source> {
    Section::read_value("[[source]]", value, problems, read_source)
}

fn read_source(section: &Section<'_, '_>, problems: &mut Problems<'_>) -> Option<Source> {
    let vendor = read_name("vendor", "the vendor's plain name, as \"huaweicloud\"", section, problems);
    let service = read_name("service", "the service's plain name, as \"identity-center\"", section, problems);
    let names = section.required("name", "{ zh = \"…\", en = \"…\" }", problems);
    let pages = section.required("pages", "{ zh = \"https://…\", en = \"https://…\" }, or one of the two", problems);
    let licence = section.required_text("licence", "whose text the pages are and under what terms", problems);
    let local = section.boolean("local", problems).unwrap_or_default();
    let fetching = fetching::parse_source_fetching(section, problems);
    let read = section.get("read").map(|value| read::parse_hints(value, problems));
    let ignore = section.get("ignore").map_or_else(Vec::new, |value| parse_ignores(value, problems));
    let severities = section.get("severity").map(|value| parse_severities("`severity`", value, problems));
    let guard = section.get("guard").map(|value| guard::parse_source_guard(value, problems));
    let names = names.and_then(|value| parse_bilingual("name", value, problems, &|_| Ok(())));
    let pages = pages.and_then(|value| parse_bilingual("pages", value, problems, &|url| check_page_url(url, local)));
    Some(Source {
        id: SourceId { vendor: vendor?, service: service? },
        names: names?.map(Option::unwrap_or_default),
        pages: pages?,
        licence: licence?,
        local,
        fetching,
        read: read.unwrap_or_default(),
        ignore,
        severities: severities.unwrap_or_default(),
        guard: guard.unwrap_or_default(),
    })
}

fn parse_ignores(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<Ignore> {
    let list = parse_list("ignore", "a list of tables", value, problems);
    list.iter().filter_map(|value| parse_ignore(value, problems)).collect()
}

fn parse_ignore(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Ignore> {
    Section::read_value("`ignore`", value, problems, |section, problems| {
        let kind = section.required("kind", "the kind of findings, as \"message-differs\"", problems);
        let code = section.text("code", problems);
        let reason = section.required_text("reason", "why these findings are fine", problems);
        let kind = kind.and_then(|value| parse_finding_kind(value, problems));
        Some(Ignore { kind: kind?, code, reason: reason?, line: problems.position(value.span().start).0 })
    })
}

fn parse_finding_kind(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<FindingKind> {
    let name = parse_text("kind", value, problems)?;
    let kind = FindingKind::ALL.into_iter().find(|kind| kind.as_str() == name);
    if kind.is_none() {
        let allowed = FindingKind::ALL.map(FindingKind::as_str).join(", ");
        problems.add(&value.span(), format!("unknown kind `{name}` in `ignore`; allowed: {allowed}"));
    }
    kind
}

/// Reads a part of a source's id.
fn read_name(
    key: &'static str,
    advice: &str,
    section: &Section<'_, '_>,
    problems: &mut Problems<'_>,
) -> Option<String> {
    let value = section.required(key, advice, problems)?;
    let part = parse_text(key, value, problems)?;
    // The model has the rule for ids. It checks each part together with a valid one.
    if format!("{part}/x").parse::<SourceId>().is_err() {
        let message = format!("`{key}` becomes a folder name: only a-z 0-9 - _ . and not starting with a dot");
        problems.add(&value.span(), message);
        return None;
    }
    Some(part.to_owned())
}

/// Reads a table with a text for at least one language.
fn parse_bilingual(
    key: &str,
    value: &Value<'_>,
    problems: &mut Problems<'_>,
    check: &dyn Fn(&str) -> Result<(), String>,
) -> Option<Bilingual<Option<String>>> {
    Section::read_value(&format!("`{key}`"), value, problems, |section, problems| {
        let mut texts = Bilingual::default();
        let mut is_empty = true;
        for lang in Lang::ALL {
            let Some(value) = section.get(lang.as_str()) else { continue };
            is_empty = false;
            let Some(text) = parse_text(&format!("{key}.{lang}"), value, problems) else { continue };
            match check(text) {
                Ok(()) => *texts.get_mut(lang) = Some(text.to_owned()),
                Err(why) => problems.add(&value.span(), format!("`{key}.{lang}` {why}")),
            }
        }
        if is_empty {
            problems.add(&section.span, format!("`{key}` is empty: give `zh`, `en` or both"));
        }
        Some(texts)
    })
}

fn check_page_url(text: &str, local: bool) -> Result<(), String> {
    let url = Url::parse(text).map_err(|error| format!("is no absolute URL ({error}): write https://…"))?;
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        "http" => return Err("is plain http: write https://…, or `local = true` for a page of your own".into()),
        scheme => return Err(format!("has the scheme `{scheme}`: only https can be watched")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds credentials: only public pages can be watched, take them out".into());
    }
    if !local && url.host().is_some_and(|host| is_local(&host)) {
        return Err("lies on this machine or network: write `local = true` if that is meant".into());
    }
    Ok(())
}

/// Returns whether a host belongs to this machine or a private network (RFC 6761, 1918, 4193, 3927).
fn is_local(host: &Host<&str>) -> bool {
    let address = match host {
        Host::Domain(name) => return *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address).to_canonical(),
    };
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
