//! Reads section titles and transitions.

use super::{
    adornments::{MIN_UNDERLINE, adornment, find_title},
    inline,
    reader::{BlockPlace, RstReader},
};
use crate::syntax::block::Content;
use docdrift_model::text::tidy;

/// The innermost level of a title. Level 7 is for lines that only look like headings.
const MAX_LEVEL: usize = 6;

impl RstReader<'_> {
    pub(super) fn read_title(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        if place.is_cell || place.depth > 0 {
            return None;
        }
        let (style, text, length) = find_title(&self.lines[at..end])?;
        let index = self.styles.iter().position(|known| *known == style).unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        let text = tidy(&inline::render(text, self.substitutions).text);
        // There are few signs and therefore few styles, so the level fits.
        let level = u8::try_from((index + 1).min(MAX_LEVEL)).unwrap_or(u8::MAX);
        self.emit(at..at + length, Content::Heading { level, text });
        Some(at + length)
    }

    /// Reads a line of punctuation between blank lines.
    pub(super) fn read_transition(&mut self, at: usize, end: usize, _place: BlockPlace) -> Option<usize> {
        let line = self.lines[at];
        let is_alone = at + 1 >= end || self.lines[at + 1].is_blank();
        (adornment(line.text).is_some() && line.text.len() >= MIN_UNDERLINE && is_alone).then_some(at + 1)
    }
}
