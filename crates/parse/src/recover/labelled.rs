//! Reads error codes that a page lists in lines of `label: text`, with header words as labels. A line may have several
//! labels or one, and the code is under a label or alone before them.

use std::ops::Range;

use docdrift_model::Role;

use super::{Candidate, Outline, Section, entries::label_column, strip_bullets};
use crate::{
    lexicon::{
        Strength,
        cells::{is_code, is_type, looks_like_identifier},
        headers,
    },
    syntax::block::{Block, Content, RawTable},
};

/// The maximum length of a label in characters. Longer text before a colon is prose.
const MAX_LABEL: usize = 60;
/// The maximum number of words of a label. Longer text before a colon is prose.
const MAX_LABEL_WORDS: usize = 4;
/// The maximum number of lines of an item.
const MAX_LINES: usize = 12;

/// One code of the list, with its cells by column.
struct ListedItem {
    blocks: Range<usize>,
    cells: Vec<String>,
}

/// Proposes the labelled list of the section.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let mut labels = Vec::new();
    let mut items: Vec<ListedItem> = Vec::new();
    let mut at = section.own.start;
    while at < section.own.end {
        let found = read_item(&outline.blocks[..section.own.end], at, &mut labels);
        at = found.as_ref().map_or(at + 1, |item| item.blocks.end);
        items.extend(found);
    }
    if items.len() < 2 {
        return Vec::new();
    }
    let blocks = items.iter().map(|item| item.blocks.clone()).collect();
    vec![Candidate::from_list(section, blocks, into_table(items, labels))]
}

fn into_table(items: Vec<ListedItem>, labels: Vec<String>) -> RawTable {
    let has_names = items.iter().any(|item| !item.cells[1].is_empty());
    let mut header = vec![String::new(), String::new()];
    header.extend(labels);
    let width = header.len();
    let mut rows = vec![header];
    rows.extend(items.into_iter().map(|mut item| {
        item.cells.resize(width, String::new());
        item.cells
    }));
    if !has_names {
        for row in &mut rows {
            row.remove(1);
        }
    }
    RawTable { head: 1, rows, ..RawTable::default() }
}

/// Reads the item that starts at `at`: its code, and labelled texts of which at least one describes the error.
fn read_item(blocks: &[Block], at: usize, known: &mut Vec<String>) -> Option<ListedItem> {
    let mut found = start_item(list_line(blocks.get(at)?)?)?;
    let mut end = at + 1;
    let is_line = |(_, block): &(usize, &Block)| !matches!(block.content, Content::Sample(_));
    let lines = blocks.iter().enumerate().skip(at + 1).take(MAX_LINES).filter(is_line);
    for (n, text) in lines.map_while(|(n, block)| Some((n, list_line(block)?))) {
        if start_item(text).is_some() {
            break;
        }
        if describes_parameter(text) {
            return None;
        }
        let labels = split_labels(text);
        if !labels.is_empty() {
            // Lines without a label between two labelled ones continue the text above.
            for more in blocks[end..n].iter().filter_map(list_line) {
                found.continue_with(more);
            }
            found.labels.extend(labels.into_iter().map(|(label, text)| (label.to_owned(), text.to_owned())));
            end = n + 1;
        }
    }
    let describes = |label: &str| {
        matches!(headers::lookup_role(label), Some((Role::Message | Role::Description | Role::Solution, _)))
    };
    if !found.labels.iter().any(|(label, text)| describes(label) && !text.is_empty()) {
        return None;
    }
    let mut cells = vec![found.code, found.beside];
    for (label, text) in found.labels {
        let column = 1 + label_column(&label, known);
        cells.resize(cells.len().max(column + 1), String::new());
        if !cells[column].is_empty() {
            cells[column].push('\n');
        }
        cells[column].push_str(&text);
    }
    Some(ListedItem { blocks: at..end, cells })
}

