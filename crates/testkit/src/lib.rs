//! Test support for the workspace: a scripted loopback server, and two suites that run docdrift against misbehaving
//! servers ([`hostile`]) and against interruptions ([`torture`]).
//!
//! The server needs tokio alone. The suites need the default feature `suites`; the program `testkit` runs them.
#![allow(clippy::disallowed_methods, reason = "a test kit prepares and inspects files of its own")]

mod loopback;
mod reply;
mod request;
mod wire;

#[cfg(feature = "suites")]
mod docdrift_process;
#[cfg(feature = "suites")]
mod file_tree;
#[cfg(feature = "suites")]
pub mod hostile;
#[cfg(feature = "suites")]
mod output;
#[cfg(feature = "suites")]
pub mod torture;

#[cfg(feature = "suites")]
pub use docdrift_process::{DOCDRIFT_COMMAND, run_docdrift};
pub use loopback::LoopbackServer;
pub use reply::{ENDLESS, End, HTML, Reply, Step};
pub use request::ReceivedRequest;
