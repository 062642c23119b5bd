//! Runs the suite as `cargo xtask hostile` does. It has a test program of its own, because its routes wait for short times
//! only: another test beside it would make a busy machine look like a slow server.

use std::process::Command;

#[test]
fn hostile_servers_are_survived() {
    let run = Command::new(env!("CARGO_BIN_EXE_testkit")).arg("hostile").output().expect("the program of this package");
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{output}\n{}", String::from_utf8_lossy(&run.stderr));
    let summary = output.lines().last().unwrap_or_default();
    let faults = summary.split_once(" faults, ").unwrap_or_default().0;
    assert_eq!(summary, format!("{faults} faults, {faults} survived, 0 entries lost"));
}
