//! The orchestrator: runs the path of a page from `sources.toml` to the report, guards what is published, and is the
//! command line. Everything it knows of HTTP, files, tables and drift it asks the other crates.

mod cli;
mod commands;
mod exit;
mod guard;
mod judge;
mod output;
mod pages;
mod progress;
mod refresh;
mod settings;
mod side;

pub use cli::run;
