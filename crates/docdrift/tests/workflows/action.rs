//! `.github/action/run.sh` with each way in which docdrift can exit.

use std::{collections::BTreeMap, fs, path::PathBuf};

use tempfile::TempDir;

use crate::support::{
    ScriptRun, commit_all, has_tools, isolated_command, outputs, read_text, repository, write, write_dataset,
    write_program,
};

/// A stub of docdrift. It records its command line, prints and writes the files that the test put beside it, and exits
/// with the code in `end`.
const STUB: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
printf '%s\0' "$@" >"$here/argv"
echo 'injected=1' >>"$GITHUB_OUTPUT"
cat "$here/stdout"
cat "$here/stderr" >&2
cat "$here/summary" >>"$GITHUB_STEP_SUMMARY"
[ ! -d "$here/leaves" ] || cp -R "$here/leaves/." .
end=$(cat "$here/end")
[ "$end" != killed ] || kill -KILL $$
exit "$end"
"#;

/// A checkout with a dataset, a stub in place of docdrift, and the files of a runner.
pub(crate) struct Step {
    folder: TempDir,
    inputs: BTreeMap<&'static str, String>,
}

impl Step {
    pub(crate) fn new(run: &str, end: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("temp")).unwrap();
        let checkout = folder.path().join("checkout");
        write_dataset(&checkout);
        if run == "refresh" {
            commit_all(&checkout);
        }
        let step = Self { folder, inputs: BTreeMap::new() };
        write_program(&step.path("bin/docdrift"), STUB);
        for name in ["stdout", "stderr", "summary"] {
            step.stub(name, "");
        }
        step.stub("end", end);
        let binary = step.path("bin/docdrift").to_str().unwrap().to_owned();
        step.with("BINARY", &binary).with("COMMAND", run)
    }

    /// A refresh that exits with `end` and writes its reports.
    fn refresh(end: &str, severity: &str) -> Self {
        let step = Self::new("refresh", end);
        step.stub("leaves/.docdrift/report/report.md", "# Drift\n");
        step.stub(
            "leaves/.docdrift/report/report.json",
            &format!("{{\"severity\": \"{severity}\", \"sources\": []}}\n"),
        );
        step
    }

    pub(crate) fn with(mut self, input: &'static str, value: &str) -> Self {
        self.inputs.insert(input, value.to_owned());
        self
    }

    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(inside)
    }

    pub(crate) fn stub(&self, name: &str, content: &str) {
        write(self.path("bin").join(name), content);
    }

    pub(crate) fn run(&self) -> ScriptRun {
        let mut script = isolated_command(repository().join(".github/action/run.sh"), &self.path("checkout"));
        script.env("GITHUB_OUTPUT", self.path("outputs")).env("GITHUB_STEP_SUMMARY", self.path("summary"));
        script.env("RUNNER_TEMP", self.path("temp"));
        for (name, value) in &self.inputs {
            script.env(format!("DOCDRIFT_{name}"), value);
        }
        script.output().unwrap().into()
    }

    /// Returns the outputs in alphabetical order of their names. The names are always the same.
    pub(crate) fn outputs(&self) -> [String; 5] {
        let outputs = outputs(&self.path("outputs"));
        let names: Vec<&str> = outputs.keys().map(String::as_str).collect();
        assert_eq!(names, ["changed", "exit-code", "outcome", "report", "severity"]);
        outputs.into_values().collect::<Vec<_>>().try_into().unwrap()
    }

    /// Returns the outcome and the exit code.
    pub(crate) fn outcome(&self) -> String {
        let [_, code, outcome, ..] = self.outputs();
        format!("{outcome} {code}")
    }

    /// Returns the arguments that docdrift received; `None` if it was not run.
    pub(crate) fn argv(&self) -> Option<Vec<String>> {
        let argv = fs::read_to_string(self.path("bin/argv")).ok()?;
        Some(argv.split_terminator('\0').map(str::to_owned).collect())
    }
}

#[test]
fn each_exit_code_has_its_outcome() {
    if !has_tools() {
        return;
    }
    let looks = [("0", "clean 0", true), ("1", "drift 1", false), ("2", "misconfigured 2", false)];
    let others = [("3", "incomplete 3", false), ("101", "crashed 101", false), ("134", "crashed 134", false)];
    let killed = [("killed", "crashed 137", false), ("4", "crashed 4", false), ("127", "crashed 127", false)];
    for run in ["check", "diff", "lint", "refresh"] {
        for (end, outcome, success) in looks.into_iter().chain(others).chain(killed) {
            let step = match run {
                "refresh" => Step::refresh(end, "none"),
                "diff" => Step::new(run, end).with("OLD", "a").with("NEW", "b"),
                _ => Step::new(run, end),
            };
            let outcome = match (run, end) {
                // A refresh never exits with 1: drift is not an error for it.
                ("refresh", "1") => "crashed 1",
                // Code 4 means that there is no answer. Of these commands, only `diff` exits with it.
                ("diff", "4") => "incomplete 4",
                _ => outcome,
            };
            let ended = step.run();
            assert_eq!(step.outcome(), outcome, "{run} that ends with {end}: {}{}", ended.stdout, ended.stderr);
            assert_eq!(ended.success, success, "{run} that ends with {end}");
            let commands = ended.runner_commands().join("\n");
            assert_eq!(
                commands.contains("title=docdrift crashed"),
                outcome.starts_with("crashed"),
                "{run} {end}: {commands}"
            );
        }
    }
}

