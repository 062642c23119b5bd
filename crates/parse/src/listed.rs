//! Error codes that a page lists without a table: definition lists, in text known by the status label that
//! ends each item, and a heading a code with labelled sections below. Each list becomes a table, its labels the header.

use std::sync::LazyLock;

use docdrift_model::Role;
use regex::Regex;

use crate::{
    cell::{is_code, is_marked, is_status},
    classify::speaks_of_errors,
    evidence::{self, Titles},
    read::{Block, RawTable},
    vocabulary::{self, Strength},
};

/// `HTTP Status Code: 400` and its like, which close an item of such a list.
static STATUS_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    let words = "HTTP Status Code returned|HTTP Status Code|HTTP-Statuscode|HTTP Status|HTTP 状态代码|HTTP 状态码|HTTP 狀態碼|HTTP 狀態代碼|HTTP ステータスコード|Código de estado HTTP|HTTP Mapping|Asignación HTTP";
    Regex::new(&format!(r"(?i)^[-*\s]*({words})\s*[:：]\s*(\S.*)$")).expect("a valid pattern")
});

/// Whether `label` is one that closes an item.
pub(crate) fn is_status_label(label: &str) -> bool {
    STATUS_LABEL.is_match(&format!("{label}: 400"))
}

/// An item's text has so many paragraphs at the most.
const MAX_PARAGRAPHS: usize = 8;
/// So many where its term is marked as one: a definition may hold a list of its own.
const MAX_DEFINITION: usize = 60;

/// The blocks with every such list replaced by a table.
pub(crate) fn tabulate(blocks: Vec<Block>) -> Vec<Block> {
    under_headings(terms(with_status_labels(blocks)))
}

/// One item of a list: where it starts, where it ends (exclusive), and its cells.
pub(crate) struct Item {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) cells: Vec<String>,
}

fn with_status_labels(blocks: Vec<Block>) -> Vec<Block> {
    let mut items: Vec<Item> = Vec::new();
    let mut label = None;
    for (at, block) in blocks.iter().enumerate() {
        let Some(found) = words(block).and_then(|text| STATUS_LABEL.captures(text)) else { continue };
        let floor = items.last().map_or(0, |item| item.end);
        if let Some(item) = labelled_item(&blocks, floor, at, &found[2]) {
            label.get_or_insert_with(|| found[1].to_owned());
            items.push(item);
        }
    }
    let Some(label) = label.filter(|_| items.len() > 1) else { return blocks };
    replace(blocks, &items, vec![String::new(), String::new(), label])
}

/// The item that the status label at `at` closes: the nearest code above it, and the text between.
fn labelled_item(blocks: &[Block], floor: usize, at: usize, status: &str) -> Option<Item> {
    let lowest = |paragraphs: usize| floor.max(at.saturating_sub(paragraphs + 1));
    let is_term = |n: &usize| matches!(&blocks[*n], Block::Term(term) if is_code(bare(term)));
    // A sentence of one word ends in a full stop.
    let is_word = |n: &usize| words(&blocks[*n]).map(bare).is_some_and(|text| is_code(text) && !text.ends_with('.'));
    let marked = (lowest(MAX_DEFINITION)..at).rev().find(is_term);
    let start = marked.or_else(|| (lowest(MAX_PARAGRAPHS)..at).rev().find(is_word))?;
    let text = (start + 1..at).filter_map(|n| words(&blocks[n])).map(bare).filter(|text| !text.is_empty());
    let text = text.collect::<Vec<_>>().join("\n");
    let status = status.trim_end_matches(['.', '。']);
    is_status(status).then(|| Item {
        start,
        end: at + 1,
        cells: vec![bare(words(&blocks[start]).unwrap_or_default()).to_owned(), text, status.to_owned()],
    })
}

/// Definition lists whose terms are codes, below a heading that speaks of errors.
fn terms(blocks: Vec<Block>) -> Vec<Block> {
    let mut items: Vec<Item> = Vec::new();
    let mut above = Titles::default();
    let mut at = 0;
    while let Some(block) = blocks.get(at) {
        above.pass(block);
        let list = term_items(&blocks, at);
        let end = list.last().map_or(at + 1, |item| item.end);
        let codes = list.iter().map(|item| item.cells[0].as_str());
        let marked = codes.clone().filter(|code| is_marked(code)).count();
        let are_codes = codes.clone().all(is_code) && marked * 2 >= list.len() && evidence::are_codes(codes);
        if above.nearest_speaks_of_errors() && list.len() > 1 && are_codes {
            items.extend(list);
        }
        at = end;
    }
    if items.is_empty() { blocks } else { replace(blocks, &items, vec![String::new(), String::new()]) }
}

