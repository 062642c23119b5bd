//! Rows whose code does not lead to their partner: it is spelled otherwise, changed or missing. Their partners are
//! searched by what rows have in common; only rows that share something rare are ever compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::alignment::Method;
use crate::assign;
use crate::blocks::CELLS;
use crate::evidence::{ENOUGH, Evidence};
use crate::matching::Matching;
use crate::side::Row;
use crate::words::Vocabulary;

/// What more rows of a page than this have is not rare.
const RARE: usize = 24;
/// So many of the best candidates of a row are weighed.
const WEIGHED: usize = 12;

/// Something that two rows can have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Trait {
    Code(String),
    PartOfCode(String),
    Message(String),
    Word(u32),
    Below(usize),
    Above(usize),
}

/// zh rows and en rows that have something in common.
type Sharers = (Vec<usize>, Vec<usize>);

/// Pairs the rows that are still free.
pub(crate) fn pair_rest(matching: &mut Matching) {
    let weighed: BTreeMap<(usize, usize), Evidence> = candidates(matching)
        .into_iter()
        .map(|(z, e)| ((z, e), matching.evidence(z, e)))
        .filter(|(_, evidence)| evidence.total() > ENOUGH)
        .collect();
    for group in connected(&weighed) {
        for (z, e) in solve(&group, &weighed) {
            let evidence = weighed[&(z, e)];
            matching.pair(z, e, method(matching, z, e, &evidence), evidence.score());
        }
    }
}

fn method(matching: &Matching, z: usize, e: usize, evidence: &Evidence) -> Method {
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

/// The pairs of free rows worth weighing: of each row those that share the most, and the rarest, with it.
fn candidates(matching: &Matching) -> BTreeSet<(usize, usize)> {
    let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (zh, en) in sharers(matching).into_values() {
        if zh.is_empty() || en.is_empty() || zh.len() > RARE || en.len() > RARE {
            continue;
        }
        let says = 1.0 / f64::from(u32::try_from(zh.len() * en.len()).unwrap_or(u32::MAX));
        for z in &zh {
            for e in &en {
                *shared.entry((*z, *e)).or_default() += says;
            }
        }
    }
    let mut ranked: Vec<((usize, usize), f64)> = shared.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut of_zh, mut of_en) = (BTreeMap::<usize, usize>::new(), BTreeMap::<usize, usize>::new());
    let mut chosen = BTreeSet::new();
    for ((z, e), _) in ranked {
        let (zh, en) = (of_zh.entry(z).or_default(), of_en.entry(e).or_default());
        if *zh < WEIGHED || *en < WEIGHED {
            chosen.insert((z, e));
            *zh += 1;
            *en += 1;
        }
    }
    chosen
}

fn sharers(matching: &Matching) -> BTreeMap<Trait, Sharers> {
    let mut sharers: BTreeMap<Trait, Sharers> = BTreeMap::new();
    for z in matching.free_zh() {
        let (above, below) = matching.around_zh(z);
        let partner = |z: Option<usize>| z.and_then(|z| matching.pairs.get(&z)).map(|(e, ..)| *e);
        for t in traits(&matching.zh.rows[z], (partner(above), partner(below)), matching.vocabulary()) {
            sharers.entry(t).or_default().0.push(z);
        }
    }
    for e in matching.free_en() {
        for t in traits(&matching.en.rows[e], matching.around_en(e), matching.vocabulary()) {
            sharers.entry(t).or_default().1.push(e);
        }
    }
    sharers
}

/// `around`: the nearest paired en rows, or the partners of the nearest paired zh rows, above and below.
fn traits(row: &Row, around: (Option<usize>, Option<usize>), vocabulary: &Vocabulary) -> BTreeSet<Trait> {
    let code: Vec<char> = row.key.chars().collect();
    let mut traits: BTreeSet<Trait> = code.windows(3).map(|part| Trait::PartOfCode(part.iter().collect())).collect();
    if !row.key.is_empty() {
        traits.insert(Trait::Code(row.key.clone()));
    }
    if !row.message.key.is_empty() {
        traits.insert(Trait::Message(row.message.key.clone()));
    }
    let words = row.all.words.iter().chain(&row.all.concepts);
    traits.extend(words.filter(|id| vocabulary.rows(**id) as usize <= RARE).map(|id| Trait::Word(*id)));
    traits.extend(around.0.map(Trait::Below));
    traits.extend(around.1.map(Trait::Above));
    traits
}

/// The candidate pairs in groups that have no row in common.
fn connected(weighed: &BTreeMap<(usize, usize), Evidence>) -> Vec<Vec<(usize, usize)>> {
    let (mut of_zh, mut of_en) = (BTreeMap::<usize, Vec<usize>>::new(), BTreeMap::<usize, Vec<usize>>::new());
    for (z, e) in weighed.keys() {
        of_zh.entry(*z).or_default().push(*e);
        of_en.entry(*e).or_default().push(*z);
    }
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for start in of_zh.keys() {
        let (mut group, mut open) = (Vec::new(), vec![*start]);
        while let Some(z) = open.pop() {
            if !seen.insert(z) {
                continue;
            }
            for e in of_zh.get(&z).into_iter().flatten() {
                group.push((z, *e));
                open.extend(of_en.get(e).into_iter().flatten());
            }
        }
        if !group.is_empty() {
            groups.push(group);
        }
    }
    groups
}

fn solve(group: &[(usize, usize)], weighed: &BTreeMap<(usize, usize), Evidence>) -> Vec<(usize, usize)> {
    let gain = |z: usize, e: usize| weighed.get(&(z, e)).map_or(0.0, |evidence| evidence.total() - ENOUGH);
    let zh: Vec<usize> = group.iter().map(|(z, _)| *z).collect::<BTreeSet<_>>().into_iter().collect();
    let en: Vec<usize> = group.iter().map(|(_, e)| *e).collect::<BTreeSet<_>>().into_iter().collect();
    if zh.len() * en.len() > CELLS {
        return assign::greedy(group.iter().map(|(z, e)| (*z, *e, gain(*z, *e))).collect());
    }
    assign::best(zh.len(), en.len(), |i, j| gain(zh[i], en[j])).into_iter().map(|(i, j)| (zh[i], en[j])).collect()
}
