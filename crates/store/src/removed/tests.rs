use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use docdrift_model::Entry;
use proptest::prelude::*;

use super::{RemovedEntry, removed_entries};
use crate::samples::{first_of, history, named};

/// Formats the removed entries as `id code, date`.
fn removed(all: &[Vec<Entry>], codes: &[&str]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let removed = removed_entries(&history(dir.path(), all), &codes.iter().copied().collect()).unwrap();
    removed
        .iter()
        .map(|RemovedEntry { entry, removed_on }| {
            format!("{} {}, {}", entry.id, entry.code, removed_on.map_or("never".into(), |date| date.to_string()))
        })
        .collect()
}

#[test]
fn entries_are_removed_by_the_first_snapshot_without_them() {
    let [tea, cup, pot] = [named("e1", "400", "Tea.1"), named("e2", "400", "Cup.1"), named("e3", "400", "Pot.1")];
    let other_status = named("e4", "404", "Tea.1");
    let nothing: [&str; 0] = [];
    for (name, all, codes, expected) in [
        ("no snapshot", vec![], &["Tea.1"][..], &nothing[..]),
        ("one", vec![vec![tea.clone()]], &["Tea.1"], &nothing),
        ("still there", vec![vec![tea.clone()], vec![tea.clone()]], &["Tea.1"], &nothing),
        ("removed", vec![vec![tea.clone()], vec![tea.clone()], vec![], vec![]], &["Tea.1"], &["e1 Tea.1, 2024-03-01"]),
        ("another code", vec![vec![tea.clone(), cup.clone()], vec![]], &["Cup.1"], &["e2 Cup.1, 2024-02-01"]),
        ("added again", vec![vec![tea.clone()], vec![], vec![tea.clone()]], &["Tea.1"], &nothing),
        (
            "removed twice",
            vec![vec![tea.clone()], vec![], vec![tea.clone()], vec![]],
            &["Tea.1"],
            &["e1 Tea.1, 2024-04-01"],
        ),
        ("has another code", vec![vec![tea.clone()], vec![named("e1", "400", "Tea.2")]], &["Tea.1"], &nothing),
        (
            "removed under another code",
            vec![vec![tea.clone()], vec![named("e1", "400", "Tea.2")], vec![]],
            &["Tea.1", "Tea.2"],
            &["e1 Tea.2, 2024-03-01"],
        ),
        (
            "one of two statuses",
            vec![vec![tea.clone(), other_status.clone()], vec![other_status.clone()]],
            &["Tea.1"],
            &["e1 Tea.1, 2024-02-01"],
        ),
        (
            "the last removed is first",
            vec![vec![cup.clone(), pot.clone(), tea.clone()], vec![cup.clone(), pot.clone()], vec![]],
            &["Tea.1", "Cup.1", "Pot.1"],
            &["e2 Cup.1, 2024-03-01", "e3 Pot.1, 2024-03-01", "e1 Tea.1, 2024-02-01"],
        ),
    ] {
        assert_eq!(removed(&all, codes), expected, "{name}");
    }
}

#[test]
fn nothing_is_read_without_codes_or_earlier_snapshots() {
    let dir = tempfile::tempdir().unwrap();
    let snapshots = history(dir.path(), &[vec![named("e1", "400", "Tea.1")], vec![]]);
    fs::write(dir.path().join(&snapshots[0].path), "damaged").unwrap();
    assert_eq!(removed_entries(&snapshots, &BTreeSet::new()).unwrap(), []);
    assert_eq!(removed_entries(&snapshots[..1], &BTreeSet::from(["Tea.1"])).unwrap(), []);
    let error = format!("{:#}", removed_entries(&snapshots, &BTreeSet::from(["Tea.1"])).unwrap_err());
    assert!(error.contains("2024-01-01.jsonl:1 is no header line"), "{error}");
}

/// The same search, which reads everything.
fn search_everything(all: &[Vec<Entry>], codes: &BTreeSet<&str>) -> Vec<RemovedEntry> {
    let mut removed = Vec::new();
    for (month, entries) in all.iter().enumerate().rev().skip(1) {
        let is_later = |entry: &Entry| all[month + 1..].iter().flatten().any(|later| later.id == entry.id);
        let last = entries.iter().filter(|entry| codes.contains(&*entry.code) && !is_later(entry)).cloned();
        removed.extend(last.map(|entry| RemovedEntry { entry, removed_on: Some(first_of(month + 1)) }));
    }
    removed
}

prop_compose! {
    fn an_entry()(id in "[1-6\"\\\\]", code in "[AB\"\\\\\n]") -> Entry {
        named(&id, "400", &code)
    }
}

proptest! {
    #[test]
    fn the_result_is_as_if_everything_were_read(
        all in prop::collection::vec(prop::collection::vec(an_entry(), 0..6), 0..6),
        codes in prop::sample::subsequence(vec!["A", "B", "\"", "\\", "\n"], 0..=5),
    ) {
        // An id occurs once.
        let unique = |entries: Vec<Entry>| entries.into_iter().map(|e| (e.id.clone(), e)).collect::<BTreeMap<_, _>>();
        let all: Vec<Vec<Entry>> = all.into_iter().map(|entries| unique(entries).into_values().collect()).collect();
        let dir = tempfile::tempdir().unwrap();
        let codes = codes.into_iter().collect();
        prop_assert_eq!(removed_entries(&history(dir.path(), &all), &codes).unwrap(), search_everything(&all, &codes));
    }
}
