//! Reads blocks: titles, paragraphs, lists, delimited blocks, and lines that are no text of the page.

use docdrift_model::{Warning, WarningKind, text::tidy};

use super::{
    attributes::{Attributes, BlockAttributes, parse_entry},
    delimiters::{cell_separator, is_delimiter},
    inline,
    list_markers::{OpenLists, parse_item},
};
use crate::syntax::{
    block::{Block, Content, Document, RawTable, Span},
    prose::{Rendered, into_cell},
};

/// The maximum nesting of cells that contain blocks.
const MAX_NESTING: u8 = 4;

const ADMONITIONS: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "CAUTION", "WARNING"];
/// Block macros and directives without text.
const HIDDEN_MACROS: [&str; 8] =
    ["image::", "include::", "toc::", "video::", "audio::", "endif::", "ifeval::", "counter2::"];

/// Title and attributes of the block that follows.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) title: Option<(usize, String)>,
    pub(super) attributes: BlockAttributes,
}

/// Reads lines into blocks.
pub(super) struct AsciidocReader<'a> {
    pub(super) lines: Vec<&'a str>,
    pub(super) at: usize,
    attributes: Attributes,
    pub(super) blocks: Vec<Block>,
    warnings: Vec<Warning>,
    pub(super) pending: Pending,
    pub(super) lists: OpenLists,
    /// Whether a `+` attached the next block to the list item above.
    pub(super) is_attached: bool,
    /// The delimiter of the open block that is attached to a list item.
    pub(super) attached_block: Option<&'a str>,
    /// The delimiters of the blocks around this line.
    pub(super) open_blocks: Vec<&'a str>,
    /// Whether a term has no definition yet.
    pub(super) is_term_open: bool,
    nesting: u8,
}

