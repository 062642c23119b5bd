//! The pairs found so far, and how a candidate pair stands among them.

use std::collections::{BTreeMap, BTreeSet};

use crate::alignment::Method;
use crate::evidence::{self, Evidence};
use crate::side::{Row, Side};
use crate::words::{Likeness, Vocabulary, compare};

/// Each side of the order a pair agrees with, above and below.
const NEIGHBOUR: f64 = 0.5;
const SAME_TABLE: f64 = 1.0;
const OTHER_TABLE: f64 = -1.5;

/// The nearest paired rows of the same table above and below a row.
type Neighbours = (Option<usize>, Option<usize>);

/// The state of an alignment. Rows are named by their index in [`Side::rows`].
pub(crate) struct Matching<'a> {
    pub(crate) zh: &'a Side,
    pub(crate) en: &'a Side,
    /// zh row → en row, method and score.
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
    /// Nothing paired yet but the tables.
    pub(crate) fn new(zh: &'a Side, en: &'a Side, vocabulary: &'a Vocabulary, tables: &[(usize, usize)]) -> Self {
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
        matching.look_around();
        matching
    }

    /// The words of both pages.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary
    }

    /// Makes a pair.
    pub(crate) fn pair(&mut self, z: usize, e: usize, method: Method, score: f64) {
        self.pairs.insert(z, (e, method, score));
        if let Some(paired) = self.en_paired.get_mut(e) {
            *paired = true;
        }
    }

    /// Forbids a pair.
    pub(crate) fn keep_apart(&mut self, z: usize, e: usize) {
        self.apart.insert((z, e));
    }

    /// The zh rows without a partner.
    pub(crate) fn free_zh(&self) -> Vec<usize> {
        (0..self.zh.rows.len()).filter(|z| !self.pairs.contains_key(z)).collect()
    }

    /// The en rows without a partner.
    pub(crate) fn free_en(&self) -> Vec<usize> {
        (0..self.en.rows.len()).filter(|e| !self.en_paired[*e]).collect()
    }

    /// Notes for each row which paired rows it stands between; to be called when a round of pairing is over.
    pub(crate) fn look_around(&mut self) {
        let en_paired = &self.en_paired;
        self.zh_neighbours = neighbours(&self.zh.rows, |z| self.pairs.contains_key(&z));
        self.en_neighbours = neighbours(&self.en.rows, |e| en_paired.get(e).copied().unwrap_or(false));
    }

    /// The paired rows around a zh row.
    pub(crate) fn around_zh(&self, z: usize) -> Neighbours {
        self.zh_neighbours[z]
    }

    /// The paired rows around an en row.
    pub(crate) fn around_en(&self, e: usize) -> Neighbours {
        self.en_neighbours[e]
    }

    /// What speaks for a zh row and an en row being the same error.
    pub(crate) fn evidence(&self, z: usize, e: usize) -> Evidence {
        if self.apart.contains(&(z, e)) {
            return Evidence::APART;
        }
        let (zh, en) = (&self.zh.rows[z], &self.en.rows[e]);
        let message = compare(&zh.message, &en.message, self.vocabulary);
        let rest = evidence::text(compare(&zh.rest, &en.rest, self.vocabulary));
        // Where the messages cannot be compared word by word, they are compared as a part of all that either row says.
        let text = match message {
            Likeness::Unknown | Likeness::Translated(_) => {
                f64::midpoint(rest, evidence::text(compare(&zh.all, &en.all, self.vocabulary)))
            }
            _ => rest,
        };
        let rare = self.zh.with_message(&zh.message) == 1 && self.en.with_message(&en.message) == 1;
        Evidence {
            code: evidence::code(zh, en),
            status: evidence::status(zh, en),
            message: evidence::message(message, rare),
            text,
            table: self.table(zh.place.0, en.place.0),
            order: self.order(z, e),
        }
    }

    fn table(&self, zh: usize, en: usize) -> f64 {
        match (self.zh_tables.get(&zh), self.en_tables.get(&en)) {
            (Some(partner), _) if *partner == en => SAME_TABLE,
            // A table that has no partner may be a part of another that was split.
            (Some(_), Some(_)) => OTHER_TABLE,
            _ => 0.0,
        }
    }

    fn order(&self, z: usize, e: usize) -> f64 {
        let (zh, en) = (self.zh_neighbours[z], self.en_neighbours[e]);
        let same_table = self.zh_tables.get(&self.zh.rows[z].place.0) == Some(&self.en.rows[e].place.0);
        let agree = |zh: Option<usize>, en: Option<usize>| match (zh, en) {
            (Some(zh), Some(en)) => self.pairs.get(&zh).is_some_and(|(partner, ..)| *partner == en),
            (None, None) => same_table,
            _ => false,
        };
        NEIGHBOUR * f64::from(u8::from(agree(zh.0, en.0)) + u8::from(agree(zh.1, en.1)))
    }
}

fn neighbours(rows: &[Row], paired: impl Fn(usize) -> bool) -> Vec<Neighbours> {
    let mut found = vec![(None, None); rows.len()];
    let mut last: Option<usize> = None;
    for (n, row) in rows.iter().enumerate() {
        found[n].0 = last.filter(|l| rows[*l].place.0 == row.place.0);
        if paired(n) {
            last = Some(n);
        }
    }
    last = None;
    for (n, row) in rows.iter().enumerate().rev() {
        found[n].1 = last.filter(|l| rows[*l].place.0 == row.place.0);
        if paired(n) {
            last = Some(n);
        }
    }
    found
}
