//! README.md names only commands and options that exist.

use std::fs;

use crate::site::{run_docdrift, workspace};

/// Commands that only `cargo xtask` has.
const CHORES: [&str; 6] = ["demo", "ci", "acceptance", "hostile", "torture", "fit-reading"];

#[test]
fn every_command_and_option_of_the_readme_exists() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let lines = readme.lines().filter_map(|line| line.strip_prefix("    cargo xtask "));
    let mut commands = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split('#').next().unwrap().split_whitespace().collect();
        let command = words[0];
        commands.push(command);
        if CHORES.contains(&command) {
            continue;
        }
        let help = run_docdrift(&workspace(), &format!("{command} --help")).exits_with(0);
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.out.contains(option), "`{line}`: no {option} in\n{}", help.out);
        }
    }
    for command in ["demo", "refresh", "check", "diff", "probe", "align", "lint"] {
        assert!(commands.contains(&command), "README.md shows no `cargo xtask {command}`");
    }
}
