//! What a page says about itself, and what it is where it holds no error table.

pub(crate) mod absence;
pub(crate) mod facts;
