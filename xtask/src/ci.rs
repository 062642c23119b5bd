//! `cargo xtask ci`: everything that must hold on the main branch.

use std::{path::Path, process::Command};

use anyhow::{Context as _, ensure};
use clap::builder::PossibleValuesParser;

use crate::{cargo, files::read_tree, output::print_line};

/// How many refreshes the torture step kills: enough for some in each phase of a refresh, within a few minutes.
const KILLS: &str = "60";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run these steps only
    #[arg(value_name = "STEP", value_parser = PossibleValuesParser::new(STEPS.map(|step| step.name)))]
    steps: Vec<String>,
}

/// A step, which fails with an error.
#[derive(Clone, Copy)]
struct Step {
    name: &'static str,
    title: &'static str,
    run: fn(&Path) -> anyhow::Result<()>,
}

/// The steps, in the order in which they run.
const STEPS: [Step; 10] = [
    Step { name: "formatting", title: "all code is formatted", run: check_formatting },
    Step { name: "lints", title: "clippy finds nothing", run: check_lints },
    Step { name: "documentation", title: "the documentation builds without a warning", run: check_documentation },
    Step { name: "tests", title: "all tests pass", run: run_tests },
    Step { name: "demo", title: "the built-in site is refreshed", run: run_demo },
    Step { name: "torture", title: "killed refreshes leave the old state or the new", run: run_torture },
    Step { name: "acceptance", title: "the scores on real pages reach their bars", run: run_acceptance },
    Step {
        name: "dataset",
        title: "today's reader makes the committed dataset of the saved pages",
        run: check_dataset,
    },
    Step { name: "verify", title: "the committed data is as docdrift wrote it", run: verify_data },
    Step { name: "texts", title: "no text of a vendor is in the repository", run: check_texts },
];

/// Runs the chosen steps, or all, up to the first that fails.
pub(crate) fn run(root: &Path, options: &Options) -> anyhow::Result<()> {
    let is_chosen = |step: &Step| options.steps.is_empty() || options.steps.iter().any(|name| name == step.name);
    for step in STEPS.iter().filter(|step| is_chosen(step)) {
        print_line(&format!("\n== {}: {} ==", step.name, step.title));
        (step.run)(root).with_context(|| format!("step `{}` failed", step.name))?;
    }
    Ok(())
}

fn check_formatting(root: &Path) -> anyhow::Result<()> {
    run_cargo(root, &["fmt", "--all", "--check"])
}

fn check_lints(root: &Path) -> anyhow::Result<()> {
    run_cargo(root, &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
}

fn check_documentation(root: &Path) -> anyhow::Result<()> {
    let mut command = cargo::command(root);
    command.args(["doc", "--workspace", "--no-deps", "--locked", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings");
    cargo::run(&mut command)
}

fn run_tests(root: &Path) -> anyhow::Result<()> {
    run_cargo(root, &["test", "--workspace", "--locked"])
}

fn run_demo(root: &Path) -> anyhow::Result<()> {
    run_xtask(root, &["demo"])
}

fn run_torture(root: &Path) -> anyhow::Result<()> {
    run_xtask(root, &["torture", "--kills", KILLS])
}

fn run_acceptance(root: &Path) -> anyhow::Result<()> {
    run_xtask(root, &["acceptance"])
}

/// Refreshes from the saved pages. That must not change the dataset.
fn check_dataset(root: &Path) -> anyhow::Result<()> {
    const PAGES: &str = "../shared/corpus/seeds/pages";
    if !root.join(PAGES).is_dir() {
        print_line("skipped: there is no ../shared with saved pages");
        return Ok(());
    }
    let read = || anyhow::Ok([read_tree(&root.join("output"))?, read_tree(&root.join("snapshots"))?]);
    let before = read()?;
    run_xtask(root, &["refresh", "--pages", PAGES])?;
    let after = read()?;
    let mut changed = Vec::new();
    for (before, after) in before.iter().zip(&after) {
        let paths = before.keys().chain(after.keys().filter(|path| !before.contains_key(*path)));
        let changed_paths = paths.filter(|path| before.get(*path) != after.get(*path));
        changed.extend(changed_paths.map(|path| path.strip_prefix(root).unwrap_or(path).display().to_string()));
    }
    ensure!(
        changed.is_empty(),
        "regenerating changed the dataset; commit the change or fix its cause:\n{}",
        changed.join("\n")
    );
    Ok(())
}

fn verify_data(root: &Path) -> anyhow::Result<()> {
    run_xtask(root, &["verify"])
}

fn check_texts(root: &Path) -> anyhow::Result<()> {
    let tool = root.join("../shared/tools/no-copied-text");
    if !tool.is_file() {
        print_line("skipped: there is no ../shared with the tool that compares texts");
        return Ok(());
    }
    cargo::run(Command::new(tool).current_dir(root))
}

fn run_cargo(root: &Path, args: &[&str]) -> anyhow::Result<()> {
    cargo::run(cargo::command(root).args(args))
}

/// Runs an xtask command in a process of its own: the tests may have rebuilt xtask.
fn run_xtask(root: &Path, args: &[&str]) -> anyhow::Result<()> {
    cargo::run(cargo::command(root).args(["run", "--quiet", "--package", "xtask", "--"]).args(args))
}
