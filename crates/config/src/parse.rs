//! The text of `sources.toml` → [`Config`], or all that is wrong with it.

use std::{collections::BTreeMap, net::IpAddr};

use docdrift_model::{Bilingual, Config, Field, FindingKind, Ignore, Lang, Publish, Source, SourceId};
use serde_spanned::Spanned;
use toml::de::DeTable;
use url::{Host, Url};

use crate::{
    Problem, fetching,
    fields::{Problems, Section, Value, boolean, text, wrong_type},
    guard, read, retention,
    severity::severities,
    vendor,
};

const TOP_KEYS: [&str; 8] = ["publish", "fetch", "hosts", "severity", "guard", "archive", "vendor", "source"];
const SOURCE_KEYS: [&str; 13] = [
    "vendor",
    "service",
    "name",
    "pages",
    "licence",
    "local",
    "robots",
    "render",
    "redirect_hosts",
    "read",
    "ignore",
    "severity",
    "guard",
];
const IGNORE_KEYS: [&str; 3] = ["kind", "code", "reason"];

pub(crate) const LANG_KEYS: [&str; 2] = ["zh", "en"];

/// Reads the whole file. `Err` holds every problem, in the order of the file.
pub(crate) fn config(file: &str) -> Result<Config, Vec<Problem>> {
    let mut problems = Problems::of(file);
    let Some(root) = root(file, &mut problems) else { return Err(problems.sorted()) };
    let top = Section { name: "sources.toml", table: root.get_ref(), span: 0..0 };
    top.refuse_unknown(&TOP_KEYS, &mut problems);
    let publish = top.get("publish").and_then(|value| publish(value, &mut problems));
    let mut fetch = top.get("fetch").and_then(|value| fetching::fetch(value, &mut problems)).unwrap_or_default();
    fetch.hosts = top.get("hosts").map(|value| fetching::hosts(value, &mut problems)).unwrap_or_default();
    let for_all = top.get("severity").map(|value| severities("[severity]", value, &mut problems)).unwrap_or_default();
    let guard = top.get("guard").map(|value| guard::for_all(value, &mut problems)).unwrap_or_default();
    let archive = top.get("archive").and_then(|value| retention::retention(value, &mut problems));
    let vendors = vendor::parse_vendors(top.get("vendor"), &mut problems);
    let mut sources = sources(&top, &mut problems);
    for source in &mut sources {
        source.severities = for_all.clone().with(&source.severities);
        source.guard = guard.clone().with(&source.guard);
    }
    match problems.sorted() {
        none if none.is_empty() => {
            Ok(Config { sources, vendors, publish: publish.unwrap_or_else(Publish::all), fetch, archive, guard })
        }
        found => Err(found),
    }
}

/// The file as TOML; a problem is noted where it is none.
pub(crate) fn root<'t>(file: &'t str, problems: &mut Problems<'_>) -> Option<Spanned<DeTable<'t>>> {
    match DeTable::parse(file) {
        Ok(root) => Some(root),
        Err(error) => {
            let span = error.span().unwrap_or_default();
            problems.add(&span, format!("not valid TOML: {}", error.message().replace('\n', "; ")));
            None
        }
    }
}

