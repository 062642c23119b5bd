//! HTML: a DOM walked once, spans expanded.

use std::collections::HashMap;

use docdrift_model::{Warning, WarningKind, text::tidy};
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node, node::Element};

use super::{
    Block, Document, MAX_CELLS, MAX_COLUMNS, MAX_TABLE_BYTES, RawTable,
    footnotes::{is_footnote_mark, is_key},
};

/// The parser's work on one tag grows with the open elements around it. A page may have so many around each tag on
/// average, and so much work in all on top: real pages have a quarter of the first and need nothing of the second.
const USUAL_DEPTH: usize = 64;
const NESTING_BUDGET: usize = 20_000_000;
/// An open `<b>` or `<font>` is made anew in each paragraph; a page may make so many.
const FORMATTING_BUDGET: usize = 2_000_000;
/// Tables inside tables are looked into so deep; deeper ones are only text of their cells.
const MAX_TABLE_DEPTH: usize = 8;
/// HTML's own limits for spans (the `colspan` and `rowspan` attributes of td and th).
const MAX_COLSPAN: usize = 1000;
const MAX_ROWSPAN: usize = 65534;

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

/// The warning of a text whose parsing would cost far more than its size: an estimate from the open elements at each
/// start tag. Elements whose end tag may be left out are not counted as open, so a long sloppy list is not taken for a
/// deep one; scripts and comments are stepped over.
fn too_deep(text: &str, what: &str) -> Option<Warning> {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut count, mut depth, mut formatting) = (0usize, 0usize, 0usize);
    let (mut depths, mut clones) = (0usize, 0usize);
    let mut deepest = (0, 0);
    let mut tags = Tags { rest: text };
    while let Some((closing, name)) = tags.next() {
        let is_formatting = FORMATTING.contains(&name.as_str());
        let stays_open = !UNCOUNTED.contains(&name.as_str());
        let opened = open.entry(name).or_default();
        if closing {
            let closed = usize::from(*opened > 0 && stays_open);
            *opened -= closed;
            depth -= closed;
            formatting -= if is_formatting { closed } else { 0 };
            continue;
        }
        count += 1;
        depths = depths.saturating_add(depth);
        clones = clones.saturating_add(if is_formatting { 0 } else { formatting });
        *opened += usize::from(stays_open);
        depth += usize::from(stays_open);
        formatting += usize::from(is_formatting);
        deepest = deepest.max((depth, text.len() - tags.rest.len()));
    }
    let is_deep = depths > count * USUAL_DEPTH + NESTING_BUDGET || clones > count * USUAL_DEPTH / 4 + FORMATTING_BUDGET;
    is_deep.then(|| {
        let (depth, at) = deepest;
        let line = 1 + text.get(..at).unwrap_or_default().matches('\n').count();
        let detail = format!(
            "the elements of {what} are nested so deep that it was not read: {depth} stand open in its line {line}; no real page is like this"
        );
        Warning::page(WarningKind::TooDeep, detail)
    })
}

/// Void elements, and those that the next one of their kind closes.
const UNCOUNTED: [&str; 26] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup",
];

/// HTML's formatting elements.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// The tags of a page in order, whether each closes, and its name in lower case. Comments, and what scripts and styles
/// hold, are no tags; neither is what stands in an attribute's value.
struct Tags<'a> {
    rest: &'a str,
}

impl Iterator for Tags<'_> {
    type Item = (bool, String);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.rest = &self.rest[self.rest.find('<')? + 1..];
            if let Some(comment) = self.rest.strip_prefix("!--") {
                self.rest = comment.find("-->").map_or("", |end| &comment[end..]);
                continue;
            }
            let (closing, tag) = self.rest.strip_prefix('/').map_or((false, self.rest), |tag| (true, tag));
            let end = tag.bytes().take(32).position(|b| !b.is_ascii_alphanumeric()).unwrap_or(tag.len().min(32));
            let name = tag.get(..end).unwrap_or_default().to_ascii_lowercase();
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            self.rest = after_attributes(&tag[end..]);
            if !closing && matches!(name.as_str(), "script" | "style") {
                self.skip_to_end_of(&name);
            }
            return Some((closing, name));
        }
    }
}

