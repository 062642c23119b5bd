//! The commands that write nothing, a file each.

pub(crate) mod align;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod git_diff_driver;
pub(crate) mod history;
pub(crate) mod lint;
pub(crate) mod probe;
pub(crate) mod status;
