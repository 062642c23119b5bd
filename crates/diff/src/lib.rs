//! Tells what changed between two states of one source, once each, and keeps the ids of errors that stayed the same.
//!
//! Knows entries only: no pages, no files, no vendor. Both entry points share one matching, so an error that `diff`
//! calls renamed keeps its id, and one that it calls removed takes its id along.
//!
//! 1. `matching` finds for every old entry the new one that is the same error: by code (`repeats` where a code stands
//!    in several rows), then under another code (`renames`, `prefixes`), with `tables` telling retitled tables from
//!    moved entries.
//! 2. `changes` compares the texts of each pair and weighs every edit.
//! 3. `wholes` tells the columns and languages that came or went from the cells that did.
//! 4. `drift` and `ids` put the answers together; `lives` follows single errors over many states by their ids.

mod changes;
mod drift;
mod ids;
mod lives;
mod matching;
mod prefixes;
mod renames;
mod repeats;
mod tables;
mod texts;
mod wholes;

pub use drift::{diff, diff_with};
pub use ids::assign_ids;
pub use lives::{State, lives};
