//! Fits chapters and sections into a length: the gravest items are kept, the rest is counted by subject.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    span::{Line, Span, fill_template, joined, plain},
    style::{Style, plain_text},
    weight::Weight,
};

/// The room for the lines that count what is left out: about a hundred lines.
const RESERVED_CHARS: usize = 8_000;
/// The number of items of a section that are shown unfolded: about one screen.
const MAX_OPEN_ITEMS: usize = 25;
/// The number of items of a section in a pull request. Nobody reads more of them there.
const MAX_ITEMS: usize = 100;
/// An upper bound for the markup around the items of a section.
const MAX_FRAME_CHARS: usize = 250;

/// The part of a report about one source.
pub(crate) struct Chapter {
    /// The source; empty where it has no name.
    pub(crate) name: String,
    /// The lines that are always kept.
    pub(crate) head: Vec<String>,
    /// The rest.
    pub(crate) sections: Vec<Section>,
}

/// The items of one weight.
pub(crate) struct Section {
    pub(crate) weight: Weight,
    pub(crate) title: Line,
    pub(crate) items: Vec<Piece>,
}

/// One item as it is written.
pub(crate) struct Piece {
    pub(crate) text: String,
    /// How many entries it is about.
    pub(crate) count: usize,
    /// The group under which it is counted where there is no room for it.
    pub(crate) group: Line,
}

impl Chapter {
    fn length(&self) -> usize {
        let titles = self.sections.iter().map(|section| MAX_FRAME_CHARS + length(&plain_text(&section.title)));
        self.head.iter().map(|line| length(line)).chain(titles).sum()
    }
}

/// Renders all chapters in their order.
pub(crate) fn whole(chapters: &[Chapter], style: &dyn Style) -> String {
    let lines: Vec<String> = chapters.iter().flat_map(|chapter| written(chapter, style)).collect();
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// Renders the chapters in their order, in at most `limit` characters.
pub(crate) fn fit(mut chapters: Vec<Chapter>, style: &dyn Style, limit: usize) -> String {
    let reserve = RESERVED_CHARS.min(limit / 4);
    let free = limit - reserve;
    // Many small heads must leave room for what they are about.
    let mut heads = free / 2;
    let dropped = drop_chapters(&mut chapters, &mut heads);
    let mut free = free / 2 + heads;
    let left_out = drop_items(&mut chapters, &mut free);
    whole(&chapters, style) + &notes(left_out, dropped, style, reserve)
}

/// Keeps the chapters whose heads fit. Returns how many are dropped.
fn drop_chapters(chapters: &mut Vec<Chapter>, free: &mut usize) -> usize {
    let fits = |chapter: &Chapter| match free.checked_sub(chapter.length()) {
        Some(left) => {
            *free = left;
            true
        }
        None => false,
    };
    let kept = chapters.iter().map(fits).take_while(|fits| *fits).count();
    chapters.split_off(kept).len()
}

/// How many entries of each group are left out, the gravest first.
type LeftOut = BTreeMap<(Reverse<Weight>, Line), usize>;

/// Keeps the items that fit, gravest first through all chapters.
fn drop_items(chapters: &mut [Chapter], free: &mut usize) -> LeftOut {
    let sections = chapters.iter_mut().flat_map(|chapter| {
        let name = chapter.name.clone();
        chapter.sections.iter_mut().map(move |section| (name.clone(), section))
    });
    let mut sections: Vec<(String, &mut Section)> = sections.collect();
    sections.sort_by_key(|(_, section)| Reverse(section.weight));
    let mut full = false;
    let mut left_out = LeftOut::new();
    for (name, section) in sections {
        let fits = |item: &Piece| match free.checked_sub(length(&item.text)) {
            Some(left) if !full => {
                *free = left;
                true
            }
            _ => false,
        };
        let kept = section.items.iter().take(MAX_ITEMS).map(fits).take_while(|fits| *fits).count();
        full |= kept < section.items.len().min(MAX_ITEMS);
        for item in section.items.split_off(kept) {
            count(&mut left_out, &name, section.weight, item);
        }
    }
    left_out
}

fn count(left_out: &mut LeftOut, name: &str, weight: Weight, item: Piece) {
    let name = if name.is_empty() { Line::new() } else { vec![Span::Text(name.to_owned())] };
    let group = joined([name, item.group], " · ");
    *left_out.entry((Reverse(weight), group)).or_default() += item.count;
}

/// Renders what was left out and where it is, in about `room` characters.
fn notes(left_out: LeftOut, dropped: usize, style: &dyn Style, room: usize) -> String {
    let words = style.words();
    let entries = words.entries.with_count(left_out.values().sum());
    let left = (!left_out.is_empty()).then(|| fill_template(words.left_out, &[entries]));
    let dropped = (dropped > 0).then(|| words.sources_left_out.with_count(dropped));
    let mut out: Vec<String> = left.into_iter().chain(dropped).map(|line| style.strong(&line) + "\n").collect();
    if out.is_empty() {
        return String::new();
    }
    out.push(style.line(&plain(words.whole_report)) + "\n");
    // A fifth is kept for the lines above and below.
    let mut room = room / 5 * 4;
    let groups = groups(left_out, style);
    let count = groups.len();
    let fits = |line: &String| {
        room.checked_sub(length(line)).is_some_and(|left| {
            room = left;
            true
        })
    };
    let rendered: Vec<String> = groups.into_iter().take_while(fits).collect();
    let rest = count - rendered.len();
    out.extend(rendered);
    out.extend((rest > 0).then(|| style.item(&[words.more_groups.with_count(rest)], &[])));
    out.join("\n") + "\n\n"
}

/// Renders a line for each group, the gravest and largest first.
fn groups(left_out: LeftOut, style: &dyn Style) -> Vec<String> {
    let words = style.words();
    let mut groups: Vec<_> = left_out.into_iter().collect();
    groups.sort_by_key(|((weight, _), count)| (*weight, Reverse(*count)));
    let line = |((Reverse(weight), group), count): ((Reverse<Weight>, Line), usize)| {
        let group = joined([plain(words.weight(weight)), group], " · ");
        style.item(&[fill_template(words.colon, &[group, words.entries.with_count(count)])], &[])
    };
    groups.into_iter().map(line).collect()
}

fn written(chapter: &Chapter, style: &dyn Style) -> Vec<String> {
    let mut out = chapter.head.clone();
    for section in chapter.sections.iter().filter(|section| !section.items.is_empty()) {
        let frame = style.section(section.weight, &section.title);
        out.push(frame.open);
        let open = if frame.folded { section.items.len() } else { section.items.len().min(MAX_OPEN_ITEMS) };
        let (open, folded) = section.items.split_at(open);
        out.extend(open.iter().map(|item| item.text.clone()));
        let fold = if folded.is_empty() { None } else { style.fold(folded.len()) };
        let (before, after) = fold.map(|fold| (fold.open, fold.close)).unzip();
        out.extend(before);
        out.extend(folded.iter().map(|item| item.text.clone()));
        out.extend(after);
        out.push(frame.close);
    }
    out
}

fn length(line: &str) -> usize {
    line.chars().count() + 1
}
