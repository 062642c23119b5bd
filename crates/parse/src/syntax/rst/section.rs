//! Section titles and transitions.

use super::{
    drawing::width,
    inline,
    lines::Line,
    reader::{Place, Reader},
};
use crate::syntax::block::Content;
use docdrift_model::text::tidy;

/// An underline shorter than its title still counts from this length on, as docutils has it.
const SHORT_UNDERLINE: usize = 4;
/// The innermost level a title can have; 7 is for lines that only look like headings.
const MAX_LEVEL: usize = 6;

/// How a title is adorned: its level is the order in which the styles of a page appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TitleStyle {
    sign: char,
    has_overline: bool,
}

/// The character that a line repeats, where it is a line of punctuation.
pub(super) fn adornment(text: &str) -> Option<char> {
    let sign = text.chars().next().filter(char::is_ascii_punctuation)?;
    let is_uniform = text.bytes().all(|b| char::from(b) == sign);
    (is_uniform && !matches!(text, "::" | "..")).then_some(sign)
}

fn fits(underline: &str, title: &str) -> bool {
    underline.len() >= SHORT_UNDERLINE || underline.len() >= width(title)
}

/// The title at the start of `lines`: its style, its text and how many lines it takes.
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
        // There are few signs, hence few styles: the level fits.
        let level = u8::try_from((index + 1).min(MAX_LEVEL)).unwrap_or(u8::MAX);
        self.emit(at..at + length, Content::Heading { level, text });
        Some(at + length)
    }

    /// A line of punctuation between blank lines.
    pub(super) fn read_transition(&mut self, at: usize, end: usize, _place: Place) -> Option<usize> {
        let line = self.lines[at];
        let is_alone = at + 1 >= end || self.lines[at + 1].is_blank();
        (adornment(line.text).is_some() && line.text.len() >= SHORT_UNDERLINE && is_alone).then_some(at + 1)
    }
}
