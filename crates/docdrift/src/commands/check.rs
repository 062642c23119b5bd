//! `docdrift check`: a refresh that writes nothing and exits with 1 when there is drift.

use std::path::Path;

use clap::Args;

use super::refresh::{Selection, preview};
use crate::{
    cli::{Exit, FailOn},
    pipeline::{Acceptance, Error},
};

/// The arguments of `check`.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Exit with 1 for drift of this severity or graver
    #[arg(long, value_enum, default_value = "cosmetic")]
    fail_on: FailOn,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let report = preview(root, &options.selection, Acceptance::default())?.report;
    if !report.is_whole() {
        return Ok(Exit::Incomplete);
    }
    Ok(options.fail_on.exit(report.severity()))
}
