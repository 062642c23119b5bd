//! The history of one error, and the items of feeds.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    Drift, Entry, SourceId,
    drift::{Change, Key, Move, Rename},
    report::Evidence,
};

/// The history of one error through the snapshots of its source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryHistory {
    /// The source of the error.
    pub source: SourceId,
    /// The id of the entry; it stays the same when the code changes.
    pub id: String,
    /// The events, from oldest to newest.
    pub events: Vec<DatedEvent>,
}

/// An event with the date of the snapshot that shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatedEvent {
    /// The date of the snapshot.
    pub date: Date,
    /// Whether only a new version of the reader caused the event, not the vendor.
    #[serde(rename = "reader", skip_serializing_if = "is_false")]
    pub is_reader_change: bool,
    /// The event.
    #[serde(flatten)]
    pub event: EntryEvent,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A change of one entry between two successive snapshots.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "event")]
pub enum EntryEvent {
    /// The entry appeared for the first time.
    Seen {
        /// The entry as it first appeared.
        entry: Box<Entry>,
    },
    /// The code changed.
    Renamed(Rename),
    /// Texts or the status changed.
    Changed(Change),
    /// The entry moved to another table.
    Moved(Move),
    /// The entry disappeared.
    Removed(Key),
    /// The entry appeared again.
    Returned {
        /// The entry as it reappeared.
        entry: Box<Entry>,
    },
}

/// One change of one source, as an item of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedItem {
    /// The source that changed.
    pub source: SourceId,
    /// The date of the snapshot.
    pub date: Date,
    /// The number of the change on that day, from one.
    pub number: u32,
    /// The number of entries that the source had then.
    pub entries: usize,
    /// The drift; `None` for the first snapshot of the source.
    pub drift: Option<Drift>,
    /// The evidence for the drift.
    pub evidence: Evidence,
}
