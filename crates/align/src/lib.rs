//! Pairs the zh rows and the en rows of one source that document the same error, with the evidence and a score, and
//! merges them into entries. All functions are pure functions of the error tables.
//!
//! [`align`] proceeds from the surest evidence to the weakest: unique codes, then repeated codes distinguished by
//! status, message and meaning, then rows whose code is misspelled or changed. A row without sufficient evidence stays
//! alone.

mod align;
mod alignment;
mod assignment;
mod candidates;
mod code_blocks;
mod decisions;
mod entries;
mod evidence;
mod findings;
mod glossary;
mod key_columns;
mod keys;
mod matching;
mod misspellings;
mod overrides;
mod page_rows;
mod tables;
mod text;

pub use align::align;
pub use alignment::{Alignment, Method, Pair};
pub use decisions::{StaleDecision, align_with_decisions};
pub use entries::{align_entries, merge_entries};
pub use findings::find_disagreements;
pub use keys::agree_on_keys;
