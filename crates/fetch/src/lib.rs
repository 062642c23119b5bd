//! URLs in, [`Page`](docdrift_model::Page)s or typed [`Failure`]s out. The only async crate and the only one that
//! knows HTTP; its face is blocking. It judges what a server answers, never what a page says.
//!
//! The path of one request: `policy` says whether its URL may be asked at all → `run` waits for its host's turn →
//! `attempt` asks once, with the client of `client` and the addresses `resolver` lets through → `retry` says whether
//! and when to ask again.

mod attempt;
mod client;
mod failure;
mod policy;
mod resolver;
mod retry;
mod run;
mod settings;

pub use failure::{Cause, Failure, FailureKind};
pub use run::fetch;
pub use settings::{Request, Settings};
