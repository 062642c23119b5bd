//! Publishing the committed snapshots again yields the committed records, apart from new columns.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "it reads the repository's own files")]

use std::{collections::BTreeMap, fs, path::Path};

use docdrift_config::load_config;
use docdrift_store::Store;

/// Copies a folder recursively.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn read_records(root: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(root.join("output/error-codes.csv")).unwrap();
    let mut records: Vec<BTreeMap<_, _>> = reader.deserialize().map(Result::unwrap).collect();
    for record in &mut records {
        record.retain(|name, _| name != "first_seen" && name != "last_changed");
    }
    records
}

#[test]
fn publishing_again_keeps_the_records_of_this_repository() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let dir = tempfile::tempdir().unwrap();
    for folder in ["output", "snapshots"] {
        copy_folder(&repository.join(folder), &dir.path().join(folder));
    }
    let before = read_records(dir.path());
    let config = load_config(&repository.join("sources.toml")).unwrap();
    let store = Store::open(dir.path()).unwrap();
    let done = store.publish(&store.histories(&config).unwrap(), &config, &BTreeMap::new()).unwrap();
    assert!(done.written.iter().all(|path| !path.starts_with("snapshots")), "{done:?}");
    assert!(before.len() > 500 && read_records(dir.path()) == before);
}
