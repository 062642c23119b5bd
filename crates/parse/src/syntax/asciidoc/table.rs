//! Reads tables: cells that start with a separator, or delimited values.

use docdrift_model::{WarningKind, text::tidy};

use super::{
    delimiters::cell_separator,
    reader::{AsciidocReader, Pending, push_line},
};
use crate::syntax::{
    block::{Content, MAX_CELLS, MAX_COLUMNS, RawTable},
    delimited::{Dialect, split_records},
    slots::Slots,
};

/// The styles of cells and columns: `AsciiDoc`, default, emphasis, header, literal, monospace, strong, verse.
const STYLES: &str = "adehlmsv";

/// The specification before the separator of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CellSpec {
    columns: usize,
    rows: usize,
    copies: usize,
    style: Option<char>,
}

impl Default for CellSpec {
    fn default() -> Self {
        Self { columns: 1, rows: 1, copies: 1, style: None }
    }
}

struct SourceCell {
    spec: CellSpec,
    text: String,
    /// The first line of the cell, counted from the first line of the table.
    line: usize,
}

impl<'a> AsciidocReader<'a> {
    pub(super) fn read_table(&mut self, line: &'a str) -> bool {
        let Some(separator) = cell_separator(line) else { return false };
        let first = self.at;
        let end = self.find_line(first + 1, line);
        if end >= self.lines.len() {
            self.warn(WarningKind::Truncated, "the page ends inside a table");
        }
        let pending = std::mem::take(&mut self.pending);
        let source = self.lines[first + 1..end].to_vec();
        self.at = (end + 1).min(self.lines.len());
        self.begin_block();
        let table = read_cells(self, &source, separator, pending);
        if !table.rows.is_empty() || !table.inner.is_empty() {
            self.emit(first, Content::Table(table));
        }
        true
    }
}

/// Reads the lines between the delimiters of a table.
fn read_cells(reader: &mut AsciidocReader<'_>, lines: &[&str], sign: char, pending: Pending) -> RawTable {
    let Pending { title, attributes } = pending;
    let format = attributes.get("format").unwrap_or_default();
    let cells = match (format, sign) {
        ("csv", _) | ("", ',') => delimited_cells(lines, ',', attributes.get("separator")),
        ("tsv", _) => delimited_cells(lines, '\t', attributes.get("separator")),
        ("dsv", _) | ("", ':') => delimited_cells(lines, ':', attributes.get("separator")),
        _ => split_cells(lines, attributes.get("separator").and_then(|text| text.chars().next()).unwrap_or(sign)),
    };
    let first_line = cells.first().map_or(0, |cell| cell.line);
    let first_cells = || cells.iter().take_while(|cell| cell.line == first_line);
    let first_width: usize =
        first_cells().map(|cell| cell.spec.columns.saturating_mul(cell.spec.copies).min(MAX_COLUMNS)).sum();
    let styles = attributes.get("cols").map(parse_columns).filter(|styles| !styles.is_empty());
    let styles = styles.unwrap_or_else(|| vec![None; first_width.clamp(1, MAX_COLUMNS)]);
    // A cell that continues after the blank line shows that the line separates paragraphs rather than rows.
    let goes_on = |cell: &SourceCell| cell.text.split_once('\n').is_some_and(|(_, more)| !more.trim().is_empty());
    let is_implicit = first_line == 0
        && !first_cells().any(goes_on)
        && first_width >= styles.len()
        && lines.first().is_some_and(|line| !line.trim().is_empty())
        && lines.get(1).is_some_and(|line| line.trim().is_empty())
        && !attributes.has_option("noheader");
    let mut table = fill_rows(reader, &cells, &styles);
    table.head = usize::from((is_implicit || attributes.has_option("header")) && !table.rows.is_empty());
    table.caption = title.map(|(_, title)| title).filter(|title| !title.is_empty());
    table
}

/// Puts the cells into rows. A row ends when all columns are filled.
fn fill_rows(reader: &mut AsciidocReader<'_>, cells: &[SourceCell], styles: &[Option<char>]) -> RawTable {
    let mut slots = Slots::default();
    let mut inner = Vec::new();
    slots.begin_row();
    for cell in cells {
        let mut rendered: Option<String> = None;
        for _ in 0..cell.spec.copies {
            while slots.next_column() >= styles.len() && !slots.is_overfull {
                slots.end_row();
                slots.begin_row();
            }
            if slots.is_overfull {
                break;
            }
            let style = cell.spec.style.or(styles[slots.next_column()]);
            let text = rendered.get_or_insert_with(|| {
                let (text, tables) = render_cell(reader, &cell.text, style);
                inner.extend(tables);
                text
            });
            let room = styles.len() - slots.next_column();
            slots.put_cell(text, cell.spec.rows, cell.spec.columns.min(room));
        }
    }
    let is_incomplete = slots.next_column() < styles.len() && slots.next_column() > 0;
    slots.end_row();
    if slots.is_overfull {
        let detail = "a table exceeds the limit of cells or text; the rest was left out";
        reader.warn(WarningKind::TooDeep, detail);
    }
    let mut table = slots.into_table();
    if is_incomplete && !table.rows.is_empty() {
        table.uncertain.push((table.rows.len() - 1, "the last row has too few cells".to_owned()));
    }
    RawTable { inner, ..table }
}

