//! The name of the file of pending removals, which is written only when they change.

pub(crate) const FILE_NAME: &str = "pending.json";
