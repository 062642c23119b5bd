//! Fetches documentation pages politely and safely: URLs in, [`Page`](docdrift_model::Page)s or typed [`Failure`]s out.
//! It is the only crate that is async or knows HTTP; its interface is blocking. It judges the response of a server, never
//! the content of a page.
//!
//! A request takes this path:
//!
//! 1. [`fetch`] opens a `session` (clients, hosts, stop condition) and starts the `scheduler`.
//! 2. `scheduler` checks each URL with `policy` and runs the hosts in parallel. `retry` repeats failed attempts.
//! 3. `attempt` makes one attempt: it checks `robots`, and follows `redirects` or renders the page in a `browser`. Each
//!    request waits for a permit of its `session::host`, which keeps the pace and obeys `rate_limit`.
//! 4. `classify` decides by status and type whether the response is a page, and `body` reads and decompresses it.

mod answer;
mod attempt;
mod attempt_error;
mod body;
mod browser;
mod classify;
mod content_encoding;
mod ctrl_c;
mod failure;
mod fetch;
mod policy;
mod random;
mod rate_limit;
mod redirects;
mod request;
mod reqwest_error;
mod resolver;
mod retry;
mod robots;
mod scheduler;
mod session;
mod settings;

pub use answer::{Answer, FetchReport, HostSummary};
pub use failure::{Cause, Failure, FailureKind};
pub use fetch::fetch;
pub use request::Request;
pub use settings::{HostSettings, Settings};
