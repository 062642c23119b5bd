//! `docdrift archive export`: archived pages as a WARC file.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;
use docdrift_archive::Visit;
use docdrift_report::escape;
use jiff::civil::Date;

use super::{SourceFilter, note_damage, open_archive};
use crate::{
    cli::{Exit, output, parse_day},
    pipeline::Error,
};

/// The arguments of `archive export`.
#[derive(Args)]
pub(crate) struct Options {
    /// The file to write, as pages.warc.gz; one that is there is replaced
    file: PathBuf,
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// Only visits of that day (YYYY-MM-DD, in UTC) or later
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    from: Option<Date>,
    /// Only visits of that day (YYYY-MM-DD, in UTC) or earlier
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    to: Option<Date>,
}

pub(super) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let filter = SourceFilter::new(&options.source)?;
    let archive = open_archive(root)?;
    let mut visits = archive.visits()?;
    note_damage(&visits);
    visits.good.retain(|visit| filter.matches(&visit.source) && is_between(visit, options.from, options.to));
    if visits.good.is_empty() {
        return Err(Error::usage(anyhow!("no such visit is archived; `docdrift archive ls` lists what is")));
    }
    let done = archive.export(&visits.good, &options.file)?;
    output::note(&escape::terminal(&format!(
        "{}: {} page(s), {} revisit(s), {} bytes",
        options.file.display(),
        done.body_count,
        done.revisit_count,
        done.bytes
    )));
    Ok(Exit::Done)
}

/// A visit whose day is not known is in no span but the whole.
fn is_between(visit: &Visit, from: Option<Date>, to: Option<Date>) -> bool {
    let day = visit.day();
    let is_late = from.is_none_or(|from| day.is_some_and(|day| day >= from));
    is_late && to.is_none_or(|to| day.is_some_and(|day| day <= to))
}
