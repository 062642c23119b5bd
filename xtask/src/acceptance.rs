//! `cargo xtask acceptance`: docdrift's answers on real pages, scored by the scorers that lie beside the pages.
//!
//! The pages are texts of others and stay outside the repository. Where they are missing, this says so and passes.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::{
    cargo,
    files::{file_name, list_files, list_folders, read_json, write_file},
    output::print_line,
};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Score these parts only
    parts: Vec<Part>,
}

/// A part of the acceptance.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Read,
    Align,
    Drift,
    Wild,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Read => "read",
            Part::Align => "align",
            Part::Drift => "drift",
            Part::Wild => "wild",
        }
    }
}

/// Scores the chosen parts, or all.
pub(crate) fn run(root: &Path, options: &Options) -> anyhow::Result<()> {
    let shared = root.join("..").join("shared");
    if !shared.join("corpus").is_dir() {
        print_line("acceptance: skipped, there is no ../shared with real pages");
        return Ok(());
    }
    let bench = Bench::new(root, &shared)?;
    let parts = if options.parts.is_empty() { Part::value_variants() } else { &options.parts };
    let mut failed = Vec::new();
    for part in parts {
        if let Err(error) = bench.score_part(*part) {
            print_line(&format!("acceptance {}: {error:#}", part.name()));
            failed.push(part.name());
        }
    }
    ensure!(failed.is_empty(), "below the bar: {}", failed.join(", "));
    Ok(())
}

/// The program, the pages and the scorers.
struct Bench {
    docdrift: PathBuf,
    corpus: PathBuf,
    tools: PathBuf,
    work: PathBuf,
}

impl Bench {
    fn new(root: &Path, shared: &Path) -> anyhow::Result<Self> {
        cargo::run(cargo::command(root).args(["build", "--quiet", "--package", "docdrift"]))?;
        let docdrift = std::env::current_exe()?.with_file_name(format!("docdrift{}", std::env::consts::EXE_SUFFIX));
        let work = root.join("target").join("acceptance");
        if work.exists() {
            std::fs::remove_dir_all(&work)?;
        }
        Ok(Self { docdrift, corpus: shared.join("corpus"), tools: shared.join("tools"), work })
    }

    fn score_part(&self, part: Part) -> anyhow::Result<()> {
        match part {
            Part::Read => self.score_read(),
            Part::Align => self.score_align(),
            Part::Drift => self.score_drift(),
            Part::Wild => self.score_wild(),
        }
    }

    /// Scores every table, row, cell and role of every page.
    fn score_read(&self) -> anyhow::Result<()> {
        let cases = list_folders(&self.corpus.join("otc/cases"))?;
        let got = self.work.join("read/cases/actual");
        for case in &cases {
            self.save_answer(&["probe", &path_text(&find_page(case)?)], &got, &file_name(case))?;
        }
        let summary =
            self.run_scorer("score.py", &["cases", &path_text(&self.corpus.join("otc/cases")), &path_text(&got)])?;
        ensure_equal(&summary, "perfect", &cases.len().to_string())?;
        ensure_equal(&summary, "role_accuracy", "100.00%")?;
        self.score_seeds()?;
        self.score_pairs()
    }

    /// Scores the saved text pages.
    fn score_seeds(&self) -> anyhow::Result<()> {
        let (expected, got) = (self.work.join("read/seeds/expected"), self.work.join("read/seeds/actual"));
        let mut count = 0;
        for file in list_files(&self.corpus.join("seeds/expected"))? {
            let case = file_name(&file).trim_end_matches(".json").to_owned();
            let [vendor, service, lang] = case.split('.').collect::<Vec<_>>()[..] else { continue };
            if lang == "pairs" {
                continue;
            }
            write_file(&expected.join(&case).join("expected.json"), &std::fs::read_to_string(&file)?)?;
            let page = self.corpus.join("seeds/pages").join(vendor).join(service).join(format!("{lang}.txt"));
            self.save_answer(&["probe", &path_text(&page)], &got, &case)?;
            count += 1;
        }
        let summary = self.run_scorer("score.py", &["cases", &path_text(&expected), &path_text(&got)])?;
        ensure_equal(&summary, "perfect", &count.to_string())
    }

