//! `cargo xtask acceptance`: docdrift's answers on real pages, scored by the scorers that lie beside them.
//!
//! The pages are other people's text and stay outside the repository; where they are missing this says so and passes.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use crate::say;

/// Scores the parts that are named, or all.
pub(crate) fn run(root: &Path, parts: &[String]) -> anyhow::Result<()> {
    let shared = root.join("..").join("shared");
    if !shared.join("corpus").is_dir() {
        say("acceptance: skipped, there is no ../shared with real pages");
        return Ok(());
    }
    let known = ["read", "align", "drift", "wild"];
    if let Some(unknown) = parts.iter().find(|part| !known.contains(&part.as_str())) {
        bail!("acceptance has no part `{unknown}`; its parts are {}", known.join(", "));
    }
    let bench = Bench::new(root, &shared)?;
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|p| p == part);
    let mut failed = Vec::new();
    for (part, score) in [
        ("read", Bench::read as fn(&Bench) -> anyhow::Result<()>),
        ("align", Bench::align),
        ("drift", Bench::drift),
        ("wild", Bench::wild),
    ] {
        if wanted(part)
            && let Err(error) = score(&bench)
        {
            say(&format!("acceptance {part}: {error:#}"));
            failed.push(part);
        }
    }
    ensure!(failed.is_empty(), "below the bar: {}", failed.join(", "));
    Ok(())
}

struct Bench {
    docdrift: PathBuf,
    corpus: PathBuf,
    tools: PathBuf,
    work: PathBuf,
}

