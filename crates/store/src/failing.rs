//! `.docdrift/failing.json`: since when which sources could not be refreshed, and why. Written when that changes only.

use serde::{Deserialize, Serialize};

pub(crate) const FILE_NAME: &str = "failing.json";

/// A source that could not be refreshed the last time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// When that began, RFC 3339 in UTC.
    pub since: String,
    /// When it was refreshed last before that, RFC 3339 in UTC, if ever.
    pub last_success: Option<String>,
    /// Why, the last time: a sentence each.
    pub reasons: Vec<String>,
}
