//! A maintainer's decisions: which rows they are about, and whether they still make a difference.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{Decision, ErrorTable, Lang, RowName, Verdict, text::fold};

use crate::align::align_by;
use crate::alignment::{Alignment, Method, Pair, Place};
use crate::columns::{Columns, cell};
use crate::words::code_key;

/// A decision that no longer applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its line in `overrides.toml`, from one.
    pub line: usize,
    /// What it is and why it does not apply, one sentence.
    pub why: String,
}

/// What the decisions come to on two pages.
#[derive(Default)]
pub(crate) struct Orders {
    /// Rows that are pairs; none is in two of them.
    pub(crate) pairs: Vec<(Place, Place)>,
    /// Rows that are no pairs.
    pub(crate) apart: BTreeSet<(Place, Place)>,
    /// The codes of each page that are spelled otherwise on the other.
    pub(crate) spellings: (Spellings, Spellings),
}

/// Folded codes of one page that stand for others of the other page.
#[derive(Clone, Default)]
pub(crate) struct Spellings(BTreeMap<String, String>);

impl Spellings {
    /// The folded code that rows are compared by.
    pub(crate) fn key(&self, code: &str) -> String {
        let key = code_key(code);
        let key = if OTHERS.contains(&key.as_str()) { OTHERS[0].to_owned() } else { key };
        self.0.get(&key).cloned().unwrap_or(key)
    }
}

/// What pages call the last row of a list, for all codes that have none of their own.
const OTHERS: [&str; 7] = ["others", "other", "其他", "其它", "其他错误", "其它错误", "othererrors"];

impl Orders {
    /// The same with the pages exchanged.
    pub(crate) fn mirrored(&self) -> Self {
        let swapped = |(zh, en): &(Place, Place)| (*en, *zh);
        let (zh, en) = self.spellings.clone();
        Self {
            pairs: self.pairs.iter().map(swapped).collect(),
            apart: self.apart.iter().map(swapped).collect(),
            spellings: (en, zh),
        }
    }

    fn add(&mut self, order: &Order) {
        match order {
            Order::Pair(zh, en) => self.pairs.push((*zh, *en)),
            Order::Apart(zh, en) => self.apart.extend(zh.iter().flat_map(|z| en.iter().map(|e| (*z, *e)))),
            Order::Respelled(zh, en) => {
                self.spellings.0.0.insert(zh.clone(), en.clone());
            }
        }
    }
}

/// A decision with the rows that it is about.
enum Order {
    Pair(Place, Place),
    Apart(Vec<Place>, Vec<Place>),
    Respelled(String, String),
}

impl Order {
    /// Whether the evidence alone might have come to the same.
    fn may_be_idle(&self, evident: &BTreeSet<(Place, Place)>) -> bool {
        match self {
            Order::Pair(zh, en) => evident.contains(&(*zh, *en)),
            Order::Apart(zh, en) => !zh.iter().any(|z| en.iter().any(|e| evident.contains(&(*z, *e)))),
            Order::Respelled(..) => true,
        }
    }
}

/// Pairs the rows of two pages as [`align`](crate::align) does, but for what a maintainer decided: that wins over any
/// evidence, with the method [`Method::Decision`] and the score 1. A decision whose rows cannot be found, or which could
/// be left out without changing a pair or what is for review, is stale.
pub fn align_with(zh: &[ErrorTable], en: &[ErrorTable], decisions: &[Decision]) -> (Alignment, Vec<Stale>) {
    let (mut orders, mut stale) = (Vec::new(), Vec::new());
    for decision in decisions {
        match order(decision, zh, en).and_then(|order| unrivalled(order, &orders)) {
            Ok(order) => orders.push((decision, order)),
            Err(why) => stale.push(told(decision, &why)),
        }
    }
    let alignment = obeyed(zh, en, orders.iter().map(|(_, order)| order));
    // Aligning once more for each decision costs as much as there are decisions; the evidence alone tells of most that
    // they matter.
    let evident: BTreeSet<(Place, Place)> = if orders.is_empty() {
        BTreeSet::new()
    } else {
        outcome(&align_by(zh, en, &Orders::default()))
            .into_iter()
            .filter(|pair| !pair.2)
            .map(|(zh, en, _)| (zh, en))
            .collect()
    };
    for (n, (decision, order)) in orders.iter().enumerate() {
        if !order.may_be_idle(&evident) {
            continue;
        }
        let others = orders.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, (_, order))| order);
        if outcome(&obeyed(zh, en, others)) == outcome(&alignment) {
            stale.push(told(decision, "it changes nothing: the rows are paired so without it"));
        }
    }
    stale.sort_by_key(|stale| stale.line);
    (alignment, stale)
}

fn told(decision: &Decision, why: &str) -> Stale {
    Stale { line: decision.line, why: format!("[[{}]] does not apply: {why}", decision.verdict.as_str()) }
}

/// What a decision can change.
fn outcome(alignment: &Alignment) -> Vec<(Place, Place, bool)> {
    alignment.pairs.iter().map(|pair| (pair.zh, pair.en, pair.needs_review())).collect()
}

