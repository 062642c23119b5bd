//! Reads tables whose drawing is lost: the whole table in one line, or one row per line with nothing between the cells.
//! A status with the code behind it shows where a row starts. A header is required.

use std::{borrow::Cow, sync::LazyLock};

use docdrift_model::Role;
use regex::Regex;

use super::{Candidate, Outline, Section};
use crate::{
    lexicon::{
        cells::{has_han, is_han, is_reason_phrase},
        headers,
    },
    syntax::block::{Block, Content, RawTable},
};

/// The maximum length of a header in characters. Header words are searched within this distance from its end.
const MAX_HEADER: usize = 120;
/// The maximum number of columns of a header.
const MAX_COLUMNS: usize = 8;
/// The maximum length of a header word in characters.
const MAX_WORD: usize = 40;
/// The maximum number of such tables in a section, since the search for a header is expensive.
const MAX_TRIES: usize = 50;

/// A status and a code. The code is letters with a final number, which separates it from the text glued to it, or
/// joined words that stand alone.
static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
    let numbered = r"[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)*[._][A-Z]?[0-9]{3,8}";
    let worded = r"\s[A-Z][a-z]+(?:\.?[A-Z][a-z0-9]+)+\s";
    Regex::new(&format!(r"([1-5][0-9]{{2}})(?:\s*({numbered})|({worded}))")).expect("a valid pattern")
});
/// Proposes the tables whose rows are lines.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    let mut tries = 0;
    let mut at = section.own.start;
    while at < section.own.end {
        let start = at;
        at += 1;
        let Some(inside) = block_line(&outline.blocks[start]).and_then(first_anchor) else { continue };
        while at < section.own.end && block_line(&outline.blocks[at]).and_then(first_anchor) == Some(0) {
            at += 1;
        }
        tries += 1;
        if tries > MAX_TRIES {
            break;
        }
        let lines: Vec<&str> = outline.blocks[start..at].iter().filter_map(block_line).collect();
        let before = lines[0][..inside].trim();
        // The header may be the line above.
        let above = start.checked_sub(1).filter(|above| *above >= section.own.start);
        let above =
            above.filter(|_| before.is_empty()).and_then(|above| Some((above, block_line(&outline.blocks[above])?)));
        let (first, words) = above.unwrap_or((start, before));
        if let Some(table) = find_header(words).and_then(|header| build_table(header, &lines, inside)) {
            found.push(Candidate::new(section, first..at, Cow::Owned(table)));
        }
    }
    found
}

fn block_line(block: &Block) -> Option<&str> {
    match &block.content {
        Content::Text(prose) | Content::Item(prose) => Some(&prose.text),
        _ => None,
    }
}

fn first_anchor(text: &str) -> Option<usize> {
    find_anchors(text).first().map(|anchor| anchor.start)
}

#[derive(Clone, Copy)]
struct RowAnchor<'a> {
    start: usize,
    end: usize,
    status: &'a str,
    code: &'a str,
}

fn find_anchors(text: &str) -> Vec<RowAnchor<'_>> {
    let is_free = |start: usize| !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || "._-:/#".contains(c));
    let anchor = |found: regex::Captures<'_>| {
        let (whole, status) = (found.get(0)?, found.get(1)?);
        let code = found.get(2).or(found.get(3))?;
        Some((whole.start(), whole.end(), status.range(), code.range()))
    };
    let all = ANCHOR.captures_iter(text).filter_map(anchor);
    let all =
        all.map(|(start, end, status, code)| RowAnchor { start, end, status: &text[status], code: text[code].trim() });
    all.filter(|anchor| is_free(anchor.start) && !is_reason_phrase(anchor.code)).collect()
}

/// Returns the header words at the end of a text, if status and code are the first of them.
fn find_header(text: &str) -> Option<Vec<String>> {
    let cut = text.char_indices().rev().take(MAX_HEADER).last().map_or(0, |(at, _)| at);
    let text = &text[cut..];
    let starts = text.char_indices().map(|(at, _)| at);
    starts.filter_map(|start| parse_header_words(&text[start..], 0)).find(|header| header.len() > 2)
}

