//! Exit codes. They are the same for every command and a contract.

use std::process::ExitCode;

use crate::pipeline::Error;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done. Where the command has a level, there is no drift at or above it.
    Done,
    /// Done. There is drift at or above the level.
    Drift,
    /// The command line or a configuration file is wrong. Nothing was touched.
    Wrong,
    /// At least one source could not be refreshed. Its last good data is kept.
    Incomplete,
    /// There is no answer, and the output says why.
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

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error {
            Error::Usage(_) => Exit::Wrong,
            Error::Failed(_) => Exit::Incomplete,
        }
    }
}
