//! `docdrift archive verify`: whether everything that was archived is still what it was.

use std::path::Path;

use clap::Args;
use docdrift_archive::{ArchiveCheck, ArchiveProblem};
use docdrift_report::escape;
use serde_json::{Value, json};

use super::{FOLDER, SCHEMA, open_archive};
use crate::{
    cli::{Exit, TextOrJson, output},
    pipeline::Error,
};

/// The arguments of `archive verify`.
#[derive(Args)]
pub(crate) struct Options {
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
}

pub(super) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let state = open_archive(root)?.check()?;
    match options.format {
        TextOrJson::Text => output::answer(&text(&state)),
        TextOrJson::Json => output::json(&answer(&state)),
    }
    Ok(if damages(&state) == 0 { Exit::Done } else { Exit::Incomplete })
}

fn damages(state: &ArchiveCheck) -> usize {
    state.problems.iter().filter(|problem| problem.kind.is_damage()).count()
}

fn file(problem: &ArchiveProblem) -> String {
    format!("{FOLDER}/{}", problem.path.to_string_lossy().replace('\\', "/"))
}

fn text(state: &ArchiveCheck) -> String {
    let mut lines: Vec<String> = state.problems.iter().map(|problem| escape::terminal(&line(problem))).collect();
    let verdict = match damages(state) {
        0 => "nothing is damaged".to_owned(),
        count => format!(
            "{count} damaged; remove these objects and lines, or put them back from a copy: what its server still gives \
             is archived again by the next refresh"
        ),
    };
    lines.push(format!("{} visit(s), {} object(s): {verdict}", state.visit_count, state.object_count));
    lines.join("\n")
}

fn line(problem: &ArchiveProblem) -> String {
    let ArchiveProblem { kind, lines, why, .. } = problem;
    let mark = if kind.is_damage() { "" } else { "note: " };
    let named = match lines.as_slice() {
        [] => String::new(),
        [line] => format!(" (line {line} of the index)"),
        [line, rest @ ..] => format!(" (line {line} of the index and {} more)", rest.len()),
    };
    format!("{mark}{}: {}: {why}{named}", file(problem), kind.as_str())
}

fn answer(state: &ArchiveCheck) -> Value {
    let problem = |problem: &ArchiveProblem| {
        json!({
            "kind": problem.kind.as_str(),
            "is_damage": problem.kind.is_damage(),
            "file": file(problem),
            "lines": problem.lines,
            "why": problem.why,
        })
    };
    json!({
        "schema": SCHEMA,
        "is_sound": damages(state) == 0,
        "visits": state.visit_count,
        "objects": state.object_count,
        "problems": state.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}
