//! Pairs rows whose code does not lead to their partner because it is spelled differently, changed or missing. Finds
//! partners by shared features, and only compares rows that share a rare feature.

use std::collections::{BTreeMap, BTreeSet};

use crate::alignment::Method;
use crate::assignment::{assign_best, assign_greedy};
use crate::code_blocks::MAX_SCORED_PAIRS;
use crate::evidence::{Evidence, MIN_PAIR_POINTS};
use crate::matching::Matching;
use crate::page_rows::Row;
use crate::text::Vocabulary;

/// The maximum number of rows of a page that share a rare feature. It bounds the work: a feature of 24 rows yields 576
/// candidate pairs, and more frequent features say little about a row.
const MAX_SHARERS: usize = 24;
/// The number of best candidates of a row that are scored. The partner of a row shares most rare features with it, so
/// it is among the first.
const MAX_CANDIDATES: usize = 12;

/// A feature that two rows can share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Feature {
    Code(String),
    PartOfCode(String),
    Message(String),
    Word(u32),
    Below(usize),
    Above(usize),
}

/// zh rows and en rows that share a feature.
type Sharers = (Vec<usize>, Vec<usize>);

/// Pairs the rows that are still unpaired.
pub(crate) fn pair_by_shared_features(matching: &mut Matching) {
    let scored: BTreeMap<(usize, usize), Evidence> = select_candidates(matching)
        .into_iter()
        .map(|(z, e)| ((z, e), matching.evidence(z, e)))
        .filter(|(_, evidence)| evidence.total() > MIN_PAIR_POINTS)
        .collect();
    for group in split_into_components(&scored) {
        for (z, e) in assign_component(&group, &scored) {
            let evidence = scored[&(z, e)];
            matching.add_pair(z, e, pairing_method(matching, z, e, &evidence), evidence.score());
        }
    }
}

fn pairing_method(matching: &Matching, z: usize, e: usize, evidence: &Evidence) -> Method {
    if matching.zh.rows[z].key == matching.en.rows[e].key && evidence.code > 0.0 {
        Method::Code
    } else if evidence.code > 0.0 {
        Method::RespelledCode
    } else if evidence.message >= evidence.text {
        Method::Message
    } else {
        Method::Text
    }
}

/// Selects the pairs of unpaired rows to score: for each row, the rows that share most features with it, weighted by
/// rarity.
fn select_candidates(matching: &Matching) -> BTreeSet<(usize, usize)> {
    let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (zh, en) in rows_by_feature(matching).into_values() {
        if zh.is_empty() || en.is_empty() || zh.len() > MAX_SHARERS || en.len() > MAX_SHARERS {
            continue;
        }
        let weight = 1.0 / f64::from(u32::try_from(zh.len() * en.len()).unwrap_or(u32::MAX));
        for z in &zh {
            for e in &en {
                *shared.entry((*z, *e)).or_default() += weight;
            }
        }
    }
    let mut ranked: Vec<((usize, usize), f64)> = shared.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut by_zh, mut by_en) = (BTreeMap::<usize, usize>::new(), BTreeMap::<usize, usize>::new());
    let mut chosen = BTreeSet::new();
    for ((z, e), _) in ranked {
        let (zh, en) = (by_zh.entry(z).or_default(), by_en.entry(e).or_default());
        if *zh < MAX_CANDIDATES || *en < MAX_CANDIDATES {
            chosen.insert((z, e));
            *zh += 1;
            *en += 1;
        }
    }
    chosen
}

fn rows_by_feature(matching: &Matching) -> BTreeMap<Feature, Sharers> {
    let mut sharers: BTreeMap<Feature, Sharers> = BTreeMap::new();
    for z in matching.unpaired_zh() {
        let (above, below) = matching.neighbours_of_zh(z);
        let partner = |z: Option<usize>| z.and_then(|z| matching.pairs.get(&z)).map(|(e, ..)| *e);
        for feature in row_features(&matching.zh.rows[z], (partner(above), partner(below)), matching.vocabulary()) {
            sharers.entry(feature).or_default().0.push(z);
        }
    }
    for e in matching.unpaired_en() {
        for feature in row_features(&matching.en.rows[e], matching.neighbours_of_en(e), matching.vocabulary()) {
            sharers.entry(feature).or_default().1.push(e);
        }
    }
    sharers
}

/// Collects the features of a row. `around`: for an en row the nearest paired en rows above and below, for a zh row the
/// partners of the nearest paired zh rows.
fn row_features(row: &Row, around: (Option<usize>, Option<usize>), vocabulary: &Vocabulary) -> BTreeSet<Feature> {
    let code: Vec<char> = row.key.chars().collect();
    let mut features: BTreeSet<Feature> =
        code.windows(3).map(|part| Feature::PartOfCode(part.iter().collect())).collect();
    if !row.key.is_empty() {
        features.insert(Feature::Code(row.key.clone()));
    }
    if !row.message.key.is_empty() {
        features.insert(Feature::Message(row.message.key.clone()));
    }
    let words = row.all.words.iter().chain(&row.all.concepts);
    features.extend(words.filter(|id| vocabulary.row_count(**id) as usize <= MAX_SHARERS).map(|id| Feature::Word(*id)));
    features.extend(around.0.map(Feature::Below));
    features.extend(around.1.map(Feature::Above));
    features
}

/// Splits the candidate pairs into groups that share no row.
fn split_into_components(scored: &BTreeMap<(usize, usize), Evidence>) -> Vec<Vec<(usize, usize)>> {
    let (mut by_zh, mut by_en) = (BTreeMap::<usize, Vec<usize>>::new(), BTreeMap::<usize, Vec<usize>>::new());
    for (z, e) in scored.keys() {
        by_zh.entry(*z).or_default().push(*e);
        by_en.entry(*e).or_default().push(*z);
    }
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for start in by_zh.keys() {
        let (mut group, mut open) = (Vec::new(), vec![*start]);
        while let Some(z) = open.pop() {
            if !seen.insert(z) {
                continue;
            }
            for e in by_zh.get(&z).into_iter().flatten() {
                group.push((z, *e));
                open.extend(by_en.get(e).into_iter().flatten());
            }
        }
        if !group.is_empty() {
            groups.push(group);
        }
    }
    groups
}

fn assign_component(group: &[(usize, usize)], scored: &BTreeMap<(usize, usize), Evidence>) -> Vec<(usize, usize)> {
    let gain = |z: usize, e: usize| scored.get(&(z, e)).map_or(0.0, |evidence| evidence.total() - MIN_PAIR_POINTS);
    let zh: Vec<usize> = group.iter().map(|(z, _)| *z).collect::<BTreeSet<_>>().into_iter().collect();
    let en: Vec<usize> = group.iter().map(|(_, e)| *e).collect::<BTreeSet<_>>().into_iter().collect();
    if zh.len() * en.len() > MAX_SCORED_PAIRS {
        return assign_greedy(group.iter().map(|(z, e)| (*z, *e, gain(*z, *e))).collect());
    }
    assign_best(zh.len(), en.len(), |i, j| gain(zh[i], en[j])).into_iter().map(|(i, j)| (zh[i], en[j])).collect()
}
