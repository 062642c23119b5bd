//! `docdrift archive prune`: removes what the maintainer's rules let go.

use std::path::Path;

use anyhow::anyhow;
use clap::Args;
use docdrift_archive::{Archive, PruneSummary};
use docdrift_report::{Phrases, fill};
use docdrift_store::Store;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cli::{Exit, ReportLang, output},
    pipeline::{Error, load_config},
};

/// The arguments of `archive prune`.
#[derive(Args)]
pub(crate) struct Options {
    /// Say what would go and remove nothing
    #[arg(long)]
    dry_run: bool,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
}

pub(super) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let config = load_config(root)?;
    let Some(rules) = config.archive else {
        return Err(Error::usage(anyhow!(
            "sources.toml has no [archive] section, so everything stays; write `[archive]` and `keep_days = N` below it"
        )));
    };
    let store = if options.dry_run { Store::open_read_only(root)? } else { Store::open(root)? };
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let snapshot_pages = store.snapshot_pages()?;
    let pruned = Archive::new(root, store.lock()).prune(rules, today, &snapshot_pages, options.dry_run)?;
    output::answer(&text(&pruned, options.dry_run, Phrases::for_lang(options.lang.into())));
    if pruned.damaged_line_count == 0 {
        return Ok(Exit::Done);
    }
    output::note(&format!(
        "{} line(s) of the index are damaged and stay, and so does every object: `docdrift archive verify` lists them",
        pruned.damaged_line_count
    ));
    Ok(Exit::Incomplete)
}

fn text(pruned: &PruneSummary, dry_run: bool, phrases: &Phrases) -> String {
    let removed = if dry_run { phrases.would_be_removed } else { phrases.removed };
    let visits = [pruned.removed_visit_count, pruned.kept_visit_count].map(|count| count.to_string());
    let objects = [pruned.removed_object_count, pruned.kept_object_count].map(|count| count.to_string());
    let bytes = [pruned.removed_bytes, pruned.kept_bytes].map(|count| count.to_string());
    fill(phrases.prune_summary, &[&visits[0], &objects[0], &bytes[0], removed, &visits[1], &objects[1], &bytes[1]])
}
