//! `docdrift archive verify`: whether everything that was archived is still what it was.

use std::path::Path;

use clap::Args;
use docdrift_archive::{ArchiveCheck, ArchiveProblem};
use docdrift_report::{Phrases, escape, fill};
use serde::Serialize;

use super::{FOLDER, SCHEMA, open_archive};
use crate::{
    cli::{Exit, ReportLang, TextOrJson, output},
    pipeline::Error,
};

/// The arguments of `archive verify`.
#[derive(Args)]
pub(crate) struct Options {
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
}

pub(super) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let state = open_archive(root)?.check()?;
    match options.format {
        TextOrJson::Text => output::answer(&text(&state, Phrases::for_lang(options.lang.into()))),
        TextOrJson::Json => output::json(&Answer::new(&state)),
    }
    Ok(if damages(&state) == 0 { Exit::Done } else { Exit::Incomplete })
}

fn damages(state: &ArchiveCheck) -> usize {
    state.problems.iter().filter(|problem| problem.kind.is_damage()).count()
}

fn file(problem: &ArchiveProblem) -> String {
    format!("{FOLDER}/{}", problem.path.to_string_lossy().replace('\\', "/"))
}

fn text(state: &ArchiveCheck, phrases: &Phrases) -> String {
    let mut lines: Vec<String> =
        state.problems.iter().map(|problem| escape::terminal(&line(problem, phrases))).collect();
    let verdict = match damages(state) {
        0 => phrases.archive_sound.to_owned(),
        count => fill(phrases.archive_damaged, &[&count.to_string()]),
    };
    let counts = [state.visit_count, state.object_count].map(|count| count.to_string());
    lines.push(fill(phrases.archive_summary, &[&counts[0], &counts[1], &verdict]));
    lines.join("\n")
}

fn line(problem: &ArchiveProblem, phrases: &Phrases) -> String {
    let ArchiveProblem { kind, lines, why, .. } = problem;
    let named = match lines.as_slice() {
        [] => String::new(),
        [line] => fill(phrases.index_line, &[&line.to_string()]),
        [line, rest @ ..] => fill(phrases.index_lines, &[&line.to_string(), &rest.len().to_string()]),
    };
    let line = format!("{}: {}: {why}{named}", file(problem), kind.as_str());
    if kind.is_damage() { line } else { fill(phrases.note, &[&line]) }
}

#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    is_sound: bool,
    visits: usize,
    objects: usize,
    problems: Vec<ProblemAnswer<'a>>,
}

#[derive(Serialize)]
struct ProblemAnswer<'a> {
    kind: &'static str,
    is_damage: bool,
    file: String,
    lines: &'a [usize],
    why: &'a str,
}

impl<'a> Answer<'a> {
    fn new(state: &'a ArchiveCheck) -> Self {
        Self {
            schema: SCHEMA,
            is_sound: damages(state) == 0,
            visits: state.visit_count,
            objects: state.object_count,
            problems: state.problems.iter().map(ProblemAnswer::new).collect(),
        }
    }
}

impl<'a> ProblemAnswer<'a> {
    fn new(problem: &'a ArchiveProblem) -> Self {
        let ArchiveProblem { kind, lines, why, .. } = problem;
        Self { kind: kind.as_str(), is_damage: kind.is_damage(), file: file(problem), lines, why }
    }
}
