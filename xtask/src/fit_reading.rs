//! `cargo xtask fit-reading`: fits the weights by which tables are told to list errors, from the labelled pages beside the
//! repository, and reports how well they do on vendors that were left out of the fit.
//!
//! The model is a logistic regression with a small quadratic penalty, fitted by Newton's method: the loss is convex, so
//! the answer does not depend on a start, an order or a seed.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write as _,
    path::{Path, PathBuf},
};

use docdrift_model::{Page, ReadHints};
use docdrift_parse::{FEATURES, PRIOR_WEIGHTS, Proposal};
use serde_json::Value;

/// How strongly the weights are held towards those set by hand: the vendors that are labelled are few.
const PENALTY: f64 = 3.0;
/// Newton's method is done when no weight moves by more.
const TOLERANCE: f64 = 1e-6;
const MAX_STEPS: usize = 60;
const MAX_HALVINGS: usize = 30;
/// A candidate is wanted if so many of its rows in a hundred stand in a wanted table, and unwanted if none does.
const WANTED_PERCENT: usize = 50;
/// A page without error tables counts less than one of the labelled pages: there are many of them.
const ORDINARY_PAGE_WEIGHT: f64 = 0.15;

/// One candidate with its label.
#[derive(Clone, Debug)]
pub struct Example {
    /// The vendor that the page is of; figures are told by vendor.
    pub vendor: String,
    /// The page and the header, for people.
    pub name: String,
    /// The values of the features.
    pub features: Vec<f64>,
    /// Whether it lists errors.
    pub is_wanted: bool,
    /// How much it counts.
    pub weight: f64,
}

/// Reads the labelled pages of the corpus and, where given, ordinary pages without any error table.
pub fn load_examples(corpus: &Path, ordinary: Option<&Path>) -> anyhow::Result<Vec<Example>> {
    let mut examples = Vec::new();
    for (folder, default_vendor) in [("wild/cases", None), ("otc/cases", Some("otc"))] {
        for case in folders(&corpus.join(folder))? {
            let kind = read_json(&case.join("case.json")).ok().and_then(|json| json["kind"].as_str().map(str::to_owned));
            if matches!(kind.as_deref(), Some("arguable" | "lists")) {
                continue;
            }
            let gold = read_json(&case.join("expected.json"))?;
            let vendor = default_vendor.map_or_else(|| vendor_of(&name(&case)), str::to_owned);
            let page = files(&case)?.into_iter().find(|file| name(file).starts_with("page."));
            examples.extend(page.map(|page| label(&page, &vendor, &gold)).transpose()?.unwrap_or_default());
        }
    }
    for folder in ["align", "wild/align"] {
        for case in folders(&corpus.join(folder))?.iter().filter(|case| case.join("gold.json").is_file()) {
            let gold = read_json(&case.join("gold.json"))?;
            for lang in ["zh", "en"] {
                let tables = serde_json::json!({"tables": gold[format!("tables_{lang}")]});
                let vendor = if folder == "align" { "aliyun".to_owned() } else { vendor_of(&name(case)) };
                let page = files(case)?.into_iter().find(|file| name(file).starts_with(lang));
                examples.extend(page.map(|page| label(&page, &vendor, &tables)).transpose()?.unwrap_or_default());
            }
        }
    }
    balance(&mut examples);
    for page in ordinary.map(pages_below).unwrap_or_default() {
        let found = label(&page, "ordinary pages", &Value::Null)?;
        examples.extend(found.into_iter().map(|example| Example { weight: ORDINARY_PAGE_WEIGHT, ..example }));
    }
    Ok(examples)
}

