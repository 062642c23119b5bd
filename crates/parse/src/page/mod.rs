//! What a page says about itself, and what it is if it has no error table.

pub(crate) mod absence;
pub(crate) mod facts;
