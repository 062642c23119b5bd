//! Tests of the command line: the built binary runs in temporary folders.
#![allow(clippy::disallowed_methods, reason = "tests make the folders that docdrift works in and look at them after")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests do")]

mod archive;
mod broken_pages;
mod config;
mod diff;
mod explain;
mod forms;
mod heal;
mod history;
mod hostile;
mod network;
mod probe_align;
mod read_only;
mod readme;
mod real_pages;
mod refresh;
mod replay;
mod run_checks;
mod site;
mod status;
mod verify;
mod warcio;
