//! Everyday commands start with a build of xtask: it needs no package that docdrift does not need itself.

use std::{collections::BTreeSet, path::Path, process::Command};

/// The names of a package and of all packages that its build needs, down to a depth.
fn dependencies(package: &str, depth: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let args = ["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let mut cargo = Command::new(env!("CARGO"));
    let run = cargo.args(args).args(["--package", package, "--depth", depth]).current_dir(root).output();
    let run = run.expect("the cargo that runs this test");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let lines = String::from_utf8(run.stdout).expect("names are text");
    lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn xtask_needs_no_more_than_docdrift() {
    let (xtask, docdrift) = (dependencies("xtask", "100"), dependencies("docdrift", "100"));
    assert!(xtask.contains("docdrift-fetch"), "{xtask:?}");
    let additional: Vec<&String> = xtask.difference(&docdrift).collect();
    assert_eq!(additional, ["xtask"]);
    for name in ["docdrift-testkit", "axum", "rcgen"] {
        assert!(!xtask.contains(name), "{name}");
    }
}

/// docdrift itself needs h2 and zstd, because it fetches pages over HTTP/2 and in zstd.
#[test]
fn xtask_uses_no_library_of_the_suites() {
    let direct = dependencies("xtask", "1");
    for name in ["docdrift-testkit", "h2", "rcgen", "axum", "zstd", "brotli", "tokio", "tokio-rustls"] {
        assert!(!direct.contains(name), "{name}");
    }
}
