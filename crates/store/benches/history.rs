//! Measures searches in 500 snapshots of 300 entries: `cargo bench -p docdrift-store`.
#![allow(clippy::unwrap_used, reason = "a benchmark may fail with a panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{LazyLock, OnceLock},
};

use divan::{Bencher, counter::BytesCount};
use docdrift_model::{
    Bilingual, Entry, Publish, Snapshot, Source, SourceId,
    config::{Config, FetchSettings},
    entry::Pairing,
};
use docdrift_store::{SnapshotRef, Store, removed_entries};
use jiff::civil::date;

const SNAPSHOTS: usize = 500;
const ENTRIES: usize = 300;
const ONLY_HERE: usize = 1000;

static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// The history that all benchmarks read. The first of them makes it.
static HISTORY: LazyLock<History> = LazyLock::new(|| History::new(ROOT.get().unwrap()));

fn main() {
    // A static is never dropped, so the folder is removed here.
    let root = tempfile::tempdir().unwrap();
    ROOT.set(root.path().into()).unwrap();
    divan::main();
}

#[divan::bench(name = "list the snapshots", max_time = 2)]
fn list_snapshots(bencher: Bencher) {
    let History { store, id, .. } = &*HISTORY;
    bencher.bench(|| store.snapshots(id).unwrap());
}

#[divan::bench(name = "find entries by code", max_time = 2, args = [
    ("a code in all of them", "Vault.0007"),
    ("a code in one", "Vault.1250"),
    ("other letter case", "vault.0007"),
    ("no such code", "Cup.0007"),
    ("text in each line", "Vault."),
])]
fn find_entries(bencher: Bencher, (_, code): (&str, &str)) {
    let History { store, id, .. } = &*HISTORY;
    bencher.bench(|| store.entries_with_code(id, code).unwrap());
}

#[divan::bench(name = "find removed entries of 300 codes", max_time = 2, args = [
    ("none removed", None),
    ("one removed", Some("Vault.1000")),
])]
fn find_removed_entries(bencher: Bencher, (_, removed): (&str, Option<&'static str>)) {
    let new: Vec<String> = (0..ENTRIES).map(|number| format!("Cup.{number:04}")).collect();
    let codes: BTreeSet<&str> = new.iter().map(String::as_str).chain(removed).collect();
    let snapshots = &HISTORY.snapshots;
    bencher.bench(|| removed_entries(snapshots, &codes).unwrap());
}

#[divan::bench(name = "read all snapshots", max_time = 2)]
fn read_all_snapshots(bencher: Bencher) {
    let snapshots = &HISTORY.snapshots;
    let root = ROOT.get().unwrap();
    let bytes: u64 = snapshots.iter().map(|at| root.join(&at.path).metadata().unwrap().len()).sum();
    let read_all = || snapshots.iter().map(|at| at.read().unwrap().entries.len()).sum::<usize>();
    bencher.counter(BytesCount::new(bytes)).bench(read_all);
}

struct History {
    store: Store,
    id: SourceId,
    snapshots: Vec<SnapshotRef>,
}

impl History {
    fn new(root: &Path) -> Self {
        let store = Store::open(root).unwrap();
        let id: SourceId = "acme/vault".parse().unwrap();
        let mut histories = store.histories(&config(&id)).unwrap();
        for number in 0..SNAPSHOTS {
            // Each snapshot has one entry that no other has.
            histories.add(snapshot(&id, ONLY_HERE + number)).unwrap();
        }
        store.publish(&histories, &config(&id), &BTreeMap::new()).unwrap();
        let snapshots = store.snapshots(&id).unwrap();
        assert_eq!(snapshots.len(), SNAPSHOTS);
        Self { store, id, snapshots }
    }
}

fn config(id: &SourceId) -> Config {
    let source = Source {
        id: id.clone(),
        names: Bilingual::default(),
        pages: Bilingual::default(),
        licence: String::new(),
        local: false,
        fetching: docdrift_model::source::Fetching::default(),
        read: docdrift_model::read_rules::ReadHints::default(),
        ignore: Vec::new(),
        severities: docdrift_model::severities::Severities::default(),
        guard: docdrift_model::thresholds::Thresholds::default(),
    };
    Config {
        sources: vec![source],
        vendors: Vec::new(),
        publish: Publish::all(),
        fetch: FetchSettings::default(),
        archive: None,
        guard: docdrift_model::thresholds::Thresholds::default(),
    }
}

fn snapshot(id: &SourceId, only_here: usize) -> Snapshot {
    Snapshot {
        source: id.clone(),
        date: date(2024, 5, 6),
        reader: 1,
        pages: Bilingual::default(),
        accepted: None,
        entries: (1..ENTRIES).chain([only_here]).map(entry).collect(),
    }
}

fn entry(number: usize) -> Entry {
    let text = |words: &str| Bilingual {
        zh: format!("保管库 {number} 无法打开。{words}"),
        en: format!("{words} {number}"),
    };
    Entry {
        id: format!("e{number:012x}"),
        table: "Error codes".into(),
        status: "400".into(),
        code: format!("Vault.{number:04}"),
        message: text("The vault cannot be opened for {0}: it is being moved to another shelf."),
        description: text(&"Somebody holds the key of this vault. ".repeat(4)),
        solution: text(&"Ask who has it, and wait until it is back. ".repeat(4)),
        pairing: Pairing { method: "code-and-status".into(), score: 1.0 },
        first_seen: Some(date(2024, 5, 6)),
        last_changed: Some(date(2024, 5, 6)),
        ..Entry::default()
    }
}
