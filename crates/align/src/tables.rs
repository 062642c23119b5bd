//! Pairs the tables of the zh page with those of the en page.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{ErrorTable, text::fold};

/// The maximum number of rows of one code on a page for the code to identify a table. It bounds the work, and a code in
/// more rows stands in many tables.
const MAX_CODE_ROWS: usize = 64;

/// The rows of both pages by folded code. Rows without a code are left out.
pub(crate) type ByCode<'a> = BTreeMap<&'a str, (Vec<(usize, usize)>, Vec<(usize, usize)>)>;

/// Pairs tables by their common codes. Pairs the rest by title, or by columns if the gaps between two pairs hold
/// equally many tables.
pub(crate) fn pair_tables(zh: &[ErrorTable], en: &[ErrorTable], codes: &ByCode) -> Vec<(usize, usize)> {
    let mut pairs = pair_by_codes(codes);
    pair_by_title(zh, en, &mut pairs);
    pair_by_position(zh, en, &mut pairs);
    pairs.into_iter().collect()
}

fn pair_by_codes(codes: &ByCode) -> BTreeMap<usize, usize> {
    let mut common: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (zh, en) in codes.values().filter(|(zh, en)| zh.len() <= MAX_CODE_ROWS && en.len() <= MAX_CODE_ROWS) {
        let weight = 1.0 / f64::from(u32::try_from(zh.len().max(en.len())).unwrap_or(u32::MAX));
        for (z, _) in zh {
            for (e, _) in en {
                *common.entry((*z, *e)).or_default() += weight / f64::from(u32::try_from(zh.len()).unwrap_or(u32::MAX));
            }
        }
    }
    let mut ranked: Vec<_> = common.into_iter().collect();
    ranked.sort_by(|a, b| {
        b.1.total_cmp(&a.1).then(a.0.0.abs_diff(a.0.1).cmp(&b.0.0.abs_diff(b.0.1))).then(a.0.cmp(&b.0))
    });
    let (mut pairs, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for ((z, e), _) in ranked {
        if !pairs.contains_key(&z) && taken.insert(e) {
            pairs.insert(z, e);
        }
    }
    pairs
}

fn unpaired(count: usize, taken: impl Iterator<Item = usize>) -> Vec<usize> {
    let taken: BTreeSet<usize> = taken.collect();
    (0..count).filter(|n| !taken.contains(n)).collect()
}

fn pair_by_title(zh: &[ErrorTable], en: &[ErrorTable], pairs: &mut BTreeMap<usize, usize>) {
    let title = |table: &ErrorTable| table.title.as_deref().map(fold).filter(|title| !title.is_empty());
    let mut titles: BTreeMap<String, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for z in unpaired(zh.len(), pairs.keys().copied()) {
        if let Some(title) = title(&zh[z]) {
            titles.entry(title).or_default().0.push(z);
        }
    }
    for e in unpaired(en.len(), pairs.values().copied()) {
        if let Some(title) = title(&en[e]) {
            titles.entry(title).or_default().1.push(e);
        }
    }
    for (zh, en) in titles.into_values().filter(|(zh, en)| zh.len() == en.len()) {
        pairs.extend(zh.into_iter().zip(en));
    }
}

/// Pairs two runs of unpaired tables that are between the same pairs, equally long, and equal in their columns one by
/// one.
fn pair_by_position(zh: &[ErrorTable], en: &[ErrorTable], pairs: &mut BTreeMap<usize, usize>) {
    let mut gaps: BTreeMap<Option<usize>, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    let back: BTreeMap<usize, usize> = pairs.iter().map(|(z, e)| (*e, *z)).collect();
    for z in unpaired(zh.len(), pairs.keys().copied()) {
        gaps.entry(pairs.range(..z).next_back().map(|(z, _)| *z)).or_default().0.push(z);
    }
    for e in unpaired(en.len(), back.keys().copied()) {
        gaps.entry(back.range(..e).next_back().map(|(_, z)| *z)).or_default().1.push(e);
    }
    for (zh_run, en_run) in gaps.into_values().filter(|(zh, en)| zh.len() == en.len()) {
        let couples: Vec<(usize, usize)> = zh_run.into_iter().zip(en_run).collect();
        if couples.iter().all(|(z, e)| have_same_columns(&zh[*z], &en[*e])) {
            pairs.extend(couples);
        }
    }
}

fn have_same_columns(zh: &ErrorTable, en: &ErrorTable) -> bool {
    let roles = |table: &ErrorTable| table.roles.iter().copied().collect::<BTreeSet<_>>();
    roles(zh) == roles(en)
}

/// Returns every table of both pages: the pairs, and each other table alone.
pub(crate) fn all_tables(zh: usize, en: usize, pairs: &[(usize, usize)]) -> Vec<(Option<usize>, Option<usize>)> {
    let zh_alone = unpaired(zh, pairs.iter().map(|(z, _)| *z)).into_iter().map(|z| (Some(z), None));
    let en_alone = unpaired(en, pairs.iter().map(|(_, e)| *e)).into_iter().map(|e| (None, Some(e)));
    pairs.iter().map(|(z, e)| (Some(*z), Some(*e))).chain(zh_alone).chain(en_alone).collect()
}

/// Sorts the tables in the order of the en page. Each zh table without a counterpart follows the table before it on its
/// page.
pub(crate) fn in_page_order(tables: &[(Option<usize>, Option<usize>)]) -> Vec<(Option<usize>, Option<usize>)> {
    let en_partners: BTreeMap<usize, Option<usize>> = tables.iter().filter_map(|(z, e)| Some(((*e)?, *z))).collect();
    let zh_partners: BTreeMap<usize, Option<usize>> = tables.iter().filter_map(|(z, e)| Some(((*z)?, *e))).collect();
    let mut after: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    let mut last = None;
    for (z, e) in zh_partners {
        match e {
            Some(_) => last = Some(z),
            None => after.entry(last).or_default().push(z),
        }
    }
    let mut followers = |z: Option<usize>| after.remove(&z).unwrap_or_default().into_iter().map(|z| (Some(z), None));
    let mut ordered: Vec<(Option<usize>, Option<usize>)> = followers(None).collect();
    for (e, z) in en_partners {
        ordered.push((z, Some(e)));
        if z.is_some() {
            ordered.extend(followers(z));
        }
    }
    ordered
}
