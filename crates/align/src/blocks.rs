//! Rows that have their code in common, or nearly.

use std::collections::BTreeMap;

use crate::alignment::Method;
use crate::assign;
use crate::evidence::{ENOUGH, Evidence};
use crate::matching::Matching;
use crate::side::Row;
use crate::spelling;

/// The most candidate pairs that are weighed all against all.
pub(crate) const CELLS: usize = 4096;

/// So many rows in a row of either page are within [`CELLS`].
const STRETCH: usize = 64;

/// zh rows and en rows of one code and its misspellings.
type Block = (Vec<usize>, Vec<usize>);

/// Differences of evidence below this are none.
const NONE: f64 = 0.05;

/// The free rows by code. A code that only one page has joins those that it may be a misspelling of.
fn blocks(matching: &Matching) -> Vec<Block> {
    let (free_zh, free_en) = (matching.free_zh(), matching.free_en());
    if free_zh.is_empty() || free_en.is_empty() {
        // Comparing spellings costs much where there is nobody to pair with.
        return Vec::new();
    }
    let mut by_code: BTreeMap<&str, Block> = BTreeMap::new();
    for z in free_zh {
        by_code.entry(&matching.zh.rows[z].key).or_default().0.push(z);
    }
    for e in free_en {
        by_code.entry(&matching.en.rows[e].key).or_default().1.push(e);
    }
    by_code.remove("");
    let names = spelling::joined(by_code.iter().map(|(key, (zh, en))| (*key, zh.is_empty() || en.is_empty())));
    let mut blocks: BTreeMap<&str, Block> = BTreeMap::new();
    for (key, (zh, en)) in by_code {
        let block = blocks.entry(names.get(key).copied().unwrap_or(key)).or_default();
        block.0.extend(zh);
        block.1.extend(en);
    }
    let mut blocks: Vec<Block> = blocks.into_values().filter(|(zh, en)| !zh.is_empty() && !en.is_empty()).collect();
    for (zh, en) in &mut blocks {
        zh.sort_unstable();
        en.sort_unstable();
    }
    blocks
}

/// Pairs rows whose code stands once on either page and is not like another that lacks a partner.
pub(crate) fn pair_single(matching: &mut Matching) {
    for (zh, en) in blocks(matching) {
        if let ([z], [e]) = (zh.as_slice(), en.as_slice()) {
            pair_one(matching, *z, *e);
        }
    }
}

/// Pairs the rows left over whose code stands once on either page.
pub(crate) fn pair_left(matching: &mut Matching) {
    let free: BTreeMap<String, usize> =
        matching.free_en().into_iter().map(|e| (matching.en.rows[e].key.clone(), e)).collect();
    for z in matching.free_zh() {
        let key = &matching.zh.rows[z].key;
        if let Some(e) = free.get(key).filter(|_| !key.is_empty()) {
            pair_one(matching, z, *e);
        }
    }
}

/// Pairs what is left of blocks too large to be weighed all against all, a stretch of rows at a time.
pub(crate) fn pair_stretches(matching: &mut Matching) {
    for (zh, en) in blocks(matching) {
        if zh.len() * en.len() <= CELLS {
            continue;
        }
        for (zh, en) in zh.chunks(STRETCH).zip(en.chunks(STRETCH)) {
            pair_block(matching, &(zh.to_vec(), en.to_vec()));
        }
    }
}

/// Pairs two rows whatever their messages say if their code stands nowhere else, unless all else contradicts too, or
/// the two tables are known to be different ones.
fn pair_one(matching: &mut Matching, z: usize, e: usize) {
    let key = &matching.zh.rows[z].key;
    if *key != matching.en.rows[e].key || matching.zh.with_code(key) != 1 || matching.en.with_code(key) != 1 {
        return;
    }
    let evidence = matching.evidence(z, e);
    let same_tables = evidence.table >= 0.0 || evidence.message > 0.0 || evidence.total() >= ENOUGH;
    if same_tables && !evidence.contradicts() {
        // That the code is nowhere else is worth as much as a message.
        let score = Evidence { order: evidence.order + 3.0, ..evidence }.score();
        matching.pair(z, e, Method::Code, score);
    }
}

