//! Reads body elements: paragraphs, literal blocks, block quotes. Defines the order in which elements are tried.

use std::ops::Range;

use docdrift_model::{Warning, WarningKind};

use super::{
    adornments::TitleStyle,
    inline,
    lines::{self, Line, dedent, find_outdent, smallest_indent},
    substitutions::Substitutions,
};
use crate::syntax::{
    block::{Block, Content, Document, RawTable, Span},
    prose::{Rendered, into_cell},
};

/// The maximum nesting of blocks. Deeper blocks become plain paragraphs, since each level reads its lines again.
const MAX_NESTING: u8 = 16;

/// The position of a block in the nesting.
#[derive(Clone, Copy)]
pub(super) struct BlockPlace {
    pub(super) indent: usize,
    /// The number of lists around it.
    pub(super) depth: u8,
    /// The number of blocks of any kind around it.
    nesting: u8,
    pub(super) is_cell: bool,
    role: ParagraphRole,
}

/// The role of a paragraph.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ParagraphRole {
    Text,
    /// The first paragraph of a list item. Further ones are text.
    Item,
    Definition,
}

impl BlockPlace {
    /// Returns the place of a block inside this one.
    pub(super) fn nested(self, indent: usize) -> Self {
        Self { indent, nesting: self.nesting + 1, ..self }
    }

    /// Returns the place of the content of a list item or a definition.
    pub(super) fn listed(self, indent: usize, role: ParagraphRole) -> Self {
        Self { depth: self.depth.saturating_add(1), role, ..self.nested(indent) }
    }

    /// Returns the place of a table cell.
    pub(super) fn cell(self, indent: usize) -> Self {
        Self { depth: 0, role: ParagraphRole::Text, is_cell: true, ..self.nested(indent) }
    }
}

/// Reads lines into blocks.
pub(super) struct RstReader<'a> {
    pub(super) lines: Vec<Line<'a>>,
    pub(super) substitutions: &'a Substitutions,
    pub(super) styles: Vec<TitleStyle>,
    blocks: Vec<Block>,
    pub(super) warnings: Vec<Warning>,
}

pub(super) fn read_document(text: &str, substitutions: &Substitutions) -> Document {
    let mut reader = RstReader::new(text, substitutions);
    let place = BlockPlace {
        indent: smallest_indent(&reader.lines),
        depth: 0,
        nesting: 0,
        is_cell: false,
        role: ParagraphRole::Text,
    };
    reader.read_body(0..reader.lines.len(), place);
    reader.warnings.dedup();
    Document { blocks: reader.blocks, warnings: reader.warnings }
}

/// Reads the element at a line. Returns the first line after it, or `None` if there is no such element.
type ReadStep = for<'a, 'b> fn(&'b mut RstReader<'a>, usize, usize, BlockPlace) -> Option<usize>;

/// The elements in the order in which they are tried.
const STEPS: [ReadStep; 14] = [
    |reader, at, end, place| reader.read_quote(at, end, place),
    |reader, at, end, place| reader.read_title(at, end, place),
    |reader, at, end, place| reader.read_transition(at, end, place),
    |reader, at, end, place| reader.read_explicit(at, end, place),
    |reader, at, end, place| reader.read_grid(at, end, place),
    |reader, at, end, place| reader.read_simple(at, end, place),
    |reader, at, end, place| reader.read_bullet(at, end, place),
    |reader, at, end, place| reader.read_enumeration(at, end, place),
    |reader, at, end, place| reader.read_field(at, end, place),
    |reader, at, end, place| reader.read_line_block(at, end, place),
    |reader, at, end, place| reader.read_doctest(at, end, place),
    |reader, at, end, place| reader.read_literal(at, end, place),
    |reader, at, end, place| reader.read_definition(at, end, place),
    |reader, at, end, place| Some(reader.read_paragraph(at, end, place)),
];

