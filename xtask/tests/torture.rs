//! A short run of `cargo xtask torture`, as a test.

use std::process::Command;

#[test]
fn killed_refreshes_leave_the_old_state_or_the_new() {
    let run = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["torture", "--kills", "40"]).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.trim_end().ends_with("40 kills, 0 lost, 0 mixed"), "{said}");
}

#[test]
fn wrong_arguments_are_refused() {
    for args in [&["torture", "--kills"][..], &["torture", "--kills", "many"], &["torture", "40"]] {
        let run = Command::new(env!("CARGO_BIN_EXE_xtask")).args(args).output().unwrap();
        assert!(!run.status.success(), "{args:?}");
    }
}
