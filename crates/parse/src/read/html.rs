//! HTML: a DOM walked once, spans expanded.

use docdrift_model::{Warning, WarningKind, text::tidy};
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node, node::Element};

use super::{
    Block, Document, MAX_CELLS, MAX_COLUMNS, MAX_TABLE_BYTES, RawTable,
    slots::{Grid, MAX_COLSPAN, MAX_ROWSPAN, span},
    tags::{too_deep, truncation},
    visible::{cell_text, is_block, is_hidden, visible_text},
};

/// Tables inside tables are looked into so deep; deeper ones are only text of their cells.
const MAX_TABLE_DEPTH: usize = 8;

/// Reads a whole HTML document.
pub(crate) fn read(text: &str) -> Document {
    if let Some(warning) = too_deep(text, "the page") {
        return Document { blocks: Vec::new(), warnings: vec![warning] };
    }
    let html = Html::parse_document(text);
    let mut walk = Walk::default();
    walk.over(html.root_element());
    let mut warnings = walk.warnings;
    warnings.extend(truncation(text));
    Document { blocks: walk.blocks, warnings }
}

/// The tables of an HTML fragment, as it stands inside Markdown.
pub(crate) fn read_fragment(text: &str) -> Document {
    if let Some(warning) = too_deep(text, "one of its tables") {
        return Document { blocks: Vec::new(), warnings: vec![warning] };
    }
    let html = Html::parse_fragment(text);
    let mut walk = Walk::default();
    walk.over(html.root_element());
    Document { blocks: walk.blocks, warnings: walk.warnings }
}

/// Whether a text without a document's first tags is markup all the same: a saved fragment.
pub(crate) fn is_mostly_markup(text: &str) -> bool {
    let tagged = |line: &&str| {
        let line = line.trim_start();
        line.starts_with('<') && line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(400).collect();
    lines.first().is_some_and(tagged) && lines.iter().filter(|line| tagged(line)).count() * 2 > lines.len()
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    warnings: Vec<Warning>,
    text: String,
    /// What the text being collected is.
    kind: Kind,
    /// How many definitions are open around it.
    definitions: usize,
}

#[derive(Clone, Copy, Default)]
enum Kind {
    #[default]
    Text,
    Term,
    Heading(u8),
}

impl Walk {
    fn over(&mut self, root: ElementRef<'_>) {
        let mut skipped = None;
        for edge in root.traverse() {
            match (edge, skipped) {
                (Edge::Close(node), Some(id)) if node.id() == id => skipped = None,
                (_, Some(_)) => {}
                (Edge::Open(node), None) => match node.value() {
                    Node::Text(text) => self.text.push_str(&text.replace(['\n', '\r'], " ")),
                    Node::Element(element) if is_hidden(element) => skipped = Some(node.id()),
                    Node::Element(element) if element.name() == "table" => {
                        self.flush();
                        if let Some(table) = ElementRef::wrap(node) {
                            let table = self.table(table, 0);
                            self.blocks.push(Block::Table(table));
                        }
                        skipped = Some(node.id());
                    }
                    Node::Element(element) => self.open(element),
                    _ => {}
                },
                (Edge::Close(node), None) => {
                    if let Node::Element(element) = node.value()
                        && is_block(element.name())
                    {
                        self.flush();
                        self.definitions -= usize::from(element.name() == "dd");
                        if heading_level(element.name()).is_some() || element.name() == "dt" {
                            self.kind = Kind::Text;
                        }
                    }
                }
            }
        }
        self.flush();
    }

    fn open(&mut self, element: &Element) {
        let name = element.name();
        if is_block(name) || name == "br" {
            self.flush();
        }
        match heading_level(name) {
            Some(level) => self.kind = Kind::Heading(level),
            None if name == "dt" => self.kind = Kind::Term,
            None if name == "dd" => self.definitions += 1,
            None => {}
        }
    }

    /// Ends the block that was being collected.
    fn flush(&mut self) {
        let text = tidy(&std::mem::take(&mut self.text));
        if text.is_empty() {
            return;
        }
        self.blocks.push(match self.kind {
            Kind::Heading(level) => Block::Heading(level, text.trim_end_matches(['¶', '#', ' ']).to_owned()),
            // A list within a definition tells more of its term.
            Kind::Term | Kind::Text if self.definitions > 0 => Block::Definition(text),
            Kind::Term => Block::Term(text),
            Kind::Text => Block::Text(text),
        });
    }

    fn table(&mut self, table: ElementRef<'_>, depth: usize) -> RawTable {
        let mut raw = RawTable { across: Some(Vec::new()), ..RawTable::default() };
        let mut grid = Grid::default();
        for section in table.child_elements() {
            match section.value().name() {
                "caption" => raw.caption = Some(visible_text(section)).filter(|text| !text.is_empty()),
                "thead" | "tbody" | "tfoot" => self.section(section, depth, &mut grid, &mut raw),
                _ => {}
            }
        }
        if grid.overflow {
            let detail = format!(
                "a table asks for more than {MAX_COLUMNS} columns, {MAX_CELLS} cells or {MAX_TABLE_BYTES} bytes; what is beyond was not read"
            );
            self.warnings.push(Warning::page(WarningKind::TooDeep, detail));
        }
        raw.rows = grid.rows;
        raw
    }

    fn section(&mut self, section: ElementRef<'_>, depth: usize, grid: &mut Grid, raw: &mut RawTable) {
        grid.end_section();
        let is_head = section.value().name() == "thead";
        for row in section.child_elements().filter(|row| row.value().name() == "tr" && !is_hidden(row.value())) {
            if grid.overflow {
                break;
            }
            let cells: Vec<ElementRef<'_>> = row
                .child_elements()
                .filter(|c| matches!(c.value().name(), "td" | "th") && !is_hidden(c.value()))
                .collect();
            let all_headers = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
            if raw.head == grid.rows.len() && (is_head || all_headers) {
                raw.head += 1;
            }
            let is_across = grid.begin_row() && matches!(&cells[..], [only] if span(*only, "colspan", MAX_COLSPAN) > 1);
            for cell in cells {
                grid.put(&cell_text(cell), span(cell, "rowspan", MAX_ROWSPAN), span(cell, "colspan", MAX_COLSPAN));
                if depth < MAX_TABLE_DEPTH {
                    raw.inner.extend(outermost_tables(cell).into_iter().map(|inner| self.table(inner, depth + 1)));
                }
            }
            if grid.end_row() && is_across {
                raw.across.get_or_insert_default().push(grid.rows.len() - 1);
            }
        }
        grid.end_section();
    }
}

fn outermost_tables(cell: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut found = Vec::new();
    let mut inside = None;
    for edge in cell.traverse() {
        match edge {
            Edge::Open(node) if inside.is_none() => {
                if let Some(element) = ElementRef::wrap(node).filter(|e| e.value().name() == "table") {
                    inside = Some(node.id());
                    found.push(element);
                }
            }
            Edge::Close(node) if inside == Some(node.id()) => inside = None,
            _ => {}
        }
    }
    found
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}
