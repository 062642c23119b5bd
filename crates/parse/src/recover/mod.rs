//! Passes that propose tables. Each pass turns a section of the page into candidates, and none decides whether a
//! candidate lists errors. The order of [`PASSES`] breaks ties between candidates of the same blocks.

mod borderless;
mod collapsed;
mod entries;
mod entry_key;
mod folded;
mod labelled;
mod printed;
mod samples;
mod status_labels;
mod tabbed;
mod transposed;

use std::{borrow::Cow, ops::Range};

use docdrift_model::Warning;

use crate::{
    lexicon::words::is_title_like,
    syntax::block::{Block, Content, RawTable},
};

/// The maximum number of blocks between a table and the heading or line that is its title. An introduction has one or
/// two paragraphs.
const MAX_INTRO_BLOCKS: usize = 3;
/// The maximum number of headings kept above a section. HTML and Markdown have six levels.
const MAX_PATH: usize = 8;

/// A pass over one section, with its name.
pub(crate) struct Pass {
    /// The name used in traces.
    pub(crate) name: &'static str,
    run: for<'a> fn(&Outline<'a>, &Section) -> Vec<Candidate<'a>>,
}

/// All passes in order.
pub(crate) const PASSES: [Pass; 10] = [
    Pass { name: "folded", run: folded::propose },
    Pass { name: "printed", run: printed::propose },
    Pass { name: "transposed", run: transposed::propose },
    Pass { name: "tabbed", run: tabbed::propose },
    Pass { name: "borderless", run: borderless::propose },
    Pass { name: "collapsed", run: collapsed::propose },
    Pass { name: "labelled", run: labelled::propose },
    Pass { name: "status-labels", run: status_labels::propose },
    Pass { name: "entries", run: entries::propose },
    Pass { name: "samples", run: samples::propose },
];

/// A table that may list errors.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    /// The name of the pass that proposed it.
    pub(crate) pass: &'static str,
    /// The blocks it was made of, in order. Other blocks may be between them.
    pub(crate) blocks: Vec<Range<usize>>,
    /// The rows, including the header. The header of a list consists of its labels.
    pub(crate) table: Cow<'a, RawTable>,
    /// Whether it was made of a list. Its first column is the code, and its first row is the header.
    pub(crate) is_list: bool,
    /// Whether it is inside a cell of the candidate before it.
    pub(crate) is_inner: bool,
    /// The headings above, outermost first, as indexes of blocks.
    pub(crate) path: Vec<usize>,
    /// Warnings to report if it is accepted.
    pub(crate) warnings: Vec<Warning>,
}

/// A page divided into sections.
pub(crate) struct Outline<'a> {
    pub(crate) blocks: &'a [Block],
    /// The source lines; empty for HTML.
    pub(crate) lines: &'a [&'a str],
    /// Whether the lines are Markdown.
    pub(crate) is_markdown: bool,
    /// The text blocks that read like titles. They are computed once, since many tables may search for the nearest one.
    title_lines: Vec<usize>,
}

/// The blocks under one heading.
#[derive(Debug)]
pub(crate) struct Section {
    /// The headings above, outermost first and the section's own last, as indexes of blocks.
    pub(crate) path: Vec<usize>,
    /// The blocks up to the next heading of any level.
    pub(crate) own: Range<usize>,
    /// The blocks up to the next heading of the same or an outer level.
    pub(crate) whole: Range<usize>,
}

impl<'a> Outline<'a> {
    /// Creates the outline of a page. `lines` are its source lines if the passes over text need them.
    pub(crate) fn new(blocks: &'a [Block], lines: &'a [&'a str], is_markdown: bool) -> Self {
        let is_title = |block: &Block| matches!(&block.content, Content::Text(prose) if is_title_like(&prose.text));
        let title_lines = (0..blocks.len()).filter(|at| is_title(&blocks[*at])).collect();
        Self { blocks, lines, is_markdown, title_lines }
    }

    /// Returns the last text block in the range that reads like a title.
    pub(crate) fn title_line(&self, range: Range<usize>) -> Option<usize> {
        let end = self.title_lines.partition_point(|at| *at < range.end);
        self.title_lines[..end].last().copied().filter(|at| *at >= range.start)
    }

    /// Returns the sections in page order. The first one is above the first heading.
    pub(crate) fn sections(&self) -> Vec<Section> {
        let mut sections = vec![Section { path: Vec::new(), own: 0..self.blocks.len(), whole: 0..self.blocks.len() }];
        // The indexes of the open sections, outermost first.
        let mut open: Vec<(u8, usize)> = Vec::new();
        for (at, block) in self.blocks.iter().enumerate() {
            let Content::Heading { level, .. } = block.content else { continue };
            if let Some(last) = sections.last_mut() {
                last.own.end = at;
            }
            while let Some((_, index)) = open.pop_if(|(above, _)| *above >= level) {
                sections[index].whole.end = at;
            }
            let above = open.last().map_or(&[][..], |(_, index)| sections[*index].path.as_slice());
            let skip = above.len().saturating_sub(MAX_PATH);
            let path: Vec<usize> = above.iter().copied().skip(skip).chain([at]).collect();
            let rest = at + 1..self.blocks.len();
            open.push((level, sections.len()));
            sections.push(Section { path, own: rest.clone(), whole: rest });
        }
        sections
    }

    /// Runs every pass over every section.
    pub(crate) fn propose(&self) -> Vec<Candidate<'a>> {
        let sections = self.sections();
        let mut found = Vec::new();
        for pass in &PASSES {
            for section in &sections {
                let proposed = (pass.run)(self, section).into_iter();
                found.extend(proposed.map(|candidate| Candidate { pass: pass.name, ..candidate }));
            }
        }
        found
    }

