//! How a report is told: its form and its language.

use clap::{Args, ValueEnum};
use docdrift_model::{Lang, Report};
use docdrift_report::MARKDOWN_LIMIT;

use crate::{exit::Ended, output};

/// Options of commands that tell a report.
#[derive(Args)]
pub(crate) struct Telling {
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Form,
    /// The language of the report
    #[arg(long, value_enum, default_value = "en")]
    pub(crate) lang: InLang,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
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
pub(crate) enum InLang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl From<InLang> for Lang {
    fn from(lang: InLang) -> Self {
        match lang {
            InLang::En => Lang::En,
            InLang::Zh => Lang::Zh,
        }
    }
}

impl Telling {
    /// Prints the report.
    pub(crate) fn tell(&self, report: &Report) -> Result<(), Ended> {
        let lang = self.lang.into();
        match self.format {
            Form::Text => output::answer(&docdrift_report::terminal(report, lang, output::colour())),
            Form::Markdown => output::answer(&docdrift_report::markdown(report, lang, Some(MARKDOWN_LIMIT))),
            Form::Html => output::answer(&docdrift_report::html(report, lang)),
            Form::Json => output::json(&docdrift_report::json(report)),
            Form::Junit => output::answer(&docdrift_report::junit(report, lang)),
            Form::Github => {
                output::answer(&docdrift_report::github(report, lang));
                summarise(&docdrift_report::markdown(report, lang, Some(MARKDOWN_LIMIT)))?;
            }
        }
        Ok(())
    }
}

/// Adds to the summary of the workflow step, where this is one.
fn summarise(markdown: &str) -> Result<(), Ended> {
    match std::env::var_os("GITHUB_STEP_SUMMARY") {
        Some(path) if !path.is_empty() => Ok(docdrift_store::append(path.as_ref(), markdown)?),
        _ => Ok(()),
    }
}
