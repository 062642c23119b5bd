//! Markup readers: each turns the text of a page into blocks and knows nothing of error codes.
#![allow(clippy::doc_markdown, reason = "AsciiDoc is the name of a language, not of an item")]

pub(crate) mod asciidoc;
pub(crate) mod block;
mod delimited;
mod prose;
pub(crate) mod rst;
mod slots;
#[cfg(test)]
mod testing;
