//! One service's error-code reference.

use crate::{
    Bilingual, SourceId, finding::Ignore, read_rules::ReadHints, severities::Severities, thresholds::Thresholds,
};

/// How the pages of a source are fetched, where that differs from the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetching {
    /// Why robots.txt is ignored for its pages; `None` where it is obeyed.
    pub ignore_robots: Option<String>,
    /// Whether scripts make its pages, so that a browser has to render them.
    pub rendered: bool,
    /// Hosts of other sites that its pages may redirect to.
    pub redirect_hosts: Vec<String>,
}

/// One service's error-code reference: a zh page, an en page or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name in paths, keys and reports.
    pub id: SourceId,
    /// The service's names for people.
    pub names: Bilingual<String>,
    /// The page URLs; at least one is there.
    pub pages: Bilingual<Option<String>>,
    /// The owner and the licence of the pages.
    pub licence: String,
    /// Whether the pages are on this machine or network, where plain http is allowed.
    pub local: bool,
    /// How its pages are fetched.
    pub fetching: Fetching,
    /// Hints for reading its pages.
    pub read: ReadHints,
    /// Accepted findings about its pages.
    pub ignore: Vec<Ignore>,
    /// The severities of its changes, where they differ from the default.
    pub severities: Severities,
    /// The guard's thresholds for its pages, where they differ from the default.
    pub guard: Thresholds,
}
