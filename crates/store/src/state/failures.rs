//! `.docdrift/failing.json`: which sources could not be refreshed, since when, and why.

use serde::{Deserialize, Serialize};

pub(super) const FILE_NAME: &str = "failing.json";

/// Why and since when a source could not be refreshed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshFailure {
    /// When the first of the successive failures was, RFC 3339 in UTC.
    pub since: String,
    /// When the last refresh before that was, RFC 3339 in UTC, if any.
    pub last_success: Option<String>,
    /// The reasons of the last failure, a sentence each.
    pub reasons: Vec<String>,
}
