//! Reads section titles and transitions.

use super::{
    drawing::width,
    inline,
    lines::Line,
    reader::{Place, Reader},
};
use crate::syntax::block::Content;
use docdrift_model::text::tidy;

/// The length from which an underline counts although it is shorter than its title, as in docutils.
const SHORT_UNDERLINE: usize = 4;
/// The innermost level of a title. Level 7 is for lines that only look like headings.
const MAX_LEVEL: usize = 6;

/// The adornment of a title. The order in which styles first appear defines their levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TitleStyle {
    sign: char,
    has_overline: bool,
}

/// Returns the character that a line of punctuation repeats.
pub(super) fn adornment(text: &str) -> Option<char> {
    let sign = text.chars().next().filter(char::is_ascii_punctuation)?;
    let is_uniform = text.bytes().all(|b| char::from(b) == sign);
    (is_uniform && !matches!(text, "::" | "..")).then_some(sign)
}

fn fits(underline: &str, title: &str) -> bool {
    underline.len() >= SHORT_UNDERLINE || underline.len() >= width(title)
}

/// Finds the title at the start of `lines`. Returns its style, its text and its number of lines.
pub(super) fn find_title<'a>(lines: &[Line<'a>]) -> Option<(TitleStyle, &'a str, usize)> {
    let first = lines.first()?;
    let second = lines.get(1).filter(|line| !line.is_blank())?;
    if let Some(sign) = adornment(first.text) {
        let third = lines.get(2)?;
        let has_overline = adornment(third.text) == Some(sign) && adornment(second.text).is_none();
        let is_title = has_overline && third.indent == first.indent && fits(third.text, second.text);
        return is_title.then_some((TitleStyle { sign, has_overline }, second.text, 3));
    }
    let sign = adornment(second.text).filter(|_| second.indent == first.indent && !first.is_blank())?;
    fits(second.text, first.text).then_some((TitleStyle { sign, has_overline: false }, first.text, 2))
}

impl Reader<'_> {
    pub(super) fn read_title(&mut self, at: usize, end: usize, place: Place) -> Option<usize> {
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
    pub(super) fn read_transition(&mut self, at: usize, end: usize, _place: Place) -> Option<usize> {
        let line = self.lines[at];
        let is_alone = at + 1 >= end || self.lines[at + 1].is_blank();
        (adornment(line.text).is_some() && line.text.len() >= SHORT_UNDERLINE && is_alone).then_some(at + 1)
    }
}
