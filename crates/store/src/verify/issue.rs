//! An issue: something in a file that is not as docdrift writes it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use docdrift_files::StorageError;

/// How many issues of one file are reported. Someone who replaced the whole file needs no list of all its lines.
const MAX_ISSUES_PER_FILE: usize = 20;

/// Something that is not as docdrift writes it, and what to do about it. Displayed as `FILE:LINE: entry ID: WHAT`. The id
/// comes from the file, so it may hold any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyIssue {
    /// The file or folder, below the root.
    pub file: PathBuf,
    /// The number of the line, from one.
    pub line: Option<usize>,
    /// The id of the entry concerned.
    pub entry: Option<String>,
    /// What is wrong and what to do.
    pub what: String,
}

impl VerifyIssue {
    /// Creates an issue of a whole file.
    pub(super) fn new(file: &Path, what: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, entry: None, what: what.into() }
    }

    /// Creates an issue from an error whose message starts with the file's name and maybe a line number.
    pub(super) fn from_error(file: &Path, error: &StorageError) -> Self {
        let message = format!("{error:#}");
        let Some(rest) = message.strip_prefix(&*file.to_string_lossy()) else { return Self::new(file, message) };
        let (line, what) = match rest.strip_prefix(':').map(|rest| rest.split_at(count_digits(rest))) {
            Some((line, what)) => (line.parse().ok(), what),
            None => (None, rest),
        };
        Self { line, ..Self::new(file, what.trim_start_matches([':', ' '])) }
    }

    #[must_use]
    pub(super) fn at_line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    #[must_use]
    pub(super) fn in_entry(self, id: &str) -> Self {
        Self { entry: Some(id.to_owned()), ..self }
    }
}

fn count_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

impl fmt::Display for VerifyIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(id) = &self.entry {
            write!(f, ": entry {id}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Shortens the issues of a file to the first ones and the number of the others.
pub(super) fn limit_issues(file: &Path, mut issues: Vec<VerifyIssue>) -> Vec<VerifyIssue> {
    let more = issues.len().saturating_sub(MAX_ISSUES_PER_FILE);
    if more > 0 {
        issues.truncate(MAX_ISSUES_PER_FILE);
        issues.push(VerifyIssue::new(file, format!("and {more} more of this file")));
    }
    issues
}
