//! `docdrift archive show`: a page as it was archived.

use std::path::Path;

use anyhow::anyhow;
use clap::Args;
use docdrift_archive::Visit;
use docdrift_model::{Page, SourceId};
use docdrift_report::escape;
use jiff::civil::Date;

use super::{note_damage, open_archive};
use crate::{
    cli::{Exit, ReportLang, output, parse_day},
    pipeline::Error,
};

/// The arguments of `archive show`.
#[derive(Args)]
pub(crate) struct Options {
    /// Whose page: `vendor/service`
    source: SourceId,
    /// In which language
    #[arg(value_enum)]
    lang: ReportLang,
    /// As it was seen last until the end of that day (YYYY-MM-DD, in UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    at: Option<Date>,
    /// Show where it came from, its status and its headers in place of its body
    #[arg(long)]
    headers: bool,
}

pub(super) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let archive = open_archive(root)?;
    let (source, lang) = (&options.source, options.lang.into());
    note_damage(&archive.visits()?);
    let visits = archive.page_visits(source, lang)?;
    let is_then = |visit: &&Visit| options.at.is_none_or(|at| visit.day().is_some_and(|day| day <= at));
    let Some(visit) = visits.iter().rfind(is_then) else {
        let until = options.at.map_or_else(String::new, |at| format!(" until {at}"));
        let advice = "`docdrift archive ls` lists what is";
        return Err(Error::usage(anyhow!("no {lang} page of {source} is archived{until}; {advice}")));
    };
    let page = archive.page_at(visit)?;
    if options.headers {
        output::answer(&head(&page));
    } else if output::is_terminal() {
        let lines = String::from_utf8_lossy(&page.body);
        output::answer(&lines.lines().map(|line| escape::terminal(line) + "\n").collect::<String>());
    } else {
        output::raw(&page.body);
    }
    Ok(Exit::Done)
}

/// Where it came from and how, a line each.
fn head(page: &Page) -> String {
    let mut lines = vec![
        format!("url: {}", page.url),
        format!("fetched_at: {}", page.fetched_at),
        format!("digest: {}", page.digest()),
        format!("bytes: {}", page.body.len()),
    ];
    lines.push(page.status.map_or_else(|| "a file".to_owned(), |status| format!("status: {status}")));
    lines.extend(page.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.iter().map(|line| escape::terminal(line) + "\n").collect()
}
