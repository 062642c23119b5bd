//! The small private files of `.docdrift/` that one run leaves for the next: JSON, written whole, and only when what they
//! tell changes.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::files;

/// What the file at `path` tells; nothing where there is none.
pub(crate) fn read<T: DeserializeOwned + Default>(path: &Path) -> Result<T> {
    let Some(text) = files::read_text_optional(path)? else { return Ok(T::default()) };
    serde_json::from_str(&text).with_context(|| format!("{} is damaged: remove it", path.display()))
}

/// Writes the file `relative` below `root` unless it tells just that; `scratch` is a private folder of the same file
/// system.
pub(crate) fn keep<T>(root: &Path, scratch: &Path, relative: &Path, told: &T) -> Result<()>
where
    T: Serialize + DeserializeOwned + Default + PartialEq,
{
    files::check_target(root, relative)?;
    let path = root.join(relative);
    if read::<T>(&path).is_ok_and(|known| known == *told) {
        return Ok(());
    }
    files::write_whole(scratch, &path, (serde_json::to_string_pretty(told)? + "\n").as_bytes())
}
