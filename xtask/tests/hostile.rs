//! The table of `cargo xtask hostile`, as a test.

use std::process::Command;

#[test]
fn hostile_servers_are_survived() {
    let run = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("hostile").output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.trim_end().ends_with(" 0 entries lost"), "{said}");
}
