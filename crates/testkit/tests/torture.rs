//! Runs the suite as `cargo xtask torture` does, with few kills.

use std::process::{Command, Output};

fn testkit(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_testkit")).args(args).output().expect("the program of this package")
}

#[test]
fn killed_refreshes_leave_the_old_state_or_the_new() {
    let run = testkit(&["torture", "--kills", "40"]);
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{output}\n{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(output.lines().last(), Some("40 kills, 0 lost, 0 mixed"));
}

#[test]
fn wrong_arguments_are_refused() {
    for args in [&["torture", "--kills"][..], &["torture", "--kills", "many"], &["torture", "40"], &["hostile", "x"]] {
        let run = testkit(args);
        assert_eq!(run.status.code(), Some(2), "{args:?}");
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{args:?}");
    }
}
