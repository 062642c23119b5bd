//! `docdrift explain SOURCE`: what the guard looks at, each check with its figure and its limit. Judges as `check` does
//! and writes nothing.

use std::{fmt::Write as _, path::Path};

use anyhow::anyhow;
use clap::Args;
use docdrift_model::{Source, SourceId};
use docdrift_report::escape;
use docdrift_store::Store;
use serde_json::json;

use crate::{
    cli::TextOrJson,
    exit::{Ended, Exit, wrong},
    guard::Check,
    judge::Judged,
    memo::Memo,
    output,
    pages::{self, Origin},
    refresh::Accept,
    run::Run,
    settings,
};

/// What `explain` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// The source, as `vendor/service`
    #[arg(value_name = "SOURCE")]
    source: SourceId,
    #[command(flatten)]
    origin: Origin,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let (config, decisions) = settings::load(root)?;
    let source = settings::find_source(&config, &options.source)?;
    let store = Store::open_read_only(root)?;
    let pages = pages::gather(&options.origin, &store, &config, &[source])?;
    let (accept, memo) = (Accept::default(), Memo::nothing());
    let (store, config, decisions, origin) = (&store, &config, &decisions, &options.origin);
    let run = Run { store, config, decisions, accept: &accept, origin, memo: &memo };
    let mut looked = run.judge_all(&pages);
    run.weigh_together(&mut looked)?;
    let Some(judged) = looked.first().map(|looked| &looked.judged) else {
        return Err(wrong(anyhow!("{}: there is no page of it to look at", source.id)));
    };
    match options.format {
        TextOrJson::Text => output::answer(&text(source, judged)),
        TextOrJson::Json => output::json(&as_json(source, judged)),
    }
    Ok(if judged.is_taken() { Exit::Done } else { Exit::Incomplete })
}

fn as_json(source: &Source, judged: &Judged) -> serde_json::Value {
    let checks: Vec<_> = judged.checks.iter().map(of_check).collect();
    let reasons = judged.outcome.reasons().unwrap_or_default();
    json!({"source": source.id, "outcome": judged.outcome.as_str(), "reasons": reasons, "checks": checks})
}

fn of_check(check: &Check) -> serde_json::Value {
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
    cells.map(escape::terminal)
}

fn text(source: &Source, judged: &Judged) -> String {
    let mut out = format!("{}: {}\n", source.id, judged.outcome.as_str());
    for reason in judged.outcome.reasons().unwrap_or_default() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {}", escape::terminal(reason));
    }
    if judged.checks.is_empty() {
        return out;
    }
    let header = HEADER.map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(header).chain(judged.checks.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let [mark, name, what, figure] = [0, 1, 2, 3].map(width);
    out.push('\n');
    for [a, b, c, d, e] in &rows {
        let line = format!("{a:mark$}  {b:name$}  {c:what$}  {d:figure$}  {e}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
