//! `docdrift explain SOURCE`: the guard's checks, each with its figure and its limit. Evaluates as `check` does and writes
//! nothing.

use std::{fmt::Write as _, path::Path};

use anyhow::anyhow;
use clap::Args;
use docdrift_model::{Lang, SourceId, check::Check};
use docdrift_report::{
    Phrases, english_reasons, escape, figure_text, limit_text, outcome_text, reason_text, subject_text,
};
use serde::Serialize;

use crate::{
    cli::{Exit, OriginArgs, ProgressBar, ReportLang, Table, TextOrJson, output},
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
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let workspace = Workspace::open(root)?.with_progress(ProgressBar::default());
    let evaluated = workspace.evaluate_source(&options.source, &options.origin.origin(), jiff::Timestamp::now())?;
    let Some((evaluation, _)) = evaluated else {
        return Err(Error::usage(anyhow!("{}: there is no page of it to look at", options.source)));
    };
    match options.format {
        TextOrJson::Text => output::answer(&as_text(&options.source, &evaluation, options.lang.into())),
        TextOrJson::Json => output::json(&Answer::new(&options.source, &evaluation)),
    }
    Ok(if evaluation.is_accepted() { Exit::Done } else { Exit::Incomplete })
}

#[derive(Serialize)]
struct Answer<'a> {
    source: &'a SourceId,
    outcome: &'static str,
    reasons: Vec<String>,
    checks: Vec<CheckAnswer<'a>>,
}

#[derive(Serialize)]
struct CheckAnswer<'a> {
    check: &'static str,
    lang: Option<Lang>,
    what: String,
    figure: String,
    limit: String,
    sample: &'a [String],
    passed: bool,
    reason: Option<String>,
}

impl<'a> Answer<'a> {
    fn new(source: &'a SourceId, evaluation: &'a Evaluation) -> Self {
        let Evaluation { outcome, checks, .. } = evaluation;
        Self {
            source,
            outcome: outcome.as_str(),
            reasons: english_reasons(outcome.reasons().unwrap_or_default()),
            checks: checks.iter().map(CheckAnswer::new).collect(),
        }
    }
}

impl<'a> CheckAnswer<'a> {
    fn new(check: &'a Check) -> Self {
        Self {
            check: check.name,
            lang: check.lang,
            what: subject_text(check.subject, Lang::En),
            figure: figure_text(check.figure, Lang::En),
            limit: limit_text(check.limit, Lang::En),
            sample: &check.sample,
            passed: check.has_passed(),
            reason: check.reason.as_ref().map(|reason| reason_text(reason, Lang::En)),
        }
    }
}

fn cells(check: &Check, lang: Lang) -> [String; 5] {
    let phrases = Phrases::for_lang(lang);
    [
        if check.has_passed() { phrases.passed } else { phrases.failed }.to_owned(),
        check.name.to_owned(),
        subject_text(check.subject, lang),
        figure_text(check.figure, lang),
        limit_text(check.limit, lang),
    ]
}

fn as_text(source: &SourceId, evaluation: &Evaluation, lang: Lang) -> String {
    let phrases = Phrases::for_lang(lang);
    let mut out = format!("{source}{}{}\n", phrases.colon, outcome_text(&evaluation.outcome, lang));
    for reason in evaluation.outcome.reasons().unwrap_or_default() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {}", escape::terminal(&reason_text(reason, lang)));
    }
    if evaluation.checks.is_empty() {
        return out;
    }
    let mut table = Table::new(phrases.check_header);
    evaluation.checks.iter().for_each(|check| table.add_row(cells(check, lang)));
    format!("{out}\n{}", table.render())
}
