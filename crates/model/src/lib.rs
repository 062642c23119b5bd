//! The types that all crates of docdrift share: plain data and the folding of text. No I/O, no clock, no siblings.
//!
//! The path of one page runs through these types in order: [`Source`] → [`Page`] → [`Reading`] (its [`ErrorTable`]s)
//! → [`Entry`] → [`Snapshot`] → [`Drift`] → [`Report`].

pub mod check;
pub mod config;
pub mod date;
pub mod decision;
pub mod drift;
pub mod entry;
mod field;
pub mod finding;
pub mod history;
mod lang;
mod named_enum;
mod page;
mod publish;
pub mod read_rules;
pub mod reason;
pub mod report;
mod role;
pub mod severities;
mod severity;
pub mod snapshot;
pub mod source;
mod source_id;
pub mod table;
pub mod text;
pub mod thresholds;
pub mod trace;
pub mod vendor;

pub use drift::Drift;
pub use entry::Entry;
pub use field::Field;
pub use lang::{Bilingual, Lang};
pub use page::Page;
pub use publish::Publish;
pub use read_rules::ReadRules;
pub use reason::Reason;
pub use report::{Outcome, Report};
pub use role::Role;
pub use severity::Severity;
pub use snapshot::{PageFacts, Snapshot};
pub use source::Source;
pub use source_id::SourceId;
pub use table::{ErrorTable, Reading, Warning, WarningKind};
