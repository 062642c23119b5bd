//! Properties of any two pages, however malformed.

use std::collections::BTreeSet;

use docdrift_align::{Alignment, Method, agree_on_keys, align, align_entries};
use docdrift_model::{ErrorTable, Role};
use proptest::prelude::*;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "400",
            "404",
            "404/500",
            "Tea.Cold",
            "Tea.Clod",
            "Tea.Hot",
            "tea. hot",
            "Ｔｅａ．Ｈｏｔ",
            "{0}",
            "-1",
            "1",
            "The tea {0} is cold.",
            "The cup is too hot.",
            "茶凉了",
            "杯子 CupId 太烫",
            "Cup not found",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![Role::Status, Role::Code, Role::Message, Role::Description, Role::Solution, Role::Other])
}

/// Includes ragged and empty tables.
fn table() -> impl Strategy<Value = ErrorTable> {
    let title = prop::option::of(prop::sample::select(vec!["Kettle", "Cup", ""]).prop_map(str::to_owned));
    let rows = prop::collection::vec(prop::collection::vec(cell(), 0..6), 0..8);
    (title, prop::collection::vec(cell(), 0..6), prop::collection::vec(role(), 0..6), rows)
        .prop_map(|(title, header, roles, rows)| ErrorTable { title, header, roles, rows })
}

fn page() -> impl Strategy<Value = Vec<ErrorTable>> {
    prop::collection::vec(table(), 0..4)
}

fn places(page: &[ErrorTable]) -> BTreeSet<(usize, usize)> {
    page.iter().enumerate().flat_map(|(t, table)| (0..table.rows.len()).map(move |r| (t, r))).collect()
}

fn without_repeats<T: Ord>(all: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut seen = BTreeSet::new();
    for one in all {
        assert!(seen.insert(one), "named twice");
    }
    seen
}

fn assert_complete(alignment: &Alignment, zh: &[ErrorTable], en: &[ErrorTable]) {
    let of_zh = alignment.pairs.iter().map(|pair| pair.zh).chain(alignment.zh_only.iter().copied());
    let of_en = alignment.pairs.iter().map(|pair| pair.en).chain(alignment.en_only.iter().copied());
    assert_eq!(without_repeats(of_zh), places(zh));
    assert_eq!(without_repeats(of_en), places(en));
    assert_eq!(without_repeats(alignment.tables.iter().filter_map(|(z, _)| *z)).len(), zh.len());
    assert_eq!(without_repeats(alignment.tables.iter().filter_map(|(_, e)| *e)).len(), en.len());
    assert!(alignment.pairs.is_sorted_by_key(|pair| pair.zh));
    assert!(alignment.pairs.iter().all(|pair| (0.0..=1.0).contains(&pair.score)));
}

proptest! {
    // A failure becomes a test of its own rather than a regression file.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_in_one_pair_or_alone(zh in page(), en in page()) {
        assert_complete(&align(&zh, &en), &zh, &en);
    }

    #[test]
    fn swapped_pages_give_the_mirrored_answer(zh in page(), en in page()) {
        let (one, other) = (align(&zh, &en), align(&en, &zh));
        let pairs = one.pairs.iter().map(|pair| (pair.zh, pair.en, pair.method));
        let mirrored = other.pairs.iter().map(|pair| (pair.en, pair.zh, pair.method));
        prop_assert_eq!(pairs.collect::<BTreeSet<_>>(), mirrored.collect::<BTreeSet<_>>());
        prop_assert_eq!(one.zh_only, other.en_only);
        prop_assert_eq!(one.en_only, other.zh_only);
        let tables = one.tables.into_iter().collect::<BTreeSet<_>>();
        prop_assert_eq!(tables, other.tables.into_iter().map(|(a, b)| (b, a)).collect::<BTreeSet<_>>());
    }

    #[test]
    fn there_is_an_entry_for_each_pair_and_each_row_alone(zh in page(), en in page()) {
        let entries = align_entries(&zh, &en);
        let (mut zh, mut en) = (zh, en);
        agree_on_keys(&mut zh, &mut en);
        let alignment = align(&zh, &en);
        let alone = |method: &str| entries.iter().filter(|entry| entry.pairing.method == method).count();
        prop_assert_eq!(entries.len(), alignment.pairs.len() + alignment.zh_only.len() + alignment.en_only.len());
        prop_assert_eq!(alone("zh-only"), alignment.zh_only.len());
        prop_assert_eq!(alone("en-only"), alignment.en_only.len());
    }

    #[test]
    fn a_shuffle_changes_no_pair_that_codes_make(order in Just((0..40).collect::<Vec<usize>>()).prop_shuffle()) {
        let row = |n: usize| vec!["400".to_owned(), format!("Tea.{}", numeral(n)), format!("Cup {} broke", numeral(n))];
        let table = |rows| ErrorTable {
            roles: vec![Role::Status, Role::Code, Role::Message],
            header: vec![String::new(); 3],
            rows,
            title: None,
        };
        let en = table(order.iter().map(|n| row(*n)).collect());
        let alignment = align(&[table((0..40).map(row).collect())], &[en]);
        prop_assert_eq!(alignment.pairs.len(), 40);
        for pair in alignment.pairs {
            prop_assert_eq!(order[pair.en.1], pair.zh.1);
            prop_assert_eq!(pair.method, Method::Code);
        }
    }
}

/// Makes a name that differs by more than one slip from the next one.
fn numeral(n: usize) -> String {
    let syllables = ["ka", "lo", "mi", "nu", "pe", "ra", "so"];
    format!("{0}{1}{0}{1}", syllables[n % 7], syllables[n / 7 % 7])
}

#[test]
fn no_tables_give_no_entries() {
    assert_eq!(align(&[], &[]), Alignment::default());
    assert!(align_entries(&[], &[]).is_empty());
    let empty = [ErrorTable::default()];
    assert_eq!(align(&empty, &empty).tables, [(Some(0), Some(0))]);
}