impl Bench {
    fn new(root: &Path, shared: &Path) -> anyhow::Result<Self> {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "docdrift"])
            .current_dir(root)
            .status()?;
        ensure!(built.success(), "docdrift does not build");
        let docdrift = std::env::current_exe()?.with_file_name(format!("docdrift{}", std::env::consts::EXE_SUFFIX));
        let work = root.join("target").join("acceptance");
        if work.exists() {
            std::fs::remove_dir_all(&work)?;
        }
        Ok(Self { docdrift, corpus: shared.join("corpus"), tools: shared.join("tools"), work })
    }

    /// Every table, row, cell and role of every page.
    fn read(&self) -> anyhow::Result<()> {
        let cases = folders(&self.corpus.join("otc/cases"))?;
        let got = self.work.join("read/cases/actual");
        for case in &cases {
            self.answer(&["probe", &text(&page_in(case)?)], &got, &name(case))?;
        }
        let summary = self.score("score.py", &["cases", &text(&self.corpus.join("otc/cases")), &text(&got)])?;
        expect(&summary, "perfect", &cases.len().to_string())?;
        expect(&summary, "role_accuracy", "100.00%")?;
        self.read_seeds()?;
        self.read_pairs()
    }

    /// The saved text pages.
    fn read_seeds(&self) -> anyhow::Result<()> {
        let (expected, got) = (self.work.join("read/seeds/expected"), self.work.join("read/seeds/actual"));
        let mut count = 0;
        for file in files(&self.corpus.join("seeds/expected"))? {
            let case = name(&file).trim_end_matches(".json").to_owned();
            let [vendor, service, lang] = case.split('.').collect::<Vec<_>>()[..] else { continue };
            if lang == "pairs" {
                continue;
            }
            write(&expected.join(&case).join("expected.json"), &std::fs::read_to_string(&file)?)?;
            let page = self.corpus.join("seeds/pages").join(vendor).join(service).join(format!("{lang}.txt"));
            self.answer(&["probe", &text(&page)], &got, &case)?;
            count += 1;
        }
        let summary = self.score("score.py", &["cases", &text(&expected), &text(&got)])?;
        expect(&summary, "perfect", &count.to_string())
    }

    /// Both pages of each pair that aligning is scored on. Rows that a blank line cuts off in Markdown are asked for
    /// too, and a cell that it cuts is there in full, so not every cell is the one that a Markdown parser sees.
    fn read_pairs(&self) -> anyhow::Result<()> {
        let (expected, got) = (self.work.join("read/pairs/expected"), self.work.join("read/pairs/actual"));
        for case in folders(&self.corpus.join("align"))? {
            let gold = read_json(&case.join("gold.json"))?;
            for lang in ["zh", "en"] {
                let mut tables = gold[format!("tables_{lang}")].as_array().cloned().unwrap_or_default();
                for table in &mut tables {
                    let cut = table["rows_after_cut"].as_array().cloned().unwrap_or_default();
                    if let Some(rows) = table["rows"].as_array_mut() {
                        rows.extend(cut);
                    }
                }
                let page = format!("{}.{lang}", name(&case));
                write(&expected.join(&page).join("expected.json"), &json!({"tables": tables}).to_string())?;
                self.answer(&["probe", &text(&case.join(format!("{lang}.md")))], &got, &page)?;
            }
        }
        let summary = self.score("score.py", &["cases", &text(&expected), &text(&got)])?;
        expect(&summary, "table_recall", "100.00%")?;
        expect(&summary, "table_precision", "100.00%")?;
        expect(&summary, "role_accuracy", "100.00%")?;
        at_least(&summary, "cell_accuracy", 99.9)
    }

    /// The pairs of zh and en rows.
    fn align(&self) -> anyhow::Result<()> {
        let got = self.work.join("align/actual");
        for case in folders(&self.corpus.join("align"))? {
            let (zh, en) = (case.join("zh.md"), case.join("en.md"));
            self.answer(&["align", &text(&zh), &text(&en)], &got, &name(&case))?;
        }
        let summary = self.score("score_align.py", &["--quiet", &text(&self.corpus.join("align")), &text(&got)])?;
        at_least(&summary, "F1", 0.998)?;
        at_least(&summary, "unpaired", 0.98)?;
        self.align_seed()
    }

    /// The pair of saved pages whose every pair is known.
    fn align_seed(&self) -> anyhow::Result<()> {
        let pages = self.corpus.join("seeds/pages/huaweicloud/identity-center");
        let got = self.work.join("align/seed");
        let file = self.answer(
            &["align", &text(&pages.join("zh.txt")), &text(&pages.join("en.txt"))],
            &got,
            "identity-center",
        )?;
        let answer = read_json(&file)?;
        let gold = read_json(&self.corpus.join("seeds/expected/huaweicloud.identity-center.pairs.json"))?;
        let wanted: BTreeSet<String> = array(&gold["pairs"])
            .map(|pair| json!([[pair["table"], pair["zh_row"]], [pair["table"], pair["en_row"]]]).to_string())
            .collect();
        let found: BTreeSet<String> =
            array(&answer["pairs"]).map(|pair| json!([pair["zh"], pair["en"]]).to_string()).collect();
        let right = wanted.intersection(&found).count();
        say(&format!("align identity-center: {right} of {} pairs right, {} reported", wanted.len(), found.len()));
        ensure!(wanted == found, "identity-center: not every pair is right");
        Ok(())
    }

    /// What changed between successive states of real pages.
    fn drift(&self) -> anyhow::Result<()> {
        let cases = folders(&self.corpus.join("otc/drift"))?;
        let got = self.work.join("drift/actual");
        for case in &cases {
            let side =
                |which: &str| files(case).map(|files| files.into_iter().find(|file| name(file).starts_with(which)));
            let (Some(old), Some(new)) = (side("old.")?, side("new.")?) else {
                bail!("{} has no two pages", case.display())
            };
            self.answer(&["diff", "--fail-on", "none", &text(&old), &text(&new)], &got, &name(case))?;
        }
        let summary = self.score("score.py", &["drift", &text(&self.corpus.join("otc/drift")), &text(&got)])?;
        expect(&summary, "precision", "100.00%")?;
        expect(&summary, "recall", "100.00%")?;
        expect(&summary, "fields_exact", "100.00%")
    }

    /// Pages of vendors outside the catalogue: tables, lists of codes and pairs.
    fn wild(&self) -> anyhow::Result<()> {
        let output = Command::new("python3")
            .arg(self.tools.join("score_wild.py"))
            .args(["all", "--quiet", "--keep", &text(&self.work.join("wild"))])
            .env("DOCDRIFT", &self.docdrift)
            .output()
            .context("the scorers need python3")?;
        let said = String::from_utf8(output.stdout)?;
        let summary = |tag: &str| {
            let line = said.lines().find(|line| line.starts_with(&format!("SUMMARY {tag} ")));
            line.inspect(|line| say(line)).with_context(|| format!("score_wild.py gave no summary of {tag}"))
        };
        let (read, lists, align) = (summary("read")?, summary("lists")?, summary("align")?);
        at_least(read, "cell_accuracy", 97.0)?;
        at_least(read, "table_recall", 97.0)?;
        at_least(read, "table_precision", 97.0)?;
        at_least(read, "role_accuracy", 95.0)?;
        let decoys = said.lines().find(|line| line.starts_with("decoy pages with a false table: "));
        let is_clean = decoys.is_some_and(|line| line.contains(": 0 of") || line.contains(": 1 of"));
        ensure!(is_clean, "more than one decoy page has a false table: {}", decoys.unwrap_or_default());
        at_least(lists, "code_recall", 95.0)?;
        at_least(lists, "row_precision", 95.0)?;
        at_least(align, "F1", 0.985)
    }

    /// Keeps docdrift's JSON answer as `folder/case.json`. A page without an error table is answered with exit code 4.
    fn answer(&self, args: &[&str], folder: &Path, case: &str) -> anyhow::Result<PathBuf> {
        let output = Command::new(&self.docdrift).args(args).args(["--format", "json"]).output()?;
        let is_answered = matches!(output.status.code(), Some(0 | 4));
        ensure!(is_answered, "docdrift {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
        let file = folder.join(format!("{case}.json"));
        write(&file, &String::from_utf8(output.stdout)?)?;
        Ok(file)
    }

    /// Runs a scorer, shows what is not perfect, and gives its summary line.
    fn score(&self, scorer: &str, args: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("python3")
            .arg(self.tools.join(scorer))
            .args(args)
            .output()
            .context("the scorers need python3")?;
        let said = String::from_utf8(output.stdout)?;
        for line in said.lines().filter(|line| !line.contains("PERFECT")) {
            say(line);
        }
        said.lines().last().map(str::to_owned).with_context(|| format!("{scorer} said nothing"))
    }
}

