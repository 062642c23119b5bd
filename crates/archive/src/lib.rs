//! The archive of raw pages: each body once as a WARC record, and an index with one line per visit. It also reads pages
//! that a user saved as files.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! use docdrift_archive::Archive;
//! use docdrift_model::Lang;
//!
//! // Without the lock of a run, the archive is read-only.
//! let archive = Archive::new(root, None);
//! let id = "vendor/service".parse()?;
//! assert_eq!(archive.latest_page(&id, Lang::Zh)?, None);
//! # Ok(())
//! # }
//! ```
#![allow(clippy::disallowed_methods, reason = "the other crates leave the file system to this crate")]

mod archive;
mod check;
mod contents;
mod export;
mod index;
mod objects;
mod prune;
mod saved;
#[cfg(test)]
mod tests;
mod warc;

pub use archive::Archive;
pub use check::{ArchiveCheck, ArchiveProblem, ArchiveProblemKind};
pub use contents::VisitOutcome;
pub use docdrift_files::{StorageError, StorageErrorKind};
pub use export::ExportSummary;
pub use index::{DamagedLine, Visit, Visits};
pub use prune::PruneSummary;
pub use saved::{read_page, saved_page};