    /// Scores both pages of each pair that aligning is scored on. Rows that a blank line cuts off in Markdown are
    /// expected too, and cells that it cuts are expected in full, so some cells differ from those of a Markdown parser.
    fn score_pairs(&self) -> anyhow::Result<()> {
        let (expected, got) = (self.work.join("read/pairs/expected"), self.work.join("read/pairs/actual"));
        for case in list_folders(&self.corpus.join("align"))? {
            let gold = read_json(&case.join("gold.json"))?;
            for lang in ["zh", "en"] {
                let mut tables = gold[format!("tables_{lang}")].as_array().cloned().unwrap_or_default();
                for table in &mut tables {
                    let cut = table["rows_after_cut"].as_array().cloned().unwrap_or_default();
                    if let Some(rows) = table["rows"].as_array_mut() {
                        rows.extend(cut);
                    }
                }
                let page = format!("{}.{lang}", file_name(&case));
                write_file(&expected.join(&page).join("expected.json"), &json!({"tables": tables}).to_string())?;
                self.save_answer(&["probe", &path_text(&case.join(format!("{lang}.md")))], &got, &page)?;
            }
        }
        let summary = self.run_scorer("score.py", &["cases", &path_text(&expected), &path_text(&got)])?;
        ensure_equal(&summary, "table_recall", "100.00%")?;
        ensure_equal(&summary, "table_precision", "100.00%")?;
        ensure_equal(&summary, "role_accuracy", "100.00%")?;
        ensure_at_least(&summary, "cell_accuracy", 99.9)
    }

    /// Scores the pairs of zh and en rows.
    fn score_align(&self) -> anyhow::Result<()> {
        let got = self.work.join("align/actual");
        for case in list_folders(&self.corpus.join("align"))? {
            let (zh, en) = (case.join("zh.md"), case.join("en.md"));
            self.save_answer(&["align", &path_text(&zh), &path_text(&en)], &got, &file_name(&case))?;
        }
        let summary =
            self.run_scorer("score_align.py", &["--quiet", &path_text(&self.corpus.join("align")), &path_text(&got)])?;
        ensure_at_least(&summary, "F1", 0.998)?;
        ensure_at_least(&summary, "unpaired", 0.98)?;
        self.score_align_seed()
    }

    /// Scores the two saved pages whose pairs of rows are all known.
    fn score_align_seed(&self) -> anyhow::Result<()> {
        let pages = self.corpus.join("seeds/pages/huaweicloud/identity-center");
        let got = self.work.join("align/seed");
        let file = self.save_answer(
            &["align", &path_text(&pages.join("zh.txt")), &path_text(&pages.join("en.txt"))],
            &got,
            "identity-center",
        )?;
        let answer = read_json(&file)?;
        let gold = read_json(&self.corpus.join("seeds/expected/huaweicloud.identity-center.pairs.json"))?;
        let wanted: BTreeSet<String> = items(&gold["pairs"])
            .map(|pair| json!([[pair["table"], pair["zh_row"]], [pair["table"], pair["en_row"]]]).to_string())
            .collect();
        let found: BTreeSet<String> =
            items(&answer["pairs"]).map(|pair| json!([pair["zh"], pair["en"]]).to_string()).collect();
        let right = wanted.intersection(&found).count();
        print_line(&format!(
            "align identity-center: {right} of {} pairs right, {} reported",
            wanted.len(),
            found.len()
        ));
        ensure!(wanted == found, "identity-center: not every pair is right");
        Ok(())
    }

    /// Scores the drift between successive states of real pages.
    fn score_drift(&self) -> anyhow::Result<()> {
        let cases = list_folders(&self.corpus.join("otc/drift"))?;
        let got = self.work.join("drift/actual");
        for case in &cases {
            let side = |which: &str| {
                list_files(case).map(|files| files.into_iter().find(|file| file_name(file).starts_with(which)))
            };
            let (Some(old), Some(new)) = (side("old.")?, side("new.")?) else {
                bail!("{} has no two pages", case.display())
            };
            self.save_answer(
                &["diff", "--fail-on", "none", &path_text(&old), &path_text(&new)],
                &got,
                &file_name(case),
            )?;
        }
        let summary =
            self.run_scorer("score.py", &["drift", &path_text(&self.corpus.join("otc/drift")), &path_text(&got)])?;
        ensure_equal(&summary, "precision", "100.00%")?;
        ensure_equal(&summary, "recall", "100.00%")?;
        ensure_equal(&summary, "fields_exact", "100.00%")
    }

