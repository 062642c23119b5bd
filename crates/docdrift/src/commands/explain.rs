//! `docdrift explain SOURCE`: the guard's checks, each with its figure and its limit. Evaluates as `check` does and writes
//! nothing.

use std::{fmt::Write as _, path::Path};

use anyhow::anyhow;
use clap::Args;
use docdrift_guard::Check;
use docdrift_model::SourceId;
use docdrift_report::escape;
use serde_json::json;

use crate::{
    cli::{Exit, OriginArgs, ProgressBar, Table, TextOrJson, output},
    pipeline::{Error, Evaluation, Workspace},
};

/// The arguments of `explain`.
#[derive(Args)]
pub(crate) struct Options {
    /// The source, as `vendor/service`
    #[arg(value_name = "SOURCE")]
    source: SourceId,
    #[command(flatten)]
    origin: OriginArgs,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let workspace = Workspace::open(root)?.with_progress(ProgressBar::default());
    let evaluated = workspace.evaluate_source(&options.source, &options.origin.origin(), jiff::Timestamp::now())?;
    let Some((evaluation, _)) = evaluated else {
        return Err(Error::usage(anyhow!("{}: there is no page of it to look at", options.source)));
    };
    match options.format {
        TextOrJson::Text => output::answer(&as_text(&options.source, &evaluation)),
        TextOrJson::Json => output::json(&as_json(&options.source, &evaluation)),
    }
    Ok(if evaluation.is_accepted() { Exit::Done } else { Exit::Incomplete })
}

fn as_json(source: &SourceId, evaluation: &Evaluation) -> serde_json::Value {
    let checks: Vec<_> = evaluation.checks.iter().map(check_as_json).collect();
    let reasons = evaluation.outcome.reasons().unwrap_or_default();
    json!({"source": source, "outcome": evaluation.outcome.as_str(), "reasons": reasons, "checks": checks})
}

fn check_as_json(check: &Check) -> serde_json::Value {
    json!({
        "check": check.name,
        "lang": check.lang,
        "what": check.what,
        "figure": check.figure,
        "limit": check.limit,
        "sample": check.sample,
        "passed": check.reason().is_none(),
        "reason": check.reason(),
    })
}

const HEADER: [&str; 5] = ["", "check", "of", "seen", "let through"];

fn cells(check: &Check) -> [String; 5] {
    let mark = if check.reason().is_some() { "HELD" } else { "ok" };
    let cells = [mark, check.name, &check.what, &check.figure, &check.limit];
    cells.map(str::to_owned)
}

fn as_text(source: &SourceId, evaluation: &Evaluation) -> String {
    let mut out = format!("{source}: {}\n", evaluation.outcome.as_str());
    for reason in evaluation.outcome.reasons().unwrap_or_default() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {}", escape::terminal(reason));
    }
    if evaluation.checks.is_empty() {
        return out;
    }
    let mut table = Table::new(HEADER);
    evaluation.checks.iter().for_each(|check| table.add_row(cells(check)));
    format!("{out}\n{}", table.render())
}