impl<'a> RstReader<'a> {
    fn new(text: &'a str, substitutions: &'a Substitutions) -> Self {
        let lines = lines::split_lines(text);
        Self { lines, substitutions, styles: Vec::new(), blocks: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn emit(&mut self, lines: Range<usize>, content: Content) {
        let span = Span { first: lines.start + 1, last: lines.end };
        self.blocks.push(Block { span, content });
    }

    pub(super) fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Reads the lines of `range` as body elements.
    pub(super) fn read_body(&mut self, range: Range<usize>, mut place: BlockPlace) {
        if place.nesting > MAX_NESTING {
            self.warn(WarningKind::TooDeep, "the page nests its blocks too deeply");
            return self.read_flat(range, place);
        }
        let mut at = range.start;
        while at < range.end {
            if self.lines[at].is_blank() {
                at += 1;
                continue;
            }
            let next = STEPS.iter().find_map(|step| step(self, at, range.end, place));
            at = next.unwrap_or_default().max(at + 1);
            if place.role == ParagraphRole::Item {
                place.role = ParagraphRole::Text;
            }
        }
    }

    /// Reads the lines as paragraphs without any other structure.
    fn read_flat(&mut self, range: Range<usize>, place: BlockPlace) {
        let mut at = range.start;
        while at < range.end {
            at = if self.lines[at].is_blank() { at + 1 } else { self.read_paragraph(at, range.end, place) };
        }
    }

    /// Reads the lines into separate blocks.
    pub(super) fn capture(&mut self, range: Range<usize>, place: BlockPlace) -> Vec<Block> {
        let outside = std::mem::take(&mut self.blocks);
        self.read_body(range, place);
        std::mem::replace(&mut self.blocks, outside)
    }

    /// Reads text that is not made of whole lines of the page, such as a cell of a drawn table.
    pub(super) fn read_cell(&mut self, text: &str, place: BlockPlace) -> (String, Vec<RawTable>) {
        let mut reader = RstReader::new(text, self.substitutions);
        let place = place.cell(smallest_indent(&reader.lines));
        reader.read_body(0..reader.lines.len(), place);
        self.warnings.append(&mut reader.warnings);
        into_cell(reader.blocks)
    }

    pub(super) fn warn(&mut self, kind: WarningKind, detail: &str) {
        let warning = Warning::page(kind, detail);
        if self.warnings.last() != Some(&warning) {
            self.warnings.push(warning);
        }
    }

    pub(super) fn render(&self, text: &str) -> Rendered {
        inline::render(text, self.substitutions)
    }

    /// Reads block quotes, and text that is indented by mistake.
    fn read_quote(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let line = self.lines[at];
        if line.indent <= place.indent {
            return None;
        }
        let quote_end = find_outdent(&self.lines, at + 1..end, place.indent);
        let indent = smallest_indent(&self.lines[at..quote_end]);
        self.read_body(at..quote_end, place.nested(indent));
        Some(quote_end)
    }

    fn read_paragraph(&mut self, at: usize, end: usize, place: BlockPlace) -> usize {
        let is_literal_next = |n: usize| self.lines[n - 1].text.ends_with("::") && self.lines[n].indent > place.indent;
        let mut next = at + 1;
        while next < end && !self.lines[next].is_blank() && !is_literal_next(next) {
            next += 1;
        }
        let texts: Vec<&str> = self.lines[at..next].iter().map(|line| line.text).collect();
        let text = texts.join(" ");
        let Some(intro) = text.strip_suffix("::").filter(|intro| !intro.ends_with('\\')) else {
            self.emit_paragraph(at..next, &text, place);
            return next;
        };
        // `text::` leaves a colon; `text ::` and `::` leave none.
        let colon = if intro.is_empty() || intro.ends_with(' ') { "" } else { ":" };
        self.emit_paragraph(at..next, &format!("{intro}{colon}"), place);
        self.read_literal_block(next, end, self.lines[at].indent)
    }

    fn emit_paragraph(&mut self, lines: Range<usize>, text: &str, place: BlockPlace) {
        let rendered = self.render(text);
        let is_heading = place.role == ParagraphRole::Text && place.depth == 0 && rendered.is_all_strong();
        let prose = rendered.into_prose(place.depth);
        if prose.text.is_empty() {
            return;
        }
        let content = match place.role {
            ParagraphRole::Text if is_heading => Content::Heading { level: 7, text: prose.text },
            ParagraphRole::Text => Content::Text(prose),
            ParagraphRole::Item => Content::Item(prose),
            ParagraphRole::Definition => Content::Definition(prose),
        };
        self.emit(lines, content);
    }

    /// Reads a line `::`, which starts a literal block without words before it.
    fn read_literal(&mut self, at: usize, end: usize, _place: BlockPlace) -> Option<usize> {
        let line = self.lines[at];
        (line.text == "::").then(|| self.read_literal_block(at + 1, end, line.indent))
    }

    /// Reads the literal block after a paragraph: indented, or quoted by the same sign before each line.
    fn read_literal_block(&mut self, at: usize, end: usize, indent: usize) -> usize {
        let Some(start) = (at..end).find(|n| !self.lines[*n].is_blank()) else { return end };
        let first = self.lines[start];
        let literal_end = if first.indent > indent {
            find_outdent(&self.lines, start + 1..end, indent)
        } else {
            let is_explicit = first.text.starts_with(".. ");
            let sign = first.text.chars().next().filter(|c| c.is_ascii_punctuation() && !is_explicit);
            let is_quoted = |line: &&Line<'_>| sign.is_some_and(|sign| line.text.starts_with(sign));
            start + self.lines[start..end].iter().take_while(is_quoted).count()
        };
        if literal_end > start {
            self.emit_sample(start..literal_end);
        }
        literal_end.max(at)
    }

    pub(super) fn emit_sample(&mut self, range: Range<usize>) {
        let text = dedent(&self.lines[range.clone()]);
        if !text.is_empty() {
            self.emit(range, Content::Sample(text));
        }
    }

    fn read_doctest(&mut self, at: usize, end: usize, _place: BlockPlace) -> Option<usize> {
        if !self.lines[at].text.starts_with(">>> ") {
            return None;
        }
        let length = self.lines[at..end].iter().take_while(|line| !line.is_blank()).count();
        self.emit_sample(at..at + length);
        Some(at + length)
    }
}
