//! Reading: one [`Page`] in, its error tables out. A pure function; it knows every shape a page takes and no page by
//! name. A malformed page is a value with warnings, never an error and never a panic.
//!
//! Bytes are decoded, the document shape is told from the content, one reader per shape turns it into blocks, and the
//! tables among them are classified by header words and by what their cells are.

mod cell;
mod classify;
mod decode;
mod facts;
mod listed;
mod read;
mod repair;
mod vocabulary;

use docdrift_model::{Format, Page, Reading, Warning, WarningKind};

use crate::read::{Block, Document};

/// The version of the reader: raised whenever the same page may read otherwise than before, so that a change of the
/// reader is never taken for a change of the vendor.
pub const READER: u32 = 1;

/// Reads a page.
///
/// ```
/// use docdrift_model::{Page, Role};
///
/// let page = Page {
///     url: "https://example.com/errors".into(),
///     fetched_at: "2025-01-01T00:00:00Z".into(),
///     status: Some(200),
///     headers: vec![],
///     body: b"| Status Code | Error Code | Message |\n|--|--|--|\n| 404 | Lamp.0001 | No lamp. |".to_vec(),
/// };
/// let reading = docdrift_parse::read(&page);
/// assert_eq!(reading.tables[0].roles, [Role::Status, Role::Code, Role::Message]);
/// assert_eq!(reading.tables[0].rows, [["404", "Lamp.0001", "No lamp."]]);
/// ```
pub fn read(page: &Page) -> Reading {
    let (text, charset) = decode::decode(page);
    let format = read::shape(&text);
    let Document { blocks, warnings } = match format {
        Format::Html => read::html::read(&text),
        Format::Markdown => read::lines::read_markdown(&text),
        Format::Text => read::lines::read_text(&text),
    };
    let updated_on = facts::updated_on(&blocks);
    let text_lang = facts::lang(&[], &blocks);
    let what_there_is = said(&blocks);
    let found = classify::classify(listed::tabulate(blocks));
    let mut reading = Reading {
        lang: if found.tables.is_empty() { text_lang } else { facts::lang(&found.tables, &[]) },
        updated_on,
        format,
        tables: found.tables,
        warnings: charset.into_iter().chain(warnings).chain(found.warnings).collect(),
        left_out: found.left_out,
    };
    if reading.tables.is_empty() && !reading.warns(WarningKind::Binary) {
        reading.warnings.push(no_table(&what_there_is, reading.left_out.len()));
    }
    reading
}

/// The first visible words of a page, for those who wonder what was sent in its place.
fn said(blocks: &[Block]) -> String {
    let mut words = String::new();
    for block in blocks {
        let (Block::Heading(_, text) | Block::Text(text) | Block::Term(text)) = block else { continue };
        if !words.is_empty() {
            words.push_str(" / ");
        }
        words.extend(text.chars().take(80));
        if words.len() > 120 {
            break;
        }
    }
    words
}

fn no_table(said: &str, left_out: usize) -> Warning {
    if said.is_empty() && left_out == 0 {
        return Warning::page(WarningKind::Empty, "the page has no visible text");
    }
    let others = match left_out {
        0 => "no table at all".to_owned(),
        1 => "one table, which lists no error codes".to_owned(),
        n => format!("{n} tables, none of which lists error codes"),
    };
    Warning::page(WarningKind::NoTable, format!("the page has {others}; it begins with “{said}”"))
}
