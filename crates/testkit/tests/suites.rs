//! Runs the suites as `cargo xtask hostile` and `cargo xtask torture` do.

use std::process::{Command, Output};

fn testkit(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_testkit")).args(args).output().expect("the program of this package")
}

/// Runs a suite that must succeed. Returns the last line of its output.
fn last_line(args: &[&str]) -> String {
    let run = testkit(args);
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{output}\n{}", String::from_utf8_lossy(&run.stderr));
    output.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn hostile_servers_are_survived() {
    let summary = last_line(&["hostile"]);
    let faults = summary.split_once(" faults, ").unwrap().0;
    assert_eq!(summary, format!("{faults} faults, {faults} survived, 0 entries lost"));
}

#[test]
fn killed_refreshes_leave_the_old_state_or_the_new() {
    assert_eq!(last_line(&["torture", "--kills", "40"]), "40 kills, 0 lost, 0 mixed");
}

#[test]
fn wrong_arguments_are_refused() {
    for args in [&["torture", "--kills"][..], &["torture", "--kills", "many"], &["torture", "40"], &["hostile", "x"]] {
        let run = testkit(args);
        assert_eq!(run.status.code(), Some(2), "{args:?}");
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{args:?}");
    }
}
