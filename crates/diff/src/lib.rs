//! Compares two states of one source and keeps the ids of errors that stay the same.
//!
//! This crate knows entries only: no pages, no files, no vendors. `diff` and `assign_ids` share one matching, so a
//! renamed error keeps its id and a removed error never passes its id on.
//!
//! 1. `matching` finds the new entry that is the same error as an old one: by code (`repeated_codes` if several rows have
//!    the code), then under another code (`renames`, `prefixes`). `tables` distinguishes retitled tables from moved
//!    entries.
//! 2. `changes` compares the texts of each pair and grades every edit.
//! 3. `column_changes` finds columns and languages that were added or dropped as a whole.
//! 4. `drift` and `ids` assemble the results. `entry_history` follows single errors through many states by their ids.

mod changes;
mod column_changes;
mod drift;
mod entry_history;
mod ids;
mod matching;
mod prefixes;
mod renames;
mod repeated_codes;
mod tables;
mod texts;
mod unmatched;

pub use drift::{diff, diff_with};
pub use entry_history::{DatedEntries, entry_histories};
pub use ids::assign_ids;
