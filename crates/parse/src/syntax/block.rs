//! The blocks a page is made of, in page order.

use docdrift_model::Warning;

/// The maximum number of cells of a table. No real table reaches it, but a few bytes of markup can ask for more.
pub(crate) const MAX_CELLS: usize = 1_000_000;
/// The maximum number of columns of a table.
pub(crate) const MAX_COLUMNS: usize = 256;
/// The maximum length of the text of a table with expanded spans, in bytes.
pub(crate) const MAX_TABLE_BYTES: usize = 64 << 20;

/// A page as blocks.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) blocks: Vec<Block>,
    pub(crate) warnings: Vec<Warning>,
}

/// One block with its source lines.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) span: Span,
    pub(crate) content: Content,
}

/// A range of source lines, from one, both ends included. Zeros if the reader does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// The content of a block.
#[derive(Debug)]
pub(crate) enum Content {
    /// A heading. Level 1 is the outermost; level 7 is a line that only looks like a heading.
    Heading { level: u8, text: String },
    /// A paragraph or line.
    Text(Prose),
    /// An item of a list.
    Item(Prose),
    /// The term of a definition list.
    Term(Prose),
    /// A paragraph of a term's definition.
    Definition(Prose),
    /// A code sample, unchanged.
    Sample(String),
    /// A table.
    Table(RawTable),
}

/// The visible text of a block.
#[derive(Debug, Default)]
pub(crate) struct Prose {
    pub(crate) text: String,
    /// The number of first bytes of the text that the markup emphasizes (strong or code); 0 for none.
    pub(crate) lead: usize,
    /// The nesting depth of lists around the block; 0 outside of lists.
    pub(crate) depth: u8,
}

/// A table as printed. Spans are expanded, and header rows are among the rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawTable {
    pub(crate) caption: Option<String>,
    /// The number of first rows that the markup marks as a header; 0 if it marks none.
    pub(crate) head: usize,
    pub(crate) rows: Vec<Vec<String>>,
    /// Tables inside its cells. They count if this table is only layout.
    pub(crate) inner: Vec<RawTable>,
    /// Rows that are one cell across all columns, in order; `None` if the markup has no spans.
    pub(crate) across: Option<Vec<usize>>,
    /// Uncertain rows with the reasons, sorted by row.
    pub(crate) uncertain: Vec<(usize, String)>,
}

impl Block {
    /// Creates a block without source lines.
    pub(crate) fn new(content: Content) -> Self {
        Self { span: Span::default(), content }
    }

    /// Creates a paragraph without emphasis.
    #[cfg(test)]
    pub(crate) fn text(text: &str) -> Self {
        Self::new(Content::Text(Prose::plain(text)))
    }

    /// Returns the visible words of a block that is neither a table nor a sample.
    pub(crate) fn words(&self) -> Option<&str> {
        match &self.content {
            Content::Heading { text, .. } => Some(text),
            Content::Text(prose) | Content::Item(prose) | Content::Term(prose) | Content::Definition(prose) => {
                Some(&prose.text)
            }
            Content::Sample(_) | Content::Table(_) => None,
        }
    }
}

impl Prose {
    /// Creates text without emphasis, outside of lists.
    #[cfg(test)]
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Span {
    /// Creates the span of the lines from `first` up to, but excluding, `end`, both counted from zero.
    pub(crate) fn from_lines(first: usize, end: usize) -> Self {
        Self { first: first + 1, last: end.max(first + 1) }
    }
}