/// The items of the definition list that starts at `at`.
fn term_items(blocks: &[Block], mut at: usize) -> Vec<Item> {
    let mut items = Vec::new();
    while let Some(Block::Term(term)) = blocks.get(at) {
        let is_definition = |block: &&Block| matches!(block, Block::Definition(_));
        let texts = blocks[at + 1..].iter().take_while(is_definition).filter_map(words).collect::<Vec<_>>();
        let end = at + 1 + texts.len();
        items.push(Item { start: at, end, cells: vec![term.clone(), texts.join("\n")] });
        at = end;
    }
    items
}

/// A heading a code, and below it sections whose headings are header words.
fn under_headings(blocks: Vec<Block>) -> Vec<Block> {
    let mut header = vec![String::new(), String::new()];
    let mut items: Vec<Item> = Vec::new();
    let mut above = Titles::default();
    let (mut at, mut titled) = (0, 0);
    while at < blocks.len() {
        if let Some(item) = headed_item(&blocks, at, &mut header) {
            at = item.end;
            titled += usize::from(above.speak_of_errors());
            items.push(item);
        } else {
            above.pass(&blocks[at]);
            at += 1;
        }
    }
    let told = |item: &Item| {
        let labelled = item.cells.iter().zip(&header).skip(2);
        labelled.filter(|(cell, label)| !cell.is_empty() && is_text_label(label)).count()
    };
    let sections: usize = items.iter().map(told).sum();
    let codes = items.iter().map(|item| item.cells[0].as_str());
    let is_told = titled == items.len() || header.iter().any(|label| is_label_of_errors(label));
    let are_errors = evidence::are_codes(codes.clone()) && (is_told || evidence::are_numbered(codes));
    if items.is_empty() || sections < 2 || !are_errors {
        return blocks;
    }
    for item in &mut items {
        item.cells.resize(header.len(), String::new());
    }
    replace(blocks, &items, header)
}

/// Whether a section of this label tells what an error table's columns tell.
fn is_text_label(label: &str) -> bool {
    matches!(vocabulary::role(label), Some((Role::Message | Role::Description | Role::Solution, _)))
}

/// Whether only errors have a section of this label: all else has descriptions too.
fn is_label_of_errors(label: &str) -> bool {
    speaks_of_errors(label) || matches!(vocabulary::role(label), Some((Role::Message | Role::Solution, Strength::Sure)))
}

fn headed_item(blocks: &[Block], at: usize, header: &mut Vec<String>) -> Option<Item> {
    let Block::Heading(level, heading) = &blocks[at] else { return None };
    let (code, rest) = heading.split_once(' ').unwrap_or((heading, ""));
    let is_key = is_code(code) && is_marked(code) && !code.ends_with('.') && (rest.is_empty() || !code.contains('.'));
    if !is_key || code.len() < 3 {
        return None;
    }
    let section_ends =
        |block: &Block| matches!(block, Block::Heading(other, _) if other <= level) || matches!(block, Block::Table(_));
    let end = blocks[at + 1..].iter().position(section_ends).map_or(blocks.len(), |n| at + 1 + n);
    let mut cells = vec![code.to_owned(), rest.to_owned()];
    let known = header.len();
    // Before the first label stands what belongs to the heading.
    let mut column = 1;
    for block in &blocks[at + 1..end] {
        if let Block::Heading(_, label) = block {
            column = section_column(label, header);
        } else if let Some(text) = words(block) {
            cells.resize(cells.len().max(column + 1), String::new());
            if !cells[column].is_empty() {
                cells[column].push('\n');
            }
            cells[column].push_str(text);
        }
    }
    if cells.len() < 3 {
        header.truncate(known);
        return None;
    }
    Some(Item { start: at, end, cells })
}

/// Lists have no more labels; what further ones head goes into the last column.
const MAX_LABELS: usize = 64;

/// The column of a section, made where its label is new.
pub(crate) fn section_column(label: &str, header: &mut Vec<String>) -> usize {
    let known = header.iter().skip(2).position(|other| other == label);
    known.map_or_else(
        || {
            if header.len() < MAX_LABELS {
                header.push(label.to_owned());
            }
            header.len() - 1
        },
        |n| n + 2,
    )
}

/// The words of a block that is no table.
pub(crate) fn words(block: &Block) -> Option<&str> {
    match block {
        Block::Heading(_, text) | Block::Text(text) | Block::Term(text) | Block::Definition(text) => Some(text),
        Block::Sample(_) | Block::Table(_) => None,
    }
}

