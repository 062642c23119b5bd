//! URLs in, [`Page`](docdrift_model::Page)s or typed [`Failure`]s out. The only async crate and the only one that
//! knows HTTP; its face is blocking. It judges what a server answers, never what a page says.
//!
//! The path of one request: `policy` says whether its URL may be asked at all → `run` hands it to its `host`, whose
//! `pace` it waits for → `walk` asks, redirects and all, what `robots` allows, with the client of `client` and the
//! addresses `resolver` lets through → `judge` looks at what comes, `body` unpacks it → `retry` says whether and when
//! to ask again. `stop` and `interrupt` end a run early.

mod answer;
mod attempt;
mod attempt_error;
mod body;
mod browser;
mod client;
mod failure;
mod host;
mod interrupt;
mod judge;
mod limits;
mod pace;
mod policy;
mod request;
mod resolver;
mod retry;
mod robots;
mod run;
mod settings;
mod stop;
mod trouble;
mod walk;

pub use answer::{Answer, Fetched, HostSummary};
pub use failure::{Cause, Failure, FailureKind};
pub use request::{Known, Request};
pub use run::fetch;
pub use settings::{HostSettings, Settings};
