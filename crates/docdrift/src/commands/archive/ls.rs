//! `docdrift archive ls`: the versions of each page.

use std::{collections::BTreeMap, path::Path};

use clap::Args;
use docdrift_archive::{Visit, Visits};
use docdrift_model::{Lang, SourceId};
use docdrift_report::Phrases;
use serde::Serialize;

use super::{SCHEMA, SourceFilter, note_damage, open_archive};
use crate::{
    cli::{Exit, ReportLang, Table, TextOrJson, output},
    pipeline::Error,
};

/// So many characters of a digest tell one version from another.
const SHORT: usize = 12;

/// The arguments of `archive ls`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
}

/// Successive visits of a page that found the same.
struct Stretch<'a> {
    first: &'a Visit,
    last: &'a Visit,
    visits: usize,
}

pub(super) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let filter = SourceFilter::new(&options.source)?;
    let visits = open_archive(root)?.visits()?;
    note_damage(&visits);
    let stretches = stretches(visits.good.iter().filter(|visit| filter.matches(&visit.source)));
    match options.format {
        TextOrJson::Text => output::answer(&text(&stretches, Phrases::for_lang(options.lang.into()))),
        TextOrJson::Json => output::json(&Answer::new(&stretches, &visits)),
    }
    Ok(Exit::Done)
}

/// By page, in the order of the visits.
fn stretches<'a>(visits: impl Iterator<Item = &'a Visit>) -> Vec<Stretch<'a>> {
    let mut pages: BTreeMap<(&SourceId, Lang), Vec<Stretch<'a>>> = BTreeMap::new();
    for visit in visits {
        let page = pages.entry((&visit.source, visit.lang)).or_default();
        match page.last_mut().filter(|stretch| finds_the_same(stretch.last, visit)) {
            Some(stretch) => (stretch.last, stretch.visits) = (visit, stretch.visits + 1),
            None => page.push(Stretch { first: visit, last: visit, visits: 1 }),
        }
    }
    pages.into_values().flatten().collect()
}

fn finds_the_same(a: &Visit, b: &Visit) -> bool {
    (&a.digest, a.status, &a.url) == (&b.digest, b.status, &b.url)
}

fn text(stretches: &[Stretch<'_>], phrases: &Phrases) -> String {
    if stretches.is_empty() {
        return phrases.no_page_archived.to_owned();
    }
    let mut table = Table::new(phrases.version_header);
    for stretch in stretches {
        table.add_row(cells(stretch, phrases));
    }
    table.render()
}

/// In the order of the header.
fn cells(Stretch { first, last, visits }: &Stretch<'_>, phrases: &Phrases) -> [String; 8] {
    let hex = last.digest.rsplit(':').next().unwrap_or_default();
    [
        last.source.to_string(),
        last.lang.to_string(),
        last.status.map_or_else(|| phrases.from_file.to_owned(), |status| status.to_string()),
        first.fetched_at.clone(),
        last.fetched_at.clone(),
        visits.to_string(),
        last.bytes.map_or_else(|| "?".to_owned(), |bytes| bytes.to_string()),
        hex.chars().take(SHORT).collect(),
    ]
}

#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    versions: Vec<VersionAnswer<'a>>,
    damaged_lines: Vec<usize>,
}

#[derive(Serialize)]
struct VersionAnswer<'a> {
    source: &'a SourceId,
    lang: Lang,
    url: &'a str,
    status: Option<u16>,
    first_seen: &'a str,
    last_seen: &'a str,
    visits: usize,
    bytes: Option<u64>,
    digest: &'a str,
}

impl<'a> Answer<'a> {
    fn new(stretches: &[Stretch<'a>], visits: &Visits) -> Self {
        Self {
            schema: SCHEMA,
            versions: stretches.iter().map(VersionAnswer::new).collect(),
            damaged_lines: visits.damaged.iter().map(|line| line.number).collect(),
        }
    }
}

impl<'a> VersionAnswer<'a> {
    fn new(Stretch { first, last, visits }: &Stretch<'a>) -> Self {
        Self {
            source: &last.source,
            lang: last.lang,
            url: &last.url,
            status: last.status,
            first_seen: &first.fetched_at,
            last_seen: &last.fetched_at,
            visits: *visits,
            bytes: last.bytes,
            digest: &last.digest,
        }
    }
}

#[cfg(test)]
mod tests {
    use docdrift_archive::Visit;

    use super::stretches;

    fn visit(source: &str, lang: &str, day: u8, digest: char, status: u16) -> Visit {
        let digest = format!("sha256:{}", digest.to_string().repeat(64));
        serde_json::from_value(serde_json::json!({
            "source": source, "lang": lang, "url": "u", "fetched_at": format!("2024-05-{day:02}T00:00:00Z"),
            "digest": digest, "status": status,
        }))
        .unwrap()
    }

    #[test]
    fn successive_equal_visits_are_merged() {
        let visits = [
            visit("b/b", "zh", 1, 'a', 200),
            visit("a/a", "en", 1, 'a', 200),
            visit("b/b", "zh", 2, 'a', 200),
            visit("b/b", "zh", 3, 'b', 200),
            visit("b/b", "en", 3, 'a', 200),
            visit("b/b", "zh", 4, 'a', 200),
            visit("b/b", "zh", 5, 'a', 404),
        ];
        let found: Vec<String> = stretches(visits.iter())
            .iter()
            .map(|it| {
                let (from, to) = (&it.first.fetched_at[8..10], &it.last.fetched_at[8..10]);
                format!("{} {} {from}-{to} {}", it.last.source, it.last.lang, it.visits)
            })
            .collect();
        assert_eq!(
            found,
            [
                "a/a en 01-01 1",
                "b/b zh 01-02 2",
                "b/b zh 03-03 1",
                "b/b zh 04-04 1",
                "b/b zh 05-05 1",
                "b/b en 03-03 1"
            ]
        );
    }
}
