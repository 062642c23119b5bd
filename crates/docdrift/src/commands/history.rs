//! `docdrift history CODE`: the history of an error code over the snapshots.

use std::path::Path;

use anyhow::anyhow;
use clap::Args;
use docdrift_diff::{DatedEntries, entry_histories};
use docdrift_model::{SourceId, history::EntryHistory};
use docdrift_report::{history_json, history_markdown, history_terminal};
use docdrift_store::{SnapshotHeader, Store};

use crate::{
    cli::{Exit, Format, ReportLang, output},
    pipeline::{Error, compile_globs},
};

/// The arguments of `history`.
#[derive(Args)]
pub(crate) struct Options {
    /// The error code, as any snapshot has it
    code: String,
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
    let globs = compile_globs(&options.source, "--source").map_err(Error::usage)?;
    let store = Store::open_read_only(root)?;
    // Snapshots outlive the watch on their source.
    let mut sources = store.sources()?;
    sources.retain(|id| options.source.is_empty() || globs.is_match(id.to_string()));
    if sources.is_empty() {
        return Err(Error::usage(anyhow!(
            "there is no snapshot of such a source; write vendor/service, as `huaweicloud/*`"
        )));
    }
    let mut found = Vec::new();
    for id in &sources {
        found.extend(trace_source(&store, id, &options.code)?);
    }
    if found.is_empty() {
        return Err(Error::usage(anyhow!("no snapshot has the code `{}`", options.code)));
    }
    let lang = options.lang.into();
    match options.format {
        Format::Text => output::answer(&history_terminal(&found, lang, output::colour())),
        Format::Markdown => output::answer(&history_markdown(&found, lang)),
        Format::Json => output::json(&history_json(&found)),
    }
    Ok(Exit::Done)
}

fn trace_source(store: &Store, id: &SourceId, code: &str) -> anyhow::Result<Vec<EntryHistory>> {
    let mut before: Option<SnapshotHeader> = None;
    let mut states = Vec::new();
    for (at, entries) in store.entries_with_code(id, code)? {
        let header = at.header()?;
        let is_reread = before.replace(header.clone()).is_some_and(|before| header.is_reread_of(&before));
        states.push(DatedEntries { date: at.date, is_reread, entries });
    }
    Ok(entry_histories(id, &states))
}
