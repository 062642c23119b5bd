//! Recovery: passes that propose tables. Each pass takes a section of the page and gives candidates; none decides whether
//! a candidate lists errors. The order of [`PASSES`] breaks ties between candidates of the same blocks.

mod borderless;
mod collapsed;
mod entries;
mod folded;
mod key;
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

/// Headings and lines that may be the title of what follows stand no further above it.
const MAX_INTRO_BLOCKS: usize = 3;
/// Headings above a section that are kept.
const MAX_PATH: usize = 8;

/// A named pass over one section.
pub(crate) struct Pass {
    /// The name used in traces.
    pub(crate) name: &'static str,
    run: for<'a> fn(&Outline<'a>, &Section) -> Vec<Candidate<'a>>,
}

/// All passes, in order.
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
    /// The pass that proposed it.
    pub(crate) pass: &'static str,
    /// The blocks it was made of, in order; others may stand between.
    pub(crate) blocks: Vec<Range<usize>>,
    /// The rows among which the header is; lists have their labels as header.
    pub(crate) table: Cow<'a, RawTable>,
    /// Whether it was made of a list: its first column is the code, and the header row is known to be the first.
    pub(crate) is_list: bool,
    /// Whether it stands inside a cell of the candidate before it.
    pub(crate) is_inner: bool,
    /// The headings above, outermost first, as indexes of blocks.
    pub(crate) path: Vec<usize>,
    /// What a person should know if it is taken.
    pub(crate) warnings: Vec<Warning>,
}

/// A page cut into sections.
pub(crate) struct Outline<'a> {
    pub(crate) blocks: &'a [Block],
    /// The source lines; empty for HTML.
    pub(crate) lines: &'a [&'a str],
    /// Whether the lines are Markdown.
    pub(crate) is_markdown: bool,
    /// The blocks of text that read like titles: found once, since many tables may ask for the one above them.
    title_lines: Vec<usize>,
}

/// What stands under one heading.
#[derive(Debug)]
pub(crate) struct Section {
    /// The headings above, outermost first and this section's own last, as indexes of blocks.
    pub(crate) path: Vec<usize>,
    /// The blocks up to the next heading of any level.
    pub(crate) own: Range<usize>,
    /// The blocks up to the next heading of this level or an outer one.
    pub(crate) whole: Range<usize>,
}

impl<'a> Outline<'a> {
    /// The outline of a page's blocks; `lines` are its source lines where passes over text need them.
    pub(crate) fn new(blocks: &'a [Block], lines: &'a [&'a str], is_markdown: bool) -> Self {
        let is_title = |block: &Block| matches!(&block.content, Content::Text(prose) if is_title_like(&prose.text));
        let title_lines = (0..blocks.len()).filter(|at| is_title(&blocks[*at])).collect();
        Self { blocks, lines, is_markdown, title_lines }
    }

    /// The last block of text in the range that reads like a title.
    pub(crate) fn title_line(&self, range: Range<usize>) -> Option<usize> {
        let end = self.title_lines.partition_point(|at| *at < range.end);
        self.title_lines[..end].last().copied().filter(|at| *at >= range.start)
    }

    /// The sections of the page in page order; the first is what stands above the first heading.
    pub(crate) fn sections(&self) -> Vec<Section> {
        let mut sections = vec![Section { path: Vec::new(), own: 0..self.blocks.len(), whole: 0..self.blocks.len() }];
        // The open sections, by index, outermost first.
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

    /// The text of a heading.
    pub(crate) fn heading(&self, at: usize) -> &'a str {
        self.blocks.get(at).and_then(Block::words).unwrap_or_default()
    }

    /// The blocks of text right above `at`, the nearest first, down to the section's start or another table.
    pub(crate) fn intro(&self, section_start: usize, at: usize) -> impl Iterator<Item = &'a str> {
        let above = self.blocks[section_start.min(at)..at].iter().rev();
        above.map_while(Block::words).take(MAX_INTRO_BLOCKS)
    }

    /// The source lines of a range of blocks, as indexes from zero.
    pub(crate) fn line_range(&self, blocks: &Range<usize>) -> Range<usize> {
        let first = self.blocks.get(blocks.start).map_or(0, |block| block.span.first.saturating_sub(1));
        let last = self.blocks[..blocks.end.min(self.blocks.len())].last().map_or(first, |block| block.span.last);
        first.min(self.lines.len())..last.clamp(first.min(self.lines.len()), self.lines.len())
    }

    /// The blocks of `within` that stand in a range of source lines.
    pub(crate) fn blocks_of_lines(&self, within: &Range<usize>, lines: &Range<usize>) -> Range<usize> {
        let blocks = &self.blocks[within.clone()];
        let start = blocks.partition_point(|block| block.span.last <= lines.start);
        let end = blocks.partition_point(|block| block.span.first <= lines.end);
        within.start + start..within.start + end.max(start)
    }
}

impl<'a> Candidate<'a> {
    /// A candidate of some blocks of a section.
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

    /// A candidate made of a list, whose first row holds its labels.
    pub(crate) fn list(section: &Section, blocks: Vec<Range<usize>>, table: RawTable) -> Self {
        Self { is_list: true, blocks, ..Self::new(section, 0..0, Cow::Owned(table)) }
    }

    /// The first block it was made of.
    pub(crate) fn start(&self) -> usize {
        self.blocks.first().map_or(0, |range| range.start)
    }

    /// The block after the last it was made of.
    pub(crate) fn end(&self) -> usize {
        self.blocks.last().map_or(0, |range| range.end)
    }
}

/// The text without the bullets that a lost list leaves. A sign before a number is no bullet.
fn bare(text: &str) -> &str {
    let mut bare = text.trim_start();
    while let Some(rest) = bare.strip_prefix(['-', '*', '•']).filter(|rest| rest.is_empty() || rest.starts_with(' '))
    {
        bare = rest.trim_start();
    }
    bare.trim_end_matches([' ', '|'])
}

#[cfg(test)]
mod tests {
    use super::{Candidate, Outline, Section};
    use crate::syntax::block::Block;

    /// The rows that a pass proposes first for these lines of text, header and all.
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
    fn sections_follow_headings() {
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
