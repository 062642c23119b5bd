//! `.docdrift/pending.json`: removals that wait for confirmation by another run.

pub(super) const FILE_NAME: &str = "pending.json";