/// The vendor that a case's name begins with: `x-emqx-api` and `emqx44-api` are of one vendor, reshaped pages of theirs.
fn vendor_of(case: &str) -> String {
    let mut parts = case.split('-').filter(|part| !matches!(*part, "x" | "rst" | "text" | "format" | "grid" | "simple" | "lines" | "pipes" | "gfm" | "group" | "headless" | "lastcode" | "nested" | "rowspan" | "twoup"));
    parts.next().unwrap_or(case).trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

/// Each vendor counts as the square root of its candidates, so that none outweighs the others by its length.
fn balance(examples: &mut [Example]) {
    let mut counts: HashMap<(String, bool), f64> = HashMap::new();
    for example in examples.iter() {
        *counts.entry((example.vendor.clone(), example.is_wanted)).or_default() += 1.0;
    }
    for example in examples {
        let count = counts[&(example.vendor.clone(), example.is_wanted)];
        example.weight = 4.0 / count.sqrt();
    }
}

fn label(page: &Path, vendor: &str, gold: &Value) -> anyhow::Result<Vec<Example>> {
    let body = std::fs::read(page)?;
    let page_name = name(page.parent().unwrap_or(page));
    let page = Page { url: page.to_string_lossy().into_owned(), fetched_at: String::new(), status: None, headers: Vec::new(), body };
    let wanted = rows_of(gold["tables"].as_array().into_iter().flatten().chain(
        gold["alternatives"].as_array().into_iter().flatten().flat_map(|alternative| alternative.as_array().into_iter().flatten()),
    ));
    let optional = rows_of(gold["optional"].as_array().into_iter().flatten());
    let ignores_extra = gold["ignore_extra"].as_bool() == Some(true);
    let mut examples = Vec::new();
    for proposal in docdrift_parse::propose(&page, &ReadHints::default()) {
        let Proposal { pass, is_list, header, rows, features } = proposal;
        if is_list || rows.is_empty() || !features.has_key {
            continue;
        }
        let found: Vec<Vec<String>> = rows.iter().map(|row| squeeze(row)).collect();
        let share = |known: &HashSet<Vec<String>>| found.iter().filter(|row| known.contains(*row)).count() * 100 / found.len();
        let (of_wanted, of_optional) = (share(&wanted), share(&optional));
        let is_wanted = of_wanted >= WANTED_PERCENT;
        if of_optional >= WANTED_PERCENT || (!is_wanted && of_wanted > 0) || (ignores_extra && !is_wanted) {
            continue;
        }
        examples.push(Example {
            vendor: vendor.to_owned(),
            name: format!("{page_name} [{pass}] {} rows: {}", rows.len(), header.join(" | ")),
            features: features.values.to_vec(),
            is_wanted,
            weight: 1.0,
        });
    }
    Ok(examples)
}

fn rows_of<'a>(tables: impl Iterator<Item = &'a Value>) -> HashSet<Vec<String>> {
    let rows = tables.flat_map(|table| table["rows"].as_array().into_iter().flatten().chain(table["rows_after_cut"].as_array().into_iter().flatten()));
    let cells = |row: &Value| row.as_array().into_iter().flatten().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>();
    rows.map(|row| squeeze(&cells(row))).collect()
}

/// A row without white space and without trailing empty cells.
fn squeeze(row: &[String]) -> Vec<String> {
    let mut cells: Vec<String> = row.iter().map(|cell| cell.split_whitespace().collect()).collect();
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

/// Fits the weights to the examples, near the weights set by hand.
pub fn fit<'a>(examples: impl Iterator<Item = &'a Example> + Clone) -> Vec<f64> {
    let size = FEATURES.len();
    let penalty = std::env::var("PEN").ok().and_then(|p| p.parse().ok()).unwrap_or(PENALTY);
    let mut weights = PRIOR_WEIGHTS.to_vec();
    for _ in 0..MAX_STEPS {
        let pulls = weights.iter().zip(PRIOR_WEIGHTS).map(|(weight, prior)| -penalty * (weight - prior));
        let mut gradient: Vec<f64> = pulls.collect();
        let mut hessian = vec![vec![0.0; size]; size];
        for (n, row) in hessian.iter_mut().enumerate() {
            row[n] = penalty;
        }
        for example in examples.clone() {
            let probability = sigmoid(dot(&weights, &example.features));
            let label = if example.is_wanted { 1.0 } else { 0.0 };
            let slope = example.weight * (label - probability);
            let curvature = example.weight * probability * (1.0 - probability);
            for (n, value) in example.features.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                gradient[n] += slope * value;
                for (other, sum) in example.features.iter().zip(hessian[n].iter_mut()) {
                    *sum += curvature * value * other;
                }
            }
        }
        let step = solve(hessian, gradient);
        weights = search_line(examples.clone(), &weights, &step, penalty);
        if step.iter().all(|step| step.abs() < TOLERANCE) {
            break;
        }
    }
    weights
}

/// Goes along a step as far as the loss falls: a whole step of Newton's method may overshoot.
fn search_line<'a>(
    examples: impl Iterator<Item = &'a Example> + Clone,
    weights: &[f64],
    step: &[f64],
    penalty: f64,
) -> Vec<f64> {
    let before = loss(examples.clone(), weights, penalty);
    let mut scale = 1.0;
    for _ in 0..MAX_HALVINGS {
        let moved: Vec<f64> = weights.iter().zip(step).map(|(weight, step)| weight + scale * step).collect();
        if loss(examples.clone(), &moved, penalty) <= before {
            return moved;
        }
        scale /= 2.0;
    }
    weights.to_vec()
}