impl Tags<'_> {
    fn skip_to_end_of(&mut self, name: &str) {
        let is_end = |at: &usize| starts_with_name(&self.rest.as_bytes()[at + 2..], name.as_bytes());
        let end = self.rest.match_indices("</").map(|(at, _)| at).find(is_end);
        self.rest = end.map_or("", |end| &self.rest[end..]);
    }
}

/// What follows a tag whose attributes start at `text`; a quoted value may hold `>` and `<`.
fn after_attributes(text: &str) -> &str {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &text[at..],
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    ""
}

fn starts_with_name(text: &[u8], name: &[u8]) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Whether the source ends before its document does.
fn truncation(text: &str) -> Option<Warning> {
    let (mut tables, mut documents) = (0i64, 0i64);
    for (closing, name) in (Tags { rest: text }) {
        let step = if closing { -1 } else { 1 };
        match name.as_str() {
            "table" => tables = (tables + step).max(0),
            "html" => documents += step,
            _ => {}
        }
    }
    let seen = match (tables, documents) {
        (1.., _) => "it ends inside a table",
        (_, 1..) => "its </html> is missing",
        _ => return None,
    };
    Some(Warning::page(WarningKind::Truncated, format!("the page was cut: {seen}")))
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

/// A span attribute as HTML reads it: garbage is 1, `rowspan=0` reaches to the end of its section.
fn span(cell: ElementRef<'_>, name: &str, max: usize) -> usize {
    let digits: String =
        cell.value().attr(name).unwrap_or("1").trim().chars().take_while(char::is_ascii_digit).collect();
    match digits.parse::<usize>() {
        Ok(0) if name == "rowspan" => max,
        Ok(n) if n > 0 => n.min(max),
        _ => 1,
    }
}

/// The table as a grid of slots, filled as HTML's table model says; where cells overlap, the first keeps its slot.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    current: Vec<Option<String>>,
    /// Per column: the text that reaches down from above and for how many more rows.
    reaching: Vec<Option<(String, usize)>>,
    column: usize,
    cells: usize,
    bytes: usize,
    overflow: bool,
}

impl Grid {
    /// Begins a row and says whether all of it is free.
    fn begin_row(&mut self) -> bool {
        self.column = 0;
        self.current = self.reaching.iter().map(|slot| slot.as_ref().map(|(text, _)| text.clone())).collect();
        for slot in &mut self.reaching {
            *slot = slot.take().and_then(|(text, left)| (left > 1).then(|| (text, left - 1)));
        }
        self.current.iter().all(Option::is_none)
    }

    fn put(&mut self, text: &str, rows: usize, columns: usize) {
        while self.current.get(self.column).is_some_and(Option::is_some) {
            self.column += 1;
        }
        for column in self.column..self.column + columns {
            if column >= MAX_COLUMNS {
                self.overflow = true;
                break;
            }
            if self.current.len() <= column {
                self.current.resize(column + 1, None);
                self.reaching.resize(column + 1, None);
            }
            if self.current[column].is_none() {
                self.current[column] = Some(text.to_owned());
                if rows > 1 {
                    self.reaching[column] = Some((text.to_owned(), rows - 1));
                }
            }
        }
        self.column += columns;
    }

    /// Ends a row and says whether it was kept.
    fn end_row(&mut self) -> bool {
        self.cells += self.current.len();
        self.bytes += self.current.iter().flatten().map(String::len).sum::<usize>();
        let row: Vec<String> = std::mem::take(&mut self.current).into_iter().map(Option::unwrap_or_default).collect();
        if self.cells > MAX_CELLS || self.bytes > MAX_TABLE_BYTES {
            self.overflow = true;
            return false;
        }
        let is_filled = row.iter().any(|cell| !cell.is_empty());
        if is_filled {
            self.rows.push(row);
        }
        is_filled
    }

