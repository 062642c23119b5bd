//! The blocks a page is made of, in page order.

use docdrift_model::Warning;

/// More cells, columns and text than any real table has; a few bytes of markup can ask for more.
pub(crate) const MAX_CELLS: usize = 1_000_000;
pub(crate) const MAX_COLUMNS: usize = 256;
pub(crate) const MAX_TABLE_BYTES: usize = 64 << 20;

/// A page in blocks.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) blocks: Vec<Block>,
    pub(crate) warnings: Vec<Warning>,
}

/// One block, and the source lines it stands in.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) span: Span,
    pub(crate) content: Content,
}

/// A range of source lines, from one, both ends included; zeros where the reader does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// What a block holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// A heading; 1 is the outermost level, 7 a line that only looks like a heading.
    Heading { level: u8, text: String },
    /// A paragraph or line.
    Text(Prose),
    /// An item of a list.
    Item(Prose),
    /// The term of a definition list.
    Term(Prose),
    /// A paragraph of a term's definition.
    Definition(Prose),
    /// A code sample, as it stands.
    Sample(String),
    /// A table.
    Table(RawTable),
}

/// The visible text of a block.
#[derive(Debug, Default)]
pub(crate) struct Prose {
    pub(crate) text: String,
    /// How many first bytes of the text the markup emphasises (strong, code); 0 where it emphasises none.
    pub(crate) lead: usize,
    /// How deep the list is nested that the block stands in; 0 outside of lists.
    pub(crate) depth: u8,
}

/// A table as printed: spans expanded, header rows still among the rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawTable {
    pub(crate) caption: Option<String>,
    /// How many first rows the markup calls a header; 0 where it doesn't say.
    pub(crate) head: usize,
    pub(crate) rows: Vec<Vec<String>>,
    /// Tables inside its cells: what counts where this one is only layout.
    pub(crate) inner: Vec<RawTable>,
    /// Rows that are one cell across all columns, in order; `None` where nothing tells what spans.
    pub(crate) across: Option<Vec<usize>>,
    /// Rows that are not certain, and why, in the order of the rows.
    pub(crate) uncertain: Vec<(usize, String)>,
}

impl Block {
    /// A block whose source lines are not known.
    pub(crate) fn new(content: Content) -> Self {
        Self { span: Span::default(), content }
    }

    /// A paragraph without emphasis.
    #[cfg(test)]
    pub(crate) fn text(text: &str) -> Self {
        Self::new(Content::Text(Prose::plain(text)))
    }

    /// The visible words of a block that is neither a table nor a sample.
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
    /// Text without emphasis, outside of lists.
    #[cfg(test)]
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Span {
    /// The lines from `first` up to `end`, which both count from zero; `end` is excluded.
    pub(crate) fn of_lines(first: usize, end: usize) -> Self {
        Self { first: first + 1, last: end.max(first + 1) }
    }
}
