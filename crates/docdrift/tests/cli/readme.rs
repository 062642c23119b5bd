//! README.md names commands and options that there are.

use std::fs;

use crate::site::{docdrift, workspace};

/// Chores of the repository, which `docdrift` does not have.
const CHORES: [&str; 6] = ["demo", "ci", "acceptance", "hostile", "torture", "fit-reading"];

#[test]
fn every_command_of_the_readme_is_there() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let lines = readme.lines().filter_map(|line| line.strip_prefix("    cargo xtask "));
    let mut seen = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split('#').next().unwrap().split_whitespace().collect();
        let command = words[0];
        seen.push(command);
        if CHORES.contains(&command) {
            continue;
        }
        let help = docdrift(&workspace(), &format!("{command} --help")).ends(0);
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.out.contains(option), "`{line}`: no {option} in\n{}", help.out);
        }
    }
    for command in ["demo", "refresh", "check", "diff", "probe", "align", "lint"] {
        assert!(seen.contains(&command), "README.md shows no `cargo xtask {command}`");
    }
}
