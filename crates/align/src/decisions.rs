//! Resolves a maintainer's decisions to rows and finds the decisions that have no effect.

use std::collections::BTreeSet;

use docdrift_model::{
    ErrorTable, Lang,
    decision::{Decision, RowName, Verdict},
    text::fold,
};

use crate::align::align_with_overrides;
use crate::alignment::{Alignment, Method, Pair, RowPosition};
use crate::key_columns::{KeyColumns, cell};
use crate::overrides::Overrides;
use crate::text::code_key;

/// A decision that no longer applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleDecision {
    /// The line of the decision in `overrides.toml`, from one.
    pub line: usize,
    /// What the decision is and why it does not apply, in one sentence.
    pub reason: String,
}

/// A decision with the rows that it names.
enum ResolvedDecision {
    Pair(RowPosition, RowPosition),
    Apart(Vec<RowPosition>, Vec<RowPosition>),
    Respelled(String, String),
}

impl ResolvedDecision {
    fn add_to(&self, overrides: &mut Overrides) {
        match self {
            ResolvedDecision::Pair(zh, en) => overrides.pairs.push((*zh, *en)),
            ResolvedDecision::Apart(zh, en) => {
                overrides.apart.extend(zh.iter().flat_map(|z| en.iter().map(|e| (*z, *e))));
            }
            ResolvedDecision::Respelled(zh, en) => {
                overrides.spellings.0.0.insert(zh.clone(), en.clone());
            }
        }
    }

    /// Whether the evidence alone may lead to the same result.
    fn may_have_no_effect(&self, evident_pairs: &BTreeSet<(RowPosition, RowPosition)>) -> bool {
        match self {
            ResolvedDecision::Pair(zh, en) => evident_pairs.contains(&(*zh, *en)),
            ResolvedDecision::Apart(zh, en) => !zh.iter().any(|z| en.iter().any(|e| evident_pairs.contains(&(*z, *e)))),
            ResolvedDecision::Respelled(..) => true,
        }
    }
}

/// Pairs the rows of two pages like [`align`](crate::align), but decisions take precedence over the evidence: their
/// pairs have the method [`Method::Decision`] and the score 1. A decision is stale if its rows cannot be found, or if
/// leaving it out would change neither a pair nor its need for review.
pub fn align_with_decisions(
    zh: &[ErrorTable],
    en: &[ErrorTable],
    decisions: &[Decision],
) -> (Alignment, Vec<StaleDecision>) {
    let (mut resolved, mut stale) = (Vec::new(), Vec::new());
    for decision in decisions {
        match resolve_decision(decision, zh, en).and_then(|decision| reject_rival(decision, &resolved)) {
            Ok(rows) => resolved.push((decision, rows)),
            Err(reason) => stale.push(stale_decision(decision, &reason)),
        }
    }
    let alignment = align_resolved(zh, en, resolved.iter().map(|(_, rows)| rows));
    // Checking a decision costs one more alignment. The evidence alone shows that most decisions have an effect.
    let evident_pairs: BTreeSet<(RowPosition, RowPosition)> = if resolved.is_empty() {
        BTreeSet::new()
    } else {
        outcome(&align_with_overrides(zh, en, &Overrides::default()))
            .into_iter()
            .filter(|pair| !pair.2)
            .map(|(zh, en, _)| (zh, en))
            .collect()
    };
    for (n, (decision, rows)) in resolved.iter().enumerate() {
        if !rows.may_have_no_effect(&evident_pairs) {
            continue;
        }
        let others = resolved.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, (_, rows))| rows);
        if outcome(&align_resolved(zh, en, others)) == outcome(&alignment) {
            stale.push(stale_decision(decision, "it changes nothing: the rows are paired the same way without it"));
        }
    }
    stale.sort_by_key(|stale| stale.line);
    (alignment, stale)
}

fn stale_decision(decision: &Decision, reason: &str) -> StaleDecision {
    StaleDecision { line: decision.line, reason: format!("[[{}]] does not apply: {reason}", decision.verdict.as_str()) }
}

/// Returns what a decision can change.
fn outcome(alignment: &Alignment) -> Vec<(RowPosition, RowPosition, bool)> {
    alignment.pairs.iter().map(|pair| (pair.zh, pair.en, pair.needs_review())).collect()
}

fn align_resolved<'a>(
    zh: &[ErrorTable],
    en: &[ErrorTable],
    all: impl Iterator<Item = &'a ResolvedDecision>,
) -> Alignment {
    let mut overrides = Overrides::default();
    all.for_each(|decision| decision.add_to(&mut overrides));
    let mut alignment = align_with_overrides(zh, en, &overrides);
    let respelled = &overrides.spellings.0.0;
    let is_respelled = |pair: &&mut Pair| {
        let (zh, en) = (code_at(zh, pair.zh), code_at(en, pair.en));
        zh != en && respelled.get(&zh) == Some(&en)
    };
    for pair in alignment.pairs.iter_mut().filter(is_respelled) {
        (pair.method, pair.score) = (Method::Decision, 1.0);
    }
    alignment
}

