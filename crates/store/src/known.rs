//! `.docdrift/known.json`: what a run found out and no later one need find out again while nothing that it depends on
//! changes. Private, and nothing is lost with it: then all is found out anew.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::Result;
use docdrift_model::text::digest;
use serde::{Deserialize, Serialize};

use crate::{dataset, files};

pub(crate) const FILE_NAME: &str = "known.json";

/// Something found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// A digest of all that it depends on: with another one it is not known.
    pub key: String,
    /// What was found out.
    pub told: serde_json::Value,
}

/// Tells this build of the running program from others: what one build found out, another may see otherwise. `None`
/// where that cannot be told.
pub fn program() -> Option<String> {
    let facts = std::env::current_exe().ok()?.metadata().ok()?;
    let built = facts.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{} {}", facts.len(), built.as_nanos()))
}

/// A digest of all snapshots and of the dataset below `root`: their names and bytes.
pub(crate) fn data_digest(root: &Path) -> Result<String> {
    let mut listing = Vec::new();
    let mut folders = vec![PathBuf::from("snapshots"), PathBuf::from(dataset::FOLDER)];
    while let Some(folder) = folders.pop() {
        for name in files::list(&root.join(&folder))? {
            let path = folder.join(&name);
            let facts = fs::symlink_metadata(root.join(&path)).ok();
            if facts.as_ref().is_some_and(fs::Metadata::is_dir) {
                folders.push(path);
            } else {
                let bytes = files::read_optional(&root.join(&path))?.unwrap_or_default();
                listing.extend([path.to_string_lossy().escape_debug().to_string(), digest(&bytes)]);
            }
        }
    }
    Ok(digest(listing.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use super::Known;
    use crate::Store;

    #[test]
    fn what_is_known_is_kept_and_nothing_is_lost_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(store.known(), BTreeMap::new());
        let known = BTreeMap::from([("x".to_owned(), Known { key: "k".into(), told: serde_json::json!(["a"]) })]);
        store.keep_known(&known).unwrap();
        assert_eq!(store.known(), known);
        let file = dir.path().join(".docdrift/known.json");
        let written = fs::metadata(&file).unwrap().modified().unwrap();
        store.keep_known(&known).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written, "known already");
        fs::write(&file, "{\"x\": 1").unwrap();
        assert_eq!(store.known(), BTreeMap::new(), "damaged");
    }

    #[test]
    fn any_byte_of_the_data_counts() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let mut seen = vec![store.data_digest().unwrap()];
        let steps: [(&str, Option<&str>); 6] = [
            ("snapshots/a/b/1.jsonl", Some("one")),
            ("snapshots/a/b/1.jsonl", Some("two")),
            ("output/a/b.json", Some("two")),
            ("output/a/c.json", Some("two")),
            ("output/a/b.json", None),
            ("elsewhere/a", Some("x")),
        ];
        for (path, text) in steps {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            text.map_or_else(|| fs::remove_file(&path), |text| fs::write(&path, text)).unwrap();
            seen.push(store.data_digest().unwrap());
        }
        assert_eq!(seen.pop(), seen.last().cloned(), "what is not data does not");
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }
}
