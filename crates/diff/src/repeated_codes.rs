//! Pairs the rows of a code that stands in several rows, by table, status and most similar text.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, VecDeque},
};

use docdrift_model::{Entry, Lang};

use crate::{
    tables::RetitledTables,
    texts::{TextKeys, Texts, has_same_status},
};

/// The maximum number of row pairs compared by their texts: 50 rows on each side. Each comparison costs a fuzzy match
/// of up to eight texts; larger groups are paired in order.
const MAX_COMPARED_PAIRS: usize = 2_500;

/// The rows of one code in either state.
#[derive(Default)]
pub(crate) struct CodeRows {
    pub(crate) old: Vec<usize>,
    pub(crate) new: Vec<usize>,
}

/// The two states and what is known about them while rows are paired.
pub(crate) struct Sides<'a> {
    pub(crate) old: &'a [Entry],
    pub(crate) new: &'a [Entry],
    pub(crate) keys: TextKeys,
    pub(crate) retitled: RetitledTables<'a>,
}

/// Pairs rows of one code, each at most once, until one side is exhausted. A pair must have a similarity of at least
/// `min_similarity`.
pub(crate) fn pair_rows(sides: &Sides, old: &[usize], new: &[usize], min_similarity: f64) -> Vec<(usize, usize)> {
    if let ([o], [n], true) = (old, new, min_similarity <= 0.0) {
        return vec![(*o, *n)];
    }
    let mut rows =
        UnmatchedRows { old: sort_by_content(sides.old, old), new: sort_by_content(sides.new, new), pairs: Vec::new() };
    rows.pair_equal(sides, |entry, table| (table, content(entry)));
    rows.pair_equal(sides, |entry, table| (table, printed_keys(entry), sides.keys.entry_signature(entry)));
    rows.pair_equal(sides, |entry, table| (table, &entry.status, sides.keys.entry_signature(entry)));
    if rows.old.len().saturating_mul(rows.new.len()) <= MAX_COMPARED_PAIRS {
        rows.pair_closest(sides, min_similarity);
    } else if min_similarity <= 0.0 {
        rows.pair_equal(sides, |entry, table| (table, &entry.status));
        rows.pair_equal(sides, |entry, _| &entry.status);
        rows.pair_equal(sides, |_, _| ());
    }
    rows.pairs
}

/// Sorts rows by their content, so that their order on the page does not matter.
fn sort_by_content(entries: &[Entry], rows: &[usize]) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.sort_by(|&a, &b| {
        let (a, b) = (&entries[a], &entries[b]);
        (content(a), &a.table, &a.id).cmp(&(content(b), &b.table, &b.id))
    });
    rows
}

/// Returns all content of a row besides its table and code.
fn content(entry: &Entry) -> impl Ord + '_ {
    let texts = [&entry.message, &entry.description, &entry.solution, &entry.group].map(|text| (&text.zh, &text.en));
    (&entry.status, texts, printed_keys(entry), &entry.extra.zh, &entry.extra.en)
}

/// Returns status and code as each page prints them.
fn printed_keys(entry: &Entry) -> [(&str, &str); 2] {
    Lang::ALL.map(|lang| entry.printed(lang))
}

/// The rows that are still unmatched, and the pairs found so far.
struct UnmatchedRows {
    old: Vec<usize>,
    new: Vec<usize>,
    pairs: Vec<(usize, usize)>,
}

impl UnmatchedRows {
    /// Pairs rows with equal keys, in order. `key` receives an entry and the current title of its table.
    fn pair_equal<'s, K: Ord>(&mut self, sides: &'s Sides, key: impl Fn(&'s Entry, &'s str) -> K) {
        let mut waiting: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
        for &n in &self.new {
            let entry = &sides.new[n];
            waiting.entry(key(entry, &entry.table)).or_default().push_back(n);
        }
        let find_partner = |&o: &usize| {
            let entry = &sides.old[o];
            Some((o, waiting.get_mut(&key(entry, sides.retitled.current_title(&entry.table)))?.pop_front()?))
        };
        let pairs = self.old.iter().filter_map(find_partner).collect();
        self.accept_pairs(pairs);
    }

    /// Pairs the most similar rows first.
    fn pair_closest(&mut self, sides: &Sides, min_similarity: f64) {
        let texts = |entries: &[Entry], rows: &[usize]| -> Vec<Texts> {
            rows.iter().map(|row| Texts::from_entry(&entries[*row], sides.keys)).collect()
        };
        let (old, new) = (texts(sides.old, &self.old), texts(sides.new, &self.new));
        let mut scored = Vec::new();
        for (i, &o) in self.old.iter().enumerate() {
            for (j, &n) in self.new.iter().enumerate() {
                let similarity = old[i].similarity(&new[j]);
                if similarity >= min_similarity {
                    // The order does not depend on which side is old.
                    scored.push((similarity + position_bonus(sides, o, n), i.min(j), i.max(j), o, n));
                }
            }
        }
        scored.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap_or(Ordering::Equal).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (_, _, _, o, n) in scored {
            if !pairs.iter().any(|pair| pair.0 == o || pair.1 == n) {
                pairs.push((o, n));
            }
        }
        self.accept_pairs(pairs);
    }

    fn accept_pairs(&mut self, pairs: Vec<(usize, usize)>) {
        let (old, new): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
        let (old, new) = (sorted(old), sorted(new));
        self.old.retain(|row| old.binary_search(row).is_err());
        self.new.retain(|row| new.binary_search(row).is_err());
        self.pairs.extend(pairs);
    }
}

fn sorted(mut rows: Vec<usize>) -> Vec<usize> {
    rows.sort_unstable();
    rows
}

/// What an equal status adds to the similarity of two rows. It is less than the difference between the same text (1)
/// and an unlike one, so a row moves to another status only if its very text does
/// (`pairs_the_rows_of_a_repeated_code`).
const STATUS_BONUS: f64 = 0.6;

/// What an equal table adds to the similarity of two rows. Entries move between tables more often than they change
/// their status, so it is half as much.
const TABLE_BONUS: f64 = 0.3;

/// Returns what an equal status and table add to the similarity of two rows.
fn position_bonus(sides: &Sides, o: usize, n: usize) -> f64 {
    let (old, new) = (&sides.old[o], &sides.new[n]);
    let status = if has_same_status(old, new) { STATUS_BONUS } else { 0.0 };
    let table = if sides.retitled.is_same_table(&old.table, &new.table) { TABLE_BONUS } else { 0.0 };
    status + table
}
