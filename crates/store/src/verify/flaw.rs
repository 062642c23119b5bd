//! Something in a file that is not as docdrift writes it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Of one file so many flaws are told: whoever replaced all of it needs no list of all its lines.
const TOLD: usize = 20;

/// Something that is not as docdrift writes it, and what to do about it. Shown as `FILE:LINE: entry ID: WHAT`; the id is
/// as the file has it, so it may hold anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The file or folder, below the root.
    pub file: PathBuf,
    /// The line, from one.
    pub line: Option<usize>,
    /// The id of the entry that it is about.
    pub entry: Option<String>,
    /// What is wrong, and what to do.
    pub what: String,
}

impl Flaw {
    /// A flaw of a whole file.
    pub(super) fn of(file: &Path, what: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, entry: None, what: what.into() }
    }

    /// What an error says that begins with the file's name, and maybe a line.
    pub(super) fn said(file: &Path, error: &anyhow::Error) -> Self {
        let said = format!("{error:#}");
        let Some(rest) = said.strip_prefix(&*file.to_string_lossy()) else { return Self::of(file, said) };
        let (line, what) = match rest.strip_prefix(':').map(|rest| rest.split_at(digits(rest))) {
            Some((line, what)) => (line.parse().ok(), what),
            None => (None, rest),
        };
        Self { line, ..Self::of(file, what.trim_start_matches([':', ' '])) }
    }

    #[must_use]
    pub(super) fn at(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    #[must_use]
    pub(super) fn entry(self, id: &str) -> Self {
        Self { entry: Some(id.to_owned()), ..self }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

impl fmt::Display for Flaw {
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

/// The first flaws of a file, and how many more it has.
pub(super) fn first(file: &Path, mut flaws: Vec<Flaw>) -> Vec<Flaw> {
    let more = flaws.len().saturating_sub(TOLD);
    if more > 0 {
        flaws.truncate(TOLD);
        flaws.push(Flaw::of(file, format!("and {more} more of this file")));
    }
    flaws
}
