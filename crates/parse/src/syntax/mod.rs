//! Turns the text of a page into blocks, as a person sees them. This module knows nothing about error codes.

mod asciidoc;
pub(crate) mod block;
mod delimited;
pub(crate) mod embedded;
mod footnotes;
pub(crate) mod html;
mod inline_cursor;
pub(crate) mod markdown;
mod prose;
mod rst;
mod slots;
#[cfg(test)]
mod testing;

use docdrift_model::table::Format;

use block::Document;

/// The number of first characters that identify a format.
const HEAD_CHARS: usize = 256;

/// Detects the format from the content alone.
pub(crate) fn detect_format(text: &str) -> Format {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let head: String = start.chars().take(HEAD_CHARS).collect::<String>().to_ascii_lowercase();
    let is_document = ["<!doctype html", "<html", "<?xml", "<head", "<body"].iter().any(|tag| head.starts_with(tag));
    if is_document || html::is_mostly_markup(text) {
        Format::Html
    } else if rst::is_rst(text) {
        Format::Rst
    } else if asciidoc::is_asciidoc(text) {
        Format::Asciidoc
    } else if markdown::is_markdown(text) {
        Format::Markdown
    } else {
        Format::Text
    }
}

/// Reads the blocks of a page. `within` is a CSS selector for the part of an HTML page to read.
pub(crate) fn read_blocks(text: &str, format: Format, within: Option<&str>) -> Document {
    match format {
        Format::Html => html::read(text, within),
        Format::Markdown => markdown::read_markdown(text),
        Format::Rst => rst::read(text),
        Format::Asciidoc => asciidoc::read(text),
        Format::Text => markdown::read_text(text),
    }
}