    /// Scores pages of vendors outside the catalogue: tables, lists of codes and pairs.
    fn score_wild(&self) -> anyhow::Result<()> {
        let output = Command::new("python3")
            .arg(self.tools.join("score_wild.py"))
            .args(["all", "--quiet", "--keep", &path_text(&self.work.join("wild"))])
            .env("DOCDRIFT", &self.docdrift)
            .output()
            .context("the scorers need python3")?;
        let output = String::from_utf8(output.stdout)?;
        let summary = |tag: &str| {
            let line = output.lines().find(|line| line.starts_with(&format!("SUMMARY {tag} ")));
            line.inspect(|line| print_line(line)).with_context(|| format!("score_wild.py gave no summary of {tag}"))
        };
        let (read, lists, align) = (summary("read")?, summary("lists")?, summary("align")?);
        ensure_at_least(read, "cell_accuracy", 97.0)?;
        ensure_at_least(read, "table_recall", 97.0)?;
        ensure_at_least(read, "table_precision", 97.0)?;
        ensure_at_least(read, "role_accuracy", 95.0)?;
        let decoys = output.lines().find(|line| line.starts_with("decoy pages with a false table: "));
        let is_clean = decoys.is_some_and(|line| line.contains(": 0 of") || line.contains(": 1 of"));
        ensure!(is_clean, "more than one decoy page has a false table: {}", decoys.unwrap_or_default());
        ensure_at_least(lists, "code_recall", 95.0)?;
        ensure_at_least(lists, "row_precision", 95.0)?;
        ensure_at_least(align, "F1", 0.985)
    }

    /// Saves docdrift's JSON answer as `folder/case.json`. The exit code for a page without an error table is 4.
    fn save_answer(&self, args: &[&str], folder: &Path, case: &str) -> anyhow::Result<PathBuf> {
        let output = Command::new(&self.docdrift).args(args).args(["--format", "json"]).output()?;
        let is_answered = matches!(output.status.code(), Some(0 | 4));
        ensure!(is_answered, "docdrift {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
        let file = folder.join(format!("{case}.json"));
        write_file(&file, &String::from_utf8(output.stdout)?)?;
        Ok(file)
    }

    /// Runs a scorer and prints what is not perfect. Returns its summary line.
    fn run_scorer(&self, scorer: &str, args: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("python3")
            .arg(self.tools.join(scorer))
            .args(args)
            .output()
            .context("the scorers need python3")?;
        let output = String::from_utf8(output.stdout)?;
        for line in output.lines().filter(|line| !line.contains("PERFECT")) {
            print_line(line);
        }
        output.lines().last().map(str::to_owned).with_context(|| format!("{scorer} said nothing"))
    }
}

/// The value of `key=value` in a summary line.
fn find_figure<'a>(summary: &'a str, key: &str) -> anyhow::Result<&'a str> {
    let found = summary.split_whitespace().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    found.with_context(|| format!("no `{key}` in: {summary}"))
}

fn ensure_equal(summary: &str, key: &str, bar: &str) -> anyhow::Result<()> {
    let value = find_figure(summary, key)?;
    ensure!(value == bar, "{key} is {value}, the bar is {bar}");
    Ok(())
}

fn ensure_at_least(summary: &str, key: &str, bar: f64) -> anyhow::Result<()> {
    let value = find_figure(summary, key)?;
    let number: f64 = value.trim_end_matches('%').parse().with_context(|| format!("{key}={value}"))?;
    ensure!(number >= bar, "{key} is {value}, the bar is {bar}");
    Ok(())
}

fn find_page(case: &Path) -> anyhow::Result<PathBuf> {
    list_files(case)?
        .into_iter()
        .find(|file| file_name(file).starts_with("page."))
        .with_context(|| format!("{} has no page", case.display()))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
