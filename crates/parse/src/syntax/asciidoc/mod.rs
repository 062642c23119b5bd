//! `AsciiDoc` (the `AsciiDoc` language documentation; where it is silent, what Asciidoctor does).

mod attributes;
mod delimited_blocks;
mod detect;
mod inline;
mod lists;
mod reader;
mod table;
#[cfg(test)]
mod tests;
mod titles;

pub(crate) use detect::is_asciidoc;

use super::block::Document;

/// Reads a page.
pub(crate) fn read(text: &str) -> Document {
    reader::read_document(text)
}
