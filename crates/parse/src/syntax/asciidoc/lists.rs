//! Reads list items and the terms of description lists.

use super::{
    list_markers::{MarkedItem, Marker, parse_item},
    reader::AsciidocReader,
};
use crate::syntax::block::Content;

impl<'a> AsciidocReader<'a> {
    pub(super) fn read_item(&mut self, line: &'a str) -> bool {
        let Some(MarkedItem { marker, term, text }) = parse_item(line) else { return false };
        let first = self.at;
        self.emit_block_title();
        self.is_attached = false;
        let is_term = matches!(marker, Marker::Term(_));
        self.lists.enter(marker);
        let depth = self.lists.depth();
        self.at += 1;
        if let Some(term) = term {
            let prose = self.render(term).into_prose(depth);
            self.emit(first, Content::Term(prose));
        }
        let first_text = if text.is_empty() { self.at } else { first };
        let text = self.read_text(text, true);
        self.is_term_open = is_term && text.is_empty();
        let prose = self.render(&text).into_prose(depth);
        if !prose.text.is_empty() {
            let content = if is_term { Content::Definition(prose) } else { Content::Item(prose) };
            self.emit(first_text, content);
        }
        true
    }

    pub(super) fn read_continuation(&mut self, line: &'a str) -> bool {
        let is_continuation = line == "+" && !self.lists.is_empty();
        if is_continuation {
            // Blank lines before it attach the block to the outer list.
            let blanks = self.lines[..self.at].iter().rev().take(2).take_while(|line| line.trim().is_empty()).count();
            if blanks > 0 && self.lists.depth() > 1 {
                self.lists.leave();
            }
            self.is_attached = true;
            self.at += 1;
        }
        is_continuation
    }
}
