//! Invented sources and snapshots for the tests of this crate.

use std::{collections::BTreeMap, fs, path::Path};

use docdrift_model::{
    Bilingual, Entry, Lang, PageFacts, Publish, Snapshot, Source,
    config::{Config, FetchSettings},
    entry::Pairing,
    severities::Severities,
    table::Format,
    text::digest,
};
use jiff::civil::{self, Date};

use crate::snapshots::{self, SnapshotRef};

fn url(id: &str, lang: Lang) -> String {
    format!("https://docs.test/{lang}/{id}/errors.html")
}

/// Returns a configuration with these sources, each with both pages.
pub(crate) fn config(ids: &[&str]) -> Config {
    let source = |id: &&str| Source {
        id: id.parse().unwrap(),
        names: Bilingual { zh: "保管库".into(), en: format!("The | {id}") },
        pages: Bilingual { zh: Some(url(id, Lang::Zh)), en: Some(url(id, Lang::En)) },
        licence: "© its vendor".into(),
        local: false,
        read: docdrift_model::read_rules::ReadHints::default(),
        ignore: Vec::new(),
        fetching: docdrift_model::source::Fetching::default(),
        severities: Severities::default(),
        guard: docdrift_model::thresholds::Thresholds::default(),
    };
    let sources = ids.iter().map(source).collect();
    Config {
        sources,
        vendors: Vec::new(),
        publish: Publish::all(),
        fetch: FetchSettings::default(),
        archive: None,
        guard: docdrift_model::thresholds::Thresholds::default(),
    }
}

/// Returns a snapshot with this many entries, whose texts are difficult for some format.
pub(crate) fn snapshot(id: &str, date: &str, size: usize) -> Snapshot {
    let page = |lang: Lang, updated_on: Option<Date>| PageFacts {
        url: url(id, lang),
        digest: digest(format!("{id} {lang} {size}").as_bytes()),
        format: Format::Html,
        lang: Some(lang),
        updated_on,
        ends_in_table: None,
        bytes: None,
    };
    Snapshot {
        source: id.parse().unwrap(),
        date: date.parse().unwrap(),
        reader: 7,
        pages: Bilingual { zh: Some(page(Lang::Zh, Some(civil::date(2024, 1, 2)))), en: Some(page(Lang::En, None)) },
        accepted: None,
        entries: (1..=size).map(|number| entry(id, number)).collect(),
    }
}

/// Returns the first day of a month of 2024, counted from zero.
pub(crate) fn first_of(month: usize) -> Date {
    civil::date(2024, i8::try_from(month + 1).unwrap(), 1)
}

/// Writes snapshots of `acme/vault` below `root`, one per month from January 2024.
pub(crate) fn history(root: &Path, all: &[Vec<Entry>]) -> Vec<SnapshotRef> {
    let source = "acme/vault".parse().unwrap();
    for (month, entries) in all.iter().enumerate() {
        let date = first_of(month);
        let mut new = Snapshot { date, entries: entries.clone(), ..snapshot("acme/vault", "2024-01-01", 0) };
        let file = root.join(snapshots::next(root, &mut new, None).unwrap().path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, snapshots::render(&new, &Publish::all()).unwrap()).unwrap();
    }
    snapshots::list(root, &source).unwrap()
}

/// Returns an entry with id, status and code.
pub(crate) fn named(id: &str, status: &str, code: &str) -> Entry {
    Entry { id: id.into(), status: status.into(), code: code.into(), ..Entry::default() }
}

fn entry(id: &str, number: usize) -> Entry {
    let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
    let zh_only = number.is_multiple_of(3);
    Entry {
        id: format!("{id}:{number}"),
        table: if number % 2 == 1 { "Codes, \"general\"".into() } else { String::new() },
        status: "404/500".into(),
        code: format!("00{number}"),
        message: if zh_only { both("=HYPERLINK(\"x\")", "") } else { both("密钥 {0}\n不存在。", "No key {0}.") },
        description: both("<b>未找到</b> | `密钥`", "Not found, \"sorry\""),
        extra: Bilingual { zh: BTreeMap::from([("备注".into(), "甲, 乙".into())]), en: BTreeMap::new() },
        pairing: Pairing {
            method: if zh_only { "zh-only".into() } else { "code".into() },
            score: if zh_only { 0.0 } else { 2.0 / 3.0 },
        },
        ..Entry::default()
    }
}
