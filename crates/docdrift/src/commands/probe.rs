//! `docdrift probe PAGE`: which error tables a page has, and how they were read.

mod trace;

use std::{fmt::Write as _, path::Path};

use anyhow::anyhow;
use clap::Args;
use docdrift_model::{
    ErrorTable, Lang, Page, ReadRules, Reading, SourceId, Warning,
    table::{Format as PageFormat, LeftOut},
    trace::Trace,
};
use docdrift_report::{escape, warning_line};
use jiff::civil::Date;
use serde::Serialize;

use crate::{
    cli::{Exit, PageArgs, TextOrJson, load_page, output},
    pipeline::{Error, find_source, load_config, load_read_rules, read_rules, suggest_table},
};

/// The arguments of `probe`.
#[derive(Args)]
pub(crate) struct Options {
    /// A saved page or a URL
    #[arg(value_name = "PAGE")]
    page: String,
    #[command(flatten)]
    args: PageArgs,
    /// Read the page with the hints of this source of sources.toml, as `vendor/service`
    #[arg(long, value_name = "ID")]
    source: Option<SourceId>,
    /// Show everything that was proposed as a table, how it scored, and the hint that would take what was rejected
    #[arg(long)]
    trace: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
}

pub(crate) fn run(root: Option<&Path>, options: &Options) -> Result<Exit, Error> {
    let rules = load_rules(root, options.source.as_ref())?;
    let page = load_page(&options.page, &options.args)?;
    let reading = docdrift_parse::read(&page, &rules);
    match options.format {
        TextOrJson::Json => output::json(&Answer::new(&reading, options.trace)),
        TextOrJson::Text => output::answer(&as_text(&page, &reading, options.trace)),
    }
    Ok(if reading.tables.is_empty() { Exit::NothingToAnswer } else { Exit::Done })
}

/// Returns what the page is read by: without a source, the known vendors alone.
fn load_rules(root: Option<&Path>, id: Option<&SourceId>) -> Result<ReadRules, Error> {
    let Some(id) = id else { return load_read_rules(root) };
    let root =
        root.ok_or_else(|| Error::usage(anyhow!("--source {id}: there is no sources.toml here or in a folder above")))?;
    let config = load_config(root)?;
    Ok(read_rules(&config, find_source(&config, id)?))
}

#[derive(Serialize)]
struct Answer<'a> {
    vendor: &'a Option<String>,
    title: &'a Option<String>,
    lang: Option<Lang>,
    updated_on: Option<Date>,
    format: PageFormat,
    tables: &'a [ErrorTable],
    warnings: &'a [Warning],
    left_out: &'a [LeftOut],
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a Trace>,
}

impl<'a> Answer<'a> {
    fn new(reading: &'a Reading, with_trace: bool) -> Self {
        Self {
            vendor: &reading.vendor,
            title: &reading.title,
            lang: reading.lang,
            updated_on: reading.updated_on,
            format: reading.format,
            tables: &reading.tables,
            warnings: &reading.warnings,
            left_out: &reading.left_out,
            trace: with_trace.then_some(&reading.trace),
        }
    }
}

fn as_text(page: &Page, reading: &Reading, with_trace: bool) -> String {
    let mut out = format!("{}\n", escape::terminal(&page.url));
    let known = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_owned());
    let _ = writeln!(
        out,
        "{}\nread as {}, vendor {}, language {}, updated on {}\n{} error table(s), {} row(s)",
        escape::terminal(reading.title.as_deref().unwrap_or("(no title)")),
        reading.format.as_str(),
        known(reading.vendor.clone()),
        known(reading.lang.map(|lang| lang.to_string())),
        known(reading.updated_on.map(|date| date.to_string())),
        reading.tables.len(),
        reading.row_count(),
    );
    for (n, table) in reading.tables.iter().enumerate() {
        push_table(&mut out, n, table);
    }
    for warning in &reading.warnings {
        let _ = writeln!(out, "\nwarning: {}", warning_line(warning, Lang::En));
    }
    for other in &reading.left_out {
        let header = escape::terminal(&other.header.join(" | "));
        let _ = writeln!(
            out,
            "\nleft out: a table of {} row(s), `{header}`: {}",
            other.rows,
            escape::terminal(&other.reason)
        );
    }
    if with_trace {
        out.push_str(&trace::as_text(&reading.trace));
    } else if let Some(suggestion) = suggest_table(&reading.trace).filter(|_| reading.tables.is_empty()) {
        let _ = write!(out, "\n{suggestion}");
    }
    out
}

fn push_table(out: &mut String, n: usize, table: &ErrorTable) {
    let title = table.title.as_deref().unwrap_or("(no title)");
    let _ = writeln!(out, "\ntable {n}: {}, {} row(s)", escape::terminal(title), table.rows.len());
    for (header, role) in table.header.iter().zip(&table.roles) {
        let _ = writeln!(out, "  {:<12} {}", role.as_str(), escape::terminal(header));
    }
    for row in table.rows.iter().take(3) {
        let _ = writeln!(out, "  - {}", escape::terminal(&row.join(" | ")));
    }
    if table.rows.len() > 3 {
        let _ = writeln!(out, "  … {} more", table.rows.len() - 3);
    }
}
