//! Reads HTML by walking the DOM once.

mod slots;
mod table;
mod tags;
mod visible;

use docdrift_model::{Warning, WarningKind, text::tidy};
use ego_tree::{NodeRef, iter::Edge};
use scraper::{ElementRef, Html, Node, Selector, node::Element};

use super::block::{Block, Content, Document, Prose, Span};
use table::read_table;
use tags::ElementLines;
use visible::{is_block, is_hidden};

/// The maximum number of lines of a fragment inspected to decide whether a text is markup.
const MAX_PROBED_LINES: usize = 400;

/// Reads a whole HTML document, or only the elements that the CSS selector `within` matches.
pub(crate) fn read(text: &str, within: Option<&str>) -> Document {
    let scan_tags = tags::scan_tags(text);
    if let Some(warning) = scan_tags.depth_warning(text, "the page") {
        return Document { blocks: Vec::new(), warnings: vec![warning] };
    }
    let truncation = scan_tags.truncation_warning();
    let html = Html::parse_document(text);
    let mut document = walk_document(&html, scan_tags.into_lines(), within);
    document.warnings.extend(truncation);
    document
}

/// Reads an HTML fragment, as in Markdown or in a script's data.
pub(crate) fn read_fragment(text: &str) -> Document {
    let scan_tags = tags::scan_tags(text);
    if let Some(warning) = scan_tags.depth_warning(text, "one of its tables") {
        return Document { blocks: Vec::new(), warnings: vec![warning] };
    }
    let html = Html::parse_fragment(text);
    walk_document(&html, scan_tags.into_lines(), None)
}

