use std::{
    fs,
    path::{Path, PathBuf},
};

use docdrift_files::{StorageError, StorageErrorKind};
use docdrift_model::text::digest;

use super::{Change, apply, recover};

fn change(text: &str) -> Change {
    let write = |path: &str| (PathBuf::from(path), text.as_bytes().to_vec());
    Change { writes: ["output/new/a.json", "snapshots/new/a/1.jsonl"].map(write).into(), removes: [].into() }
}

/// Lists everything below the root, folders with a slash.
fn tree(root: &Path) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            let slash = if path.is_dir() { "/" } else { "" };
            found.push(format!("{}{slash}", path.strip_prefix(root).unwrap().display()));
            folders.extend(path.is_dir().then_some(path));
        }
    }
    found.sort();
    found
}

/// A run that is killed before its change counts leaves not even a folder.
#[test]
fn a_killed_run_leaves_no_litter() {
    for steps in 0.. {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(".docdrift")).unwrap();
        fs::create_dir_all(dir.path().join("output")).unwrap();
        let mut left = steps;
        let mut killed = || {
            if left == 0 {
                return Err(StorageError::new(StorageErrorKind::Io, "killed"));
            }
            left -= 1;
            Ok(())
        };
        let is_whole = apply(dir.path(), &change("x"), &mut killed).is_ok();
        recover(dir.path(), &mut || Ok(())).unwrap();
        let tree = tree(dir.path());
        let old = [".docdrift/", "output/", "snapshots/"];
        let new = [
            ".docdrift/",
            "output/",
            "output/new/",
            "output/new/a.json",
            "snapshots/",
            "snapshots/new/",
            "snapshots/new/a/",
            "snapshots/new/a/1.jsonl",
        ];
        assert!(
            tree == new || (!is_whole && old.starts_with(&tree.iter().map(String::as_str).collect::<Vec<_>>())),
            "{steps}: {tree:?}"
        );
        if is_whole {
            break;
        }
    }
}

#[test]
fn leftover_probes_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    for folder in [".docdrift/stage", "output/acme/.docdrift-probe", "snapshots/acme/vault/.docdrift-probe"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    fs::write(dir.path().join("output/acme/vault.json"), "x").unwrap();
    recover(dir.path(), &mut || Ok(())).unwrap();
    assert_eq!(tree(dir.path()), [".docdrift/", "output/", "output/acme/", "output/acme/vault.json", "snapshots/"]);
}

/// A journal may come with a hostile pull request. It moves files only to where changes go.
#[test]
fn a_journal_is_about_published_files_only() {
    for to in
        [".git/hooks/post-checkout", "sources.toml", "outputs/x", "output/../.git/config", "/etc/x", "../output/x"]
    {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(".docdrift/stage")).unwrap();
        fs::create_dir_all(dir.path().join(".git/hooks")).unwrap();
        fs::write(dir.path().join("sources.toml"), "mine").unwrap();
        fs::write(dir.path().join(".docdrift/stage/0"), "x").unwrap();
        let moves = format!(r#"{{"moves":[{{"staged":"0","to":"{to}","digest":"{}"}}],"removes":[]}}"#, digest(b"x"));
        for journal in [moves, format!(r#"{{"moves":[],"removes":["{to}"]}}"#)] {
            fs::write(dir.path().join(".docdrift/journal.json"), journal).unwrap();
            let before = tree(dir.path());
            let error = format!("{:#}", recover(dir.path(), &mut || Ok(())).unwrap_err());
            assert!(error.contains("is no file of a change") || error.contains("outside the root"), "{to}: {error}");
            assert_eq!(
                (tree(dir.path()), fs::read_to_string(dir.path().join("sources.toml")).unwrap()),
                (before, "mine".into())
            );
        }
    }
}

/// An obstacle that appears after the change counts is an error. Once it is removed, the change is finished.
#[test]
fn a_half_made_change_is_reported_and_finished() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join(".docdrift")).unwrap();
    let obstacle = dir.path().join("snapshots/new/a/1.jsonl");
    let mut put = || {
        if dir.path().join(".docdrift/journal.json").exists() && !obstacle.exists() {
            fs::create_dir_all(&obstacle).unwrap();
        }
        Ok(())
    };
    let error = format!("{:#}", apply(dir.path(), &change("x"), &mut put).unwrap_err());
    assert!(
        error.contains("the next run that writes finishes it") && error.contains("is in the place of a file"),
        "{error}"
    );
    assert!(recover(dir.path(), &mut || Ok(())).is_err());
    fs::remove_dir(&obstacle).unwrap();
    recover(dir.path(), &mut || Ok(())).unwrap();
    assert_eq!(fs::read_to_string(&obstacle).unwrap(), "x");
    assert_eq!(fs::read_to_string(dir.path().join("output/new/a.json")).unwrap(), "x");
}
