//! The cache of evaluation results, keyed by the digests of everything that they depend on, this build of docdrift
//! included.
//!
//! A source whose pages, last snapshot and settings are those of an earlier run has the same result. A dataset made of
//! the same snapshots is the same.

use std::collections::BTreeMap;

use docdrift_model::{
    Bilingual, Lang, Publish, Source, Warning, config::Config, decision::Decision, report::Doubt, text::digest,
    vendor::Vendor,
};
use docdrift_store::{
    SnapshotRef, Store,
    state::{CacheEntry, build_fingerprint},
};
use serde::{Deserialize, Serialize};

use super::{
    evaluate::Evaluation,
    input::{FetchedPage, FetchedPages},
};

/// The key of the dataset. Those of sources all have a slash.
const DATASET: &str = "output";

/// What is reported again of an unchanged source.
#[derive(Serialize, Deserialize)]
struct Remarks {
    warnings: Vec<(Lang, Warning)>,
    doubts: Vec<Doubt>,
    stale: Vec<String>,
}

/// The results of earlier runs, and those that this run adds.
#[derive(Clone)]
pub(crate) struct Cache {
    /// Identifies this build; `None` where that is not possible, so that nothing is cached.
    program: Option<String>,
    entries: BTreeMap<String, CacheEntry>,
}

impl Cache {
    pub(crate) fn load(store: &Store) -> Self {
        let build = |program| format!("{} {} {program}", env!("CARGO_PKG_VERSION"), docdrift_parse::READER);
        Self { program: build_fingerprint().map(build), entries: store.state().cache() }
    }

    /// Returns a cache that has no results and takes none.
    pub(crate) fn disabled() -> Self {
        Self { program: None, entries: BTreeMap::new() }
    }

    pub(crate) fn save(&self, store: &Store) -> anyhow::Result<()> {
        Ok(store.state().store_cache(&self.entries)?)
    }

    fn get<T: serde::de::DeserializeOwned>(&self, name: &str, key: Option<String>) -> Option<T> {
        let entry = self.entries.get(name)?;
        (entry.key == key?).then(|| serde_json::from_value(entry.value.clone()).ok()).flatten()
    }

    fn insert(&mut self, name: String, key: Option<String>, value: serde_json::Value) {
        match key {
            Some(key) => drop(self.entries.insert(name, CacheEntry { key, value })),
            None => drop(self.entries.remove(&name)),
        }
    }

    /// Returns the evaluation of a source whose pages are known to equal its last snapshot.
    pub(crate) fn get_unchanged(
        &self,
        settings: &SourceSettings<'_>,
        pages: &FetchedPages,
        last: &SnapshotRef,
    ) -> Option<Evaluation> {
        let remarks: Remarks = self.get(&settings.source.id.to_string(), self.source_key(settings, pages, last))?;
        let Remarks { warnings, doubts, stale } = remarks;
        Some(Evaluation { warnings, doubts, stale, ..Evaluation::unchanged(last.header().ok()?.pages) })
    }

    /// Notes that the pages equal the last snapshot, as it is now.
    pub(crate) fn insert_unchanged(
        &mut self,
        settings: &SourceSettings<'_>,
        pages: &FetchedPages,
        last: &SnapshotRef,
        evaluation: &Evaluation,
    ) {
        let Evaluation { warnings, doubts, stale, .. } = evaluation;
        let remarks = Remarks { warnings: warnings.clone(), doubts: doubts.clone(), stale: stale.clone() };
        let key = self.source_key(settings, pages, last);
        self.insert(settings.source.id.to_string(), key, serde_json::to_value(remarks).unwrap_or_default());
    }

    /// Whether the dataset is known to be what publishing would make of the snapshots.
    pub(crate) fn is_published(&self, store: &Store, config: &Config) -> bool {
        self.get::<()>(DATASET, self.dataset_key(store, config)).is_some()
    }

    /// Notes that the dataset is made of the snapshots as they are now.
    pub(crate) fn insert_published(&mut self, store: &Store, config: &Config) {
        let key = self.dataset_key(store, config);
        self.insert(DATASET.to_owned(), key, serde_json::Value::Null);
    }

    fn source_key(&self, settings: &SourceSettings<'_>, pages: &FetchedPages, last: &SnapshotRef) -> Option<String> {
        let identity = |page: &Option<FetchedPage>| page.as_ref().map(|page| format!("{:?}", page.identity()));
        let pages = Bilingual { zh: identity(&pages.pages.zh), en: identity(&pages.pages.en) };
        let last = (&last.path, last.digest().ok()?);
        let SourceSettings { source, vendors, publish, decisions } = settings;
        let program = self.program.as_ref()?;
        Some(digest(
            format!("{program}\n{source:?}\n{vendors:?}\n{publish:?}\n{decisions:?}\n{pages:?}\n{last:?}").as_bytes(),
        ))
    }

    fn dataset_key(&self, store: &Store, config: &Config) -> Option<String> {
        let data = store.data_digest().ok()?;
        Some(digest(format!("{:?}\n{config:?}\n{data}", self.program.as_ref()?).as_bytes()))
    }
}

/// The settings that the evaluation of a source depends on.
pub(crate) struct SourceSettings<'a> {
    pub(crate) source: &'a Source,
    pub(crate) vendors: &'a [Vendor],
    pub(crate) publish: &'a Publish,
    pub(crate) decisions: &'a [Decision],
}
