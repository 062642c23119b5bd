//! `docdrift archive prune`: removes what the maintainer's rules let go.

use std::path::Path;

use anyhow::anyhow;
use clap::Args;
use docdrift_archive::{Archive, PruneSummary};
use docdrift_store::Store;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cli::{Exit, output},
    pipeline::{Error, load_config},
};

/// The arguments of `archive prune`.
#[derive(Args)]
pub(crate) struct Options {
    /// Say what would go and remove nothing
    #[arg(long)]
    dry_run: bool,
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
    output::answer(&text(&pruned, options.dry_run));
    if pruned.damaged_line_count == 0 {
        return Ok(Exit::Done);
    }
    output::note(&format!(
        "{} line(s) of the index are damaged and stay, and so does every object: `docdrift archive verify` lists them",
        pruned.damaged_line_count
    ));
    Ok(Exit::Incomplete)
}

fn text(pruned: &PruneSummary, dry_run: bool) -> String {
    let PruneSummary {
        removed_visit_count,
        kept_visit_count,
        removed_object_count,
        kept_object_count,
        removed_bytes,
        kept_bytes,
        ..
    } = pruned;
    let removed = if dry_run { "would be removed" } else { "removed" };
    format!(
        "{removed_visit_count} visit(s) and {removed_object_count} object(s), {removed_bytes} bytes, {removed}\n\
         {kept_visit_count} visit(s) and {kept_object_count} object(s), {kept_bytes} bytes, stay"
    )
}
