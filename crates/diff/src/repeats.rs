//! A code that stands in several rows: which row is which, by table, status and closest text.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, VecDeque},
};

use docdrift_model::{Entry, Lang};

use crate::{
    tables::Retitled,
    texts::{Keys, Texts, same_status},
};

/// Up to so many combinations every row is compared with every other; beyond, rows are paired in order.
const COMPARED: usize = 2_500;

/// The two sides and what is known of them while rows are paired.
pub(crate) struct Sides<'a> {
    pub(crate) old: &'a [Entry],
    pub(crate) new: &'a [Entry],
    pub(crate) keys: Keys,
    pub(crate) retitled: Retitled<'a>,
}

/// Pairs rows of one code, each at most once, until one side has none left; a pair resembles itself at least `floor`.
pub(crate) fn pair(sides: &Sides, old: &[usize], new: &[usize], floor: f64) -> Vec<(usize, usize)> {
    if let ([o], [n], true) = (old, new, floor <= 0.0) {
        return vec![(*o, *n)];
    }
    let mut rows = Rows { old: ordered(sides.old, old), new: ordered(sides.new, new), pairs: Vec::new() };
    rows.pair_equal(sides, |entry, table| (table, said(entry)));
    rows.pair_equal(sides, |entry, table| (table, printed(entry), sides.keys.signature(entry)));
    rows.pair_equal(sides, |entry, table| (table, &entry.status, sides.keys.signature(entry)));
    if rows.old.len().saturating_mul(rows.new.len()) <= COMPARED {
        rows.pair_closest(sides, floor);
    } else if floor <= 0.0 {
        rows.pair_equal(sides, |entry, table| (table, &entry.status));
        rows.pair_equal(sides, |entry, _| &entry.status);
        rows.pair_equal(sides, |_, _| ());
    }
    rows.pairs
}

/// The rows in an order that follows from what they say, so that their order on the page does not matter.
fn ordered(entries: &[Entry], rows: &[usize]) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.sort_by(|&a, &b| {
        let (a, b) = (&entries[a], &entries[b]);
        (said(a), &a.table, &a.id).cmp(&(said(b), &b.table, &b.id))
    });
    rows
}

/// All that a row says besides its table and code.
fn said(entry: &Entry) -> impl Ord + '_ {
    let texts = [&entry.message, &entry.description, &entry.solution, &entry.group].map(|text| (&text.zh, &text.en));
    (&entry.status, texts, printed(entry), &entry.extra.zh, &entry.extra.en)
}

/// Status and code as either page prints them.
fn printed(entry: &Entry) -> [(&str, &str); 2] {
    Lang::ALL.map(|lang| entry.printed(lang))
}

/// The rows still to be paired.
struct Rows {
    old: Vec<usize>,
    new: Vec<usize>,
    pairs: Vec<(usize, usize)>,
}

impl Rows {
    /// Pairs the rows whose keys are equal, in order. `key` is given an entry and the title its table has by now.
    fn pair_equal<'s, K: Ord>(&mut self, sides: &'s Sides, key: impl Fn(&'s Entry, &'s str) -> K) {
        let mut waiting: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
        for &n in &self.new {
            let entry = &sides.new[n];
            waiting.entry(key(entry, &entry.table)).or_default().push_back(n);
        }
        let found = |&o: &usize| {
            let entry = &sides.old[o];
            Some((o, waiting.get_mut(&key(entry, sides.retitled.now(&entry.table)))?.pop_front()?))
        };
        let pairs = self.old.iter().filter_map(found).collect();
        self.take(pairs);
    }

    /// Pairs the closest rows first.
    fn pair_closest(&mut self, sides: &Sides, floor: f64) {
        let texts = |entries: &[Entry], rows: &[usize]| -> Vec<Texts> {
            rows.iter().map(|row| Texts::of(&entries[*row], sides.keys)).collect()
        };
        let (old, new) = (texts(sides.old, &self.old), texts(sides.new, &self.new));
        let mut scored = Vec::new();
        for (i, &o) in self.old.iter().enumerate() {
            for (j, &n) in self.new.iter().enumerate() {
                let resemblance = old[i].similarity(&new[j]);
                if resemblance >= floor {
                    // The same order whichever side is old.
                    scored.push((resemblance + place_bonus(sides, o, n), i.min(j), i.max(j), o, n));
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
        self.take(pairs);
    }

    fn take(&mut self, pairs: Vec<(usize, usize)>) {
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

/// The status counts more than the table, and the texts (0 to 1) more than either: an unlike text at the same status is
/// taken for another row only where the very text stands at another status.
fn place_bonus(sides: &Sides, o: usize, n: usize) -> f64 {
    let (old, new) = (&sides.old[o], &sides.new[n]);
    let status = if same_status(old, new) { 0.6 } else { 0.0 };
    let table = if sides.retitled.same(&old.table, &new.table) { 0.3 } else { 0.0 };
    status + table
}
