//! Reads codes that a page lists without a table: each code is a heading, term, list item or bold line, with its text
//! up to the next one. Each list becomes a table of its section.

use std::ops::Range;

use docdrift_model::Role;

use super::{Candidate, Outline, Section, entry_key::EntryKey};
use crate::{
    lexicon::{Strength, headers},
    syntax::block::{Block, Content, Prose, RawTable},
};

/// The minimum number of codes of a list. One heading may look like a code by chance.
const MIN_ENTRIES: usize = 2;
/// The minimum share of codes among the headings or items of a list, in percent. Some are sections of other kinds.
const MIN_KEYED_PERCENT: usize = 60;
/// The maximum number of labels of a list. Text under further labels goes into the last column.
const MAX_LABELS: usize = 24;
/// The maximum number of blocks of an entry.
const MAX_BODY_BLOCKS: usize = 400;

/// Proposes the lists of the section: its child headings, its definition list, its bullets, its bold lines.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    found.extend(from_headings(outline, section));
    for (find, belongs) in LISTS {
        found.extend(build_candidate(outline, section, find(outline, &section.own), section.own.end, belongs));
    }
    found
}

/// Finds where the entries of a list start.
type FindStarts = fn(&Outline<'_>, &Range<usize>) -> Vec<Start>;
/// Returns whether a block below a start belongs to its entry.
type Belongs = fn(&Outline<'_>, usize) -> bool;

/// The kinds of lists within a section.
const LISTS: [(FindStarts, Belongs); 3] = [
    (term_starts, |outline, at| matches!(outline.blocks[at].content, Content::Definition(_) | Content::Sample(_))),
    (item_starts, |outline, at| match &outline.blocks[at].content {
        Content::Item(prose) | Content::Text(prose) => prose.depth > 0,
        Content::Sample(_) => is_indented(outline, at),
        _ => false,
    }),
    (line_starts, |outline, at| !matches!(outline.blocks[at].content, Content::Table(_))),
];

/// Whether a block is indented in the source. Returns `true` if there are no source lines.
fn is_indented(outline: &Outline<'_>, at: usize) -> bool {
    let line = outline.blocks[at].span.first.checked_sub(1).and_then(|line| outline.lines.get(line));
    line.is_none_or(|line| line.starts_with([' ', '\t']))
}

/// An entry that is being read.
struct Entry {
    key: EntryKey,
    /// The text by column, starting with the one beside the name.
    texts: Vec<String>,
    blocks: Range<usize>,
}

/// The start of an entry, with the rest of its first block after the code.
struct Start {
    at: usize,
    key: Option<EntryKey>,
}

fn from_headings<'a>(outline: &Outline<'a>, section: &Section) -> Option<Candidate<'a>> {
    let first = section.own.end;
    let level = |at: usize| match outline.blocks.get(at)?.content {
        Content::Heading { level, .. } => Some(level),
        _ => None,
    };
    let children = level(first).filter(|_| first < section.whole.end)?;
    let is_child = |at: &usize| level(*at).is_some_and(|level| level <= children);
    let heads: Vec<usize> = (first..section.whole.end).filter(is_child).collect();
    let starts = heads.iter().map(|at| Start { at: *at, key: EntryKey::from_heading(outline.heading_text(*at)) });
    build_candidate(outline, section, starts.collect(), section.whole.end, |_, _| true)
}

fn term_starts(outline: &Outline<'_>, own: &Range<usize>) -> Vec<Start> {
    let start = |at: usize| match &outline.blocks[at].content {
        Content::Term(prose) => Some(Start { at, key: EntryKey::from_term(&prose.text) }),
        _ => None,
    };
    own.clone().filter_map(start).collect()
}

/// Returns the items of the outermost depth that has codes.
fn item_starts(outline: &Outline<'_>, own: &Range<usize>) -> Vec<Start> {
    let item = |at: usize| match &outline.blocks[at].content {
        Content::Item(prose) => Some((at, prose)),
        _ => None,
    };
    let items: Vec<(usize, &Prose)> = own.clone().filter_map(item).collect();
    let depth =
        items.iter().filter(|(_, prose)| EntryKey::from_line(prose).is_some()).map(|(_, prose)| prose.depth).min();
    let same = items.iter().filter(|(_, prose)| depth.is_some_and(|depth| prose.depth <= depth));
    same.map(|(at, prose)| Start { at: *at, key: EntryKey::from_line(prose) }).collect()
}

/// Returns paragraphs outside of lists that begin with a code. Other paragraphs continue the entry above.
fn line_starts(outline: &Outline<'_>, own: &Range<usize>) -> Vec<Start> {
    let start = |at: usize| match &outline.blocks[at].content {
        Content::Text(prose) if prose.depth == 0 => Some(Start { at, key: Some(EntryKey::from_line(prose)?) }),
        _ => None,
    };
    own.clone().filter_map(start).collect()
}

/// Makes a table of the entries between the starts.
fn build_candidate<'a>(
    outline: &Outline<'a>,
    section: &Section,
    starts: Vec<Start>,
    end: usize,
    belongs: Belongs,
) -> Option<Candidate<'a>> {
    let starts = keep_same_style(outline, starts);
    let keyed = starts.iter().filter(|start| start.key.is_some()).count();
    if keyed < MIN_ENTRIES || keyed * 100 < starts.len() * MIN_KEYED_PERCENT {
        return None;
    }
    let ends = entry_ends(outline, &starts, end, belongs);
    let mut labels: Vec<String> = Vec::new();
    let entries: Vec<Entry> = starts
        .into_iter()
        .zip(ends)
        .filter_map(|(start, end)| Some(read_entry(outline.blocks, start.key?, start.at..end, &mut labels)))
        .collect();
    let blocks = entries.iter().map(|entry| entry.blocks.clone()).collect();
    Some(Candidate::from_list(section, blocks, into_table(entries, labels)))
}