/// Whether a text is markup although it lacks the first tags of a document: a saved fragment.
pub(crate) fn is_mostly_markup(text: &str) -> bool {
    let tagged = |line: &&str| {
        let line = line.trim_start();
        line.starts_with('<') && line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(MAX_PROBED_LINES).collect();
    lines.first().is_some_and(tagged) && lines.iter().filter(|line| tagged(line)).count() * 2 > lines.len()
}

fn walk_document(html: &Html, lines: ElementLines, within: Option<&str>) -> Document {
    let mut walk = DocumentWalk { lines, ..DocumentWalk::default() };
    match within.map(Selector::parse) {
        Some(Ok(selector)) => {
            let mut found = html.select(&selector).peekable();
            if found.peek().is_none() {
                let detail = format!("nothing on the page matches the hint within = {:?}", within.unwrap_or_default());
                walk.warnings.push(Warning::page(WarningKind::NoTable, detail));
            }
            found.for_each(|root| walk.visit_nodes(root));
        }
        _ => walk.visit_nodes(html.root_element()),
    }
    Document { blocks: walk.blocks, warnings: walk.warnings }
}

#[derive(Default)]
struct DocumentWalk {
    blocks: Vec<Block>,
    warnings: Vec<Warning>,
    lines: ElementLines,
    /// The source line of the current block.
    line: usize,
    text: String,
    /// The number of emphasized first bytes of `text`.
    lead: usize,
    /// The number of open elements of emphasis.
    emphasis: usize,
    kind: TextKind,
    /// The number of definitions around the text.
    definitions: usize,
    /// The number of lists around the text.
    lists: u8,
    /// Whether the text is the first of its list item.
    starts_item: bool,
}

/// The kind of the current text.
#[derive(Clone, Copy, Default)]
enum TextKind {
    #[default]
    Text,
    Term,
    Heading(u8),
}

impl DocumentWalk {
    fn visit_nodes(&mut self, root: ElementRef<'_>) {
        let mut skipped = None;
        for edge in root.traverse() {
            match (edge, skipped) {
                (Edge::Close(node), Some(id)) if node.id() == id => skipped = None,
                (_, Some(_)) => {}
                (Edge::Open(node), None) => {
                    if self.open_node(node) {
                        skipped = Some(node.id());
                    }
                }
                (Edge::Close(node), None) => {
                    if let Node::Element(element) = node.value() {
                        self.close_element(element);
                    }
                }
            }
        }
        self.flush();
    }

    /// Handles the start of a node. Returns whether its content is already handled.
    fn open_node(&mut self, node: NodeRef<'_, Node>) -> bool {
        match (node.value(), ElementRef::wrap(node)) {
            (Node::Text(text), _) => self.push_text(text),
            (_, Some(element)) if is_hidden(element.value()) => return true,
            (_, Some(element)) if element.value().name() == "table" => {
                self.flush();
                self.line = self.lines.line_of("table");
                let table = read_table(element, &mut self.warnings);
                self.push(Content::Table(table));
                return true;
            }
            (_, Some(element)) if element.value().name() == "pre" => {
                self.flush();
                self.line = self.lines.line_of("pre");
                self.push_sample(element);
                return true;
            }
            (_, Some(element)) => self.open_element(element.value()),
            _ => {}
        }
        false
    }

    fn push_text(&mut self, text: &str) {
        self.text.push_str(&text.replace(['\n', '\r'], " "));
        // Bold letters at the beginning, with nothing before them.
        if self.emphasis > 0 && (self.lead > 0 || self.text.trim_start().len() <= text.trim_start().len()) {
            self.lead = self.text.len();
        }
    }

    fn push_sample(&mut self, element: ElementRef<'_>) {
        let sample: String = element.text().collect();
        if !sample.trim().is_empty() {
            self.push(Content::Sample(sample.trim_matches('\n').to_owned()));
        }
    }

    fn open_element(&mut self, element: &Element) {
        let name = element.name();
        if is_block(name) || name == "br" {
            self.flush();
            self.line = self.lines.line_of(name);
        }
        match name {
            "dt" => self.kind = TextKind::Term,
            "dd" => self.definitions += 1,
            "ul" | "ol" => self.lists = self.lists.saturating_add(1),
            "li" => self.starts_item = true,
            _ if is_emphasis(name) => self.emphasis += 1,
            _ => {}
        }
        if let Some(level) = heading_level(name) {
            self.kind = TextKind::Heading(level);
        }
    }

    fn close_element(&mut self, element: &Element) {
        let name = element.name();
        if is_emphasis(name) {
            self.emphasis = self.emphasis.saturating_sub(1);
        }
        if !is_block(name) {
            return;
        }
        self.flush();
        match name {
            "dd" => self.definitions = self.definitions.saturating_sub(1),
            "ul" | "ol" => self.lists = self.lists.saturating_sub(1),
            "dt" => self.kind = TextKind::Text,
            _ if heading_level(name).is_some() => self.kind = TextKind::Text,
            _ => {}
        }
    }

    /// Ends the current block.
    fn flush(&mut self) {
        let raw = std::mem::take(&mut self.text);
        let lead = std::mem::take(&mut self.lead).min(raw.len());
        let text = tidy(&raw);
        if text.is_empty() {
            return;
        }
        let lead = tidy(raw.get(..lead).unwrap_or_default()).len().min(text.len());
        let starts_item = std::mem::take(&mut self.starts_item);
        let prose = Prose { text, lead, depth: self.lists };
        self.push(match self.kind {
            TextKind::Heading(level) => {
                Content::Heading { level, text: prose.text.trim_end_matches(['¶', '#', ' ']).to_owned() }
            }
            // A list inside a definition continues the definition.
            TextKind::Term | TextKind::Text if self.definitions > 0 => Content::Definition(prose),
            TextKind::Term => Content::Term(prose),
            TextKind::Text if starts_item && self.lists > 0 => Content::Item(prose),
            TextKind::Text => Content::Text(prose),
        });
    }

    fn push(&mut self, content: Content) {
        let span = Span { first: self.line, last: self.line };
        self.blocks.push(Block { span, content });
    }
}

/// Whether an element emphasizes a word.
fn is_emphasis(name: &str) -> bool {
    matches!(name, "b" | "strong" | "code" | "tt" | "kbd" | "var" | "samp")
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}