fn publish(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Publish> {
    let section = Section::new("[publish]", value, &["fields"], problems)?;
    let Some(list) = section.get("fields") else { return Some(Publish::all()) };
    let Some(names) = list.get_ref().as_array() else {
        problems.add(&list.span(), wrong_type("`fields`", "a list of strings", list));
        return None;
    };
    let fields: Vec<_> = names.iter().filter_map(|name| field(name, problems)).collect();
    Some(Publish::only(fields))
}

fn field(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Field> {
    let name = text("fields", value, problems)?;
    let field = Field::ALL.into_iter().find(|field| field.as_str() == name);
    if field.is_none() {
        let allowed = Field::ALL.map(Field::as_str).join(", ");
        problems.add(&value.span(), format!("unknown field `{name}` in `fields`; allowed: {allowed}"));
    }
    field
}

fn sources(top: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vec<Source> {
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
        let Some(source) = source(value, problems) else { continue };
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

fn source(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Source> {
    let section = Section::new("[[source]]", value, &SOURCE_KEYS, problems)?;
    let vendor = section.required("vendor", "the vendor's plain name, as \"huaweicloud\"", problems);
    let vendor = vendor.and_then(|value| name_part("vendor", value, problems));
    let service = section.required("service", "the service's plain name, as \"identity-center\"", problems);
    let service = service.and_then(|value| name_part("service", value, problems));
    let local = section.get("local").is_some_and(|value| boolean("local", value, problems));
    let name = section.required("name", "{ zh = \"…\", en = \"…\" }", problems);
    let names = name.and_then(|value| bilingual("name", value, problems, &|_| Ok(())));
    let pages = section.required("pages", "{ zh = \"https://…\", en = \"https://…\" }, or one of the two", problems);
    let pages = pages.and_then(|value| bilingual("pages", value, problems, &|url| page_url(url, local)));
    let licence = section.required("licence", "whose text the pages are and under what terms", problems);
    let licence = licence.and_then(|value| text("licence", value, problems));
    let ignore = section.get("ignore").map_or_else(Vec::new, |value| ignores(value, problems));
    let severities = section.get("severity").map(|value| severities("`severity`", value, problems));
    let guard = section.get("guard").map(|value| guard::of_source(value, problems));
    let fetching = fetching::of_source(&section, problems);
    let read = section.get("read").map(|value| read::parse_hints(value, problems));
    Some(Source {
        id: SourceId { vendor: vendor?, service: service? },
        names: names?.map(Option::unwrap_or_default),
        pages: pages?,
        licence: licence?.to_owned(),
        local,
        fetching,
        read: read.unwrap_or_default(),
        ignore,
        severities: severities.unwrap_or_default(),
        guard: guard.unwrap_or_default(),
    })
}

fn ignores(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<Ignore> {
    let Some(list) = value.get_ref().as_array() else {
        problems.add(&value.span(), wrong_type("`ignore`", "a list of tables", value));
        return Vec::new();
    };
    list.iter().filter_map(|value| ignore(value, problems)).collect()
}

fn ignore(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Ignore> {
    let section = Section::new("`ignore`", value, &IGNORE_KEYS, problems)?;
    let kind = section.required("kind", "the kind of findings, as \"message-differs\"", problems);
    let kind = kind.and_then(|value| finding_kind(value, problems));
    let code = section.get("code").map(|value| text("code", value, problems));
    let reason = section.required("reason", "why these findings are fine", problems);
    let reason = reason.and_then(|value| text("reason", value, problems));
    Some(Ignore {
        kind: kind?,
        code: match code {
            Some(code) => Some(code?.to_owned()),
            None => None,
        },
        reason: reason?.to_owned(),
        line: problems.position(value.span().start).0,
    })
}

fn finding_kind(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<FindingKind> {
    let name = text("kind", value, problems)?;
    let kind = FindingKind::ALL.into_iter().find(|kind| kind.as_str() == name);
    if kind.is_none() {
        let allowed = FindingKind::ALL.map(FindingKind::as_str).join(", ");
        problems.add(&value.span(), format!("unknown kind `{name}` in `ignore`; allowed: {allowed}"));
    }
    kind
}

fn name_part(key: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<String> {
    let part = text(key, value, problems)?;
    // The rule for names is the model's: both parts are checked by it, each beside one that is fine.
    if format!("{part}/x").parse::<SourceId>().is_err() {
        let message = format!("`{key}` becomes a folder name: only a-z 0-9 - _ . and not starting with a dot");
        problems.add(&value.span(), message);
        return None;
    }
    Some(part.to_owned())
}

/// A table of one text a language, at least one of them there.
fn bilingual(
    key: &str,
    value: &Value<'_>,
    problems: &mut Problems<'_>,
    check: &dyn Fn(&str) -> Result<(), String>,
) -> Option<Bilingual<Option<String>>> {
    let name = format!("`{key}`");
    let section = Section::new(&name, value, &LANG_KEYS, problems)?;
    let mut texts = Bilingual::default();
    for lang in Lang::ALL {
        let Some(value) = section.get(lang.as_str()) else { continue };
        let Some(found) = text(&format!("{key}.{lang}"), value, problems) else { continue };
        match check(found) {
            Ok(()) => *texts.get_mut(lang) = Some(found.to_owned()),
            Err(why) => problems.add(&value.span(), format!("`{key}.{lang}` {why}")),
        }
    }
    if !LANG_KEYS.iter().any(|lang| section.get(lang).is_some()) {
        problems.add(&section.span, format!("`{key}` is empty: give `zh`, `en` or both"));
    }
    Some(texts)
}

fn page_url(text: &str, local: bool) -> Result<(), String> {
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

/// Whether a host is named as part of this machine or of a private network (RFC 6761, 1918, 4193, 3927).
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
