//! Reads definition lists whose items end in a status, such as `HTTP Status Code: 400`. In text whose markup is lost,
//! that line ends an item.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Candidate, Outline, Section, strip_bullets};
use crate::{
    lexicon::cells::{is_code, is_status},
    syntax::block::{Block, Content, RawTable},
};

/// A status label such as `HTTP Status Code: 400`, which ends an item of such a list.
static STATUS_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    let words = "HTTP Status Code returned|HTTP Status Code|HTTP-Statuscode|HTTP Status|HTTP 状态代码|HTTP 状态码|HTTP 狀態碼|HTTP 狀態代碼|HTTP ステータスコード|Código de estado HTTP|HTTP Mapping|Asignación HTTP";
    Regex::new(&format!(r"(?i)^[-*\s]*({words})\s*[:：]\s*(\S.*)$")).expect("a valid pattern")
});

/// The maximum number of paragraphs of an item's text. Longer text belongs to something else.
const MAX_PARAGRAPHS: usize = 8;
/// The maximum number of blocks of an item whose term is marked as one. Its definition may contain a list.
const MAX_DEFINITION: usize = 60;

/// One item with its cells: the code, the text, the status.
struct StatusItem {
    blocks: Range<usize>,
    cells: Vec<String>,
}

/// Proposes the list of the section whose items end in a status.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let blocks = &outline.blocks[..section.own.end];
    let mut items: Vec<StatusItem> = Vec::new();
    let mut label = String::new();
    for at in section.own.clone() {
        let Some(found) = blocks[at].words().and_then(|text| STATUS_LABEL.captures(text)) else { continue };
        let floor = items.last().map_or(section.own.start, |item| item.blocks.end);
        if let Some(item) = labelled_item(blocks, floor, at, &found[2]) {
            if items.is_empty() {
                found[1].clone_into(&mut label);
            }
            items.push(item);
        }
    }
    if items.len() < 2 {
        return Vec::new();
    }
    let ranges = items.iter().map(|item| item.blocks.clone()).collect();
    let mut rows = vec![vec![String::new(), String::new(), label]];
    rows.extend(items.into_iter().map(|item| item.cells));
    vec![Candidate::from_list(section, ranges, RawTable { head: 1, rows, ..RawTable::default() })]
}

/// Returns the item that the status label at `at` ends: the nearest code above it, and the text between.
fn labelled_item(blocks: &[Block], floor: usize, at: usize, status: &str) -> Option<StatusItem> {
    let lowest = |paragraphs: usize| floor.max(at.saturating_sub(paragraphs + 1));
    let is_term = |n: &usize| matches!(&blocks[*n].content, Content::Term(term) if is_code(strip_bullets(&term.text)));
    // A sentence of one word ends in a full stop.
    let is_word =
        |n: &usize| blocks[*n].words().map(strip_bullets).is_some_and(|text| is_code(text) && !text.ends_with('.'));
    let marked = (lowest(MAX_DEFINITION)..at).rev().find(is_term);
    let start = marked.or_else(|| (lowest(MAX_PARAGRAPHS)..at).rev().find(is_word))?;
    let text = (start + 1..at).filter_map(|n| blocks[n].words()).map(strip_bullets).filter(|text| !text.is_empty());
    let text = text.collect::<Vec<_>>().join("\n");
    let status = status.trim_end_matches(['.', '。']);
    is_status(status).then(|| StatusItem {
        blocks: start..at + 1,
        cells: vec![strip_bullets(blocks[start].words().unwrap_or_default()).to_owned(), text, status.to_owned()],
    })
}
