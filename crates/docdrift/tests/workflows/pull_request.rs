//! `.github/scripts/open-pull-request.sh` with the real git, a bare repository as the remote, and a stub of `gh`.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::support::{
    ScriptRun, commit_all, has_tools, isolated_command, read_text, repository, run_git, write, write_dataset,
    write_program,
};

/// A stub of `gh`. It keeps pull requests in `prs.json`, records each call except `pr list`, and saves the body.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
here=$(dirname "$0")
action="$1 $2"
shift 2
if [ "$action" = 'pr list' ]; then
  exec jq -r "${@: -1}" "$here/prs.json"
fi
{ printf '%s' "$action"; printf ' [%s]' "$@"; printf '\n'; } >>"$here/calls"
while [ $# -gt 0 ]; do
  [ "$1" != --body-file ] || cp "$2" "$here/body"
  shift
done
case $action in
  'pr create') echo '[{"number": 7, "isCrossRepository": false}]' >"$here/prs.json" ;;
  'pr close') echo '[]' >"$here/prs.json" ;;
esac
"#;

type Damage = fn(&Path);

const BRANCH: &str = "refs/heads/docdrift/refresh";

/// A remote with a dataset, a proposal with the same data, and a stub of `gh` without pull requests.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        write_dataset(&site.path("seed"));
        commit_all(&site.path("seed"));
        run_git(&site.path(""), &["clone", "--quiet", "--bare", "seed", "remote"]);
        write_program(&site.path("bin/gh"), GH);
        site.pull_requests("[]");
        site.propose("output/acme/oven.json", "{\"entries\": 1}\n");
        site.propose("snapshots/acme/oven/2026-01-01.jsonl", "{}\n");
        site.report("none", &["unchanged"]);
        site
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn propose(&self, file: &str, content: &str) {
        write(self.path("proposal").join(file), content);
    }

    fn report(&self, severity: &str, outcomes: &[&str]) {
        let sources: Vec<_> =
            outcomes.iter().map(|outcome| serde_json::json!({"source": "a/b", "outcome": outcome})).collect();
        let report = serde_json::json!({"severity": severity, "sources": sources});
        self.propose("report/report.json", &report.to_string());
        self.propose("report/report.md", &format!("# Drift: {severity}\n"));
    }

    /// Proposes data with one more entry, and its report.
    fn drift(&self) {
        self.propose("output/acme/oven.json", "{\"entries\": 2}\n");
        self.propose("snapshots/acme/oven/2026-01-02.jsonl", "{}\n");
        self.report("breaking", &["changed", "unchanged", "first"]);
    }

    fn pull_requests(&self, list: &str) {
        write(self.path("bin/prs.json"), list);
    }

    /// Runs the script in a fresh clone, as the workflow does.
    fn run(&self, outcome: &str) -> ScriptRun {
        self.run_for_source(outcome, "")
    }

    fn run_for_source(&self, outcome: &str, source: &str) -> ScriptRun {
        let _ = fs::remove_dir_all(self.path("checkout"));
        run_git(&self.path(""), &["clone", "--quiet", "remote", "checkout"]);
        let tools: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect();
        let path = std::env::join_paths([self.path("bin")].into_iter().chain(tools)).unwrap();
        let mut script =
            isolated_command(repository().join(".github/scripts/open-pull-request.sh"), &self.path("checkout"));
        script.env("PATH", path).env("PROPOSAL", self.path("proposal")).env("OUTCOME", outcome).env("SOURCE", source);
        script.env("BASE_BRANCH", "main").env("RUN_URL", "https://ci.example/runs/1");
        script.output().unwrap().into()
    }

    /// Returns the recorded calls of `gh` and deletes the record.
    fn calls(&self) -> Vec<String> {
        let calls = read_text(self.path("bin/calls")).lines().map(str::to_owned).collect();
        let _ = fs::remove_file(self.path("bin/calls"));
        calls
    }

    /// Returns a call of `gh` that sends the proposed report.
    fn call_with_report(&self, call: &str, title: &str) -> String {
        format!("pr {call} [--title] [{title}] [--body-file] [{}]", self.path("proposal/report/report.md").display())
    }

    fn remote(&self, arguments: &[&str]) -> String {
        run_git(&self.path("remote"), arguments)
    }

    fn branches(&self) -> String {
        self.remote(&["for-each-ref", "--format=%(refname)"])
    }
}

