//! Formats of the report, configured severities, and the diff driver of git.

use std::{fs, process::Command};

use crate::site::{Run, Site, has_program, workspace, write};

/// Returns a site whose pages differ from its published data.
fn drifted_site() -> Site {
    let site = Site::refreshed_demo();
    site.put_edition(2);
    site
}

#[test]
fn each_format_is_available_in_both_languages() {
    let site = drifted_site();
    for (form, starts) in [
        ("text", "QUARANTINED"),
        ("markdown", "#"),
        ("html", "<!doctype html>"),
        ("github", "::"),
        ("junit", "<?xml"),
        ("json", "{"),
    ] {
        let report_in =
            |lang: &str| site.run(&format!("check --pages ../pages --format {form} --lang {lang}")).exits_with(3).out;
        let (en, zh) = (report_in("en"), report_in("zh"));
        if form != "text" {
            assert!(en.starts_with(starts) && zh.starts_with(starts), "{form}: {en}");
        }
        for text in ["DRF.4303", "nimbus/key-locker", "borealis/data-relay-fabric"] {
            assert!(en.contains(text) && zh.contains(text), "{form}: no {text}");
        }
        assert_eq!(en == zh, form == "json", "{form}: only JSON is the same in both languages");
    }
}

#[test]
fn refresh_writes_all_report_files() {
    let site = drifted_site();
    site.run("refresh --pages ../pages").exits_with(3);
    let read = |name: &str| fs::read_to_string(site.root().join(".docdrift/report").join(name)).unwrap();
    for name in ["report.md", "report-full.md", "report.html", "report.xml", "report.json"] {
        assert!(read(name).contains("DRF.4303"), "{name}");
    }
    assert!(read("report.md").chars().count() <= 65_536);
}

#[test]
fn the_step_summary_of_a_workflow_is_appended_to() {
    let site = drifted_site();
    let summary = site.root().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_docdrift"));
    command.current_dir(site.root()).env("GITHUB_STEP_SUMMARY", &summary);
    let output = command.args(["check", "--pages", "../pages", "--format", "github"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let annotations = String::from_utf8(output.stdout).unwrap();
    assert!(
        annotations
            .lines()
            .all(|line| line.starts_with("::error") || line.starts_with("::warning") || line.starts_with("::notice")),
        "{annotations}"
    );
    let summary = fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("before\n") && summary.contains("DRF.4303"), "{summary}");
}

#[test]
fn sources_toml_sets_the_severity_of_changes() {
    let site = Site::refreshed_demo();
    site.edit("quarrystone/trace-lens/en.txt", "Apply for the editor role.", "Ask for the editor role.");
    let severity =
        || site.run("check --pages ../pages --format json --fail-on none").exits_with(0).json()["severity"].clone();
    assert_eq!(severity(), "editorial");
    let file = site.root().join("sources.toml");
    let sources = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("[severity]\nsolution = \"breaking\"\n\n{sources}")).unwrap();
    assert_eq!(severity(), "breaking");
    site.run("check --pages ../pages --fail-on breaking").exits_with(1);
    let own =
        sources.replace("service = \"trace-lens\"\n", "service = \"trace-lens\"\nseverity = { solution = \"none\" }\n");
    assert_ne!(own, sources);
    fs::write(&file, format!("[severity]\nsolution = \"breaking\"\n\n{own}")).unwrap();
    assert_eq!(severity(), "none");
    site.run("check --pages ../pages --fail-on cosmetic").exits_with(0);
}

#[test]
fn a_renamed_prefix_on_a_real_page_is_one_finding() {
    let page = workspace().join("../shared/corpus/seeds/pages/huaweicloud/identity-center/en.txt");
    let Some(old) = read_real_page(&page) else { return };
    let site = Site::demo();
    write(&site.root().join("old.md"), &old);
    write(&site.root().join("new.md"), old.replace("IIC.", "IdentityCenter."));
    let drift = site.run("diff old.md new.md --format json").exits_with(1).json();
    let renamed = drift["renamed"].as_array().unwrap().len();
    assert!(renamed > 200, "{renamed} renamed");
    for other in ["added", "removed", "changed", "moved"] {
        assert_eq!(drift[other].as_array().unwrap().len(), 0, "{other}");
    }
    assert_eq!(drift["severity"], "breaking");
    let report = site.run("diff old.md new.md").exits_with(1).out;
    let findings = report.lines().filter(|line| line.trim_start().starts_with("renamed")).count();
    assert_eq!(findings, 1, "{report}");
    assert!(report.contains(&format!("IIC → IdentityCenter: {renamed} entries")), "{report}");
}

#[allow(clippy::print_stderr, reason = "a test that skips prints why")]
fn read_real_page(path: &std::path::Path) -> Option<String> {
    let page = fs::read_to_string(path).ok();
    if page.is_none() {
        eprintln!("skipped: there is no {}", path.display());
    }
    page
}