    /// Returns the text of a heading.
    pub(crate) fn heading_text(&self, at: usize) -> &'a str {
        self.blocks.get(at).and_then(Block::words).unwrap_or_default()
    }

    /// Returns the text blocks directly above `at`, the nearest first, down to the start of the section or another
    /// table.
    pub(crate) fn intro_texts(&self, section_start: usize, at: usize) -> impl Iterator<Item = &'a str> {
        let above = self.blocks[section_start.min(at)..at].iter().rev();
        above.map_while(Block::words).take(MAX_INTRO_BLOCKS)
    }

    /// Returns the source lines of a range of blocks, as indexes from zero.
    pub(crate) fn line_range(&self, blocks: &Range<usize>) -> Range<usize> {
        let first = self.blocks.get(blocks.start).map_or(0, |block| block.span.first.saturating_sub(1));
        let last = self.blocks[..blocks.end.min(self.blocks.len())].last().map_or(first, |block| block.span.last);
        first.min(self.lines.len())..last.clamp(first.min(self.lines.len()), self.lines.len())
    }

    /// Returns the blocks of `within` that overlap a range of source lines.
    pub(crate) fn blocks_in_lines(&self, within: &Range<usize>, lines: &Range<usize>) -> Range<usize> {
        let blocks = &self.blocks[within.clone()];
        let start = blocks.partition_point(|block| block.span.last <= lines.start);
        let end = blocks.partition_point(|block| block.span.first <= lines.end);
        within.start + start..within.start + end.max(start)
    }
}

impl<'a> Candidate<'a> {
    /// Creates a candidate from blocks of a section.
    pub(crate) fn new(section: &Section, blocks: Range<usize>, table: Cow<'a, RawTable>) -> Self {
        Self {
            pass: "",
            blocks: vec![blocks],
            table,
            is_list: false,
            is_inner: false,
            path: section.path.clone(),
            warnings: Vec::new(),
        }
    }

    /// Creates a candidate from a list. The first row of `table` has its labels.
    pub(crate) fn from_list(section: &Section, blocks: Vec<Range<usize>>, table: RawTable) -> Self {
        Self { is_list: true, blocks, ..Self::new(section, 0..0, Cow::Owned(table)) }
    }

    /// Returns the first block it was made of.
    pub(crate) fn start(&self) -> usize {
        self.blocks.first().map_or(0, |range| range.start)
    }

    /// Returns the index after its last block.
    pub(crate) fn end(&self) -> usize {
        self.blocks.last().map_or(0, |range| range.end)
    }
}

/// Removes the bullets that remain of a list whose markup is lost. A sign before a number is no bullet.
fn strip_bullets(text: &str) -> &str {
    let mut stripped = text.trim_start();
    while let Some(rest) =
        stripped.strip_prefix(['-', '*', '•']).filter(|rest| rest.is_empty() || rest.starts_with(' '))
    {
        stripped = rest.trim_start();
    }
    stripped.trim_end_matches([' ', '|'])
}

#[cfg(test)]
mod tests {
    use super::{Candidate, Outline, Section};
    use crate::syntax::block::Block;

    /// Returns the rows, including the header, of the first candidate of a pass for these lines.
    pub(super) fn first_rows(
        lines: &[&str],
        pass: for<'a> fn(&Outline<'a>, &Section) -> Vec<Candidate<'a>>,
    ) -> Vec<Vec<String>> {
        let blocks: Vec<Block> = lines.iter().map(|line| Block::text(line)).collect();
        let outline = Outline::new(&blocks, &[], false);
        let found = pass(&outline, &outline.sections()[0]);
        found.into_iter().next().map(|candidate| candidate.table.into_owned().rows).unwrap_or_default()
    }

    #[test]
    fn divides_a_page_by_headings() {
        let heading =
            |level, text: &str| Block::new(crate::syntax::block::Content::Heading { level, text: text.to_owned() });
        let blocks = [Block::text("a"), heading(1, "A"), heading(2, "B"), Block::text("b"), heading(1, "C")];
        let outline = Outline::new(&blocks, &[], false);
        let found: Vec<_> = outline.sections().into_iter().map(|s| (s.path, s.own, s.whole)).collect();
        assert_eq!(
            found,
            [(vec![], 0..1, 0..5), (vec![1], 2..2, 2..4), (vec![1, 2], 3..4, 3..4), (vec![4], 5..5, 5..5)]
        );
    }
}
