//! Tests of the workflows and the action: their files follow the rules of `docs/ci.md`, and their scripts run with stubs
//! of `docdrift` and `gh`.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests make the folders that the scripts work in and look at them after")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests do")]

mod action;
mod action_inputs;
mod build;
mod files;
mod pull_request;
mod support;