/// Whether a line describes a parameter: `Type: String`, `Required: Yes`.
fn describes_parameter(line: &str) -> bool {
    let said = line.split_once([':', '：']).map(|(label, text)| (label.trim(), text.trim()));
    said.is_some_and(|(label, text)| {
        let is_type_label = matches!(label.to_lowercase().as_str(), "type" | "类型");
        headers::belongs_to_other_table(label) && (!is_type_label || is_type(text))
    })
}

/// An item that is being read.
struct OpenItem {
    code: String,
    /// The short name beside the code.
    beside: String,
    labels: Vec<(String, String)>,
}

impl OpenItem {
    fn continue_with(&mut self, line: &str) {
        let text = self.labels.last_mut().map_or(&mut self.beside, |(_, text)| text);
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
}

/// Reads the first line of an item: a code alone, with a name beside it, or under its label.
fn start_item(line: &str) -> Option<OpenItem> {
    let mut labels: Vec<(String, String)> =
        split_labels(line).into_iter().map(|(label, text)| (label.to_owned(), text.to_owned())).collect();
    let label_of_code =
        labels.first().map(|(label, _)| headers::lookup_role(label) == Some((Role::Code, Strength::Sure)));
    let (code, beside) = match label_of_code {
        Some(true) => (labels.remove(0).1, ""),
        Some(false) => (line.split(labels[0].0.as_str()).next().unwrap_or_default().to_owned(), ""),
        None => {
            let (code, beside) = split_name(line);
            (code.to_owned(), if headers::lookup_role(beside).is_some() { "" } else { beside })
        }
    };
    let code = code.trim().trim_end_matches([' ', '-', '–', '—', ':', '：', '.', '。', ';', '；', ',', '，']);
    is_key_code(code).then(|| OpenItem { code: code.to_owned(), beside: beside.to_owned(), labels })
}

/// Splits `CODE - name` into its parts.
fn split_name(line: &str) -> (&str, &str) {
    let joint = [" - ", " – ", " — ", "：", ": "].into_iter().find_map(|joint| line.split_once(joint));
    joint.map_or((line, ""), |(code, name)| (code.trim(), name.trim()))
}

fn is_key_code(text: &str) -> bool {
    text.len() > 2
        && !text.contains(char::is_whitespace)
        && is_code(text)
        && looks_like_identifier(text)
        && !text.contains("//")
}

/// Returns the labels of a line with the text after each. Text before the first label is allowed only if it is a code.
fn split_labels(line: &str) -> Vec<(&str, &str)> {
    let mut starts: Vec<(usize, usize, usize)> = Vec::new();
    for (colon, mark) in line.char_indices().filter(|(_, c)| matches!(c, ':' | '：')) {
        let floor = starts.last().map_or(0, |(_, _, text)| *text);
        if let Some(start) = find_label_start(line, floor, colon) {
            starts.push((start, colon, colon + mark.len_utf8()));
        }
    }
    let ends = starts.iter().skip(1).map(|(start, ..)| *start).chain([line.len()]);
    let pairs = starts.iter().zip(ends).map(|((start, colon, text), end)| {
        (line[*start..*colon].trim(), line[*text..end].trim_matches([' ', '|']).trim_end_matches([';', '；']))
    });
    let is_first_placed = starts.first().is_some_and(|(start, ..)| {
        let before = line[..*start].trim_end_matches([' ', '-', '–', '—', ':', '：']);
        before.is_empty() || is_key_code(before)
    });
    if is_first_placed { pairs.collect() } else { Vec::new() }
}

/// Returns the start of the label that ends at `colon`: the longest run of words before it that is a header word.
fn find_label_start(line: &str, floor: usize, colon: usize) -> Option<usize> {
    let within = line[floor..colon].char_indices().rev().take(MAX_LABEL).last().map_or(colon, |(at, _)| floor + at);
    let is_all = within == floor;
    let (floor, before) = (within, &line[within..colon]);
    let is_bound = |c: char| c.is_whitespace() || matches!(c, '。' | '；' | ';' | '，' | ',' | '|' | '）' | ')');
    let bounds = before.char_indices().rev().filter(|(_, c)| is_bound(*c)).map(|(at, c)| at + c.len_utf8());
    let mut found = None;
    for start in bounds.take(MAX_LABEL_WORDS).chain(is_all.then_some(0)) {
        if headers::is_spelling(&before[start..]) {
            found = Some(floor + start);
        }
    }
    found.map(|start| start + line[start..].len() - line[start..].trim_start().len())
}

/// Returns the words of a line that may belong to such a list. A line with the signs of a code sample does not.
fn list_line(block: &Block) -> Option<&str> {
    let text = match block.content {
        Content::Heading { .. } => None,
        _ => block.words(),
    };
    text.map(strip_bullets).filter(|text| !text.starts_with(['{', '}', '"', '<', '[']))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::first_rows, propose, split_labels};

