//! How a command ends: the exit codes are the same for every command and a contract.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; where it was asked for, no drift at or above the level.
    Done,
    /// Done, and there is drift at or above the level.
    Drift,
    /// The command line or a configuration file is wrong; nothing was touched.
    Wrong,
    /// At least one source could not be refreshed; its last good data is kept.
    Incomplete,
    /// There is nothing to answer with, and the answer says why.
    NothingToAnswer,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Drift => 1,
            Exit::Wrong => 2,
            Exit::Incomplete => 3,
            Exit::NothingToAnswer => 4,
        })
    }
}

/// An error whose exit code is decided.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) exit: Exit,
    pub(crate) error: anyhow::Error,
}

/// The command line, or a file that it names, is wrong.
pub(crate) fn wrong(error: impl Into<anyhow::Error>) -> Ended {
    Ended { exit: Exit::Wrong, error: error.into() }
}

/// Anything that goes wrong on the way leaves everything as it was.
impl From<anyhow::Error> for Ended {
    fn from(error: anyhow::Error) -> Self {
        Self { exit: Exit::Incomplete, error }
    }
}
