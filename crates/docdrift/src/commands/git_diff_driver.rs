//! `docdrift git-diff-driver`: shows git the drift of a changed snapshot or dataset file instead of its lines.

use std::{collections::BTreeMap, path::Path};

use anyhow::bail;
use clap::Args;
use docdrift_model::Lang;

use super::diff::{self, Input};
use crate::{
    cli::{Exit, output},
    pipeline::Error,
};

/// The arguments that git passes to an external diff command (`git help git`, `GIT_EXTERNAL_DIFF`).
#[derive(Args)]
pub(crate) struct Options {
    /// path old-file old-hex old-mode new-file new-hex new-mode, for a renamed file its new path and what git says of
    /// the rename as well; a path alone where it is unmerged
    #[arg(required = true, num_args = 1..=9, value_name = "ARG", allow_hyphen_values = true)]
    args: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<Exit, Error> {
    let args: Vec<&str> = options.args.iter().map(String::as_str).collect();
    let (path, old, new, now) = match args.as_slice() {
        [path] => {
            output::answer(&docdrift_report::escape::terminal(&format!("docdrift: {path} is unmerged")));
            return Ok(Exit::Done);
        }
        [path, old, _, _, new, _, _] => (*path, *old, *new, *path),
        [path, old, _, _, new, _, _, now, ..] => (*path, *old, *new, *now),
        _ => return Err(Error::usage(anyhow::anyhow!("git gives a diff driver 1, 7, 8 or 9 arguments"))),
    };
    let title = if path == now { path.to_owned() } else { format!("{path} → {now}") };
    output::answer(&docdrift_report::escape::terminal(&format!("docdrift {title}")));
    match load_versions((path, old), (now, new)) {
        Ok((old, new)) => {
            let report = diff::compare(old, new, "", &BTreeMap::new());
            output::answer(&docdrift_report::terminal(&report, Lang::En, colour()));
        }
        Err(error) => {
            output::answer(&docdrift_report::escape::terminal(&format!("{error:#}")));
            output::answer("git diff --no-ext-diff shows the lines.");
        }
    }
    // Git stops at any other exit code and shows no further files.
    Ok(Exit::Done)
}

/// Whether the answer may be coloured. Git's pager shows colours although stdout is no terminal.
fn colour() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    output::colour() || (is_set("GIT_PAGER_IN_USE") && !is_set("NO_COLOR"))
}

/// Loads both versions of a file, each given as its path and the file that git wrote it to.
fn load_versions(old: (&str, &str), new: (&str, &str)) -> anyhow::Result<(Input, Input)> {
    Ok((load_version(old.0, old.1)?, load_version(new.0, new.1)?))
}

/// Loads one version of the file at `path`, which git wrote to `file`. Returns an empty state where there was none.
fn load_version(path: &str, file: &str) -> anyhow::Result<Input> {
    if file == "/dev/null" || file == "nul" {
        return Ok(Input::nothing());
    }
    match Path::new(path).extension().and_then(|ending| ending.to_str()) {
        Some("jsonl") => diff::load_snapshot(Path::new(file)),
        Some("json") => diff::load_dataset_file(Path::new(file)),
        _ => bail!("{path}: docdrift reads snapshots (.jsonl) and the dataset's <vendor>/<service>.json only"),
    }
}