/// The text without the bullet that a lost list leaves.
pub(crate) fn bare(text: &str) -> &str {
    text.trim_start_matches(['-', '*', '•', ' ']).trim_end_matches([' ', '|'])
}

/// Puts one table where the first item stands, and drops what the items were made of. The column beside the codes, which
/// no label heads, is left out where nothing stands there.
pub(crate) fn replace(blocks: Vec<Block>, items: &[Item], header: Vec<String>) -> Vec<Block> {
    let mut rows = vec![header];
    rows.extend(items.iter().map(|item| item.cells.clone()));
    if rows.iter().all(|row| row.len() > 2 && row[1].is_empty()) {
        for row in &mut rows {
            row.remove(1);
        }
    }
    let mut table = Some(RawTable { head: 1, rows, is_list: true, ..RawTable::default() });
    let mut out = Vec::with_capacity(blocks.len());
    let mut items = items.iter().peekable();
    for (at, block) in blocks.into_iter().enumerate() {
        items.next_if(|item| item.end <= at);
        match items.peek() {
            Some(item) if item.start <= at => out.extend(table.take().map(Block::Table)),
            _ => out.push(block),
        }
    }
    out
}

/// The rows of the first table among the blocks, header and all.
#[cfg(test)]
pub(crate) fn first_rows(blocks: Vec<Block>) -> Vec<Vec<String>> {
    let table = blocks.into_iter().find_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    table.map(|table| table.rows).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::tabulate;
    use crate::{classify::classify, read};
    use docdrift_model::{ErrorTable, Role};

    fn tables(page: &str) -> Vec<ErrorTable> {
        let document = match read::shape(page) {
            docdrift_model::Format::Html => read::html::read(page),
            docdrift_model::Format::Markdown => read::lines::read_markdown(page),
            docdrift_model::Format::Text => read::lines::read_text(page),
        };
        classify(tabulate(document.blocks)).tables
    }

    #[test]
    fn a_definition_list_with_status_labels() {
        let html = "<html><body><h1>Common Errors</h1><dl><dt><b>AccessDenied</b></dt><dd><p>Not yours.</p><p>HTTP Status Code: 403</p></dd>\
                    <dt>Throttled</dt><dd><p>Too fast.</p><p>Slow down.</p><p>HTTP Status Code: 400</p></dd></dl></body></html>";
        let text = "Common Errors\n\n- AccessDenied\n-\nNot yours.\n\nHTTP Status Code: 403\n- Throttled\n-\nToo fast.\nSlow down.\n\nHTTP Status Code: 400\n";
        let markdown = "# Common Errors\n\n **AccessDenied**\n\nNot yours.\n\nHTTP Status Code: 403\n\n **Throttled**\n\nToo fast.\n\nSlow down.\n\nHTTP Status Code: 400\n";
        for page in [html, text, markdown] {
            let tables = tables(page);
            assert_eq!(tables.len(), 1, "{page}");
            assert_eq!(tables[0].title.as_deref(), Some("Common Errors"));
            assert_eq!(tables[0].roles, [Role::Code, Role::Description, Role::Status]);
            assert_eq!(
                tables[0].rows,
                [["AccessDenied", "Not yours.", "403"], ["Throttled", "Too fast.\nSlow down.", "400"]]
            );
        }
    }

    #[test]
    fn a_heading_a_code_with_labelled_sections() {
        let page = "# Codes\n\n## 1900401 No such lamp\n\n**Error Message**\n\nLamp gone.\n\n**Solution**\n\nBuy one.\n\n## 1900402 Dim\n\n**Error Message**\n\nToo dim.\n";
        let tables = tables(page);
        assert_eq!(tables[0].header, ["", "", "Error Message", "Solution"]);
        assert_eq!(tables[0].roles, [Role::Code, Role::Other, Role::Message, Role::Solution]);
        assert_eq!(
            tables[0].rows,
            [["1900401", "No such lamp", "Lamp gone.", "Buy one."], ["1900402", "Dim", "Too dim.", ""]]
        );
    }

    #[test]
    fn a_status_heading_with_a_small_table() {
        let page = "# Statuses\n\n## 404—Not Found\n\n|Error Code|Description|\n|--|--|\n|NoLamp|No lamp.|\n\n## 409—Conflict\n\n|Error Code|Description|\n|--|--|\n|LampBusy|Busy.|\n";
        let rows: Vec<_> = tables(page).into_iter().flat_map(|table| table.rows).collect();
        assert_eq!(rows, [["404—Not Found", "NoLamp", "No lamp."], ["409—Conflict", "LampBusy", "Busy."]]);
    }
}
