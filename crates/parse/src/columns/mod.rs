//! Columns: which column of a table is what. Header words and content are evidence for one assignment of roles.

mod assign;
mod profile;

pub(crate) use assign::{Columns, assign_roles, list_roles};
pub(crate) use profile::Profile;
