//! What a page says about itself, and what it is if it has no error table.

pub(crate) mod facts;
pub(crate) mod no_table;