fn render_cell(reader: &mut AsciidocReader<'_>, text: &str, style: Option<char>) -> (String, Vec<RawTable>) {
    match style {
        Some('a') => reader.read_cell(text),
        Some('l' | 'v') => (tidy(text), Vec::new()),
        _ => (render_paragraphs(reader, text), Vec::new()),
    }
}

/// Renders the paragraphs of a cell, which blank lines separate.
fn render_paragraphs(reader: &mut AsciidocReader<'_>, text: &str) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if line.is_empty() {
            out.push_str(&reader.render(&std::mem::take(&mut paragraph)).text);
            out.push('\n');
            continue;
        }
        push_line(&mut paragraph, line);
    }
    tidy(&out)
}

/// Splits lines into cells that each start with a separator.
fn split_cells(lines: &[&str], separator: char) -> Vec<SourceCell> {
    let mut cells: Vec<SourceCell> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if line.starts_with("//") && !line.contains(separator) {
            continue;
        }
        let mut start = 0;
        let is_escaped = |at: usize| line[..at].ends_with('\\');
        for (at, _) in line.match_indices(separator).filter(|(at, _)| !is_escaped(*at)) {
            let (text, spec) = split_spec(&line[start..at], start == 0);
            push_text(&mut cells, text, separator);
            cells.push(SourceCell { spec, text: String::new(), line: number });
            start = at + separator.len_utf8();
        }
        push_text(&mut cells, &line[start..], separator);
        push_text(&mut cells, "\n", separator);
    }
    cells
}

/// Adds text to the last cell and unescapes its separators.
fn push_text(cells: &mut [SourceCell], text: &str, separator: char) {
    let Some(cell) = cells.last_mut() else { return };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || chars.peek() != Some(&separator) {
            cell.text.push(c);
        }
    }
}

/// Splits the specification of the next cell from the text before it.
///
/// A blank is before it, unless it starts the line.
fn split_spec(text: &str, is_line_start: bool) -> (&str, CellSpec) {
    let start =
        text.rfind(char::is_whitespace).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    match parse_spec(&text[start..]) {
        Some(spec) if start > 0 || is_line_start => (&text[..start], spec),
        _ => (text, CellSpec::default()),
    }
}

/// Parses `2+`, `.3+`, `2.3+` or `4*`, then alignment and style. All parts are optional.
fn parse_spec(text: &str) -> Option<CellSpec> {
    let mut spec = CellSpec::default();
    let mut rest = text;
    if let Some(at) = text.find(['+', '*']) {
        let (columns, rows) = text[..at].split_once('.').unwrap_or((&text[..at], ""));
        let count = |digits: &str| if digits.is_empty() { Some(1) } else { parse_count(digits) };
        if text[at..].starts_with('*') {
            spec.copies = parse_count(columns).filter(|_| rows.is_empty())?;
        } else {
            (spec.columns, spec.rows) = (count(columns)?, count(rows)?);
        }
        rest = &text[at + 1..];
    }
    spec.style = parse_alignment_and_style(rest)?;
    Some(spec)
}

fn parse_count(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(MAX_CELLS).clamp(1, MAX_CELLS))
}

/// Parses the style after an alignment. Returns `None` if the text is neither.
#[allow(clippy::option_option, reason = "no specification, and one without a style")]
fn parse_alignment_and_style(text: &str) -> Option<Option<char>> {
    let rest = text.strip_prefix(['<', '^', '>']).unwrap_or(text);
    let rest = rest.strip_prefix('.').and_then(|rest| rest.strip_prefix(['<', '^', '>'])).unwrap_or(rest);
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Some(None),
        (Some(style), None) if STYLES.contains(style) => Some(Some(style)),
        _ => None,
    }
}

/// Parses the styles in `cols`: `1,2a,3*m`.
fn parse_columns(text: &str) -> Vec<Option<char>> {
    let separator = if text.contains(',') { ',' } else { ';' };
    let mut styles = Vec::new();
    for part in text.split(separator) {
        let part = part.trim();
        let (copies, rest) =
            part.split_once('*').map_or((1, part), |(count, rest)| (parse_count(count).unwrap_or(1), rest));
        let style = rest.chars().next_back().filter(|c| STYLES.contains(*c));
        styles.extend(std::iter::repeat_n(style, copies.min(MAX_COLUMNS)));
        if styles.len() >= MAX_COLUMNS {
            break;
        }
    }
    styles.truncate(MAX_COLUMNS);
    styles
}

/// Reads the cells of delimiter-separated values. The first record is assumed to be one line.
fn delimited_cells(lines: &[&str], delimiter: char, separator: Option<&str>) -> Vec<SourceCell> {
    let named = match separator {
        Some("\\t") => Some('\t'),
        other => other.and_then(|text| text.chars().next()),
    };
    let dialect = match delimiter {
        ':' => Dialect { delimiter: named.unwrap_or(':'), quote: None, escape: Some('\\') },
        _ => Dialect { delimiter: named.unwrap_or(delimiter), quote: Some('"'), escape: None },
    };
    let records = split_records(&lines.join("\n"), dialect);
    let cells = |(line, record): (usize, Vec<String>)| {
        record.into_iter().map(move |text| SourceCell { spec: CellSpec::default(), text, line })
    };
    records.into_iter().enumerate().flat_map(cells).collect()
}
