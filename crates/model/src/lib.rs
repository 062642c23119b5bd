//! The types that all crates of docdrift share: plain data and the folding of text. No I/O, no clock, no siblings.
//!
//! The path of one page runs through these types in order: [`Source`] → [`Page`] → [`Reading`] (its [`ErrorTable`]s)
//! → [`Entry`] → [`Snapshot`] → [`Drift`] → [`Report`].

pub mod check;
mod code;
mod config;
mod decision;
mod drift;
mod entry;
mod field;
mod finding;
mod history;
mod lang;
mod named_enum;
mod page;
mod pending;
pub mod placeholders;
mod publish;
mod read_rules;
pub mod reason;
mod report;
mod role;
mod severities;
mod severity;
mod snapshot;
mod source;
mod source_id;
mod status;
mod table;
pub mod text;
mod thresholds;
mod trace;
mod vendor;

pub use check::Check;
pub use code::list as code_list;
pub use config::{Config, FetchSettings, HostFetch, Retention};
pub use decision::{Decision, RowName, Verdict};
pub use drift::{Change, ColumnChange, Drift, Edit, Key, LanguageChange, Move, Rename, Return};
pub use entry::{Entry, Pairing, Printed};
pub use field::Field;
pub use finding::{Finding, FindingKind, How, Ignore, SourceFindings};
pub use history::{DatedEvent, EntryEvent, EntryHistory, FeedItem};
pub use lang::{Bilingual, Lang};
pub use page::Page;
pub use pending::PendingRemovals;
pub use publish::Publish;
pub use read_rules::{ReadHints, ReadRules};
pub use reason::Reason;
pub use report::{Doubt, Evidence, Outcome, PageEvidence, PageStamp, ReaderDrift, Report, SourceReport};
pub use role::Role;
pub use severities::{ChangeKind, Severities};
pub use severity::Severity;
pub use snapshot::{Accepted, PageFacts, Snapshot, are_same_pages};
pub use source::{Fetching, Source};
pub use source_id::SourceId;
pub use status::numbers as status_numbers;
pub use table::{ErrorTable, Format, LeftOut, Place, Reading, Warning, WarningKind};
pub use thresholds::{Threshold, Thresholds};
pub use trace::{Trace, TraceVerdict, TracedCandidate, TracedFeature, UnusedBlocks};
pub use vendor::{Vendor, vendor_of_page};