/// Pairs rows whose code is repeated or misspelled, by all that tells them apart.
pub(crate) fn pair_repeated(matching: &mut Matching) {
    for block in blocks(matching) {
        if block.0.len() * block.1.len() <= CELLS {
            pair_block(matching, &block);
        } else {
            pair_alike(matching, &block);
        }
    }
}

/// Pairs within one block by the best total.
fn pair_block(matching: &mut Matching, (zh, en): &Block) {
    let weighed: Vec<Vec<Evidence>> =
        zh.iter().map(|z| en.iter().map(|e| matching.evidence(*z, *e)).collect()).collect();
    for (i, j) in assign::best(zh.len(), en.len(), |i, j| weighed[i][j].total() - ENOUGH) {
        let same = matching.zh.rows[zh[i]].key == matching.en.rows[en[j]].key;
        let method = if same { told_apart_by(&weighed, i, j) } else { Method::RespelledCode };
        matching.pair(zh[i], en[j], method, weighed[i][j].score());
    }
}

/// The evidence by which a pair is ahead of its nearest rival in the block.
fn told_apart_by(weighed: &[Vec<Evidence>], i: usize, j: usize) -> Method {
    let of_row = weighed[i].iter().enumerate().filter(|(n, _)| *n != j).map(|(_, rival)| rival);
    let of_column = weighed.iter().enumerate().filter(|(n, _)| *n != i).map(|(_, row)| &row[j]);
    let rivals = of_row.chain(of_column).filter(|rival| **rival != Evidence::APART);
    let Some(rival) = rivals.max_by(|a, b| a.total().total_cmp(&b.total())) else {
        return Method::Code;
    };
    let pair = &weighed[i][j];
    let ahead = [
        (pair.message - rival.message, Method::CodeAndMessage),
        (pair.status - rival.status, Method::CodeAndStatus),
        (pair.text - rival.text, Method::CodeAndText),
        (pair.table - rival.table, Method::CodeAndTable),
        (pair.order - rival.order, Method::CodeAndOrder),
    ];
    let most = ahead.iter().map(|(by, _)| *by).fold(NONE, f64::max);
    ahead.iter().find(|(by, _)| *by >= most).map_or(Method::CodeAndOrder, |(_, method)| *method)
}

/// A block too large to be weighed all against all: rows that read the same are paired among themselves, in order where
/// there are many. The others are left to the search by what they have in common.
fn pair_alike(matching: &mut Matching, (zh, en): &Block) {
    let mut alike: BTreeMap<Vec<String>, Block> = BTreeMap::new();
    for z in zh {
        alike.entry(reads(&matching.zh.rows[*z])).or_default().0.push(*z);
    }
    for e in en {
        alike.entry(reads(&matching.en.rows[*e])).or_default().1.push(*e);
    }
    for block in alike.into_values().filter(|(zh, en)| !zh.is_empty() && !en.is_empty()) {
        if block.0.len() * block.1.len() <= CELLS {
            pair_block(matching, &block);
            continue;
        }
        for (z, e) in block.0.iter().zip(&block.1) {
            let evidence = matching.evidence(*z, *e);
            if evidence.total() >= ENOUGH {
                matching.pair(*z, *e, Method::CodeAndOrder, evidence.score());
            }
        }
    }
}

fn reads(row: &Row) -> Vec<String> {
    let numbers: Vec<String> = row.numbers.iter().map(u16::to_string).collect();
    vec![
        row.key.clone(),
        if numbers.is_empty() { row.status.clone() } else { numbers.join("/") },
        row.message.key.clone(),
    ]
}
