//! Finds retitled tables, which are no drift.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use docdrift_model::Entry;

/// Maps the old title of each retitled table to its new title.
#[derive(Default)]
pub(crate) struct RetitledTables<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> RetitledTables<'a> {
    /// Derives the titles from `pairs` of the same errors. A table counts as retitled if its old title disappeared, the
    /// new title is new, and most errors of either table are in the other. Each title counts for one table only: if
    /// tables were merged or split, the largest part keeps the title and the rest moved.
    pub(crate) fn from_pairs(old: &'a [Entry], new: &'a [Entry], pairs: &[(usize, usize)]) -> Self {
        let before: BTreeSet<&str> = old.iter().map(|entry| entry.table.as_str()).collect();
        let after: BTreeSet<&str> = new.iter().map(|entry| entry.table.as_str()).collect();
        let (mut left, mut arrived) = (BTreeMap::new(), BTreeMap::new());
        let mut shared: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (from, to) in pairs.iter().map(|&(o, n)| (old[o].table.as_str(), new[n].table.as_str())) {
            if !after.contains(from) && !before.contains(to) {
                *left.entry(from).or_insert(0) += 1;
                *arrived.entry(to).or_insert(0) += 1;
                *shared.entry((from, to)).or_default() += 1;
            }
        }
        let is_majority = |((from, to), count): &((&str, &str), usize)| 2 * count > left[from].min(arrived[to]);
        let mut candidates: Vec<_> = shared.into_iter().filter(is_majority).collect();
        // The order does not depend on which side is old.
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
    pub(crate) fn is_same_table(&self, old: &str, new: &str) -> bool {
        self.current_title(old) == new
    }

    /// Returns the title of the table on the new side.
    pub(crate) fn current_title<'t>(&self, old: &'t str) -> &'t str
    where
        'a: 't,
    {
        self.0.get(old).copied().unwrap_or(old)
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::Entry;

    use super::RetitledTables;

    fn entries(tables: &[&str]) -> Vec<Entry> {
        tables.iter().map(|table| Entry { table: (*table).into(), ..Entry::default() }).collect()
    }

    fn is_same_table(old: &[&str], new: &[&str], titles: (&str, &str)) -> bool {
        let (old, new) = (entries(old), entries(new));
        let pairs: Vec<_> = (0..old.len().min(new.len())).map(|i| (i, i)).collect();
        RetitledTables::from_pairs(&old, &new, &pairs).is_same_table(titles.0, titles.1)
    }

    #[test]
    fn finds_retitled_tables() {
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
            assert_eq!(is_same_table(old, new, titles), expected, "{why}");
        }
    }
}