#[test]
fn a_crash_is_not_reported_as_drift() {
    if !has_tools() {
        return;
    }
    for end in ["101", "killed", "1"] {
        let step = Step::refresh(end, "breaking");
        step.stub("stdout", "::error title=breaking::OVEN.1 was removed\n");
        step.stub("summary", "# 1 code was removed\n");
        step.stub("leaves/output/acme/oven.json", "{}\n");
        let ended = step.run();
        assert_eq!(ended.runner_commands().len(), 1, "{}", ended.stdout);
        assert!(ended.runner_commands()[0].starts_with("::error title=docdrift crashed::"), "{}", ended.stdout);
        assert!(ended.stdout.contains("OVEN.1"), "its output stays in the log");
        assert_eq!(read_text(step.path("summary")), "");
        let [changed, _, outcome, report, severity] = step.outputs();
        assert_eq!([changed, outcome, report, severity], ["false", "crashed", "", ""]);
    }
}

#[test]
fn a_refresh_reports_whether_data_changed() {
    if !has_tools() {
        return;
    }
    let changes: [(&str, &str); 3] =
        [("output/acme/oven.json", "{}\n"), ("snapshots/acme/oven/2026-01-02.jsonl", "{}\n"), ("else.txt", "x")];
    for (file, content) in changes {
        for end in ["0", "3"] {
            let step = Step::refresh(end, "wording");
            step.stub(&format!("leaves/{file}"), content);
            step.stub("summary", "# Drift\n");
            let ended = step.run();
            let is_data = file != "else.txt";
            let outcome = match (end, is_data) {
                ("3", _) => "incomplete",
                (_, true) => "drift",
                (_, false) => "clean",
            };
            let report = step.path("checkout/.docdrift/report/report.md").to_str().unwrap().to_owned();
            let expected = [is_data.to_string(), end.into(), outcome.into(), report, "wording".into()];
            assert_eq!(step.outputs(), expected, "{file} {end}");
            assert_eq!(ended.success, end == "0");
            assert_eq!(read_text(step.path("summary")), "# Drift\n");
        }
    }
}

#[test]
fn a_refresh_without_its_report_is_a_crash() {
    if !has_tools() {
        return;
    }
    let spoil = |step: &Step, file: &str, content: &str| step.stub(&format!("leaves/.docdrift/report/{file}"), content);
    let nothing = Step::new("refresh", "0");
    // The report of an earlier run does not count.
    write(nothing.path("checkout/.docdrift/report/report.md"), "# Old\n");
    write(nothing.path("checkout/.docdrift/report/report.json"), "{\"severity\": \"none\"}\n");
    let half = Step::refresh("3", "none");
    spoil(&half, "report.json", "{\"severity\": \"no");
    let unknown = Step::refresh("0", "none\\nchanged=true");
    let empty = Step::refresh("0", "none");
    spoil(&empty, "report.md", "");
    for step in [nothing, half, unknown, empty] {
        let ended = step.run();
        let [changed, _, outcome, report, severity] = step.outputs();
        assert_eq!([changed, outcome, report, severity], ["false", "crashed", "", ""], "{}", ended.stdout);
        assert!(!ended.success);
    }
}

#[test]
fn other_commands_keep_their_summary_and_annotations() {
    if !has_tools() {
        return;
    }
    let step = Step::new("check", "1");
    step.stub("summary", "# Drift\n");
    step.stub("stdout", "::warning title=wording::OVEN.1\n");
    let ended = step.run();
    assert_eq!(ended.runner_commands(), ["::warning title=wording::OVEN.1"]);
    assert_eq!(read_text(step.path("summary")), "# Drift\n");
    let [changed, _, _, report, severity] = step.outputs();
    assert_eq!([changed, severity], ["false", ""]);
    assert_eq!(read_text(report), "# Drift\n");
}

#[test]
fn page_text_in_the_log_runs_no_commands() {
    if !has_tools() {
        return;
    }
    let hostile = "::add-path::/tmp\n##[error]x\n::stop-commands::x\n::x::\n::set-output name=a::b";
    for (run, end) in [("lint", "0"), ("lint", "1"), ("lint", "3"), ("check", "0"), ("check", "2"), ("check", "101")] {
        let step = Step::new(run, end);
        step.stub("stderr", hostile);
        // If docdrift succeeds, its stdout holds its own annotations, which it escapes.
        step.stub("stdout", if (run, end) == ("check", "0") { "" } else { hostile });
        let ended = step.run();
        assert!(
            ended.runner_commands().iter().all(|line| line.starts_with("::error title=docdrift ")),
            "{run}: {}",
            ended.stdout
        );
        assert!(ended.stdout.contains("##[error]x"), "it is shown");
    }
}
