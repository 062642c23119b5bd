//! Reading: one [`Page`] in, its error tables out. A pure function; it knows every shape a page takes and no page by
//! name. A malformed page is a value with warnings, never an error and never a panic.
//!
//! Bytes are decoded, the document shape is told from the content, one reader per shape turns it into blocks, and the
//! tables among them are classified by header words and by what their cells are.

mod absence;
mod anchored;
mod cell;
mod classify;
mod decode;
mod evidence;
mod facts;
mod hints;
mod labelled;
mod listed;
mod mapped;
mod read;
mod repair;
mod roles;
mod rows;
mod spellings;
#[allow(dead_code, unused_imports)]
mod syntax;
mod upright;
mod vocabulary;

use docdrift_model::{Format, Page, ReadRules, Reading, WarningKind, vendor_of_page};

pub use hints::check_hints;

use crate::read::{Block, Document};

/// The version of the reader: raised whenever the same page may read otherwise than before, so that a change of the
/// reader is never taken for a change of the vendor.
pub const READER: u32 = 2;

/// Reads a page by `rules`: the known vendors, and the hints of its source.
///
/// ```
/// use docdrift_model::{Page, ReadRules, Role};
///
/// let page = Page {
///     url: "https://example.com/errors".into(),
///     fetched_at: "2025-01-01T00:00:00Z".into(),
///     status: Some(200),
///     headers: vec![],
///     body: b"| Status Code | Error Code | Message |\n|--|--|--|\n| 404 | Lamp.0001 | No lamp. |".to_vec(),
/// };
/// let reading = docdrift_parse::read(&page, &ReadRules::default());
/// assert_eq!(reading.tables[0].roles, [Role::Status, Role::Code, Role::Message]);
/// assert_eq!(reading.tables[0].rows, [["404", "Lamp.0001", "No lamp."]]);
/// ```
pub fn read(page: &Page, rules: &ReadRules) -> Reading {
    let (text, charset) = decode::decode(page);
    let format = read::shape(&text);
    let Document { blocks, warnings } = match format {
        Format::Html => read::html::read(&text),
        Format::Markdown => read::lines::read_markdown(&text),
        Format::Text => read::lines::read_text(&text),
    };
    let vendor = vendor_of_page(&rules.vendors, &page.url, &text);
    let (title, updated_on) = (facts::title(&blocks), facts::updated_on(&blocks));
    let text_lang = facts::lang(&[], &blocks);
    let stand_in = absence::of(&blocks);
    let blocks = listed::tabulate(labelled::tabulate(anchored::tabulate(upright::straighten(blocks))));
    let ends_in_table = (format != Format::Html).then(|| matches!(blocks.last(), Some(Block::Table(_))));
    let mut found = classify::classify(blocks);
    classify::undouble(&mut found);
    let mut reading = Reading {
        vendor: vendor.map(|vendor| vendor.name.clone()),
        title,
        lang: if found.tables.is_empty() { text_lang } else { facts::lang(&found.tables, &[]) },
        updated_on,
        format,
        ends_in_table,
        tables: found.tables,
        warnings: charset.into_iter().chain(warnings).chain(found.warnings).collect(),
        left_out: found.left_out,
    };
    let is_told = reading.warns(WarningKind::Binary) || reading.warns(WarningKind::TooDeep);
    if reading.tables.is_empty() && !is_told {
        reading.warnings.push(stand_in.warning(reading.left_out.len()));
    }
    let promised = vendor.and_then(|vendor| vendor.promised_lang(&page.url));
    reading.warnings.extend(facts::other_lang(promised, reading.lang));
    reading
}
