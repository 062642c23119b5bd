//! Pairs rows that have the same code or nearly the same code.

use std::collections::BTreeMap;

use crate::alignment::Method;
use crate::assignment::assign_best;
use crate::evidence::{Evidence, MIN_PAIR_POINTS};
use crate::matching::Matching;
use crate::misspellings;
use crate::page_rows::Row;

/// The maximum number of candidate pairs that are all scored. The optimal assignment takes cubic time: 64 by 64 rows
/// take milliseconds.
pub(crate) const MAX_SCORED_PAIRS: usize = 4096;

/// The number of consecutive rows of each page whose pairs stay within [`MAX_SCORED_PAIRS`].
const RUN_ROWS: usize = 64;

/// zh rows and en rows of one code and its misspellings.
type Block = (Vec<usize>, Vec<usize>);

/// The smallest difference of evidence that counts; smaller ones come from rounding.
const MIN_DIFFERENCE: f64 = 0.05;

/// The points that a code adds that stands nowhere else: as much as an equal message.
const UNIQUE_CODE_POINTS: f64 = 3.0;

/// Groups the unpaired rows by code. A code that only one page has joins the codes that it may be a misspelling of.
fn collect_blocks(matching: &Matching) -> Vec<Block> {
    let (unpaired_zh, unpaired_en) = (matching.unpaired_zh(), matching.unpaired_en());
    if unpaired_zh.is_empty() || unpaired_en.is_empty() {
        // Comparing spellings is expensive, and useless if one page has no unpaired row.
        return Vec::new();
    }
    let mut by_code: BTreeMap<&str, Block> = BTreeMap::new();
    for z in unpaired_zh {
        by_code.entry(&matching.zh.rows[z].key).or_default().0.push(z);
    }
    for e in unpaired_en {
        by_code.entry(&matching.en.rows[e].key).or_default().1.push(e);
    }
    by_code.remove("");
    let names =
        misspellings::group_misspellings(by_code.iter().map(|(key, (zh, en))| (*key, zh.is_empty() || en.is_empty())));
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

/// Pairs rows whose code is unique on both pages, unless it resembles another code without a partner.
pub(crate) fn pair_unique_codes(matching: &mut Matching) {
    for (zh, en) in collect_blocks(matching) {
        if let ([z], [e]) = (zh.as_slice(), en.as_slice()) {
            pair_unique_code(matching, *z, *e);
        }
    }
}

/// Pairs the remaining rows whose code is unique on both pages.
pub(crate) fn pair_remaining_unique_codes(matching: &mut Matching) {
    let unpaired: BTreeMap<String, usize> =
        matching.unpaired_en().into_iter().map(|e| (matching.en.rows[e].key.clone(), e)).collect();
    for z in matching.unpaired_zh() {
        let key = &matching.zh.rows[z].key;
        if let Some(e) = unpaired.get(key).filter(|_| !key.is_empty()) {
            pair_unique_code(matching, z, *e);
        }
    }
}

/// Pairs the rest of blocks that are too large to score all pairs, one run of rows at a time.
pub(crate) fn pair_large_blocks_in_runs(matching: &mut Matching) {
    for (zh, en) in collect_blocks(matching) {
        if zh.len() * en.len() <= MAX_SCORED_PAIRS {
            continue;
        }
        for (zh, en) in zh.chunks(RUN_ROWS).zip(en.chunks(RUN_ROWS)) {
            pair_block(matching, &(zh.to_vec(), en.to_vec()));
        }
    }
}

/// Pairs two rows whose code stands nowhere else, even if their messages differ. Does not pair them if all other
/// evidence contradicts as well, or if the tables are known to be different.
fn pair_unique_code(matching: &mut Matching, z: usize, e: usize) {
    let key = &matching.zh.rows[z].key;
    if *key != matching.en.rows[e].key || matching.zh.count_with_code(key) != 1 || matching.en.count_with_code(key) != 1
    {
        return;
    }
    let evidence = matching.evidence(z, e);
    let same_tables = evidence.table >= 0.0 || evidence.message > 0.0 || evidence.total() >= MIN_PAIR_POINTS;
    if same_tables && !evidence.contradicts() {
        let score = Evidence { order: evidence.order + UNIQUE_CODE_POINTS, ..evidence }.score();
        matching.add_pair(z, e, Method::Code, score);
    }
}

/// Pairs rows whose code is repeated or misspelled, by all the evidence.
pub(crate) fn pair_repeated_codes(matching: &mut Matching) {
    for block in collect_blocks(matching) {
        if block.0.len() * block.1.len() <= MAX_SCORED_PAIRS {
            pair_block(matching, &block);
        } else {
            pair_equal_rows(matching, &block);
        }
    }
}

/// Pairs the rows of one block with the highest total evidence.
fn pair_block(matching: &mut Matching, (zh, en): &Block) {
    let scored: Vec<Vec<Evidence>> =
        zh.iter().map(|z| en.iter().map(|e| matching.evidence(*z, *e)).collect()).collect();
    for (i, j) in assign_best(zh.len(), en.len(), |i, j| scored[i][j].total() - MIN_PAIR_POINTS) {
        let same = matching.zh.rows[zh[i]].key == matching.en.rows[en[j]].key;
        let method = if same { deciding_method(&scored, i, j) } else { Method::RespelledCode };
        matching.add_pair(zh[i], en[j], method, scored[i][j].score());
    }
}

/// Returns the evidence by which a pair exceeds its nearest rival in the block.
fn deciding_method(scored: &[Vec<Evidence>], i: usize, j: usize) -> Method {
    let row_rivals = scored[i].iter().enumerate().filter(|(n, _)| *n != j).map(|(_, rival)| rival);
    let column_rivals = scored.iter().enumerate().filter(|(n, _)| *n != i).map(|(_, row)| &row[j]);
    let rivals = row_rivals.chain(column_rivals).filter(|rival| **rival != Evidence::APART);
    let Some(rival) = rivals.max_by(|a, b| a.total().total_cmp(&b.total())) else {
        return Method::Code;
    };
    let pair = &scored[i][j];
    let leads = [
        (pair.message - rival.message, Method::CodeAndMessage),
        (pair.status - rival.status, Method::CodeAndStatus),
        (pair.text - rival.text, Method::CodeAndText),
        (pair.table - rival.table, Method::CodeAndTable),
        (pair.order - rival.order, Method::CodeAndOrder),
    ];
    let max_lead = leads.iter().map(|(by, _)| *by).fold(MIN_DIFFERENCE, f64::max);
    leads.iter().find(|(by, _)| *by >= max_lead).map_or(Method::CodeAndOrder, |(_, method)| *method)
}

/// Handles a block that is too large to score all pairs: pairs rows with the same content among themselves, in order if
/// there are many. The other rows are left to the search by shared features.
fn pair_equal_rows(matching: &mut Matching, (zh, en): &Block) {
    let mut equal_rows: BTreeMap<Vec<String>, Block> = BTreeMap::new();
    for z in zh {
        equal_rows.entry(content_key(&matching.zh.rows[*z])).or_default().0.push(*z);
    }
    for e in en {
        equal_rows.entry(content_key(&matching.en.rows[*e])).or_default().1.push(*e);
    }
    for block in equal_rows.into_values().filter(|(zh, en)| !zh.is_empty() && !en.is_empty()) {
        if block.0.len() * block.1.len() <= MAX_SCORED_PAIRS {
            pair_block(matching, &block);
            continue;
        }
        for (z, e) in block.0.iter().zip(&block.1) {
            let evidence = matching.evidence(*z, *e);
            if evidence.total() >= MIN_PAIR_POINTS {
                matching.add_pair(*z, *e, Method::CodeAndOrder, evidence.score());
            }
        }
    }
}

fn content_key(row: &Row) -> Vec<String> {
    let numbers: Vec<String> = row.numbers.iter().map(u16::to_string).collect();
    vec![
        row.key.clone(),
        if numbers.is_empty() { row.status.clone() } else { numbers.join("/") },
        row.message.key.clone(),
    ]
}
