//! Tests of the repository: dependencies between crates, import circles, fixtures of vendors, and links.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]
#![allow(clippy::disallowed_methods, reason = "it reads the workspace's own manifests")]

mod circles;

use std::{collections::BTreeSet, fs, path::Path};

/// Every crate with the crates of ours that it may depend on; `None` for all. Test kits in dev-dependencies are free.
const CRATES: [(&str, Option<&[&str]>); 13] = [
    ("align", Some(&["model"])),
    ("archive", Some(&["files", "model"])),
    ("config", Some(&["model"])),
    ("diff", Some(&["model"])),
    ("docdrift", None),
    ("fetch", Some(&["model"])),
    ("files", Some(&[])),
    ("guard", Some(&["model"])),
    ("model", Some(&[])),
    ("parse", Some(&["model"])),
    ("report", Some(&["model"])),
    ("store", Some(&["files", "model"])),
    ("testkit", None),
];

#[test]
fn crates_depend_on_what_they_may() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let found: BTreeSet<String> =
        fs::read_dir(&crates).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let known: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, known, "a new crate: say in this test what it may depend on");
    for (name, allowed) in CRATES.iter().filter_map(|(name, allowed)| Some((name, (*allowed)?))) {
        let manifest = fs::read_to_string(crates.join(name).join("Cargo.toml")).unwrap();
        let manifest = manifest.split("[dev-dependencies]").next().unwrap();
        let dependencies =
            manifest.lines().filter_map(|line| line.strip_prefix("docdrift-")?.split(['.', ' ', '=']).next());
        let wrong: Vec<&str> = dependencies.filter(|dependency| !allowed.contains(dependency)).collect();
        assert!(wrong.is_empty(), "crates/{name} must not depend on {wrong:?}");
    }
}

#[test]
fn every_builtin_vendor_has_a_fixture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../parse/fixtures");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> = files.filter_map(|file| Some(file.split_once('.')?.0.to_owned())).collect();
    let vendors: BTreeSet<String> = docdrift_config::builtin_vendors().into_iter().map(|vendor| vendor.name).collect();
    assert_eq!(found, vendors, "crates/parse/fixtures/<vendor>.<lang>.<ending>");
}

#[test]
fn the_paths_in_architecture_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let links: Vec<&str> = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() > 20, "{links:?}");
    let missing: Vec<&&str> = links.iter().filter(|link| !root.join(link).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
