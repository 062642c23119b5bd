//! `docdrift align ZH_PAGE EN_PAGE`: which rows of the two pages are the same error.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use docdrift_align::{Alignment, align};
use docdrift_model::{ErrorTable, Role};
use docdrift_report::escape;
use serde_json::json;

use crate::{
    exit::{Ended, Exit},
    output,
    side::{PageArgs, page},
};

/// What `align` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// The zh page, saved or a URL
    #[arg(value_name = "ZH_PAGE")]
    zh: String,
    /// The en page, saved or a URL
    #[arg(value_name = "EN_PAGE")]
    en: String,
    #[command(flatten)]
    args: PageArgs,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(crate) fn command(options: &Options) -> Result<Exit, Ended> {
    let zh = docdrift_parse::read(&page(&options.zh, &options.args)?).tables;
    let en = docdrift_parse::read(&page(&options.en, &options.args)?).tables;
    let alignment = align(&zh, &en);
    match options.format {
        Format::Json => output::json(&as_json(&alignment)),
        Format::Text => output::answer(&as_text(&alignment, &zh, &en)),
    }
    Ok(Exit::Done)
}

fn as_json(alignment: &Alignment) -> serde_json::Value {
    let pairs: Vec<_> = alignment
        .pairs
        .iter()
        .map(|pair| json!({"zh": pair.zh, "en": pair.en, "method": pair.method.as_str(), "score": pair.score}))
        .collect();
    json!({"pairs": pairs, "zh_only": alignment.zh_only, "en_only": alignment.en_only})
}

fn as_text(alignment: &Alignment, zh: &[ErrorTable], en: &[ErrorTable]) -> String {
    let row = |tables: &[ErrorTable], (table, row): (usize, usize)| {
        let cell = |role| tables.get(table).map_or("", |t| t.cell(row, role));
        escape::terminal(&format!("{} {}", cell(Role::Status), cell(Role::Code)))
    };
    let mut out = String::new();
    for pair in &alignment.pairs {
        let (left, right) = (row(zh, pair.zh), row(en, pair.en));
        let _ = writeln!(out, "{left} = {right}  ({}, {:.2})", pair.method.as_str(), pair.score);
    }
    for place in &alignment.zh_only {
        let _ = writeln!(out, "{} = nothing in en", row(zh, *place));
    }
    for place in &alignment.en_only {
        let _ = writeln!(out, "nothing in zh = {}", row(en, *place));
    }
    let counts = (alignment.pairs.len(), alignment.zh_only.len(), alignment.en_only.len());
    let _ = writeln!(out, "{} pair(s), {} row(s) in zh only, {} in en only", counts.0, counts.1, counts.2);
    out
}
