//! The state that the readers of inline markup share.

use super::prose::Rendered;

/// A position in the source of a paragraph, with the text rendered so far.
pub(super) struct InlineCursor<'a> {
    pub(super) source: &'a str,
    /// The position of the next character in bytes.
    pub(super) at: usize,
    pub(super) out: Rendered,
}

impl<'a> InlineCursor<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, at: 0, out: Rendered::default() }
    }

    /// Returns the source from here on.
    pub(super) fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Returns the character before this position.
    pub(super) fn previous(&self) -> Option<char> {
        self.source[..self.at].chars().next_back()
    }

    /// Renders the next `length` bytes as they are. Returns `true`: something was read.
    pub(super) fn push_source(&mut self, length: usize) -> bool {
        self.out.text.push_str(&self.rest()[..length]);
        self.at += length;
        true
    }

    /// Finds the closing `sign` of a text that starts at `from` and is not empty. `is_closing` receives the character
    /// before a sign and the byte after it.
    pub(super) fn find_closing(
        &self,
        from: usize,
        sign: &str,
        is_closing: impl Fn(Option<char>, Option<u8>) -> bool,
    ) -> Option<usize> {
        let is_end = |at: &usize| {
            let before = self.source[..*at].chars().next_back();
            let after = self.source.as_bytes().get(at + sign.len()).copied();
            *at > from && is_closing(before, after)
        };
        self.source[from..].match_indices(sign).map(|(at, _)| from + at).find(is_end)
    }
}

/// A reader of the inline markup of one format.
pub(super) trait InlineReader<'a>: Sized {
    fn cursor(&mut self) -> &mut InlineCursor<'a>;

    /// Reads the markup that starts with `c` here. Returns whether there is any.
    fn read_markup(&mut self, c: char) -> bool;

    /// Renders the whole source.
    fn render(mut self) -> Rendered {
        while let Some(c) = self.cursor().rest().chars().next() {
            if !self.read_markup(c) {
                self.cursor().push_source(c.len_utf8());
            }
        }
        std::mem::take(&mut self.cursor().out)
    }
}
