//! `docdrift verify`: whether snapshots, dataset and archive agree. Writes nothing.

use std::path::{Path, PathBuf};

use clap::Args;
use docdrift_report::escape;
use docdrift_store::VerifyIssue;
use serde_json::json;

use crate::{
    cli::{Exit, TextOrJson, output},
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
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let found = Workspace::open(root)?.verify()?;
    match options.format {
        TextOrJson::Text => output::answer(&as_text(&found)),
        TextOrJson::Json => output::json(&as_json(&found)),
    }
    Ok(if found.files.issues.is_empty() { Exit::Done } else { Exit::Incomplete })
}

fn as_text(found: &Verification) -> String {
    let Verification { source_count, files, unchecked_count, .. } = found;
    let mut lines: Vec<String> = files.issues.iter().map(|issue| escape::terminal(&issue.to_string())).collect();
    lines.extend(files.notes.iter().map(|note| escape::terminal(&format!("note: {note}"))));
    if *unchecked_count > 0 {
        lines.push(format!(
            "note: not checked against pages: {}, whose pages are not archived or were read by another version of docdrift",
            count_of(*unchecked_count, "last snapshot")
        ));
    }
    let verdict = match files.issues.len() {
        0 => "all consistent".to_owned(),
        count => format!("{} wrong", count_of(count, "thing")),
    };
    lines.push(format!(
        "{}, {} with snapshots, {}, {}: {verdict}",
        count_of(*source_count, "source"),
        files.source_count,
        if files.entry_count == 1 { "1 entry".to_owned() } else { format!("{} entries", files.entry_count) },
        count_of(files.file_count, "file"),
    ));
    lines.join("\n")
}

fn count_of(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn as_json(found: &Verification) -> serde_json::Value {
    let Verification { source_count, files, checked_count, unchecked_count } = found;
    json!({
        "schema": SCHEMA,
        "is_consistent": files.issues.is_empty(),
        "sources": source_count,
        "with_snapshots": files.source_count,
        "entries": files.entry_count,
        "files": files.file_count,
        "held_against_pages": checked_count,
        "not_held_against_pages": unchecked_count,
        "flaws": files.issues.iter().map(describe_issue).collect::<Vec<_>>(),
        "notes": files.notes.iter().map(describe_issue).collect::<Vec<_>>(),
    })
}

fn describe_issue(issue: &VerifyIssue) -> serde_json::Value {
    let file: PathBuf = issue.file.components().collect();
    json!({
        "file": file.to_string_lossy().replace('\\', "/"),
        "line": issue.line,
        "entry": issue.entry,
        "what": issue.what,
    })
}
