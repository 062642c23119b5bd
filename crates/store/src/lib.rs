//! Snapshots, the published dataset and the run state below a root. A change of many files happens completely or not at
//! all, and one run at a time may write.
//!
//! The crate takes and returns the plain data of `docdrift-model`; it does not interpret pages, entries or drift.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! use docdrift_store::{StorageErrorKind, Store};
//!
//! let store = Store::open(root)?;
//! let id = "vendor/service".parse()?;
//! assert!(store.last_snapshot(&id)?.is_none());
//! let error = Store::open(root).unwrap_err();
//! assert_eq!(error.kind(), StorageErrorKind::Locked);
//! # Ok(())
//! # }
//! ```
#![allow(clippy::disallowed_methods, reason = "the other crates leave the file system to this crate")]

mod code_search;
mod dataset;
mod feeds;
mod history;
mod journal;
mod publish;
mod removed;
#[cfg(test)]
mod samples;
mod snapshots;
pub mod state;
mod store;
mod verify;

pub use dataset::{PublishedSource, parse_dataset_file, read_dataset};
pub use docdrift_files::{StorageError, StorageErrorKind};
pub use history::{Histories, History, SnapshotSlot};
pub use publish::Published;
pub use removed::{RemovedEntry, removed_entries};
pub use snapshots::{SnapshotHeader, SnapshotRef, normalized_entries, parse_snapshot, read_snapshot};
pub use store::Store;
pub use verify::{VerifyIssue, VerifyReport};
