//! A file of the run state: JSON below the private folder, written whole.

use std::path::Path;

use docdrift_files::{
    PRIVATE_FOLDER, Result, StorageError, check_target, make_scratch_folder, read_text_optional, replace_file,
};
use serde::{Serialize, de::DeserializeOwned};

/// Reads a file of the run state. The default value when there is none.
pub(super) fn read<T: DeserializeOwned + Default>(root: &Path, name: &str) -> Result<T> {
    let path = root.join(PRIVATE_FOLDER).join(name);
    let Some(text) = read_text_optional(&path)? else { return Ok(T::default()) };
    serde_json::from_str(&text).map_err(|error| {
        StorageError::damaged(format!("{} is damaged: remove it", path.display())).at(&path).caused_by(error)
    })
}

/// Writes a file of the run state, unless it has this content.
pub(super) fn write<T>(root: &Path, name: &str, content: &T) -> Result<()>
where
    T: Serialize + DeserializeOwned + Default + PartialEq,
{
    let relative = Path::new(PRIVATE_FOLDER).join(name);
    check_target(root, &relative)?;
    if read::<T>(root, name).is_ok_and(|current| current == *content) {
        return Ok(());
    }
    let text = serde_json::to_string_pretty(content)? + "\n";
    replace_file(&make_scratch_folder(root)?, &root.join(relative), text.as_bytes())
}