/// Splits the text into header words from the `n`th on: the status, the code, then texts. Returns `None` if anything
/// else is in it.
fn parse_header_words(text: &str, n: usize) -> Option<Vec<String>> {
    let text = text.trim_start();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let fits = |word: &str| {
        let role = headers::is_spelling(word).then(|| headers::lookup_role(word)).flatten();
        matches!((n, role), (0, Some((Role::Status, _))) | (1, Some((Role::Code, _))))
            || (n > 1 && role.is_some_and(|(role, _)| !matches!(role, Role::Status | Role::Code)))
    };
    let mut ends: Vec<usize> = text.char_indices().take(MAX_WORD).map(|(at, c)| at + c.len_utf8()).collect();
    ends.reverse();
    let mut spelled = ends.into_iter().filter(|end| n < MAX_COLUMNS && fits(&text[..*end]));
    spelled.find_map(|end| {
        let mut rest = parse_header_words(&text[end..], n + 1)?;
        rest.insert(0, text[..end].trim().to_owned());
        Some(rest)
    })
}

fn build_table(header: Vec<String>, lines: &[&str], skip: usize) -> Option<RawTable> {
    let columns = header.len();
    let mut table = RawTable { head: 1, rows: vec![header], ..RawTable::default() };
    for (n, line) in lines.iter().enumerate() {
        let line = if n == 0 { line.get(skip..)? } else { line };
        let anchors = find_anchors(line);
        let ends = anchors.iter().skip(1).map(|next| next.start).chain([line.len()]);
        for (anchor, end) in anchors.iter().zip(ends) {
            let text = line[anchor.end..end].trim();
            let (texts, is_sure) = split_texts(text, columns - 2);
            let why = "its cells are in one line; its start was found by status and code";
            let more = if is_sure { "" } else { "; where one text ends and the next begins is unknown" };
            table.uncertain.push((table.rows.len(), format!("{why}{more}")));
            let mut row = vec![anchor.status.to_owned(), anchor.code.to_owned()];
            row.extend(texts);
            row.resize(columns, String::new());
            table.rows.push(row);
        }
    }
    (table.rows.len() > 2).then_some(table)
}

/// Splits the text into columns, and returns whether that was possible: an English sentence can be separated from a
/// Chinese one.
fn split_texts(text: &str, columns: usize) -> (Vec<String>, bool) {
    if columns == 1 || text.is_empty() {
        return (vec![text.to_owned()], true);
    }
    let parted = text.find(is_han).map(|at| text.split_at(at)).filter(|(english, chinese)| {
        english.trim_end().ends_with(['.', '!', '?']) && has_han(chinese) && english.chars().any(char::is_alphabetic)
    });
    match parted {
        Some((english, chinese)) => (vec![english.trim().to_owned(), chinese.trim().to_owned()], columns == 2),
        None => (vec![text.to_owned()], false),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::first_rows, propose};

    fn rows(lines: &[&str]) -> Vec<Vec<String>> {
        first_rows(lines, propose)
    }

    #[test]
    fn finds_rows_by_status_and_code() {
        let header = ["状态码", "错误码", "描述"];
        let expected = [["400", "Lamp.0001", "灯坏了。"], ["404", "Lamp.0002", "没有 3 号灯。"]];
        for lines in [
            &["错误码 状态码 错误码 描述 400 Lamp.0001 灯坏了。 404 Lamp.0002 没有 3 号灯。"][..],
            &["状态码错误码描述400Lamp.0001灯坏了。404Lamp.0002没有 3 号灯。"],
            &["状态码错误码描述", "400Lamp.0001灯坏了。", "404Lamp.0002没有 3 号灯。"],
            &["状态码 错误码 描述", "400 Lamp.0001 灯坏了。", "404 Lamp.0002 没有 3 号灯。", "更多"],
        ] {
            let rows = rows(lines);
            assert!(!rows.is_empty(), "{lines:?}");
            assert_eq!(rows[0], header, "{lines:?}");
            assert_eq!(rows[1..], expected, "{lines:?}");
        }
    }

    #[test]
    fn splits_two_texts_by_language() {
        let rows = rows(&[
            "Status Code Error Code Error Message 描述 400 LampHot Too hot. 太热。 404 NoLamp No IP 地址。 409 LampBusy 灯忙",
        ]);
        assert_eq!(rows[1], ["400", "LampHot", "Too hot.", "太热。"]);
        assert_eq!(rows[2], ["404", "NoLamp", "No IP 地址。", ""]);
    }

    #[test]
    fn rejects_text_that_is_no_table() {
        for line in [
            "When 400 Lamp.0001 comes, then 404 Lamp.0002 follows.",
            "Status Code Error Code Description 400 Bad Request 404 Not Found",
            "Status Code Error Code Description",
            "400",
        ] {
            assert!(rows(&[line]).is_empty(), "{line}");
        }
    }
}