#[test]
fn without_changes_there_is_no_commit_or_pull_request() {
    if !has_tools() {
        return;
    }
    for outcome in ["clean", "drift", "incomplete"] {
        let site = Site::new();
        let ended = site.run(outcome);
        assert!(ended.success, "{}", ended.stderr);
        assert_eq!(site.branches(), "refs/heads/main");
        assert_eq!(site.calls(), [""; 0]);
    }
}

#[test]
fn drift_opens_one_pull_request_with_one_commit() {
    if !has_tools() {
        return;
    }
    let site = Site::new();
    site.drift();
    let ended = site.run("drift");
    assert!(ended.success, "{}", ended.stderr);
    let title = "Refresh: breaking drift, 2 source(s) changed";
    assert_eq!(site.calls(), [site.call_with_report("create [--head] [docdrift/refresh] [--base] [main]", title)]);
    assert_eq!(read_text(site.path("bin/body")), "# Drift: breaking\n");
    assert_eq!(site.branches(), format!("{BRANCH}\nrefs/heads/main"));
    assert_eq!(
        site.remote(&["log", "--format=%an: %s", &format!("main..{BRANCH}")]),
        format!("github-actions[bot]: {title}")
    );
    let files = site.remote(&["diff", "--name-only", "main", BRANCH]);
    assert_eq!(files, "output/acme/oven.json\nsnapshots/acme/oven/2026-01-02.jsonl");
}

#[test]
fn the_next_drift_updates_the_same_pull_request() {
    if !has_tools() {
        return;
    }
    let site = Site::new();
    site.drift();
    site.run("drift");
    site.calls();
    site.propose("output/acme/oven.json", "{\"entries\": 3}\n");
    site.report("wording", &["changed", "quarantined", "failed"]);
    let ended = site.run("incomplete");
    assert!(ended.success, "{}", ended.stderr);
    let title = "Refresh: wording drift, 1 source(s) changed, 2 kept as they were";
    assert_eq!(site.calls(), [site.call_with_report("edit [7]", title)]);
    assert_eq!(read_text(site.path("bin/body")), "# Drift: wording\n");
    assert_eq!(site.remote(&["rev-list", "--count", &format!("main..{BRANCH}")]), "1", "created from main again");
    assert_eq!(site.remote(&["show", &format!("{BRANCH}:output/acme/oven.json")]), "{\"entries\": 3}");
}