fn obeyed<'a>(zh: &[ErrorTable], en: &[ErrorTable], all: impl Iterator<Item = &'a Order>) -> Alignment {
    let mut orders = Orders::default();
    all.for_each(|order| orders.add(order));
    let mut alignment = align_by(zh, en, &orders);
    let respelled = &orders.spellings.0.0;
    let ordered = |pair: &&mut Pair| {
        let (zh, en) = (code_at(zh, pair.zh), code_at(en, pair.en));
        zh != en && respelled.get(&zh) == Some(&en)
    };
    for pair in alignment.pairs.iter_mut().filter(ordered) {
        (pair.method, pair.score) = (Method::Decision, 1.0);
    }
    alignment
}

fn code_at(tables: &[ErrorTable], (table, row): Place) -> String {
    let Some(table) = tables.get(table) else { return String::new() };
    table.rows.get(row).map_or_else(String::new, |row| code_key(cell(row, Columns::of(table).code)))
}

/// The rows that a decision is about, or why there are none.
fn order(decision: &Decision, zh: &[ErrorTable], en: &[ErrorTable]) -> Result<Order, String> {
    let title = decision.table.as_deref().map(fold);
    if let Some(title) = title.as_deref().filter(|title| !has_table(zh, title) && !has_table(en, title)) {
        return Err(format!("neither page has a table `{}`", decision.table.as_deref().unwrap_or(title)));
    }
    let title = title.as_deref();
    match &decision.verdict {
        Verdict::Pair(rows) => {
            Ok(Order::Pair(one(Lang::Zh, zh, title, &rows.zh)?, one(Lang::En, en, title, &rows.en)?))
        }
        Verdict::Apart(rows) => {
            Ok(Order::Apart(some(Lang::Zh, zh, title, &rows.zh)?, some(Lang::En, en, title, &rows.en)?))
        }
        Verdict::Respelled(codes) => {
            let name = |code: &String| RowName { code: code.clone(), ..RowName::default() };
            some(Lang::Zh, zh, title, &name(&codes.zh))?;
            some(Lang::En, en, title, &name(&codes.en))?;
            Ok(Order::Respelled(code_key(&codes.zh), code_key(&codes.en)))
        }
    }
}

/// No row can be in two pairs: the first decision has it.
fn unrivalled(order: Order, earlier: &[(&Decision, Order)]) -> Result<Order, String> {
    let Order::Pair(zh, en) = order else { return Ok(order) };
    let rival = earlier.iter().find(|(_, other)| matches!(other, Order::Pair(z, e) if *z == zh || *e == en));
    match rival {
        Some((decision, _)) => Err(format!("line {} pairs one of its rows already", decision.line)),
        None => Ok(order),
    }
}

fn has_table(tables: &[ErrorTable], title: &str) -> bool {
    tables.iter().any(|table| is_titled(table, title))
}

fn is_titled(table: &ErrorTable, title: &str) -> bool {
    table.title.as_deref().is_some_and(|own| fold(own) == title)
}

fn one(lang: Lang, tables: &[ErrorTable], title: Option<&str>, name: &RowName) -> Result<Place, String> {
    match some(lang, tables, title, name)?.as_slice() {
        [place] => Ok(*place),
        rows => {
            let count = rows.len();
            Err(format!("the {lang} page has {count} rows {}: name one by status, message or table", shown(name)))
        }
    }
}

/// At least one row.
fn some(lang: Lang, tables: &[ErrorTable], title: Option<&str>, name: &RowName) -> Result<Vec<Place>, String> {
    // A title is of one language: on a page that has no such table it says nothing.
    let title = title.filter(|title| has_table(tables, title));
    let named = tables.iter().enumerate().filter(|(_, table)| title.is_none_or(|title| is_titled(table, title)));
    let places: Vec<Place> =
        named.flat_map(|(t, table)| rows(table, name).into_iter().map(move |row| (t, row))).collect();
    if places.is_empty() { Err(format!("the {lang} page has no row {}", shown(name))) } else { Ok(places) }
}

fn rows(table: &ErrorTable, name: &RowName) -> Vec<usize> {
    let columns = Columns::of(table);
    let code = code_key(&name.code);
    let (status, message) = (name.status.as_deref().map(fold), name.message.as_deref().map(fold));
    let is_named = |row: &[String]| {
        code_key(cell(row, columns.code)) == code
            && status.as_ref().is_none_or(|status| fold(cell(row, columns.status)) == *status)
            // Under whatever header the page prints it.
            && message.as_ref().is_none_or(|message| row.iter().any(|cell| fold(cell) == *message))
    };
    table.rows.iter().enumerate().filter(|(_, row)| is_named(row)).map(|(n, _)| n).collect()
}

fn shown(name: &RowName) -> String {
    let parts = [name.status.as_deref(), Some(name.code.as_str()), name.message.as_deref()];
    format!("`{}`", parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
