//! The structure of the repository: which crate depends on which, import circles, and what each vendor has.
#![allow(clippy::disallowed_methods, reason = "it reads the workspace's own manifests")]

mod circles;

use std::{collections::BTreeSet, fs, path::Path};

const CRATES: [&str; 10] =
    ["align", "config", "diff", "docdrift", "fetch", "guard", "model", "parse", "report", "store"];

#[test]
fn siblings_do_not_know_each_other() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found: Vec<String> =
        fs::read_dir(&crates).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, CRATES, "a new crate: say in this test what it may depend on");
    for name in CRATES.into_iter().filter(|name| *name != "docdrift") {
        let manifest = fs::read_to_string(crates.join(name).join("Cargo.toml")).unwrap();
        for line in manifest.lines().filter(|line| line.starts_with("docdrift")) {
            let dependency = line.split(['.', ' ', '=']).next().unwrap();
            let allowed = name != "model" && dependency == "docdrift-model";
            assert!(allowed, "crates/{name} must not depend on {dependency}");
        }
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
