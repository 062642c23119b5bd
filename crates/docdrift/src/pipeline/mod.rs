//! The pipeline: the path of a page from `sources.toml` to the report. [`Workspace`] is the way in.
//!
//! `input` brings the pages, `evaluate` turns the pages of one source into an evaluation, `run` does that for all
//! sources of a run, `run_checks` compares them, and `refresh` publishes what was accepted. Everything after `input`
//! takes plain values: no clock and no network.

mod cache;
mod error;
mod evaluate;
mod evidence;
mod feeds;
mod freshness;
mod heal;
mod input;
mod lint;
mod lost_codes;
mod no_table;
mod options;
mod refresh;
mod replay;
mod reread;
mod run;
mod run_checks;
mod settings;
mod storage;
mod verify;
mod workspace;

pub use error::Error;
pub use input::{NetworkSummary, Origin, Progress};
pub use options::{Acceptance, RefreshOptions};
pub use refresh::Refreshed;
pub use workspace::Workspace;

pub(crate) use evaluate::Evaluation;
pub(crate) use evidence::{build_evidence, quote_command};
pub(crate) use freshness::Freshness;
pub(crate) use heal::{Healed, Proposal, write_hints};
pub(crate) use no_table::{describe_candidate, find_no_table, suggest_table};
pub(crate) use replay::ReplayOptions;
pub(crate) use settings::{
    OVERRIDES, compile_globs, find_source, load_config, load_read_rules, read_rules, select_decisions,
};
pub(crate) use verify::Verification;
