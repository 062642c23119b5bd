//! Pairs the zh rows and the en rows of one source that document the same error, says on what evidence and how sure,
//! and makes entries of them. Pure functions of the error tables; no page, no disk, no clock.
//!
//! [`align`] goes from the surest evidence to the weakest: codes that stand once on either page, then repeated codes
//! told apart by status, message and meaning, then rows whose code is spelled otherwise or changed. A row without a
//! partner stays alone: nothing is ever paired for want of something better.

mod align;
mod alignment;
mod assign;
mod blocks;
mod candidates;
mod columns;
mod decisions;
mod entries;
mod evidence;
mod findings;
mod glossary;
mod keys;
mod matching;
mod side;
mod spelling;
mod tables;
mod words;

pub use align::align;
pub use alignment::{Alignment, Method, Pair};
pub use decisions::{Stale, align_with};
pub use entries::{entries, merge};
pub use findings::findings;
pub use keys::agree_on_keys;
