//! Reads the error tables of one [`Page`]. Reading is a pure function. It knows every shape that a page can have, and
//! no single page. A malformed page is a value with warnings, never an error or a panic.
//!
//! The stages, one folder each, in this order: bytes become text (`decode`), text becomes blocks (`syntax`), passes
//! propose tables (`recover`), columns get roles (`columns`, with the words of `lexicon`), a score decides which
//! candidates list errors (`select`), and lines become rows (`rows`). `page` reads title, language and date of the
//! page; `trace` records every decision.

mod columns;
mod decode;
mod hints;
mod lexicon;
mod locate;
mod page;
mod reader;
mod recover;
mod rows;
mod select;
mod syntax;
mod trace;

use docdrift_model::{Page, ReadRules, Reading, WarningKind, vendor::vendor_of_page};

pub use hints::{check_hints, format_hints};
pub use locate::{CodeColumn, CodeLocation, locate_codes};
pub use reader::{propose, read_tables_with};
pub use select::{FEATURES, PRIOR_WEIGHTS, Proposal, ProposalFeatures};

use crate::{page::facts, reader::DocumentReading, syntax::embedded};

/// The version of the reader. It is raised whenever a page may read differently than before, so that a change of the
/// reader is never taken for a change of the vendor.
pub const READER: u32 = 3;

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
    let vendor = vendor_of_page(&rules.vendors, &page.url, &text);
    let hints = hints::add_vendor_words(&rules.hints, vendor);
    let visible = reader::read_document(&text, &hints);
    let prefers_embedded = vendor.is_some_and(|vendor| vendor.prefer_embedded);
    let found = if visible.tables.is_empty() || prefers_embedded { read_embedded(&text, &hints) } else { None };
    let document = match found {
        Some(embedded) => visible.replace_tables(embedded),
        None => visible,
    };
    let mut reading = document.into_reading(vendor.map(|vendor| vendor.name.clone()));
    reading.warnings.splice(0..0, charset);
    let is_told = reading.warns(WarningKind::Binary) || reading.warns(WarningKind::TooDeep);
    if is_told {
        reading
            .warnings
            .retain(|warning| !matches!(warning.kind, WarningKind::NoTable | WarningKind::Empty | WarningKind::Wall));
    }
    let promised = vendor.and_then(|vendor| vendor.promised_lang(&page.url));
    reading.warnings.extend(facts::check_promised_lang(promised, reading.lang));
    reading
}

/// Reads the documents in the data of the page's scripts. Returns `None` if none has an error table.
fn read_embedded(text: &str, hints: &docdrift_model::read_rules::ReadHints) -> Option<DocumentReading> {
    let documents = embedded::find_documents(text).into_iter();
    let read = documents.map(|document| reader::read_document(&document.text, hints).in_script(&document.place));
    read.filter(|reading| !reading.tables.is_empty()).reduce(DocumentReading::append_tables)
}
