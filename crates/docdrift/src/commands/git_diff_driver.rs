//! `docdrift git-diff-driver`: git's view of a changed snapshot or dataset file, as drift in place of lines.

use std::{collections::BTreeMap, path::Path};

use anyhow::bail;
use clap::Args;
use docdrift_model::Lang;

use super::diff;
use crate::{
    exit::{Ended, Exit},
    output,
    side::{self, Side},
};

/// What git gives an external diff command (`git help git`, `GIT_EXTERNAL_DIFF`).
#[derive(Args)]
pub(crate) struct Options {
    /// path old-file old-hex old-mode new-file new-hex new-mode, for a renamed file its new path and what git says of
    /// the rename as well; a path alone where it is unmerged
    #[arg(required = true, num_args = 1..=9, value_name = "ARG", allow_hyphen_values = true)]
    args: Vec<String>,
}

pub(crate) fn command(options: &Options) -> Result<Exit, Ended> {
    let args: Vec<&str> = options.args.iter().map(String::as_str).collect();
    let (path, old, new, now) = match args.as_slice() {
        [path] => {
            output::answer(&docdrift_report::escape::terminal(&format!("docdrift: {path} is unmerged")));
            return Ok(Exit::Done);
        }
        [path, old, _, _, new, _, _] => (*path, *old, *new, *path),
        [path, old, _, _, new, _, _, now, ..] => (*path, *old, *new, *now),
        _ => return Err(crate::exit::wrong(anyhow::anyhow!("git gives a diff driver 1, 7, 8 or 9 arguments"))),
    };
    let title = if path == now { path.to_owned() } else { format!("{path} → {now}") };
    let report = diff::report(version(path, old)?, version(now, new)?, "", &BTreeMap::new());
    let told = docdrift_report::terminal(&report, Lang::En, output::colour());
    output::answer(&docdrift_report::escape::terminal(&format!("docdrift {title}")));
    output::answer(&told);
    // Anything but success makes git stop as if this had crashed.
    Ok(Exit::Done)
}

/// One version of the file at `path`, which git has put into `file`; nothing where there was none.
fn version(path: &str, file: &str) -> Result<Side, Ended> {
    if file == "/dev/null" || file == "nul" {
        return Ok(Side::nothing());
    }
    let read = || -> anyhow::Result<Side> {
        match Path::new(path).extension().and_then(|ending| ending.to_str()) {
            Some("jsonl") => side::snapshot(Path::new(file)),
            Some("json") => side::dataset_file(Path::new(file)),
            _ => bail!("{path}: docdrift reads snapshots (.jsonl) and the dataset's <vendor>/<service>.json only"),
        }
    };
    read().map_err(crate::exit::wrong)
}
