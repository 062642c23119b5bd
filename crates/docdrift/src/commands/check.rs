//! `docdrift check`: a refresh that writes nothing and exits with 1 when there is drift.

use std::path::Path;

use clap::Args;

use crate::{
    cli::FailOn,
    exit::{Ended, Exit},
    refresh::{self, Accept, Selection},
};

/// What `check` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Exit with 1 for drift of this severity or graver
    #[arg(long, value_enum, default_value = "cosmetic")]
    fail_on: FailOn,
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let report = refresh::look(root, &options.selection, &Accept::default())?;
    if !report.is_whole() {
        return Ok(Exit::Incomplete);
    }
    Ok(options.fail_on.exit(report.severity()))
}
