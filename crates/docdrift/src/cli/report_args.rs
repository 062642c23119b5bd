//! The arguments of commands that print a report.

use clap::{Args, ValueEnum};
use docdrift_model::{Lang, Report};
use docdrift_report::MARKDOWN_LIMIT;

use super::output;

/// The format and the language of a report.
#[derive(Args)]
pub(crate) struct ReportArgs {
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ReportFormat,
    /// The language of the report
    #[arg(long, value_enum, default_value = "en")]
    pub(crate) lang: ReportLang,
}

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people at a terminal.
    Text,
    /// For pull requests.
    Markdown,
    /// A page of its own, with filters.
    Html,
    /// For programs; the shape is a contract.
    Json,
    /// Annotations of a GitHub workflow; the step summary is written as well.
    Github,
    /// For what shows test results.
    Junit,
}

/// The language of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportLang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl From<ReportLang> for Lang {
    fn from(lang: ReportLang) -> Self {
        match lang {
            ReportLang::En => Lang::En,
            ReportLang::Zh => Lang::Zh,
        }
    }
}

impl ReportArgs {
    /// Prints the report.
    pub(crate) fn print(&self, report: &Report) -> anyhow::Result<()> {
        let lang = self.lang.into();
        match self.format {
            ReportFormat::Text => output::answer(&docdrift_report::terminal(report, lang, output::colour())),
            ReportFormat::Markdown => output::answer(&docdrift_report::markdown(report, lang, Some(MARKDOWN_LIMIT))),
            ReportFormat::Html => output::answer(&docdrift_report::html(report, lang)),
            ReportFormat::Json => output::json(&docdrift_report::json(report)),
            ReportFormat::Junit => output::answer(&docdrift_report::junit(report, lang)),
            ReportFormat::Github => {
                output::answer(&docdrift_report::github(report, lang));
                append_step_summary(&docdrift_report::markdown(report, lang, Some(MARKDOWN_LIMIT)))?;
            }
        }
        Ok(())
    }
}

/// Appends to the summary of a GitHub workflow step, where there is one.
fn append_step_summary(markdown: &str) -> anyhow::Result<()> {
    match std::env::var_os("GITHUB_STEP_SUMMARY") {
        Some(path) if !path.is_empty() => Ok(docdrift_files::append_text(path.as_ref(), markdown)?),
        _ => Ok(()),
    }
}
