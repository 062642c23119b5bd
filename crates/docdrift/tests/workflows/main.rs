//! The workflows and the action: that their files keep the rules of `docs/ci.md`, and what their scripts do, run with
//! stubs in place of `docdrift` and `gh`.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests make the folders that the scripts work in and look at them after")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests do")]

mod action;
mod action_inputs;
mod bench;
mod build;
mod files;
mod pull_request;