/// Makes the root of the site a git repository with the published data committed and docdrift as the diff driver.
fn init_repository(site: &Site) {
    let driver = format!("'{}' git-diff-driver", env!("CARGO_BIN_EXE_docdrift"));
    let attributes = fs::read(workspace().join(".gitattributes")).unwrap();
    write(&site.root().join(".gitattributes"), attributes);
    run_git(site, &["init", "--quiet"]);
    run_git(site, &["config", "diff.docdrift.command", &driver]);
    run_git(site, &["add", "."]);
    run_git(site, &["-c", "user.name=t", "-c", "user.email=t@t.invalid", "commit", "--quiet", "-m", "state"]);
}

/// Runs git in the root of the site and returns its output.
#[track_caller]
fn run_git(site: &Site, args: &[&str]) -> String {
    let output = Command::new("git").current_dir(site.root()).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let run = Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
    run.exits_with(0).out
}

#[test]
fn git_diff_prints_drift_instead_of_lines() {
    if !has_program("git") {
        return;
    }
    let site = Site::refreshed_demo();
    init_repository(&site);
    site.put_edition(2);
    site.run("refresh --pages ../pages").exits_with(3);
    let shown = run_git(&site, &["diff", "output/borealis"]);
    for text in
        ["docdrift output/borealis/data-relay-fabric.json", "404 DRF.4303", "422 DRF.4206", "[-Running-]{+running+}"]
    {
        assert!(shown.contains(text), "no {text} in {shown}");
    }
    assert!(!shown.contains("@@"), "{shown}");
    // A new snapshot, a renamed dataset file, and a removed one.
    run_git(&site, &["add", "."]);
    let new = run_git(&site, &["diff", "--cached", "snapshots/borealis"]);
    assert!(new.contains("20 added"), "{new}");
    run_git(&site, &["mv", "output/petrel/message-courier.json", "output/petrel/moved.json"]);
    let moved = run_git(&site, &["diff", "--cached", "-M", "output/petrel"]);
    assert!(moved.contains("moved.json"), "{moved}");
    run_git(&site, &["rm", "--quiet", "--cached", "output/larkspur/batch-loom.json"]);
    let removed = run_git(&site, &["diff", "--cached", "output/larkspur"]);
    assert!(removed.contains("removed"), "{removed}");
}

#[test]
fn the_diff_driver_reports_unreadable_files_and_succeeds() {
    let site = Site::new("");
    write(&site.root().join("a.jsonl"), "nonsense\n");
    write(&site.root().join("b c.json"), b"\xff\xfe\x00\x1b[31m");
    // The causes after the colons come from the store and from the operating system.
    for (file, args, message) in [
        ("snapshots/a/b/c.jsonl", "a.jsonl 0 100644 a.jsonl 0 100644", "a.jsonl:1 is no header line of a snapshot: "),
        (
            "notes.txt",
            "a.jsonl 0 100644 a.jsonl 0 100644",
            "notes.txt: docdrift reads snapshots (.jsonl) and the dataset's <vendor>/<service>.json only\n",
        ),
        ("output/x/y.json", "gone.json 0 100644 /dev/null . .", "cannot open the page gone.json: "),
    ] {
        let run = site.run(&format!("git-diff-driver {file} {args}")).exits_with(0);
        assert!(run.out.starts_with(&format!("docdrift {file}\n{message}")), "{args}: {}", run.out);
        assert!(run.out.ends_with("\ngit diff --no-ext-diff shows the lines.\n"), "{args}: {}", run.out);
    }
    let run =
        driver_command(&site, &[]).args(["output/b c.json", "b c.json", "0", "100644", "/dev/null", ".", "."]).output();
    let out = String::from_utf8(run.unwrap().stdout).unwrap();
    assert!(out.starts_with("docdrift output/b c.json\nb c.json is not UTF-8"), "{out}");
    site.run("git-diff-driver output/x/y.json")
        .exits_with(0)
        .prints_exactly("docdrift: output/x/y.json is unmerged\n", "");
    site.run("git-diff-driver a b c")
        .exits_with(2)
        .prints_exactly("", "error: git gives a diff driver 1, 7, 8 or 9 arguments\n");
}

fn driver_command(site: &Site, env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docdrift"));
    command.current_dir(site.root()).env_remove("NO_COLOR").env_remove("GIT_PAGER_IN_USE");
    command.envs(env.iter().copied()).arg("git-diff-driver");
    command
}

#[test]
fn the_diff_driver_uses_colour_in_the_pager_of_git() {
    let site = Site::refreshed_demo();
    let file = "output/petrel/message-courier.json";
    for (env, coloured) in [
        (&[][..], false),
        (&[("GIT_PAGER_IN_USE", "true")], true),
        (&[("GIT_PAGER_IN_USE", "true"), ("NO_COLOR", "1")], false),
    ] {
        let run = driver_command(&site, env).args([file, file, "0", "100644", "/dev/null", ".", "."]).output().unwrap();
        let out = String::from_utf8(run.stdout).unwrap();
        assert!(out.contains("removed"), "{out}");
        assert_eq!(out.contains('\u{1b}'), coloured, "{env:?}");
    }
}
