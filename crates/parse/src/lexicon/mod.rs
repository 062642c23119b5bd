//! The lexicon: the roles of header words, the topics of titles, and the kinds of cells. Each has one definition.

pub(crate) mod cells;
pub(crate) mod compose;
pub(crate) mod headers;
mod spellings;
pub(crate) mod words;

pub(crate) use spellings::Strength;
