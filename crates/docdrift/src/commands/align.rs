//! `docdrift align ZH_PAGE EN_PAGE`: which rows of the two pages are the same error.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::anyhow;
use clap::Args;
use docdrift_align::{Alignment, Pair, StaleDecision, agree_on_keys, align_with_decisions};
use docdrift_model::{
    ErrorTable, Lang, Reading, Role, SourceId, Warning, WarningKind, decision::Decision, reason::Subject,
};
use docdrift_report::{Phrases, escape, fill, method_text, no_table_text, subject_text};
use serde::Serialize;

use crate::{
    cli::{Exit, PageArgs, ReportLang, TextOrJson, load_page, output},
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
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
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
    let answer_lang = options.lang.into();
    match options.format {
        TextOrJson::Json => output::json(&Answer::new(&alignment, &no_tables)),
        TextOrJson::Text if options.review => output::answer(&review(&alignment, &tables, answer_lang)),
        TextOrJson::Text => output::answer(&as_text(&alignment, &tables, answer_lang)),
    }
    for (lang, warning) in &no_tables {
        output::note(&escape::terminal(&no_table_note(*lang, warning.as_ref(), answer_lang)));
    }
    for StaleDecision { line, reason } in stale {
        output::note(&escape::terminal(&format!("{OVERRIDES}:{line}: {reason}")));
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

#[derive(Serialize)]
struct Answer<'a> {
    pairs: Vec<PairAnswer>,
    zh_only: &'a [(usize, usize)],
    en_only: &'a [(usize, usize)],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningAnswer>,
}

#[derive(Serialize)]
struct PairAnswer {
    zh: (usize, usize),
    en: (usize, usize),
    method: &'static str,
    score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<bool>,
}

#[derive(Serialize)]
struct WarningAnswer {
    lang: Lang,
    kind: WarningKind,
    detail: String,
}

impl<'a> Answer<'a> {
    fn new(alignment: &'a Alignment, no_tables: &[(Lang, Option<Warning>)]) -> Self {
        let warning = |(lang, warning): &(Lang, Option<Warning>)| WarningAnswer {
            lang: *lang,
            kind: WarningKind::NoTable,
            detail: no_table_text(warning.as_ref(), Lang::En),
        };
        Self {
            pairs: alignment.pairs.iter().map(PairAnswer::new).collect(),
            zh_only: &alignment.zh_only,
            en_only: &alignment.en_only,
            warnings: no_tables.iter().map(warning).collect(),
        }
    }
}

impl PairAnswer {
    fn new(pair: &Pair) -> Self {
        let Pair { zh, en, method, score } = pair;
        let review = pair.needs_review().then_some(true);
        Self { zh: *zh, en: *en, method: method.as_str(), score: *score, review }
    }
}

fn name(tables: &[ErrorTable], (table, row): (usize, usize)) -> String {
    let cell = |role| tables.get(table).map_or("", |t| t.cell(row, role));
    escape::terminal(&format!("{} {}", cell(Role::Status), cell(Role::Code)))
}

fn no_table_note(page: Lang, warning: Option<&Warning>, lang: Lang) -> String {
    let name = match lang {
        Lang::En => page.to_string(),
        Lang::Zh => subject_text(Subject::Page(page), lang),
    };
    fill(Phrases::for_lang(lang).no_error_table, &[&name, &no_table_text(warning, lang)])
}

fn pair_line(pair: &Pair, (zh, en): &Tables, template: &str, lang: Lang) -> String {
    let (left, right) = (name(zh, pair.zh), name(en, pair.en));
    let (method, score) = (method_text(pair.method.as_str(), lang), format!("{:.2}", pair.score));
    fill(template, &[&left, &right, method, &score]) + "\n"
}

fn as_text(alignment: &Alignment, tables: &Tables, lang: Lang) -> String {
    let phrases = Phrases::for_lang(lang);
    let mut out = String::new();
    for pair in &alignment.pairs {
        let template = if pair.needs_review() { phrases.pair_for_review } else { phrases.pair };
        out += &pair_line(pair, tables, template, lang);
    }
    let only = |template: &str, tables: &[ErrorTable], place| fill(template, &[&name(tables, place)]) + "\n";
    out.extend(alignment.zh_only.iter().map(|place| only(phrases.only_in_zh, &tables.0, *place)));
    out.extend(alignment.en_only.iter().map(|place| only(phrases.only_in_en, &tables.1, *place)));
    let counts = [&alignment.pairs.len(), &alignment.zh_only.len(), &alignment.en_only.len()].map(ToString::to_string);
    out + &fill(phrases.pair_counts, &counts.each_ref().map(String::as_str)) + "\n"
}

fn review(alignment: &Alignment, tables: &Tables, lang: Lang) -> String {
    let row = |tables: &[ErrorTable], (table, row): (usize, usize)| {
        let cells = tables.get(table).and_then(|table| table.rows.get(row)).map_or(&[][..], Vec::as_slice);
        escape::terminal(&cells.join(" | "))
    };
    let phrases = Phrases::for_lang(lang);
    let mut out = String::new();
    for pair in &alignment.pairs {
        out += &pair_line(pair, tables, phrases.pair, lang);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  zh: {}\n  en: {}", row(&tables.0, pair.zh), row(&tables.1, pair.en));
    }
    out + &fill(phrases.review_count, &[&alignment.pairs.len().to_string()]) + "\n"
}