/// The negative log-likelihood and the penalty.
fn loss<'a>(examples: impl Iterator<Item = &'a Example>, weights: &[f64], penalty: f64) -> f64 {
    let of_example = |example: &Example| {
        let score = dot(weights, &example.features);
        let margin = if example.is_wanted { -score } else { score };
        // ln(1 + e^margin) without overflow.
        example.weight * (margin.max(0.0) + (-margin.abs()).exp().ln_1p())
    };
    let pull = weights.iter().zip(PRIOR_WEIGHTS).map(|(weight, prior)| (weight - prior).powi(2)).sum::<f64>();
    examples.map(of_example).sum::<f64>() + penalty * pull / 2.0
}

/// Solves a symmetric, positive definite system by elimination.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for n in 0..size {
        for below in n + 1..size {
            let factor = matrix[below][n] / matrix[n][n];
            let pivot = matrix[n].clone();
            matrix[below].iter_mut().zip(&pivot).skip(n).for_each(|(cell, above)| *cell -= factor * above);
            right[below] -= factor * right[n];
        }
    }
    for n in (0..size).rev() {
        let known: f64 = (n + 1..size).map(|other| matrix[n][other] * right[other]).sum();
        right[n] = (right[n] - known) / matrix[n][n];
    }
    right
}

fn dot(weights: &[f64], features: &[f64]) -> f64 {
    weights.iter().zip(features).map(|(weight, value)| weight * value).sum()
}

fn sigmoid(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// How many were found of how many wanted, and how many were taken wrongly.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    wanted: usize,
    found: usize,
    wrong: usize,
}

/// Scores every vendor by weights fitted without it, and tells what was missed or taken wrongly.
pub fn leave_one_vendor_out(examples: &[Example]) -> String {
    let vendors: BTreeMap<&str, ()> = examples.iter().map(|example| (example.vendor.as_str(), ())).collect();
    let mut table = String::from("vendor | wanted | found | wrong\n---|---|---|---\n");
    let mut errors = String::new();
    let mut all = Counts::default();
    for vendor in vendors.keys() {
        let weights = fit(examples.iter().filter(|example| example.vendor != *vendor));
        let counts = count(examples.iter().filter(|example| example.vendor == *vendor), &weights, &mut errors);
        let _ = writeln!(table, "{vendor} | {} | {} | {}", counts.wanted, counts.found, counts.wrong);
        all.wanted += counts.wanted;
        all.found += counts.found;
        all.wrong += counts.wrong;
    }
    let _ = writeln!(table, "all | {} | {} | {}", all.wanted, all.found, all.wrong);
    table + &errors
}

fn count<'a>(examples: impl Iterator<Item = &'a Example>, weights: &[f64], errors: &mut String) -> Counts {
    let mut counts = Counts::default();
    for example in examples {
        let score = dot(weights, &example.features);
        counts.wanted += usize::from(example.is_wanted);
        counts.found += usize::from(example.is_wanted && score > 0.0);
        counts.wrong += usize::from(!example.is_wanted && score > 0.0);
        if (score > 0.0) != example.is_wanted {
            let what = if example.is_wanted { "missed" } else { "wrong" };
            let _ = writeln!(errors, "  {what} {score:+.2} {}: {}", example.vendor, example.name);
        }
    }
    counts
}

/// The weights as the lines of the table in the source.
pub fn as_source(weights: &[f64]) -> String {
    let mut lines = String::new();
    for (name, weight) in FEATURES.iter().zip(weights) {
        let _ = writeln!(lines, "    {weight:5.2}, // {name}");
    }
    lines
}

fn pages_below(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for path in entries(&folder).unwrap_or_default() {
            let is_page = path.extension().is_some_and(|ending| matches!(ending.to_str(), Some("html" | "md" | "rst" | "txt" | "adoc")));
            match path {
                path if path.is_symlink() => {}
                path if path.is_dir() => open.push(path),
                path if is_page => pages.push(path),
                _ => {}
            }
        }
    }
    pages.sort();
    pages
}

fn folders(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(entries(parent)?.into_iter().filter(|path| path.is_dir()).collect())
}

fn files(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(entries(parent)?.into_iter().filter(|path| path.is_file()).collect())
}

fn entries(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(parent)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn read_json(path: &Path) -> anyhow::Result<Value> {
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