/// If any code is emphasized, words without emphasis are no codes.
fn keep_same_style(outline: &Outline<'_>, starts: Vec<Start>) -> Vec<Start> {
    let lead = |start: &Start| match &outline.blocks[start.at].content {
        Content::Text(prose) | Content::Item(prose) => prose.lead,
        _ => 0,
    };
    let emphasised = starts.iter().filter(|start| start.key.is_some() && lead(start) > 0).count();
    if emphasised < MIN_ENTRIES {
        return starts;
    }
    let has_same_style = |start: Start| {
        let is_code = lead(&start) > 0;
        match outline.blocks[start.at].content {
            Content::Text(_) if !is_code => None,
            _ => Some(Start { key: start.key.filter(|_| is_code), ..start }),
        }
    };
    starts.into_iter().filter_map(has_same_style).collect()
}

/// Returns the end of each entry: before the next one, or before a block that does not belong to it. The text after the
/// last entry of an unmarked list may be unrelated, so it gets no more blocks than the longest entry before it.
fn entry_ends(outline: &Outline<'_>, starts: &[Start], end: usize, belongs: Belongs) -> Vec<usize> {
    let limits = starts.iter().skip(1).map(|start| start.at).chain([end]);
    let ends = starts
        .iter()
        .zip(limits)
        .map(|(start, limit)| start.at + 1 + (start.at + 1..limit).take_while(|at| belongs(outline, *at)).count());
    let mut ends: Vec<usize> = ends.collect();
    let is_marked = starts.last().is_some_and(|start| !matches!(outline.blocks[start.at].content, Content::Text(_)));
    let longest = starts.iter().zip(&ends).rev().skip(1).map(|(start, end)| end - start.at).max();
    if let (false, Some(longest), Some(last), Some(start)) = (is_marked, longest, ends.last_mut(), starts.last()) {
        *last = (*last).min(start.at + longest);
    }
    ends
}

fn read_entry(blocks: &[Block], mut key: EntryKey, range: Range<usize>, labels: &mut Vec<String>) -> Entry {
    let mut texts = vec![std::mem::take(&mut key.rest)];
    // A label makes a column only if text follows it.
    let mut label: Option<&str> = None;
    let mut end = range.start + 1;
    for at in (range.start + 1..range.end).take(MAX_BODY_BLOCKS) {
        let text = match &blocks[at].content {
            // A table is read separately, and ends the text of a code in a list.
            Content::Table(_) => continue,
            Content::Heading { text, .. } if is_column_label(text) => {
                label = Some(text);
                end = at + 1;
                continue;
            }
            Content::Text(prose) if prose.lead == prose.text.len() && is_column_label(&prose.text) => {
                label = Some(&prose.text);
                end = at + 1;
                continue;
            }
            Content::Heading { text, .. } | Content::Sample(text) => text,
            Content::Text(prose) | Content::Item(prose) | Content::Term(prose) | Content::Definition(prose) => {
                &prose.text
            }
        };
        let (own_label, text) = split_label(text);
        let at_column = own_label.or(label).map_or(0, |label| label_column(label, labels));
        if texts.len() <= at_column {
            texts.resize(at_column + 1, String::new());
        }
        if !texts[at_column].is_empty() {
            texts[at_column].push('\n');
        }
        texts[at_column].push_str(text);
        end = at + 1;
    }
    Entry { key, texts, blocks: range.start..end }
}

/// Whether a heading below a code is the title of a column, like `Solution`.
fn is_column_label(text: &str) -> bool {
    matches!(headers::interpret_header(text), Some((role, strength)) if strength > Strength::Guess && role != Role::Code)
}

/// Splits `Solution: text` into label and text.
fn split_label(text: &str) -> (Option<&str>, &str) {
    let Some((label, rest)) = text.split_once([':', '：']) else { return (None, text) };
    let is_text_label = headers::is_spelling(label)
        && matches!(headers::lookup_role(label), Some((Role::Message | Role::Description | Role::Solution, _)));
    if is_text_label && !rest.trim().is_empty() { (Some(label), rest.trim()) } else { (None, text) }
}

/// Returns the column of a label, and adds one for a new label. Column 0 is the text without a label.
pub(super) fn label_column(label: &str, labels: &mut Vec<String>) -> usize {
    let known = labels.iter().position(|other| other == label);
    known.map_or_else(
        || {
            if labels.len() < MAX_LABELS {
                labels.push(label.to_owned());
            }
            labels.len()
        },
        |n| n + 1,
    )
}

/// Makes the table of the entries: the code, the name if any entry has one, the text, and one column per label.
fn into_table(entries: Vec<Entry>, labels: Vec<String>) -> RawTable {
    let has_names = entries.iter().any(|entry| !entry.key.name.is_empty());
    let has_text = labels.is_empty() || entries.iter().any(|entry| !entry.texts[0].is_empty());
    let width = 1 + usize::from(has_names) + usize::from(has_text) + labels.len();
    let unlabelled = 1 + usize::from(has_names) + usize::from(has_text);
    let mut header = vec![String::new(); unlabelled];
    header.extend(labels);
    let mut rows = vec![header];
    for entry in entries {
        let mut row = vec![entry.key.code];
        row.extend(has_names.then_some(entry.key.name));
        row.extend(entry.texts.into_iter().skip(usize::from(!has_text)));
        row.resize(width, String::new());
        rows.push(row);
    }
    RawTable { head: 1, rows, ..RawTable::default() }
}
