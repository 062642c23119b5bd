//! Determines the role of each column of a table, with header words and content as evidence.

mod assign;
mod profile;

pub(crate) use assign::{Columns, assign_list_roles, assign_roles};
pub(crate) use profile::Profile;
