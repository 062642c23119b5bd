//! Durable file operations: atomic replacement, sync, checked paths below a root, and the lock of a run.
//!
//! The crates that keep data on disk share it. A killed run or a power failure leaves no half-written file behind, and
//! nothing is written outside the root. Every failure is a [`StorageError`] with a kind, a path and advice.
#![allow(clippy::disallowed_methods, reason = "the other crates leave the file system to this crate")]

mod below_root;
mod error;
mod lock;
mod read;
mod write;

pub use below_root::{check_folder, check_target, make_folder, make_scratch_folder, remove_all, remove_scratch_folder};
pub use error::{Context, IoContext, Result, StorageError, StorageErrorKind};
pub use lock::RunLock;
pub use read::{is_file, list_folder, read_optional, read_text, read_text_optional};
pub use write::{append_text, replace_file, replace_text, sync_folder, write_atomically, write_synced};

/// The private folder of docdrift below the root.
pub const PRIVATE_FOLDER: &str = ".docdrift";
