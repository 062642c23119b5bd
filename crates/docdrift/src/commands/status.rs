//! `docdrift status`: how fresh each source is.

use std::path::Path;

use clap::Args;
use docdrift_report::escape;
use docdrift_store::Store;
use serde_json::json;

use crate::{
    cli::Format,
    exit::{Ended, Exit},
    output, settings,
    status::{Freshness, freshness},
};

/// What `status` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let (config, _) = settings::load(root)?;
    let sources = settings::selected(&config, &options.source, None)?;
    let known = freshness(&Store::open_read_only(root)?, &sources)?;
    match options.format {
        Format::Text => output::answer(&text(&known)),
        Format::Markdown => output::answer(&markdown(&known)),
        Format::Json => output::json(&json!({"sources": known.iter().map(of_source).collect::<Vec<_>>()})),
    }
    Ok(Exit::Done)
}

fn of_source(known: &Freshness) -> serde_json::Value {
    json!({
        "source": known.source,
        "last_success": known.last_success,
        "last_change": known.last_change,
        "failing": known.failing,
    })
}

const HEADER: [&str; 4] = ["source", "last success", "last change", "failing since"];

/// The cells of a source, in the order of the header.
fn cells(known: &Freshness) -> [String; 4] {
    let or_never = |time: &Option<String>| time.clone().unwrap_or_else(|| "never".to_owned());
    let failing = known.failing.as_ref().map_or_else(String::new, |failing| {
        format!("{} ({})", failing.since, failing.reasons.first().map_or("", String::as_str))
    });
    [known.source.to_string(), or_never(&known.last_success), or_never(&known.last_change), failing]
}

fn text(known: &[Freshness]) -> String {
    let rows: Vec<[String; 4]> = std::iter::once(HEADER.map(str::to_owned)).chain(known.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let [source, success, change] = [0, 1, 2].map(width);
    let line = |[a, b, c, d]: &[String; 4]| {
        escape::terminal(format!("{a:source$}  {b:success$}  {c:change$}  {d}").trim_end())
    };
    rows.iter().map(|row| line(row) + "\n").collect()
}

fn markdown(known: &[Freshness]) -> String {
    let line = |cells: [String; 4]| format!("| {} |\n", cells.map(|cell| escape::markdown(&cell)).join(" | "));
    let rule = line(HEADER.map(|_| String::new())).replace("  ", " --- ");
    let rows = known.iter().map(|known| line(cells(known)));
    [line(HEADER.map(str::to_owned)), rule].into_iter().chain(rows).collect()
}
