use crate::{Bilingual, Ignore, ReadHints, Severities, SourceId, Thresholds};

/// How a source's pages are fetched, where that is not as all are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetching {
    /// Why its pages are fetched whatever robots.txt says; `None` where robots.txt is obeyed.
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
    /// Whose text the pages are and under what terms.
    pub licence: String,
    /// Whether the pages lie on this machine or network, where plain http is fine.
    pub local: bool,
    /// How its pages are fetched.
    pub fetching: Fetching,
    /// How its pages are read, where that is not as all are.
    pub read: ReadHints,
    /// Findings about its pages that are known and fine.
    pub ignore: Vec<Ignore>,
    /// How grave its changes count, where that is not the default.
    pub severities: Severities,
    /// What the guard weighs its pages by, where that is not the default.
    pub guard: Thresholds,
}
