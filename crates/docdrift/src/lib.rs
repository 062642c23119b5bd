//! The orchestrator: runs the path of a page from `sources.toml` to the report, guards what is published, and is the
//! command line. Everything it knows of HTTP, files, tables and drift it asks the other crates.

mod cli;
mod commands;
mod evidence;
mod exit;
mod feeds;
mod guard;
mod heal;
mod judge;
mod logs;
mod lost_codes;
mod memo;
mod network;
mod no_table;
mod output;
mod pages;
mod progress;
mod refresh;
mod replay;
mod reread;
mod run;
mod settings;
mod side;
mod status;
mod telling;

pub use cli::run;