#[test]
fn only_a_clean_refresh_of_all_sources_closes_the_pull_request() {
    if !has_tools() {
        return;
    }
    for (outcome, source, closes) in [("clean", "", true), ("incomplete", "", false), ("clean", "acme/*", false)] {
        let site = Site::new();
        site.pull_requests(r#"[{"number": 7, "isCrossRepository": false}]"#);
        let ended = site.run_for_source(outcome, source);
        assert!(ended.success, "{}", ended.stderr);
        let close = "pr close [7] [--delete-branch] [--comment] \
                     [The pages say again what `main` has: https://ci.example/runs/1]";
        let expected: &[&str] = if closes { &[close] } else { &[] };
        assert_eq!(site.calls(), expected, "{outcome} {source}");
    }
}

#[test]
fn a_pull_request_of_a_fork_is_ignored() {
    if !has_tools() {
        return;
    }
    let site = Site::new();
    site.pull_requests(r#"[{"number": 66, "isCrossRepository": true}]"#);
    site.run("clean");
    assert_eq!(site.calls(), [""; 0]);
    site.drift();
    site.run("drift");
    let title = "Refresh: breaking drift, 2 source(s) changed";
    let call = site.call_with_report("create [--head] [docdrift/refresh] [--base] [main]", title);
    assert_eq!(site.calls(), [call]);
}

#[test]
fn a_crash_changes_nothing() {
    if !has_tools() {
        return;
    }
    for outcome in ["crashed", "misconfigured", "", "drift\ncrashed", "*"] {
        let site = Site::new();
        site.drift();
        let ended = site.run(outcome);
        assert!(!ended.success, "{outcome}");
        let message = format!("docdrift ended as '{outcome}'; that is no refresh.");
        assert_eq!(ended.stderr, format!("::error title=Nothing was proposed::{message}\n"));
        assert_eq!((site.branches().as_str(), site.calls().len()), ("refs/heads/main", 0), "{outcome}");
    }
}

#[test]
fn an_unexpected_proposal_is_refused() {
    if !has_tools() {
        return;
    }
    let other = "The proposal holds something that is neither a file nor a folder.";
    let name = "The proposal holds a name with unusual characters.";
    let start = "The proposal holds a name that starts with a dot or a dash.";
    let missing = "The proposal has no report.";
    let severity = "The proposal's report.json does not state the severity of the drift.";
    let unreadable = "The proposal's report.json cannot be read.";
    let damages: [(&str, &str, Damage); 10] = [
        ("a link", other, |at| symlink("/etc/passwd", at.join("output/acme/link.json")).unwrap()),
        ("a linked folder", other, |at| symlink("/etc", at.join("output/etc")).unwrap()),
        ("a dot file", start, |at| write(at.join("output/.gitattributes"), "* filter=x\n")),
        ("a repository", start, |at| write(at.join("output/.git/config"), "")),
        ("an option", start, |at| write(at.join("snapshots/-x"), "")),
        ("a strange name", name, |at| write(at.join("output/a\nb.json"), "")),
        ("no report", missing, |at| fs::remove_file(at.join("report/report.md")).unwrap()),
        ("half a report", unreadable, |at| write(at.join("report/report.json"), "{\"sev")),
        ("a report without sources", unreadable, |at| write(at.join("report/report.json"), r#"{"severity": "added"}"#)),
        ("a severity of its own", severity, |at| {
            write(at.join("report/report.json"), r#"{"severity": "x; y", "sources": []}"#);
        }),
    ];
    for (what, reason, damage) in damages {
        let site = Site::new();
        site.drift();
        damage(&site.path("proposal"));
        let ended = site.run("drift");
        assert!(!ended.success, "{what}");
        let line = format!("::error title=Nothing was proposed::{reason}");
        assert!(ended.stderr.lines().any(|printed| printed == line), "{what}: {}", ended.stderr);
        assert_eq!((site.branches().as_str(), site.calls().len()), ("refs/heads/main", 0), "{what}");
    }
}

#[test]
fn a_missing_folder_is_kept_and_other_files_are_ignored() {
    if !has_tools() {
        return;
    }
    let site = Site::new();
    site.drift();
    fs::remove_dir_all(site.path("proposal/output")).unwrap();
    site.propose("sources.toml", "# hostile\n");
    site.propose("github/workflows/evil.yml", "on: push\n");
    let ended = site.run("drift");
    assert!(ended.success, "{}", ended.stderr);
    assert_eq!(site.remote(&["diff", "--name-only", "main", BRANCH]), "snapshots/acme/oven/2026-01-02.jsonl");
}

#[test]
fn a_file_missing_from_the_proposal_is_deleted() {
    if !has_tools() {
        return;
    }
    let site = Site::new();
    site.drift();
    fs::rename(site.path("proposal/output/acme/oven.json"), site.path("proposal/output/acme/pan.json")).unwrap();
    assert!(site.run("drift").success);
    let changes = site.remote(&["diff", "--name-status", "--no-renames", "main", BRANCH, "--", "output"]);
    assert_eq!(changes, "D\toutput/acme/oven.json\nA\toutput/acme/pan.json");
}

#[test]
fn a_body_that_is_too_long_is_replaced_by_a_link() {
    if !has_tools() {
        return;
    }
    // The limit counts characters, not bytes.
    for (length, fits) in [(65_536, true), (65_537, false)] {
        let site = Site::new();
        site.drift();
        site.propose("report/report.md", &"错".repeat(length));
        assert!(site.run("drift").success);
        let body = read_text(site.path("bin/body"));
        let link = "The report is too long for a pull request; it is among the artifacts of \
                    [the run](https://ci.example/runs/1).\n";
        assert!(body == if fits { "错".repeat(length) } else { link.to_owned() }, "{length}: {body}");
    }
}

#[test]
fn new_data_without_drift_has_its_own_title() {
    if !has_tools() {
        return;
    }
    let site = Site::new();
    site.propose("output/acme/pan.json", "{}\n");
    site.report("none", &["first"]);
    assert!(site.run("drift").success);
    let title = "Refresh: new data without drift, 1 source(s) changed";
    let call = site.call_with_report("create [--head] [docdrift/refresh] [--base] [main]", title);
    assert_eq!(site.calls(), [call]);
}
