//! The pairs found so far, and the evidence for candidate pairs in their context.

use std::collections::{BTreeMap, BTreeSet};

use crate::alignment::Method;
use crate::evidence::{self, Evidence};
use crate::page_rows::{PageRows, Row};
use crate::text::{Likeness, Vocabulary, compare_texts};

/// The points for agreement with the neighbouring pair above or below. The order alone never makes a pair.
const NEIGHBOUR_POINTS: f64 = 0.5;
/// The points of rows in tables that are paired.
const SAME_TABLE_POINTS: f64 = 1.0;
/// The points of rows in tables that are paired with other tables. One code may be a different error in each service.
const OTHER_TABLE_POINTS: f64 = -1.5;

/// The nearest paired rows of the same table above and below a row.
type Neighbours = (Option<usize>, Option<usize>);

/// The state of an alignment. Rows are identified by their index in [`PageRows::rows`].
pub(crate) struct Matching<'a> {
    pub(crate) zh: &'a PageRows,
    pub(crate) en: &'a PageRows,
    /// Maps a zh row to its en row, method and score.
    pub(crate) pairs: BTreeMap<usize, (usize, Method, f64)>,
    apart: BTreeSet<(usize, usize)>,
    vocabulary: &'a Vocabulary,
    zh_tables: BTreeMap<usize, usize>,
    en_tables: BTreeMap<usize, usize>,
    en_paired: Vec<bool>,
    zh_neighbours: Vec<Neighbours>,
    en_neighbours: Vec<Neighbours>,
}

impl<'a> Matching<'a> {
    /// Starts with paired tables and no paired rows.
    pub(crate) fn new(
        zh: &'a PageRows,
        en: &'a PageRows,
        vocabulary: &'a Vocabulary,
        tables: &[(usize, usize)],
    ) -> Self {
        let mut matching = Self {
            zh,
            en,
            pairs: BTreeMap::new(),
            apart: BTreeSet::new(),
            vocabulary,
            zh_tables: tables.iter().copied().collect(),
            en_tables: tables.iter().map(|(z, e)| (*e, *z)).collect(),
            en_paired: vec![false; en.rows.len()],
            zh_neighbours: Vec::new(),
            en_neighbours: Vec::new(),
        };
        matching.update_neighbours();
        matching
    }

    /// Returns the words of both pages.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary
    }

    /// Adds a pair.
    pub(crate) fn add_pair(&mut self, z: usize, e: usize, method: Method, score: f64) {
        self.pairs.insert(z, (e, method, score));
        if let Some(paired) = self.en_paired.get_mut(e) {
            *paired = true;
        }
    }

    /// Forbids a pair.
    pub(crate) fn forbid(&mut self, z: usize, e: usize) {
        self.apart.insert((z, e));
    }

    /// Returns the zh rows without a partner.
    pub(crate) fn unpaired_zh(&self) -> Vec<usize> {
        (0..self.zh.rows.len()).filter(|z| !self.pairs.contains_key(z)).collect()
    }

    /// Returns the en rows without a partner.
    pub(crate) fn unpaired_en(&self) -> Vec<usize> {
        (0..self.en.rows.len()).filter(|e| !self.en_paired[*e]).collect()
    }

    /// Updates the paired neighbours of each row. Must be called after each round of pairing.
    pub(crate) fn update_neighbours(&mut self) {
        let en_paired = &self.en_paired;
        self.zh_neighbours = find_neighbours(&self.zh.rows, |z| self.pairs.contains_key(&z));
        self.en_neighbours = find_neighbours(&self.en.rows, |e| en_paired.get(e).copied().unwrap_or(false));
    }

    /// Returns the paired rows around a zh row.
    pub(crate) fn neighbours_of_zh(&self, z: usize) -> Neighbours {
        self.zh_neighbours[z]
    }

    /// Returns the paired rows around an en row.
    pub(crate) fn neighbours_of_en(&self, e: usize) -> Neighbours {
        self.en_neighbours[e]
    }

    /// Collects the evidence that a zh row and an en row are the same error.
    pub(crate) fn evidence(&self, z: usize, e: usize) -> Evidence {
        if self.apart.contains(&(z, e)) {
            return Evidence::APART;
        }
        let (zh, en) = (&self.zh.rows[z], &self.en.rows[e]);
        let message = compare_texts(&zh.message, &en.message, self.vocabulary);
        let rest = evidence::score_texts(compare_texts(&zh.rest, &en.rest, self.vocabulary));
        // Messages that cannot be compared word by word are compared as part of the whole row.
        let text = match message {
            Likeness::Unknown | Likeness::Translated(_) => {
                f64::midpoint(rest, evidence::score_texts(compare_texts(&zh.all, &en.all, self.vocabulary)))
            }
            _ => rest,
        };
        let rare = self.zh.count_with_message(&zh.message) == 1 && self.en.count_with_message(&en.message) == 1;
        Evidence {
            code: evidence::score_codes(zh, en),
            status: evidence::score_statuses(zh, en),
            message: evidence::score_messages(message, rare),
            text,
            table: self.score_tables(zh.position.0, en.position.0),
            order: self.score_order(z, e),
        }
    }

    fn score_tables(&self, zh: usize, en: usize) -> f64 {
        match (self.zh_tables.get(&zh), self.en_tables.get(&en)) {
            (Some(partner), _) if *partner == en => SAME_TABLE_POINTS,
            // A table without a partner may be part of another table that was split.
            (Some(_), Some(_)) => OTHER_TABLE_POINTS,
            _ => 0.0,
        }
    }

    fn score_order(&self, z: usize, e: usize) -> f64 {
        let (zh, en) = (self.zh_neighbours[z], self.en_neighbours[e]);
        let same_table = self.zh_tables.get(&self.zh.rows[z].position.0) == Some(&self.en.rows[e].position.0);
        let agree = |zh: Option<usize>, en: Option<usize>| match (zh, en) {
            (Some(zh), Some(en)) => self.pairs.get(&zh).is_some_and(|(partner, ..)| *partner == en),
            (None, None) => same_table,
            _ => false,
        };
        NEIGHBOUR_POINTS * f64::from(u8::from(agree(zh.0, en.0)) + u8::from(agree(zh.1, en.1)))
    }
}

fn find_neighbours(rows: &[Row], paired: impl Fn(usize) -> bool) -> Vec<Neighbours> {
    let mut found = vec![(None, None); rows.len()];
    let mut last: Option<usize> = None;
    for (n, row) in rows.iter().enumerate() {
        found[n].0 = last.filter(|l| rows[*l].position.0 == row.position.0);
        if paired(n) {
            last = Some(n);
        }
    }
    last = None;
    for (n, row) in rows.iter().enumerate().rev() {
        found[n].1 = last.filter(|l| rows[*l].position.0 == row.position.0);
        if paired(n) {
            last = Some(n);
        }
    }
    found
}
