//! Measures searches in 500 snapshots of 300 entries: `cargo bench -p docdrift-store`.
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]
#![allow(clippy::disallowed_methods, reason = "the other crates leave the file system to this crate")]
#![allow(clippy::unwrap_used, reason = "a benchmark may fail with a panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    hint::black_box,
    time::{Duration, Instant},
};

use docdrift_model::{
    Bilingual, Entry, Publish, Snapshot, Source, SourceId,
    config::{Config, FetchSettings},
    entry::Pairing,
};
use docdrift_store::{Store, removed_entries};

const SNAPSHOTS: usize = 500;
const ENTRIES: usize = 300;
const ONLY_HERE: usize = 1000;
/// How long each search is measured at least.
const MIN_DURATION: Duration = Duration::from_secs(2);

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let id: SourceId = "acme/vault".parse().unwrap();
    let mut histories = store.histories(&config(&id)).unwrap();
    for number in 0..SNAPSHOTS {
        // Each snapshot has one entry that no other has.
        histories.add(snapshot(&id, ONLY_HERE + number)).unwrap();
    }
    store.publish(&histories, &config(&id), &BTreeMap::new()).unwrap();
    let snapshots = store.snapshots(&id).unwrap();
    let bytes: u64 = snapshots.iter().map(|at| folder.path().join(&at.path).metadata().unwrap().len()).sum();
    println!("{} snapshots of {ENTRIES} entries, {} MB", snapshots.len(), bytes / 1_000_000);
    println!("  list                {:>6} ms", milliseconds(|| store.snapshots(&id).unwrap().len()));
    for (name, code) in [
        ("a code in all of them", "Vault.0007"),
        ("a code in one", "Vault.1250"),
        ("other letter case", "vault.0007"),
        ("no such code", "Cup.0007"),
        ("text in each line", "Vault."),
    ] {
        println!("  {name:<22}{:>6} ms", milliseconds(|| store.entries_with_code(&id, code).unwrap().len()));
    }
    let new: Vec<String> = (0..ENTRIES).map(|number| format!("Cup.{number:04}")).collect();
    let mut codes: BTreeSet<&str> = new.iter().map(String::as_str).collect();
    println!("  300 codes, 0 removed  {:>6} ms", milliseconds(|| removed_entries(&snapshots, &codes).unwrap().len()));
    codes.insert("Vault.1000");
    println!("  300 codes, 1 removed  {:>6} ms", milliseconds(|| removed_entries(&snapshots, &codes).unwrap().len()));
    let read_all = || snapshots.iter().map(|at| at.read().unwrap().entries.len()).sum();
    println!("  reading all of them   {:>6} ms", milliseconds(read_all));
}

fn milliseconds(run: impl Fn() -> usize) -> u128 {
    let start = Instant::now();
    let mut runs = 0_u32;
    while start.elapsed() < MIN_DURATION {
        black_box(run());
        runs += 1;
    }
    (start.elapsed() / runs).as_millis()
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
        date: "2024-05-06".into(),
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
        first_seen: "2024-05-06".into(),
        last_changed: "2024-05-06".into(),
        ..Entry::default()
    }
}
