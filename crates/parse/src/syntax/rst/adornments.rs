//! Recognizes section titles by their adornment.

use super::{drawing::width, lines::Line};

/// The length from which an underline counts although it is shorter than its title, as in docutils.
pub(super) const MIN_UNDERLINE: usize = 4;

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

fn is_long_enough(underline: &str, title: &str) -> bool {
    underline.len() >= MIN_UNDERLINE || underline.len() >= width(title)
}

/// Finds the title at the start of `lines`. Returns its style, its text and its number of lines.
pub(super) fn find_title<'a>(lines: &[Line<'a>]) -> Option<(TitleStyle, &'a str, usize)> {
    let first = lines.first()?;
    let second = lines.get(1).filter(|line| !line.is_blank())?;
    if let Some(sign) = adornment(first.text) {
        let third = lines.get(2)?;
        let has_overline = adornment(third.text) == Some(sign) && adornment(second.text).is_none();
        let is_title = has_overline && third.indent == first.indent && is_long_enough(third.text, second.text);
        return is_title.then_some((TitleStyle { sign, has_overline }, second.text, 3));
    }
    let sign = adornment(second.text).filter(|_| second.indent == first.indent && !first.is_blank())?;
    is_long_enough(second.text, first.text).then_some((TitleStyle { sign, has_overline: false }, first.text, 2))
}