    fn rows(lines: &[&str]) -> Vec<Vec<String>> {
        first_rows(lines, propose)
    }

    #[test]
    fn splits_the_labels_of_a_line() {
        for (line, expected) in [
            ("错误信息: Lamp: gone. 解决办法: 买灯。", vec![("错误信息", "Lamp: gone."), ("解决办法", "买灯。")]),
            ("错误信息：坏了。解决办法：换。", vec![("错误信息", "坏了。"), ("解决办法", "换。")]),
            ("Error Message: x; Possible Causes: y", vec![("Error Message", "x"), ("Possible Causes", "y")]),
            ("Lamp.1 Description: x", vec![("Description", "x")]),
            ("Read the description: it says so.", vec![]),
            ("See http://a.b/c", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(split_labels(line), expected, "{line}");
        }
    }

    #[test]
    fn reads_every_kind_of_labelled_list() {
        let header = ["", "错误信息", "解决办法"];
        let expected = [["Lamp.0001", "Broken.", "换。"], ["Lamp.0002", "Gone.", "买。"]];
        for lines in [
            &[
                "- Lamp.0001 - 错误码",
                "错误信息: Broken. 解决办法: 换。",
                "- Lamp.0002 - 错误码",
                "错误信息: Gone. 解决办法: 买。",
            ][..],
            &[
                "Lamp.0001",
                "- 错误信息：Broken.",
                "- 解决办法：换。",
                "Lamp.0002",
                "- 错误信息：Gone.",
                "- 解决办法：买。",
            ],
            &["错误码: Lamp.0001 错误信息: Broken. 解决办法: 换。", "错误码: Lamp.0002 错误信息: Gone. 解决办法: 买。"],
            &["• Lamp.0001 错误信息: Broken. 解决办法: 换。", "• Lamp.0002 错误信息: Gone. 解决办法: 买。"],
        ] {
            let rows = rows(lines);
            assert_eq!(rows[0], header, "{lines:?}");
            assert_eq!(rows[1..], expected, "{lines:?}");
        }
    }

    #[test]
    fn reads_texts_over_lines_and_names_beside_codes() {
        let rows = rows(&[
            "Lamp.0001 - Dark",
            "Description: It is dark.",
            "Nobody sees.",
            "Solution: Wait.",
            "Lamp.0002: Hot",
            "Description: It is hot.",
            "More on lamps.",
        ]);
        assert_eq!(rows[1], ["Lamp.0001", "Dark", "It is dark.\nNobody sees.", "Wait."]);
        assert_eq!(rows[2], ["Lamp.0002", "Hot", "It is hot.", ""]);
    }

    #[test]
    fn rejects_text_that_is_no_list() {
        for lines in [
            &[
                "\"error_code\": \"Lamp.0001\",",
                "\"message\": \"x\"",
                "\"error_code\": \"Lamp.0002\",",
                "\"message\": \"y\"",
            ][..],
            &["Lamp.0001", "Description: one code alone is prose."],
            &["Note: mind", "Description: of the lamp", "Note: mind", "Description: of the bulb"],
            &["LampId", "Type: String", "LampName", "Type: String"],
        ] {
            assert!(rows(lines).is_empty(), "{lines:?}");
        }
    }
}
