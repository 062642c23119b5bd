//! `.github/action/run.sh` with valid, invalid and hostile inputs.

use std::fs;

use crate::{
    action::Step,
    support::{has_tools, outputs, write},
};

/// Values that a shell or docdrift could interpret as a command or an option.
const SHELL: [&str; 5] =
    ["$(touch canary)", "`touch canary`", "'; touch canary; '", "\"; touch canary; \"", "--format=json"];

type Inputs = &'static [(&'static str, &'static str)];

const NAMES: [&str; 8] = ["COMMAND", "ROOT", "SOURCE", "FAIL_ON", "LANG", "OLD", "NEW", "BINARY"];

#[test]
fn inputs_become_the_command_line() {
    if !has_tools() {
        return;
    }
    let cases: [(&str, Inputs, &[&str]); 6] = [
        ("check", &[], &["--root=.", "check", "--format=github"]),
        (
            "check",
            &[("SOURCE", "acme/*"), ("FAIL_ON", "wording"), ("LANG", "zh")],
            &["--root=.", "check", "--source=acme/*", "--lang=zh", "--format=github", "--fail-on=wording"],
        ),
        ("refresh", &[("SOURCE", "acme/oven")], &["--root=.", "refresh", "--source=acme/oven", "--format=github"]),
        (
            "diff",
            &[("OLD", "HEAD^1:output"), ("NEW", "output"), ("FAIL_ON", "none")],
            &["diff", "--format=github", "--fail-on=none", "--", "HEAD^1:output", "output"],
        ),
        ("lint", &[], &["--root=.", "lint", "--format=markdown", "--fail-on-findings"]),
        ("lint", &[("FAIL_ON", "none")], &["--root=.", "lint", "--format=markdown"]),
    ];
    for (run, inputs, expected) in cases {
        let step = inputs.iter().fold(Step::new(run, "0"), |step, (name, value)| step.with(name, value));
        let ended = step.run();
        assert_eq!(step.argv().expect(&ended.stdout), expected, "{run} {inputs:?}");
    }
}

#[test]
fn hostile_values_stay_values() {
    if !has_tools() {
        return;
    }
    let others =
        ["a b  c", "-", "*", "{a,b}/[!x]?", "outcome=clean", "::add-path::x", "%0Aoutcome=clean", "EOF", "错误码"];
    for value in SHELL.into_iter().chain(others) {
        let step = Step::new("diff", "0").with("OLD", value).with("NEW", value).with("ROOT", value);
        fs::create_dir_all(step.path("checkout").join(value)).unwrap();
        let ended = step.run();
        assert_eq!(step.argv().expect(&ended.stdout)[3..], [value, value]);
        assert_eq!(step.outcome(), "clean 0", "{value}");

        let step = Step::new("check", "0").with("SOURCE", value);
        step.run();
        assert_eq!(step.argv().unwrap()[2], format!("--source={value}"));
        assert!(!step.path("checkout/canary").exists(), "{value} was run");
    }
}

#[test]
fn hostile_values_of_closed_inputs_are_refused() {
    if !has_tools() {
        return;
    }
    for name in ["COMMAND", "ROOT", "FAIL_ON", "LANG", "BINARY"] {
        for value in SHELL {
            let step = Step::new("check", "0").with(name, value);
            let ended = step.run();
            assert_eq!(step.outcome(), "misconfigured 2", "{name} {value}: {}", ended.stdout);
            assert_eq!(ended.runner_commands().len(), 1, "{name} {value}: {}", ended.stdout);
            assert!(!step.path("checkout/canary").exists(), "{name} {value} was run");
            assert_eq!(step.argv(), None, "docdrift must not be run");
        }
    }
}

#[test]
fn inputs_with_control_characters_are_refused() {
    if !has_tools() {
        return;
    }
    for name in NAMES {
        for value in ["a\noutcome=clean", "a\r", "\u{1b}[2J", "a\n::add-path::/tmp"] {
            let step = Step::new("check", "0").with(name, value);
            let ended = step.run();
            assert_eq!(step.outcome(), "misconfigured 2", "{name}");
            assert_eq!(ended.runner_commands().len(), 1, "{}", ended.stdout);
            assert_eq!((ended.success, step.argv()), (false, None));
        }
    }
}

#[test]
fn invalid_inputs_are_refused() {
    if !has_tools() {
        return;
    }
    let cases: [(&str, &'static str, &str); 12] = [
        ("publish", "LANG", ""),
        ("check", "FAIL_ON", "high"),
        ("check", "LANG", "fr"),
        ("check", "OLD", "a"),
        ("refresh", "FAIL_ON", "none"),
        ("refresh", "NEW", "a"),
        ("lint", "LANG", "en"),
        ("diff", "SOURCE", "a/*"),
        ("diff", "OLD", "a"),
        ("check", "ROOT", "nowhere"),
        ("check", "BINARY", "/nowhere/docdrift"),
        ("check", "BINARY", ""),
    ];
    for (run, name, value) in cases {
        let step = Step::new(run, "0").with(name, value);
        let ended = step.run();
        assert_eq!(step.outcome(), "misconfigured 2", "{run} {name}={value}: {}", ended.stdout);
        assert_eq!((ended.success, step.argv()), (false, None), "{run} {name}={value}");
    }
}

#[test]
fn a_binary_that_is_not_executable_is_refused() {
    if !has_tools() {
        return;
    }
    let step = Step::new("check", "0");
    write(step.path("text"), "not executable");
    for path in ["text", "bin"] {
        let path = step.path(path);
        let step = Step::new("check", "0").with("BINARY", path.to_str().unwrap());
        step.run();
        assert_eq!(outputs(&step.path("outputs"))["outcome"], "misconfigured", "{}", path.display());
    }
}

#[test]
fn a_relative_binary_is_resolved_from_the_start_folder() {
    if !has_tools() {
        return;
    }
    let step = Step::new("check", "0").with("BINARY", "../bin/docdrift").with("ROOT", "output");
    step.run();
    assert_eq!(step.outcome(), "clean 0");
}

#[test]
fn a_refresh_outside_a_git_repository_is_misconfigured() {
    if !has_tools() {
        return;
    }
    let step = Step::new("refresh", "0");
    fs::remove_dir_all(step.path("checkout/.git")).unwrap();
    let ended = step.run();
    assert_eq!(step.outcome(), "misconfigured 2", "{}", ended.stdout);
    assert_eq!(step.argv(), None);
}
