//! `docdrift align ZH_PAGE EN_PAGE`: which rows of the two pages are the same error.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::anyhow;
use clap::Args;
use docdrift_align::{Alignment, Pair, StaleDecision, agree_on_keys, align_with_decisions};
use docdrift_model::{Decision, ErrorTable, Lang, Reading, Role, SourceId, Warning};
use docdrift_report::{escape, no_table_text};
use serde_json::json;

use crate::{
    cli::{Exit, PageArgs, TextOrJson, load_page, output},
    pipeline::{Error, OVERRIDES, find_no_table, load_read_rules, select_decisions},
};

/// The arguments of `align`.
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
    /// Show only the pairs that a person should look at, with the texts of both rows
    #[arg(long)]
    review: bool,
    /// Follow the decisions in this file, as overrides.toml has them
    #[arg(long, value_name = "FILE", requires = "source")]
    overrides: Option<PathBuf>,
    /// Which source of the --overrides the pages are of, as `vendor/service`
    #[arg(long, value_name = "ID", requires = "overrides")]
    source: Option<SourceId>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
}

/// The error tables of both pages.
type Tables = (Vec<ErrorTable>, Vec<ErrorTable>);

pub(crate) fn run(root: Option<&Path>, options: &Options) -> Result<Exit, Error> {
    let decisions = decisions(options)?;
    let rules = load_read_rules(root)?;
    let read = |name: &str| Ok::<_, Error>(docdrift_parse::read(&load_page(name, &options.args)?, &rules));
    let (zh, en) = (read(&options.zh)?, read(&options.en)?);
    let no_tables = find_no_tables(&zh, &en);
    let mut tables = (zh.tables, en.tables);
    agree_on_keys(&mut tables.0, &mut tables.1);
    let (mut alignment, stale) = align_with_decisions(&tables.0, &tables.1, &decisions);
    if options.review {
        alignment.pairs.retain(Pair::needs_review);
    }
    match options.format {
        TextOrJson::Json => output::json(&as_json(&alignment, &no_tables)),
        TextOrJson::Text if options.review => output::answer(&review(&alignment, &tables)),
        TextOrJson::Text => output::answer(&as_text(&alignment, &tables)),
    }
    for (lang, warning) in &no_tables {
        let why = no_table_text(warning.as_ref(), Lang::En);
        output::note(&escape::terminal(&format!("{lang} page: no error table: {why}")));
    }
    for StaleDecision { line, reason } in stale {
        output::note(&escape::terminal(&format!("{}:{line}: {reason}", OVERRIDES)));
    }
    Ok(if no_tables.is_empty() { Exit::Done } else { Exit::NothingToAnswer })
}

/// The pages without an error table, each with the reason.
fn find_no_tables(zh: &Reading, en: &Reading) -> Vec<(Lang, Option<Warning>)> {
    let pages = [(Lang::Zh, zh), (Lang::En, en)].into_iter();
    pages.filter_map(|(lang, reading)| Some((lang, find_no_table(reading)?))).collect()
}

fn decisions(options: &Options) -> Result<Vec<Decision>, Error> {
    let (Some(path), Some(source)) = (&options.overrides, &options.source) else { return Ok(Vec::new()) };
    if !path.exists() {
        return Err(Error::usage(anyhow!("--overrides {}: no such file", path.display())));
    }
    Ok(select_decisions(&docdrift_config::load_overrides(path).map_err(Error::usage)?, source))
}

fn as_json(alignment: &Alignment, no_tables: &[(Lang, Option<Warning>)]) -> serde_json::Value {
    let pair = |pair: &Pair| {
        let mut value = json!({"zh": pair.zh, "en": pair.en, "method": pair.method.as_str(), "score": pair.score});
        if pair.needs_review() {
            value["review"] = json!(true);
        }
        value
    };
    let pairs: Vec<_> = alignment.pairs.iter().map(pair).collect();
    let mut answer = json!({"pairs": pairs, "zh_only": alignment.zh_only, "en_only": alignment.en_only});
    if !no_tables.is_empty() {
        let warning = |(lang, warning): &(Lang, Option<Warning>)| json!({"lang": lang, "kind": "no-table", "detail": no_table_text(warning.as_ref(), Lang::En)});
        answer["warnings"] = no_tables.iter().map(warning).collect();
    }
    answer
}

fn name(tables: &[ErrorTable], (table, row): (usize, usize)) -> String {
    let cell = |role| tables.get(table).map_or("", |t| t.cell(row, role));
    escape::terminal(&format!("{} {}", cell(Role::Status), cell(Role::Code)))
}

fn as_text(alignment: &Alignment, (zh, en): &Tables) -> String {
    let mut out = String::new();
    for pair in &alignment.pairs {
        let (left, right) = (name(zh, pair.zh), name(en, pair.en));
        let review = if pair.needs_review() { ", for review" } else { "" };
        let _ = writeln!(out, "{left} = {right}  ({}, {:.2}{review})", pair.method.as_str(), pair.score);
    }
    for place in &alignment.zh_only {
        let _ = writeln!(out, "{} = nothing in en", name(zh, *place));
    }
    for place in &alignment.en_only {
        let _ = writeln!(out, "nothing in zh = {}", name(en, *place));
    }
    let counts = (alignment.pairs.len(), alignment.zh_only.len(), alignment.en_only.len());
    let _ = writeln!(out, "{} pair(s), {} row(s) in zh only, {} in en only", counts.0, counts.1, counts.2);
    out
}

fn review(alignment: &Alignment, (zh, en): &Tables) -> String {
    let row = |tables: &[ErrorTable], (table, row): (usize, usize)| {
        let cells = tables.get(table).and_then(|table| table.rows.get(row)).map_or(&[][..], Vec::as_slice);
        escape::terminal(&cells.join(" | "))
    };
    let mut out = String::new();
    for pair in &alignment.pairs {
        let (left, right) = (name(zh, pair.zh), name(en, pair.en));
        let _ = writeln!(out, "{left} = {right}  ({}, {:.2})", pair.method.as_str(), pair.score);
        let _ = writeln!(out, "  zh: {}\n  en: {}", row(zh, pair.zh), row(en, pair.en));
    }
    let _ = writeln!(out, "{} pair(s) for review", alignment.pairs.len());
    out
}
