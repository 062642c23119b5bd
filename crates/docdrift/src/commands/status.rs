//! `docdrift status`: how fresh each source is.

use std::path::Path;

use clap::Args;
use docdrift_report::{Phrases, escape, fill};
use serde::Serialize;

use crate::{
    cli::{Exit, Format, ReportLang, Table, output},
    pipeline::{Error, Freshness, Workspace},
};

/// The arguments of `status`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let known = Workspace::open(root)?.freshness(&options.source)?;
    let phrases = Phrases::for_lang(options.lang.into());
    match options.format {
        Format::Text => output::answer(&text(&known, phrases)),
        Format::Markdown => output::answer(&markdown(&known, phrases)),
        Format::Json => output::json(&Answer { sources: &known }),
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Answer<'a> {
    sources: &'a [Freshness],
}

/// The cells of a source, in the order of the header.
fn cells(known: &Freshness, phrases: &Phrases) -> [String; 4] {
    let or_never = |time: Option<String>| time.unwrap_or_else(|| phrases.never.to_owned());
    let failing = known.failing.as_ref().map_or_else(String::new, |failing| {
        fill(phrases.failing_since, &[&failing.since, failing.reasons.first().map_or("", String::as_str)])
    });
    let last_change = known.last_change.map(|date| date.to_string());
    [known.source.to_string(), or_never(known.last_success.clone()), or_never(last_change), failing]
}

fn text(known: &[Freshness], phrases: &Phrases) -> String {
    let mut table = Table::new(phrases.status_header);
    for known in known {
        table.add_row(cells(known, phrases));
    }
    table.render()
}

fn markdown(known: &[Freshness], phrases: &Phrases) -> String {
    let header = phrases.status_header;
    let line = |cells: [String; 4]| format!("| {} |\n", cells.map(|cell| escape::markdown(&cell)).join(" | "));
    let rule = line(header.map(|_| String::new())).replace("  ", " --- ");
    let rows = known.iter().map(|known| line(cells(known, phrases)));
    [line(header.map(str::to_owned)), rule].into_iter().chain(rows).collect()
}
