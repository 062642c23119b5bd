//! What no run need find out twice. A source whose pages, last snapshot and rules are those of an earlier run says what
//! it said then; a dataset that is made of the same things is the same. Each is known by a digest of all that it depends
//! on, this build of docdrift among it.

use std::collections::BTreeMap;

use docdrift_model::{Bilingual, Config, Decision, Doubt, Lang, Publish, Source, Vendor, Warning, text::digest};
use docdrift_store::{Known, SnapshotRef, Store, program};
use serde::{Deserialize, Serialize};

use crate::{
    judge::Judged,
    pages::{Had, Pages},
};

/// The dataset's name among the sources', which all have a slash.
const DATASET: &str = "output";

/// What is told again of a source that did not change.
#[derive(Serialize, Deserialize)]
struct Remarks {
    warnings: Vec<(Lang, Warning)>,
    doubts: Vec<Doubt>,
    stale: Vec<String>,
}

/// What is known, and what this run adds.
#[derive(Clone)]
pub(crate) struct Memo {
    /// Tells this build from others; `None` where that cannot be told, so that nothing is known.
    program: Option<String>,
    known: BTreeMap<String, Known>,
}

impl Memo {
    pub(crate) fn of(store: &Store) -> Self {
        let build = |program| format!("{} {} {program}", env!("CARGO_PKG_VERSION"), docdrift_parse::READER);
        Self { program: program().map(build), known: store.known() }
    }

    /// Knows nothing, so that everything is found out.
    pub(crate) fn nothing() -> Self {
        Self { program: None, known: BTreeMap::new() }
    }

    /// Keeps what is known for the runs to come.
    pub(crate) fn keep(&self, store: &Store) -> anyhow::Result<()> {
        store.keep_known(&self.known)
    }

    fn told<T: serde::de::DeserializeOwned>(&self, name: &str, key: Option<String>) -> Option<T> {
        let known = self.known.get(name)?;
        (known.key == key?).then(|| serde_json::from_value(known.told.clone()).ok()).flatten()
    }

    fn learn(&mut self, name: String, key: Option<String>, told: serde_json::Value) {
        match key {
            Some(key) => drop(self.known.insert(name, Known { key, told })),
            None => drop(self.known.remove(&name)),
        }
    }

    /// What the source's pages tell beside its last snapshot, if that is known: nothing new.
    pub(crate) fn unchanged(&self, rules: &Rules<'_>, pages: &Pages, last: &SnapshotRef) -> Option<Judged> {
        let remarks: Remarks = self.told(&rules.source.id.to_string(), self.key(rules, pages, last))?;
        let Remarks { warnings, doubts, stale } = remarks;
        Some(Judged { warnings, doubts, stale, ..Judged::unchanged(last.head().ok()?.pages) })
    }

    /// Learns that the pages tell nothing but what the last snapshot, as it is now, does.
    pub(crate) fn learn_source(&mut self, rules: &Rules<'_>, pages: &Pages, last: &SnapshotRef, judged: &Judged) {
        let Judged { warnings, doubts, stale, .. } = judged;
        let remarks = Remarks { warnings: warnings.clone(), doubts: doubts.clone(), stale: stale.clone() };
        let key = self.key(rules, pages, last);
        self.learn(rules.source.id.to_string(), key, serde_json::to_value(remarks).unwrap_or_default());
    }

    /// Whether the dataset is what publishing would make of the snapshots.
    pub(crate) fn is_published(&self, store: &Store, config: &Config) -> bool {
        self.told::<()>(DATASET, self.dataset_key(store, config)).is_some()
    }

    /// Learns that it is.
    pub(crate) fn learn_published(&mut self, store: &Store, config: &Config) {
        let key = self.dataset_key(store, config);
        self.learn(DATASET.to_owned(), key, serde_json::Value::Null);
    }

    fn key(&self, rules: &Rules<'_>, pages: &Pages, last: &SnapshotRef) -> Option<String> {
        let identity = |had: &Option<Had>| had.as_ref().map(|had| format!("{:?}", had.identity()));
        let pages = Bilingual { zh: identity(&pages.had.zh), en: identity(&pages.had.en) };
        let last = (&last.path, last.digest().ok()?);
        let Rules { source, vendors, publish, decisions } = rules;
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

/// What a source's pages are judged by, beside its snapshots.
pub(crate) struct Rules<'a> {
    pub(crate) source: &'a Source,
    pub(crate) vendors: &'a [Vendor],
    pub(crate) publish: &'a Publish,
    pub(crate) decisions: &'a [Decision],
}
