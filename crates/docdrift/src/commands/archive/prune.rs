//! `docdrift archive prune`: removes what the maintainer's rules let go.

use std::path::Path;

use anyhow::anyhow;
use clap::Args;
use docdrift_store::{Pruned, Store};
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
    let pruned = store.prune_archive(rules, today, options.dry_run)?;
    output::answer(&text(&pruned, options.dry_run));
    if pruned.damaged_lines == 0 {
        return Ok(Exit::Done);
    }
    output::note(&format!(
        "{} line(s) of the index are damaged and stay, and so does every object: `docdrift archive verify` lists them",
        pruned.damaged_lines
    ));
    Ok(Exit::Incomplete)
}

fn text(pruned: &Pruned, dry_run: bool) -> String {
    let Pruned { visits_gone, visits_kept, objects_gone, objects_kept, bytes_gone, bytes_kept, .. } = pruned;
    let gone = if dry_run { "would be removed" } else { "removed" };
    format!(
        "{visits_gone} visit(s) and {objects_gone} object(s), {bytes_gone} bytes, {gone}\n\
         {visits_kept} visit(s) and {objects_kept} object(s), {bytes_kept} bytes, stay"
    )
}