    /// Spans do not reach beyond their section.
    fn end_section(&mut self) {
        self.reaching.clear();
    }
}

/// The text of a cell. A footnote mark behind a header word, a status or a code is no part of it; in prose a raised
/// number may be an exponent.
fn cell_text(cell: ElementRef<'_>) -> String {
    let whole = text_of(cell, false);
    let has_marks = cell.descendent_elements().any(|inner| is_footnote(inner));
    if !has_marks {
        return whole;
    }
    let bare = text_of(cell, true);
    if cell.value().name() == "th" || is_key(&bare) { bare } else { whole }
}

/// The text of an element as a reader sees it, paragraphs joined by newlines.
fn visible_text(root: ElementRef<'_>) -> String {
    text_of(root, false)
}

fn text_of(root: ElementRef<'_>, without_footnotes: bool) -> String {
    let is_skipped = |element: ElementRef<'_>| {
        is_hidden(element.value()) || is_control(element) || (without_footnotes && is_footnote(element))
    };
    let mut out = String::new();
    let mut skipped = None;
    for edge in root.traverse() {
        match edge {
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            _ if skipped.is_some() => {}
            Edge::Open(node) => match (node.value(), ElementRef::wrap(node)) {
                (Node::Text(text), _) => out.push_str(&text.replace(['\n', '\r'], " ")),
                (_, Some(element)) if node.id() != root.id() => {
                    if is_skipped(element) {
                        skipped = Some(node.id());
                    } else {
                        separate(element.value(), &mut out);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value()
                    && is_block(element.name())
                {
                    out.push('\n');
                }
            }
        }
    }
    tidy(&out)
}

/// Whether the element is a raised footnote mark.
fn is_footnote(element: ElementRef<'_>) -> bool {
    element.value().name() == "sup" && is_footnote_mark(&element.text().take(8).collect::<String>())
}

/// A control of the page inside a cell: what it says is no part of the table.
fn is_control(element: ElementRef<'_>) -> bool {
    const SAID: [&str; 14] = [
        "copy",
        "copied",
        "copied!",
        "copy code",
        "click to copy",
        "复制",
        "已复制",
        "复制成功",
        "点击复制",
        "expand",
        "collapse",
        "展开",
        "收起",
        "复制代码",
    ];
    let value = element.value();
    let is_button = value.name() == "button"
        || value.attr("role") == Some("button")
        || value.classes().any(|class| class.to_ascii_lowercase().contains("copy"));
    is_button && SAID.contains(&tidy(&element.text().take(8).collect::<String>()).to_lowercase().as_str())
}

fn separate(element: &Element, out: &mut String) {
    match element.name() {
        "br" => out.push('\n'),
        "td" | "th" => out.push(' '),
        "img" => out.push_str(element.attr("alt").unwrap_or_default()),
        name if is_block(name) => out.push('\n'),
        _ => {}
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "title"
            | "tr"
            | "ul"
    )
}

/// What a browser does not show, and what is shown only to screen readers or on hover.
fn is_hidden(element: &Element) -> bool {
    if matches!(
        element.name(),
        "script" | "style" | "template" | "noscript" | "head" | "svg" | "iframe" | "object" | "select" | "textarea"
    ) {
        return true;
    }
    let hidden_style = element.attr("style").is_some_and(|style| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    let hidden_class = element.classes().any(|class| {
        matches!(
            class,
            "headerlink" | "sr-only" | "visually-hidden" | "visuallyhidden" | "screen-reader-text" | "anchorjs-link"
        )
    });
    let is_on_call =
        element.attr("role") == Some("tooltip") || (element.name() == "dialog" && element.attr("open").is_none());
    hidden_style || hidden_class || is_on_call || element.attr("hidden").is_some()
}
