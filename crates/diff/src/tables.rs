//! Retitled tables: the same table under another title is no drift.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use docdrift_model::Entry;

/// For each title of the old side whose table goes by another title on the new side, that title.
#[derive(Default)]
pub(crate) struct Retitled<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Retitled<'a> {
    /// Reads the titles off `pairs` of the same errors. A table was retitled when its old title is gone, the new one
    /// is new, and most errors of either stand in the other. Each title counts for one table only: where tables were
    /// merged or split, the largest part keeps the table and the rest moved.
    pub(crate) fn of(old: &'a [Entry], new: &'a [Entry], pairs: &[(usize, usize)]) -> Self {
        let before: BTreeSet<&str> = old.iter().map(|entry| entry.table.as_str()).collect();
        let after: BTreeSet<&str> = new.iter().map(|entry| entry.table.as_str()).collect();
        let (mut left, mut came) = (BTreeMap::new(), BTreeMap::new());
        let mut shared: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (from, to) in pairs.iter().map(|&(o, n)| (old[o].table.as_str(), new[n].table.as_str())) {
            if !after.contains(from) && !before.contains(to) {
                *left.entry(from).or_insert(0) += 1;
                *came.entry(to).or_insert(0) += 1;
                *shared.entry((from, to)).or_default() += 1;
            }
        }
        let most = |((from, to), count): &((&str, &str), usize)| 2 * count > left[from].min(came[to]);
        let mut candidates: Vec<_> = shared.into_iter().filter(most).collect();
        // The same order whichever side is old.
        candidates.sort_by_key(|&((from, to), count)| (Reverse(count), from.min(to), from.max(to)));
        let (mut titles, mut taken) = (BTreeMap::new(), BTreeSet::new());
        for ((from, to), _) in candidates {
            if !titles.contains_key(from) && taken.insert(to) {
                titles.insert(from, to);
            }
        }
        Self(titles)
    }

    /// Whether two titles name the same table.
    pub(crate) fn same(&self, old: &str, new: &str) -> bool {
        self.now(old) == new
    }

    /// The title that the table goes by on the new side.
    pub(crate) fn now<'t>(&self, old: &'t str) -> &'t str
    where
        'a: 't,
    {
        self.0.get(old).copied().unwrap_or(old)
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::Entry;

    use super::Retitled;

    fn entries(tables: &[&str]) -> Vec<Entry> {
        tables.iter().map(|table| Entry { table: (*table).into(), ..Entry::default() }).collect()
    }

    fn same(old: &[&str], new: &[&str], titles: (&str, &str)) -> bool {
        let (old, new) = (entries(old), entries(new));
        let pairs: Vec<_> = (0..old.len().min(new.len())).map(|i| (i, i)).collect();
        Retitled::of(&old, &new, &pairs).same(titles.0, titles.1)
    }

    #[test]
    fn retitled_tables() {
        for (old, new, titles, expected, why) in [
            (&["A", "A", "A"][..], &["B", "B", "B"][..], ("A", "B"), true, "all of it"),
            (&["A", "A", "A"], &["B", "B", "C"], ("A", "B"), true, "most of it"),
            (&["A", "A", "A"], &["B", "B", "C"], ("A", "C"), false, "one that moved"),
            (&["A", "A", "A"], &["C", "C", "B"], ("A", "B"), false, "the smaller part of a split moved"),
            (&["A", "A"], &["C", "B"], ("A", "B"), true, "of equal parts the first keeps the table"),
            (&["A", "A", "B"], &["B", "B", "B"], ("A", "B"), false, "B was there"),
            (&["A", "A", "A"], &["B", "B", "A"], ("A", "B"), false, "A is still there"),
            (&["A", "A", "B"], &["C", "C", "C"], ("A", "C"), true, "two merged: the larger keeps its place"),
            (&["A", "A", "B"], &["C", "C", "C"], ("B", "C"), false, "two merged: the smaller moved"),
            (&["A"], &["A"], ("A", "A"), true, "nothing happened"),
        ] {
            assert_eq!(same(old, new, titles), expected, "{why}");
        }
    }
}
