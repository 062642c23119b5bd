//! `.github/action/build.sh`: the cache key of a build, and the build itself.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::{ScriptRun, has_tools, isolated_command, read_text, repository, write, write_program};

/// A checkout with the script and a workspace, and stubs of the Rust tools that record their arguments.
fn checkout() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |inside: &str| folder.path().join(inside);
    write_program(&path("action/.github/action/build.sh"), &read_text(repository().join(".github/action/build.sh")));
    write(path("action/Cargo.toml"), "[workspace.package]\nrust-version = \"1.2.3\"\n");
    write(path("action/Cargo.lock"), "");
    write(path("action/crates/docdrift/src/main.rs"), "fn main() {}\n");
    write_program(&path("bin/rustup"), "#!/usr/bin/env bash\necho \"rustup $*\" >>\"$RUNNER_TEMP/calls\"\n");
    let cargo = "#!/usr/bin/env bash\necho \"$RUSTUP_TOOLCHAIN cargo ${*:1:5}\" >>\"$RUNNER_TEMP/calls\"\n\
                 mkdir -p \"${@: -1}/release\"\necho built >\"${@: -1}/release/docdrift\"\n";
    write_program(&path("bin/cargo"), cargo);
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> ScriptRun {
    let tools = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<PathBuf>>();
    let path = std::env::join_paths([folder.join("bin")].into_iter().chain(tools)).unwrap();
    let mut script = isolated_command(folder.join("action/.github/action/build.sh"), folder);
    script.args(arguments).env("PATH", path).env("RUNNER_TEMP", folder.join("temp")).output().unwrap().into()
}

#[test]
fn the_cache_key_depends_on_the_built_files() {
    if !has_tools() {
        return;
    }
    let folder = checkout();
    let key = || {
        let ended = run(folder.path(), &["key"]);
        assert!(ended.success, "{}", ended.stderr);
        ended.stdout
    };
    let first = key();
    assert!(first.trim_end().len() >= 40 && first.trim_end().bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
    write(folder.path().join("action/README.md"), "not built");
    assert_eq!(key(), first);
    let mut keys = vec![first];
    for (file, content) in [
        ("Cargo.lock", "version = 4\n"),
        ("crates/docdrift/src/main.rs", "fn main() { }\n"),
        ("crates/docdrift/src/empty.rs", ""),
    ] {
        write(folder.path().join("action").join(file), content);
        keys.push(key());
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 4, "each change makes another key");
}

#[test]
fn the_build_uses_the_rust_version_of_the_manifest() {
    if !has_tools() {
        return;
    }
    let folder = checkout();
    std::fs::create_dir(folder.path().join("temp")).unwrap();
    let binary = folder.path().join("new folder/docdrift");
    let ended = run(folder.path(), &["build", binary.to_str().unwrap()]);
    assert!(ended.success, "{}", ended.stderr);
    assert_eq!(read_text(binary), "built\n");
    assert_eq!(
        read_text(folder.path().join("temp/calls")),
        "rustup toolchain install 1.2.3 --profile minimal --no-self-update\n\
         1.2.3 cargo build --release --locked --package docdrift\n"
    );
}

#[test]
fn wrong_arguments_are_refused() {
    if !has_tools() {
        return;
    }
    let usage = "usage: build.sh key | build FILE\n";
    for (arguments, error) in [(&[][..], usage), (&["clean"][..], usage), (&["build"][..], ": $2: unbound variable\n")]
    {
        let folder = checkout();
        // Without this folder, the stubs would fail before the script looks for FILE.
        std::fs::create_dir(folder.path().join("temp")).unwrap();
        let ended = run(folder.path(), arguments);
        assert!(!ended.success, "{arguments:?}");
        assert!(ended.stderr.contains(error), "{arguments:?}: {}", ended.stderr);
    }
}
