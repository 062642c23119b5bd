//! Reads reStructuredText (docutils, "reStructuredText Markup Specification" and "reStructuredText Directives").
//!
//! If the specification calls a construct an error, the reader keeps its text.

mod adornments;
mod detect;
mod directive;
mod drawing;
mod drawn;
mod explicit;
mod grid;
mod inline;
mod lines;
mod lists;
mod reader;
mod section;
mod simple;
mod substitutions;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use detect::is_rst;
pub(crate) use drawn::find_table;

use super::block::Document;

/// Reads a page.
pub(crate) fn read(text: &str) -> Document {
    let substitutions = substitutions::Substitutions::collect(&lines::split_lines(text), |text, plain| {
        inline::render(text, plain).text
    });
    reader::read_document(text, &substitutions)
}