/// The value of `key=value` in a summary line.
fn figure<'a>(summary: &'a str, key: &str) -> anyhow::Result<&'a str> {
    let found = summary.split_whitespace().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    found.with_context(|| format!("no `{key}` in: {summary}"))
}

fn expect(summary: &str, key: &str, bar: &str) -> anyhow::Result<()> {
    let value = figure(summary, key)?;
    ensure!(value == bar, "{key} is {value}, the bar is {bar}");
    Ok(())
}

fn at_least(summary: &str, key: &str, bar: f64) -> anyhow::Result<()> {
    let value = figure(summary, key)?;
    let number: f64 = value.trim_end_matches('%').parse().with_context(|| format!("{key}={value}"))?;
    ensure!(number >= bar, "{key} is {value}, the bar is {bar}");
    Ok(())
}

fn folders(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(entries(parent)?.into_iter().filter(|path| path.is_dir()).collect())
}

fn files(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(entries(parent)?.into_iter().filter(|path| path.is_file()).collect())
}

fn entries(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listing = std::fs::read_dir(parent).with_context(|| parent.display().to_string())?;
    let mut paths = listing.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn page_in(case: &Path) -> anyhow::Result<PathBuf> {
    files(case)?
        .into_iter()
        .find(|file| name(file).starts_with("page."))
        .with_context(|| format!("{} has no page", case.display()))
}

fn read_json(path: &Path) -> anyhow::Result<Value> {
    serde_json::from_str(&std::fs::read_to_string(path)?).with_context(|| path.display().to_string())
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(path, text)?)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
