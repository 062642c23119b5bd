//! Chapters and sections within a length: what is gravest is kept, the rest is counted.

use std::cmp::Reverse;

use docdrift_model::Severity;

use crate::style::Style;

/// What is kept free for the lines that say what was left out.
const RESERVE: usize = 2_000;

/// What is said of one source.
pub(crate) struct Chapter {
    /// The lines that are kept in any case.
    pub(crate) head: Vec<String>,
    /// The rest.
    pub(crate) sections: Vec<Section>,
}

/// The items of one severity.
pub(crate) struct Section {
    pub(crate) severity: Severity,
    /// How many entries the items are about, all together.
    pub(crate) count: usize,
    /// Each item with the number of entries it is about.
    pub(crate) items: Vec<(String, usize)>,
}

impl Chapter {
    fn length(&self) -> usize {
        // What a section adds around its items is well below this.
        let frame = 150;
        self.head.iter().map(|line| length(line)).sum::<usize>() + frame * self.sections.len()
    }
}

/// `chapters` in their order, in at most `limit` characters.
pub(crate) fn fit(mut chapters: Vec<Chapter>, style: &dyn Style, limit: usize) -> String {
    let free = limit.saturating_sub(RESERVE);
    // Many small heads must leave room for what they are about.
    let mut heads = free / 2;
    let dropped = drop_chapters(&mut chapters, &mut heads);
    let mut free = free / 2 + heads;
    let left_out = drop_items(&mut chapters, &mut free);
    let mut out: Vec<String> = chapters.iter().flat_map(|chapter| written(chapter, style)).collect();
    let notes = [
        (left_out, "more changed entries are left out here; the gravest are above"),
        (dropped, "more sources are left out here; the gravest are above"),
    ];
    let notes = notes.iter().filter(|(count, _)| *count > 0);
    out.extend(notes.map(|(count, note)| style.strong(&format!("{count} {note}"))));
    let mut out = out.join("\n");
    out.push('\n');
    out
}

/// Keeps the chapters whose heads fit; says how many are dropped.
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

/// Keeps the items that fit, gravest first through all chapters; says how many entries the others are about.
fn drop_items(chapters: &mut [Chapter], free: &mut usize) -> usize {
    let mut sections: Vec<&mut Section> = chapters.iter_mut().flat_map(|chapter| &mut chapter.sections).collect();
    sections.sort_by_key(|section| Reverse(section.severity));
    let mut full = false;
    let mut left_out = 0;
    for section in sections {
        let fits = |(item, _): &(String, usize)| match free.checked_sub(length(item)) {
            Some(left) if !full => {
                *free = left;
                true
            }
            _ => false,
        };
        let kept = section.items.iter().map(fits).take_while(|fits| *fits).count();
        full |= kept < section.items.len();
        left_out += section.items.split_off(kept).iter().map(|(_, count)| count).sum::<usize>();
    }
    left_out
}

fn written(chapter: &Chapter, style: &dyn Style) -> Vec<String> {
    let mut out = chapter.head.clone();
    for section in chapter.sections.iter().filter(|section| !section.items.is_empty()) {
        let (open, close) = style.section(section.severity, section.count);
        out.push(open);
        out.extend(section.items.iter().map(|(item, _)| item.clone()));
        out.push(close);
    }
    out
}

fn length(line: &str) -> usize {
    line.chars().count() + 1
}
