use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use docdrift_model::{Bilingual, Entry, entry::Printed, text::code_list};
use proptest::prelude::*;

use super::entries_with_code;
use crate::samples::{history, named};

/// Formats the result of a search: date, and the entries as `id code`.
fn search(all: &[Vec<Entry>], code: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let found = entries_with_code(&history(dir.path(), all), code).unwrap();
    let shown = |entry: &Entry| format!("{} {}", entry.id, entry.code);
    found
        .iter()
        .map(|(at, found)| format!("{}: {}", at.date, found.iter().map(shown).collect::<Vec<_>>().join(", ")))
        .collect()
}

fn printed(zh: &str, en: &str) -> Entry {
    let printed = |code: &str| Printed { status: "400".into(), code: code.into() };
    Entry { printed: Some(Box::new(Bilingual { zh: printed(zh), en: printed(en) })), ..named("e1", "400", en) }
}

#[test]
fn an_error_is_followed_through_its_codes() {
    let all = [
        vec![named("e1", "400", "Tea.1"), named("e2", "400", "Cup.1")],
        vec![named("e1", "400", "Pot.1"), named("e2", "400", "Cup.1"), named("e3", "404", "Pot.1")],
        vec![named("e2", "400", "Cup.1")],
        vec![named("e2", "400", "Cup.1"), named("e4", "400", "Tea.1")],
    ];
    insta::assert_snapshot!(search(&all, "Tea.1").join("\n"), @r"
    2024-01-01: e1 Tea.1
    2024-02-01: e1 Pot.1
    2024-03-01: 
    2024-04-01: e4 Tea.1
    ");
    insta::assert_snapshot!(search(&all, "Pot.1").join("\n"), @r"
    2024-01-01: e1 Tea.1
    2024-02-01: e1 Pot.1, e3 Pot.1
    2024-03-01: 
    2024-04-01: 
    ");
    assert_eq!(search(&all, "Tea"), Vec::<String>::new(), "a part of a code is none");
    assert_eq!(search(&[], "Tea.1"), Vec::<String>::new());
}

#[test]
fn codes_are_found_in_every_spelling() {
    for (entry, code, is_found) in [
        (named("e1", "", "Tea.1"), "Tea.1", true),
        (named("e1", "", "Tea.1"), "tea.1", true),
        (named("e1", "", "Tea.1"), "Tea.11", false),
        (named("e1", "", "Tea.11"), "Tea.1", false),
        (named("e1", "", "Tea.1/Tea.2"), "Tea.2", true),
        (named("e1", "", "Tea.1\nTea.2"), "Tea.2", true),
        (named("e1", "", "Tea.1\nTea.2"), "Tea.1\nTea.2", true),
        (named("e1", "", "\"Tea\\1\""), "\"tea\\1\"", true),
        (named("e1", "", "茶.甲"), "茶.甲", true),
        (printed("Tae.1", "Tea.1"), "Tae.1", true),
        (printed("Tea.1,Tea.2", "Tea.3"), "tea.2", true),
        (
            Entry { message: Bilingual { zh: String::new(), en: "Tea.1".into() }, ..named("e1", "", "X") },
            "Tea.1",
            false,
        ),
        (Entry { table: "Tea.1".into(), ..named("e1", "", "X") }, "Tea.1", false),
        (named("Tea.1", "", "X"), "Tea.1", false),
        (named("e1", "Tea.1", ""), "Tea.1", false),
        (named("e1", "400", ""), "", true),
    ] {
        assert_eq!(!search(&[vec![entry.clone()]], code).is_empty(), is_found, "{code:?} of {entry:?}");
    }
}

#[test]
fn an_exact_match_excludes_other_letter_case() {
    let all = [
        vec![named("e1", "400", "tea.1")],
        vec![named("e1", "400", "tea.1"), named("e2", "400", "Tea.1")],
        // The entry that matched except for letter case now matches exactly.
        vec![named("e1", "400", "TEA.1"), named("e2", "400", "Tea.1")],
    ];
    assert_eq!(search(&all, "Tea.1")[1..], ["2024-02-01: e2 Tea.1", "2024-03-01: e2 Tea.1"]);
    assert_eq!(search(&all, "TEA.1")[..2], ["2024-01-01: e1 tea.1", "2024-02-01: e1 tea.1"]);
    assert_eq!(search(&all, "tEA.1")[2], "2024-03-01: e1 TEA.1, e2 Tea.1");
}

#[test]
fn damage_is_an_error_only_where_lines_are_read() {
    let entries = vec![named("e1", "400", "Tea.1"), named("e2", "400", "Cup.1")];
    for (right, wrong, expected) in [
        ("\"code\":\"Tea.1\"", "\"code\":\"Tea.1\",,", "2024-02-01.jsonl:2 is no entry"),
        ("{\"id\":\"e2\"", "{\"id:\"e2\"", "2024-02-01.jsonl:3 is no entry"),
        ("{\"schema\"", "{\"scheme\"", "2024-02-01.jsonl:1 is no header line"),
        ("\"entries\":2", "\"entries\":3", "2024-02-01.jsonl:3: the file ends after 2 of 3 entries"),
        ("acme/vault", "acme/queue", "2024-02-01.jsonl holds a snapshot of acme/queue, not of acme/vault"),
        ("\"code\":\"Cup.1\"", "\"code\":\"Cup.1\",,", ""),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let snapshots = history(dir.path(), &[entries.clone(), entries.clone()]);
        let file = dir.path().join(&snapshots[1].path);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(right), "{right}");
        fs::write(&file, text.replacen(right, wrong, 1)).unwrap();
        match entries_with_code(&snapshots, "Tea.1") {
            Ok(found) => assert_eq!((found.len(), expected), (2, "")),
            Err(error) => assert!(!expected.is_empty() && format!("{error:#}").contains(expected), "{error:#}"),
        }
    }
}

/// The same search, which reads everything.
fn search_everything(all: &[Vec<Entry>], code: &str) -> Vec<Vec<Entry>> {
    fn codes(entry: &Entry) -> Vec<String> {
        let printed = entry.printed.iter().flat_map(|p| [p.zh.code.clone(), p.en.code.clone()]);
        let cells: Vec<String> = printed.chain([entry.code.clone()]).collect();
        cells.iter().flat_map(|cell| code_list(cell)).chain(cells.clone()).collect()
    }
    let fits: [&dyn Fn(&String) -> bool; 2] = [&|one| one == code, &|one| one.to_lowercase() == code.to_lowercase()];
    for fits in fits {
        let found = all.iter().flatten().filter(|entry| codes(entry).iter().any(fits));
        let ids: BTreeSet<&str> = found.map(|entry| entry.id.as_str()).collect();
        if !ids.is_empty() {
            let with_ids = |entries: &Vec<Entry>| entries.iter().filter(|e| ids.contains(&*e.id)).cloned().collect();
            return all.iter().map(with_ids).collect();
        }
    }
    Vec::new()
}

const CODES: [&str; 12] =
    ["A.1", "a.1", "A.10", "B.2", "A.1\nB.2", "a.1/b.2", "x\"A.1", "\\", "K1", "\u{212a}1", "", "\",\"code\":\"A.1"];

prop_compose! {
    fn an_entry()(id in "[1-4\"\\\\]", code in 0..CODES.len(), zh in 0..CODES.len() * 2, table in 0..CODES.len()) -> Entry {
        let printed = CODES.get(zh).map(|zh| Box::new(Bilingual {
            zh: Printed { status: String::new(), code: (*zh).into() },
            en: Printed { status: String::new(), code: CODES[code].into() },
        }));
        Entry { printed, table: CODES[table].into(), ..named(&id, "400", CODES[code]) }
    }
}

proptest! {
    #[test]
    fn the_result_is_as_if_everything_were_read(
        all in prop::collection::vec(prop::collection::vec(an_entry(), 0..5), 0..5),
        code in 0..CODES.len(),
    ) {
        // An id occurs once.
        let unique = |entries: Vec<Entry>| entries.into_iter().map(|e| (e.id.clone(), e)).collect::<BTreeMap<_, _>>();
        let all: Vec<Vec<Entry>> = all.into_iter().map(|entries| unique(entries).into_values().collect()).collect();
        let dir = tempfile::tempdir().unwrap();
        let snapshots = history(dir.path(), &all);
        let (places, found): (Vec<_>, Vec<_>) = entries_with_code(&snapshots, CODES[code]).unwrap().into_iter().unzip();
        prop_assert_eq!(&found, &search_everything(&all, CODES[code]));
        prop_assert!(found.is_empty() || places == snapshots);
    }
}
