//! `docdrift verify`: whether snapshots, dataset and archive agree. Writes nothing.

use std::path::{Path, PathBuf};

use clap::Args;
use docdrift_report::{Phrases, escape, fill};
use docdrift_store::VerifyIssue;
use serde::Serialize;

use crate::{
    cli::{Exit, ReportLang, TextOrJson, output},
    pipeline::{Error, Verification, Workspace},
};

/// The version of the JSON answer's shape.
const SCHEMA: u32 = 1;

/// The arguments of `verify`.
#[derive(Args)]
pub(crate) struct Options {
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: ReportLang,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let found = Workspace::open(root)?.verify()?;
    match options.format {
        TextOrJson::Text => output::answer(&as_text(&found, Phrases::for_lang(options.lang.into()))),
        TextOrJson::Json => output::json(&Answer::new(&found)),
    }
    Ok(if found.files.issues.is_empty() { Exit::Done } else { Exit::Incomplete })
}

fn as_text(found: &Verification, phrases: &Phrases) -> String {
    let Verification { source_count, files, unchecked_count, .. } = found;
    let note = |text: &str| escape::terminal(&fill(phrases.note, &[text]));
    let mut lines: Vec<String> = files.issues.iter().map(|issue| escape::terminal(&issue.to_string())).collect();
    lines.extend(files.notes.iter().map(|issue| note(&issue.to_string())));
    if *unchecked_count > 0 {
        let snapshots = phrases.last_snapshots.format(*unchecked_count);
        lines.push(note(&fill(phrases.not_checked_against_pages, &[&snapshots])));
    }
    let verdict = match files.issues.len() {
        0 => phrases.all_consistent.to_owned(),
        count => phrases.wrong.format(count),
    };
    lines.push(fill(
        phrases.verify_summary,
        &[
            &phrases.sources.format(*source_count),
            &fill(phrases.with_snapshots, &[&files.source_count.to_string()]),
            &phrases.entries.format(files.entry_count),
            &phrases.files.format(files.file_count),
            &verdict,
        ],
    ));
    lines.join("\n")
}

#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    is_consistent: bool,
    sources: usize,
    with_snapshots: usize,
    entries: usize,
    files: usize,
    held_against_pages: usize,
    not_held_against_pages: usize,
    flaws: Vec<IssueAnswer<'a>>,
    notes: Vec<IssueAnswer<'a>>,
}

#[derive(Serialize)]
struct IssueAnswer<'a> {
    file: String,
    line: Option<usize>,
    entry: Option<&'a str>,
    what: &'a str,
}

impl<'a> Answer<'a> {
    fn new(found: &'a Verification) -> Self {
        let Verification { source_count, files, checked_count, unchecked_count } = found;
        Self {
            schema: SCHEMA,
            is_consistent: files.issues.is_empty(),
            sources: *source_count,
            with_snapshots: files.source_count,
            entries: files.entry_count,
            files: files.file_count,
            held_against_pages: *checked_count,
            not_held_against_pages: *unchecked_count,
            flaws: files.issues.iter().map(IssueAnswer::new).collect(),
            notes: files.notes.iter().map(IssueAnswer::new).collect(),
        }
    }
}

impl<'a> IssueAnswer<'a> {
    fn new(issue: &'a VerifyIssue) -> Self {
        let file: PathBuf = issue.file.components().collect();
        let file = file.to_string_lossy().replace('\\', "/");
        Self { file, line: issue.line, entry: issue.entry.as_deref(), what: &issue.what }
    }
}
