//! The commands beside `refresh`, a file each.

pub(crate) mod align;
pub(crate) mod archive;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod git_diff_driver;
pub(crate) mod heal;
pub(crate) mod history;
pub(crate) mod lint;
pub(crate) mod probe;
pub(crate) mod replay;
pub(crate) mod status;
pub(crate) mod verify;
