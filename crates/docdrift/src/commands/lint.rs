//! `docdrift lint`: what the two languages disagree about, source by source. Writes nothing.

use std::path::{Path, PathBuf};

use clap::Args;
use docdrift_model::{Lang, Reason, SourceId};
use docdrift_report::{Phrases, escape, findings_json, findings_markdown, findings_terminal, reason_text};

use crate::{
    cli::{Exit, Format, ReportLang, output},
    pipeline::{Error, Origin, Workspace},
};

/// The arguments of `lint`.
#[derive(Args)]
pub(crate) struct Options {
    /// Read saved pages, DIR/<vendor>/<service>/<zh|en>.<any extension>, in place of the archived pages of the last fetch
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
    /// Exit with 1 when there are findings that sources.toml does not ignore
    #[arg(long)]
    fail_on_findings: bool,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let origin = options.pages.clone().map_or(Origin::Archive, Origin::Saved);
    let linted = Workspace::open(root)?.lint(&options.source, &origin)?;
    let lang = options.lang.into();
    for (source, reason) in &linted.errors {
        output::note(&escape::terminal(&source_reason(source, reason, lang)));
    }
    if linted.findings.is_empty() && linted.errors.is_empty() {
        output::note("no source has pages in both languages");
    }
    let found = &linted.findings;
    match options.format {
        Format::Text => output::answer(&findings_terminal(found, lang, output::colour())),
        Format::Markdown => output::answer(&findings_markdown(found, lang)),
        Format::Json => output::json(&findings_json(found)),
    }
    let is_clean = found.iter().all(|source| source.findings.is_empty());
    Ok(match (linted.errors.is_empty(), is_clean || !options.fail_on_findings) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::Done,
        (true, false) => Exit::Drift,
    })
}

fn source_reason(source: &SourceId, reason: &Reason, lang: Lang) -> String {
    format!("{source}{}{}", Phrases::for_lang(lang).colon, reason_text(reason, lang))
}