fn code_at(tables: &[ErrorTable], (table, row): RowPosition) -> String {
    let Some(table) = tables.get(table) else { return String::new() };
    table.rows.get(row).map_or_else(String::new, |row| code_key(cell(row, KeyColumns::from_table(table).code)))
}

/// Finds the rows that a decision names. Returns the reason if there are none.
fn resolve_decision(decision: &Decision, zh: &[ErrorTable], en: &[ErrorTable]) -> Result<ResolvedDecision, String> {
    let title = decision.table.as_deref().map(fold);
    if let Some(title) = title.as_deref().filter(|title| !has_table(zh, title) && !has_table(en, title)) {
        return Err(format!("neither page has a table `{}`", decision.table.as_deref().unwrap_or(title)));
    }
    let title = title.as_deref();
    match &decision.verdict {
        Verdict::Pair(rows) => Ok(ResolvedDecision::Pair(
            find_single_row(Lang::Zh, zh, title, &rows.zh)?,
            find_single_row(Lang::En, en, title, &rows.en)?,
        )),
        Verdict::Apart(rows) => Ok(ResolvedDecision::Apart(
            find_rows(Lang::Zh, zh, title, &rows.zh)?,
            find_rows(Lang::En, en, title, &rows.en)?,
        )),
        Verdict::Respelled(codes) => {
            let name = |code: &String| RowName { code: code.clone(), ..RowName::default() };
            find_rows(Lang::Zh, zh, title, &name(&codes.zh))?;
            find_rows(Lang::En, en, title, &name(&codes.en))?;
            Ok(ResolvedDecision::Respelled(code_key(&codes.zh), code_key(&codes.en)))
        }
    }
}

/// Rejects a pair whose row is already in a pair: the first decision wins.
fn reject_rival(
    decision: ResolvedDecision,
    earlier: &[(&Decision, ResolvedDecision)],
) -> Result<ResolvedDecision, String> {
    let ResolvedDecision::Pair(zh, en) = decision else { return Ok(decision) };
    let rival = earlier.iter().find(|(_, other)| matches!(other, ResolvedDecision::Pair(z, e) if *z == zh || *e == en));
    match rival {
        Some((rival, _)) => Err(format!("line {} pairs one of its rows already", rival.line)),
        None => Ok(decision),
    }
}

fn has_table(tables: &[ErrorTable], title: &str) -> bool {
    tables.iter().any(|table| is_titled(table, title))
}

fn is_titled(table: &ErrorTable, title: &str) -> bool {
    table.title.as_deref().is_some_and(|own| fold(own) == title)
}

fn find_single_row(
    lang: Lang,
    tables: &[ErrorTable],
    title: Option<&str>,
    name: &RowName,
) -> Result<RowPosition, String> {
    match find_rows(lang, tables, title, name)?.as_slice() {
        [position] => Ok(*position),
        rows => {
            let count = rows.len();
            Err(format!(
                "the {lang} page has {count} rows {}: name one by status, message or table",
                format_row_name(name)
            ))
        }
    }
}

/// Finds at least one row.
fn find_rows(
    lang: Lang,
    tables: &[ErrorTable],
    title: Option<&str>,
    name: &RowName,
) -> Result<Vec<RowPosition>, String> {
    // A title is in one language. It selects nothing on a page that has no such table.
    let title = title.filter(|title| has_table(tables, title));
    let named = tables.iter().enumerate().filter(|(_, table)| title.is_none_or(|title| is_titled(table, title)));
    let places: Vec<RowPosition> =
        named.flat_map(|(t, table)| matching_rows(table, name).into_iter().map(move |row| (t, row))).collect();
    if places.is_empty() { Err(format!("the {lang} page has no row {}", format_row_name(name))) } else { Ok(places) }
}

fn matching_rows(table: &ErrorTable, name: &RowName) -> Vec<usize> {
    let columns = KeyColumns::from_table(table);
    let code = code_key(&name.code);
    let (status, message) = (name.status.as_deref().map(fold), name.message.as_deref().map(fold));
    let is_named = |row: &[String]| {
        code_key(cell(row, columns.code)) == code
            && status.as_ref().is_none_or(|status| fold(cell(row, columns.status)) == *status)
            // The page may print the message in any column.
            && message.as_ref().is_none_or(|message| row.iter().any(|cell| fold(cell) == *message))
    };
    table.rows.iter().enumerate().filter(|(_, row)| is_named(row)).map(|(n, _)| n).collect()
}

fn format_row_name(name: &RowName) -> String {
    let parts = [name.status.as_deref(), Some(name.code.as_str()), name.message.as_deref()];
    format!("`{}`", parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
