//! The only crate that writes files. It reads saved pages, keeps the archive of raw pages and the dated snapshots, and
//! publishes `output/`: all of a change or nothing of it, one run at a time.
//!
//! What is in a page, an entry or a drift is not its business: it takes and gives the plain data of `docdrift-model`.
//!
//! ```
//! # fn main() -> anyhow::Result<()> {
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! use docdrift_store::Store;
//!
//! let store = Store::open(root)?;
//! let id = "vendor/service".parse().map_err(anyhow::Error::msg)?;
//! assert!(store.last_snapshot(&id)?.is_none());
//! assert!(Store::open(root).is_err(), "one run at a time");
//! # Ok(())
//! # }
//! ```
#![allow(clippy::disallowed_methods, reason = "this is the crate that the others leave the file system to")]

mod archive;
mod dataset;
mod failing;
mod feeds;
mod files;
mod gone;
mod history;
mod journal;
mod known;
mod lock;
mod note;
mod pending;
mod publish;
#[cfg(test)]
mod samples;
mod saved;
mod snapshots;
mod store;
mod trace;
mod verify;
mod warc;

pub use archive::{
    ArchiveProblem, ArchiveProblemKind, ArchiveState, Arrival, DamagedLine, Exported, Pruned, Visit, Visits,
};
pub use dataset::{PublishedSource, parse_dataset_file, read_dataset};
pub use failing::Failing;
pub use files::{append, read_text, replace_text};
pub use gone::{Gone, gone};
pub use history::{Histories, History, Placed};
pub use known::{Known, program};
pub use publish::Published;
pub use saved::{read_page, saved_page};
pub use snapshots::{Head, SnapshotRef, parse_snapshot, read_snapshot, settled_entries, sort_entries};
pub use store::Store;
pub use verify::{Flaw, Verified};
