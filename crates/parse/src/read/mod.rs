//! One reader per document shape. Each turns a page's text into a [`Document`]: its blocks in page order, as a person
//! sees them, knowing nothing yet of error codes.

mod footnotes;
mod grid;
pub(crate) mod html;
mod joined;
pub(crate) mod lines;
mod markdown;
mod pipes;
mod plain;
mod simple;
mod slots;
mod tags;
mod visible;

use docdrift_model::{Format, Warning};

/// More cells, columns and text than any real table has; a few bytes can ask for more.
const MAX_CELLS: usize = 1_000_000;
const MAX_COLUMNS: usize = 256;
const MAX_TABLE_BYTES: usize = 64 << 20;

/// A page in blocks.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) blocks: Vec<Block>,
    pub(crate) warnings: Vec<Warning>,
}

/// One block of a page.
#[derive(Debug)]
pub(crate) enum Block {
    /// A heading and its level; text that only looks like one has level 7.
    Heading(u8, String),
    /// A paragraph, list item or line.
    Text(String),
    /// The term of a definition list.
    Term(String),
    /// A paragraph of a term's definition.
    Definition(String),
    /// A code sample; its text is shown as it stands.
    Sample(String),
    /// A table.
    Table(RawTable),
}

/// A table as printed: spans expanded, header rows still among the rows.
#[derive(Debug, Default)]
pub(crate) struct RawTable {
    pub(crate) caption: Option<String>,
    /// How many first rows the markup calls a header; 0 where it doesn't say.
    pub(crate) head: usize,
    pub(crate) rows: Vec<Vec<String>>,
    /// Tables inside its cells: what counts where this one is only layout.
    pub(crate) inner: Vec<RawTable>,
    /// Whether it was made of a list, its first column being the code, one without a header the text beside it.
    pub(crate) is_list: bool,
    /// Rows that are one cell across all columns, in order; `None` where nothing tells what spans.
    pub(crate) across: Option<Vec<usize>>,
    /// Rows that could not be told for sure, and why.
    pub(crate) uncertain: Vec<(usize, String)>,
}

/// The document shape, told from the content alone.
pub(crate) fn shape(text: &str) -> Format {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let head: String = start.chars().take(256).collect::<String>().to_ascii_lowercase();
    let is_document = ["<!doctype html", "<html", "<?xml", "<head", "<body"].iter().any(|tag| head.starts_with(tag));
    if is_document || html::is_mostly_markup(text) {
        Format::Html
    } else if markdown::is_markdown(text) {
        Format::Markdown
    } else {
        Format::Text
    }
}