/// Reads the element at a line. Returns whether it is there.
type ReadStep = for<'a, 'b> fn(&'b mut AsciidocReader<'a>, &'a str) -> bool;

const STEPS: [ReadStep; 15] = [
    |reader, line| reader.read_comment(line),
    |reader, line| reader.read_entry(line),
    |reader, line| reader.read_conditional(line),
    |reader, line| reader.read_block_attributes(line),
    |reader, line| reader.read_block_title(line),
    |reader, line| reader.read_table(line),
    |reader, line| reader.read_verbatim(line),
    |reader, line| reader.read_delimiter(line),
    |reader, line| reader.read_heading(line),
    |reader, line| reader.read_underlined(line),
    |reader, line| reader.read_item(line),
    |reader, line| reader.read_block_macro(line),
    |reader, line| reader.read_continuation(line),
    |reader, line| reader.read_indented(line),
    |reader, line| reader.read_paragraph(line),
];

pub(super) fn read_document(text: &str) -> Document {
    let mut reader = AsciidocReader::new(text, Attributes::default(), 0);
    reader.at = front_matter_length(&reader.lines);
    reader.read_all();
    Document { blocks: reader.blocks, warnings: reader.warnings }
}

/// Returns the number of lines of front matter, which site generators put before a page.
pub(super) fn front_matter_length(lines: &[&str]) -> usize {
    if lines.first().map(|line| line.trim_end()) != Some("---") {
        return 0;
    }
    lines.iter().skip(1).position(|line| line.trim_end() == "---").map_or(0, |end| end + 2)
}

impl<'a> AsciidocReader<'a> {
    fn new(text: &'a str, attributes: Attributes, nesting: u8) -> Self {
        Self {
            lines: text.trim_start_matches('\u{feff}').lines().collect(),
            at: 0,
            attributes,
            blocks: Vec::new(),
            warnings: Vec::new(),
            pending: Pending::default(),
            lists: OpenLists::default(),
            is_attached: false,
            attached_block: None,
            open_blocks: Vec::new(),
            is_term_open: false,
            nesting,
        }
    }

    fn read_all(&mut self) {
        while self.at < self.lines.len() {
            let line = self.lines[self.at].trim_end();
            let before = self.at;
            if !line.is_empty() {
                STEPS.iter().any(|step| step(self, line));
            }
            self.at = self.at.max(before + 1);
        }
    }

    pub(super) fn emit(&mut self, first: usize, content: Content) {
        self.blocks.push(Block { span: Span { first: first + 1, last: self.at.max(first + 1) }, content });
    }

    pub(super) fn warn(&mut self, kind: WarningKind, detail: &str) {
        let warning = Warning::page(kind, detail);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    pub(super) fn render(&mut self, text: &str) -> Rendered {
        inline::render(&self.attributes.expand(text))
    }

    /// Reads a cell that contains blocks.
    pub(super) fn read_cell(&mut self, text: &str) -> (String, Vec<RawTable>) {
        if self.nesting >= MAX_NESTING {
            return (tidy(text), Vec::new());
        }
        let mut reader = AsciidocReader::new(text, std::mem::take(&mut self.attributes), self.nesting + 1);
        reader.read_all();
        self.attributes = std::mem::take(&mut reader.attributes);
        reader.warnings.iter().for_each(|warning| self.warn(warning.kind, &warning.detail));
        into_cell(reader.blocks)
    }

    fn read_comment(&mut self, line: &'a str) -> bool {
        if is_delimiter(line, '/') {
            self.at = self.find_line(self.at + 1, line) + 1;
            return true;
        }
        let is_comment = line.starts_with("//") && !line.starts_with("///");
        self.at += usize::from(is_comment);
        is_comment
    }

    /// Returns the next line that equals `delimiter`, or the end.
    pub(super) fn find_line(&self, from: usize, delimiter: &str) -> usize {
        let lines = self.lines.get(from..).unwrap_or_default();
        from + lines.iter().take_while(|line| line.trim_end() != delimiter).count()
    }

    fn read_entry(&mut self, line: &'a str) -> bool {
        let Some((name, value)) = parse_entry(line) else { return false };
        self.at += 1;
        let Some(value) = value else {
            self.attributes.unset(name);
            return true;
        };
        let mut value = value.to_owned();
        // A backslash at the end continues the value on the next line.
        while value.ends_with(" \\") && self.at < self.lines.len() {
            value.truncate(value.len() - 1);
            value.push_str(self.lines[self.at].trim());
            self.at += 1;
        }
        self.attributes.set(name, &value);
        true
    }

    /// Skips conditional directives and keeps the text of all conditions, since it is unknown which attributes a
    /// publisher sets.
    fn read_conditional(&mut self, line: &'a str) -> bool {
        let is_conditional = line.starts_with("ifdef::") || line.starts_with("ifndef::");
        let Some((_, content)) = line.split_once('[').filter(|_| is_conditional) else { return false };
        self.at += 1;
        let text = content.trim_end_matches(']');
        if !text.is_empty() {
            let first = self.at - 1;
            self.emit_paragraph(first, text);
        }
        true
    }

    fn read_block_attributes(&mut self, line: &'a str) -> bool {
        let Some(list) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return false };
        if !is_attribute_list(list) {
            return false;
        }
        if !list.starts_with('[') {
            self.pending.attributes.add(list);
        }
        self.at += 1;
        true
    }

    fn read_block_title(&mut self, line: &'a str) -> bool {
        let Some(title) = line.strip_prefix('.').filter(|rest| !rest.starts_with(['.', ' ', '\t'])) else {
            return false;
        };
        if title.is_empty() {
            return false;
        }
        let title = tidy(&self.render(title).text);
        self.pending.title = Some((self.at, title));
        self.at += 1;
        true
    }

    /// Emits the title of a block that is no table as a heading.
    pub(super) fn emit_block_title(&mut self) -> BlockAttributes {
        let Pending { title, attributes } = std::mem::take(&mut self.pending);
        if let Some((line, text)) = title {
            self.blocks.push(Block {
                span: Span { first: line + 1, last: line + 1 },
                content: Content::Heading { level: 7, text },
            });
        }
        attributes
    }

    /// Joins `first` with the following lines of the same text.
    pub(super) fn read_text(&mut self, first: &str, is_item: bool) -> String {
        let mut text = String::new();
        push_line(&mut text, first);
        while let Some(line) = self.lines.get(self.at).map(|line| line.trim_end()) {
            let ends = line.is_empty()
                || is_block_start(line)
                || (line == "+" && !self.lists.is_empty())
                || (is_item && (parse_item(line).is_some() || line.starts_with("//")));
            if ends {
                break;
            }
            if !line.starts_with("//") {
                push_line(&mut text, line.trim_start());
            }
            self.at += 1;
        }
        text
    }

    fn read_block_macro(&mut self, line: &'a str) -> bool {
        let is_macro = HIDDEN_MACROS.iter().any(|name| line.starts_with(name)) && line.ends_with(']');
        if is_macro {
            self.pending = Pending::default();
            self.at += 1;
        }
        is_macro
    }

    fn read_paragraph(&mut self, line: &'a str) -> bool {
        let first = self.at;
        let is_sample = is_sample_style(self.pending.attributes.style());
        let is_comment = self.pending.attributes.style() == "comment";
        self.at += 1;
        if is_sample {
            while self.lines.get(self.at).is_some_and(|line| !line.trim().is_empty()) {
                self.at += 1;
            }
            self.begin_block();
            self.emit_block_title();
            let text = self.lines[first..self.at].join("\n");
            self.emit(first, Content::Sample(text));
            return true;
        }
        let label = ADMONITIONS.iter().find_map(|name| line.strip_prefix(name)?.strip_prefix(": "));
        let text = self.read_text(label.unwrap_or(line).trim_start(), false);
        if is_comment {
            self.pending = Pending::default();
            return true;
        }
        self.emit_block_title();
        self.emit_paragraph(first, &text);
        true
    }

    /// Begins a block. A block that is not attached to a list item ends the lists.
    pub(super) fn begin_block(&mut self) {
        if !self.is_attached && self.attached_block.is_none() && !self.is_term_open {
            self.lists.close();
        }
        self.is_attached = false;
        self.is_term_open = false;
    }

    pub(super) fn emit_paragraph(&mut self, first: usize, text: &str) {
        let is_definition = self.is_term_open;
        self.begin_block();
        let depth = self.lists.depth();
        let rendered = self.render(text);
        let is_heading = depth == 0 && rendered.is_all_strong();
        let prose = rendered.into_prose(depth);
        if prose.text.is_empty() {
            return;
        }
        let content = match (is_definition, is_heading) {
            (true, _) => Content::Definition(prose),
            (_, true) => Content::Heading { level: 7, text: prose.text },
            _ => Content::Text(prose),
        };
        self.emit(first, content);
    }
}

/// Adds a line to a paragraph. ` +` at its end breaks the line.
pub(super) fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push(' ');
    }
    match line.strip_suffix(" +") {
        Some(broken) => {
            text.push_str(broken);
            text.push('\n');
        }
        None => text.push_str(line),
    }
}

pub(super) fn is_sample_style(style: &str) -> bool {
    matches!(style, "source" | "listing" | "literal")
}

/// Whether a line in brackets is a list of attributes rather than a sentence.
fn is_attribute_list(list: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_%#.,=\"'[]*<>^+|:;/&()@{}$! ".contains(c);
    let first = list.split([',', '=']).next().unwrap_or_default();
    list.is_empty() || (list.chars().all(is_name) && !first.trim().contains(' ')) || list.contains("=\"")
}

/// Whether a line ends the paragraph above it.
pub(super) fn is_block_start(line: &str) -> bool {
    let is_list = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(is_attribute_list);
    is_list
        || line == "--"
        || line.starts_with("```")
        || ['-', '.', '=', '*', '_', '/', '+'].iter().any(|sign| is_delimiter(line, *sign))
        || cell_separator(line).is_some()
        || ["ifdef::", "ifndef::", "endif::"].iter().any(|name| line.starts_with(name))
}
