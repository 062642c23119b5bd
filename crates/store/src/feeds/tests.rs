use std::{collections::BTreeMap, fs, path::PathBuf};

use super::plan;
use crate::journal::Change;

fn feeds(paths: &[&str]) -> BTreeMap<PathBuf, Vec<u8>> {
    paths.iter().map(|path| (path.into(), b"x".to_vec())).collect()
}

#[test]
fn a_feed_lies_right_in_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    for (path, expected) in [
        ("history/all.atom", Ok("output/history/all.atom")),
        ("history/a.b-c_d.atom", Ok("output/history/a.b-c_d.atom")),
        ("history/./all.atom", Ok("output/history/all.atom")),
        ("history/README.md", Ok("output/history/README.md")),
        ("all.atom", Err("is no file directly in the folder history/")),
        ("README.md", Err("is no file directly in the folder history/")),
        ("acme/vault.json", Err("is no file directly in the folder history/")),
        ("history", Err("is no file directly in the folder history/")),
        ("history/a/b.atom", Err("is no file directly in the folder history/")),
        ("history/../README.md", Err("is no file directly in the folder history/")),
        ("../history/all.atom", Err("is no file directly in the folder history/")),
        ("/history/all.atom", Err("is no file directly in the folder history/")),
        ("", Err("is no file directly in the folder history/")),
        ("history/vault.json", Err("as the dataset names the file of a source")),
        ("history/./vault.json", Err("as the dataset names the file of a source")),
        ("history/.atom", Err("is hidden")),
    ] {
        let mut change = Change::default();
        match (plan(dir.path(), &feeds(&[path]), &mut change), expected) {
            (Ok(()), Ok(target)) => assert_eq!(change.writes.keys().next().unwrap().to_str(), Some(target), "{path}"),
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{path}: {error}"),
            (planned, expected) => panic!("{path}: {planned:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn other_feeds_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("output/history");
    fs::create_dir_all(folder.join("folder")).unwrap();
    for name in ["all.atom", "old.atom", "notes.txt", ".hidden", "vault.json"] {
        fs::write(folder.join(name), "x").unwrap();
    }
    let mut change = Change::default();
    plan(dir.path(), &feeds(&["history/all.atom", "history/new.atom"]), &mut change).unwrap();
    let names = |paths: Vec<PathBuf>| paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(change.writes.into_keys().collect()), "output/history/all.atom output/history/new.atom");
    assert_eq!(
        names(change.removes.into_iter().collect()),
        "output/history/notes.txt output/history/old.atom",
        "neither hidden files nor those of a vendor with that name"
    );
}
