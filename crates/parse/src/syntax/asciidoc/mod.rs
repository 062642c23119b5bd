//! Reads `AsciiDoc` as in the `AsciiDoc` language documentation, or as Asciidoctor does where that is silent.

mod attributes;
mod delimited_blocks;
mod delimiters;
mod detect;
mod inline;
mod list_markers;
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
