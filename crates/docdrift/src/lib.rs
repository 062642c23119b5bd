//! The orchestrator: runs the path of a page from `sources.toml` to the report, and is the command line. Everything it
//! knows of HTTP, files, tables and drift it asks the other crates.
//!
//! `pipeline` is the library, with [`Workspace`] as the way in. `commands` holds one file for each command, `cli` what
//! they share.

mod cli;
mod commands;
mod pipeline;

pub use commands::run;
pub use pipeline::{Acceptance, Error, NetworkSummary, Origin, Progress, RefreshOptions, Refreshed, Workspace};
