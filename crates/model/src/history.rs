use serde::Serialize;

use crate::{Change, Drift, Entry, Evidence, Key, Move, Rename, SourceId};

/// What became of one error over the snapshots of its source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Life {
    /// Whose error.
    pub source: SourceId,
    /// Its id, the same under all its codes.
    pub id: String,
    /// What happened, the oldest first.
    pub events: Vec<Event>,
}

/// What a snapshot told of an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// The date of the snapshot, `YYYY-MM-DD`.
    pub date: String,
    /// Whether only another version of the reader made it so: then the vendor changed nothing.
    #[serde(rename = "reader", skip_serializing_if = "is_false")]
    pub is_readers: bool,
    /// What happened.
    #[serde(flatten)]
    pub what: Happening,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What can happen to an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "event")]
pub enum Happening {
    /// It was there for the first time.
    Seen {
        /// How it read.
        entry: Box<Entry>,
    },
    /// It got another code.
    Renamed(Rename),
    /// Its texts or status changed.
    Changed(Change),
    /// It stood in another table.
    Moved(Move),
    /// It was there no more.
    Removed(Key),
    /// It was there again.
    Returned {
        /// How it read then.
        entry: Box<Entry>,
    },
}

/// One change of one source as a feed tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedItem {
    /// Whose change.
    pub source: SourceId,
    /// The date of the snapshot, `YYYY-MM-DD`.
    pub date: String,
    /// Which change of that day, from one.
    pub number: u32,
    /// How many entries the source had then.
    pub entries: usize,
    /// What changed; `None` where the source was seen for the first time.
    pub drift: Option<Drift>,
    /// What it was told from.
    pub evidence: Evidence,
}
