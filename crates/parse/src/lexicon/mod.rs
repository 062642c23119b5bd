//! Words and cells: what header words name, what titles speak of, what a cell looks like. One definition of each.

pub(crate) mod cells;
pub(crate) mod compose;
pub(crate) mod headers;
mod spellings;
pub(crate) mod words;
