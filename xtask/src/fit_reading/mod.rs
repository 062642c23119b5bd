//! `cargo xtask fit-reading`: fits the weights by which tables are told to list errors, from the labelled pages beside the
//! repository, and reports how well they do on vendors that were left out of the fit. `docs/reading.md` says how to use it.

mod examples;
mod model;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use docdrift_parse::FEATURES;
use serde_json::json;

use crate::say;
use examples::{Example, LabelledPage, labelled_pages, load_examples, load_page};
use model::{Weights, dot, fit};

/// Fits the weights and reports. `--ordinary DIR` adds pages without error tables; `--answers DIR` keeps the tables of each
/// labelled page as read by the weights that were fitted without its vendor, for the scorers.
pub(crate) fn run(root: &Path, args: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(args)?;
    let corpus = root.join("..").join("shared").join("corpus");
    if !corpus.is_dir() {
        say("fit-reading: skipped, there is no ../shared with labelled pages");
        return Ok(());
    }
    let pages = labelled_pages(&corpus)?;
    let examples = load_examples(&pages, options.ordinary.as_deref())?;
    let wanted = examples.iter().filter(|example| example.is_wanted).count();
    say(&format!("{} candidates, {wanted} of them list errors\n", examples.len()));
    say(&leave_one_vendor_out(&examples, &pages, options.answers.as_deref())?);
    say("the weights, for crates/parse/src/select/weights.rs:\n");
    say(&as_source(&fit(examples.iter())));
    Ok(())
}

#[derive(Default)]
struct Options {
    ordinary: Option<PathBuf>,
    answers: Option<PathBuf>,
}

impl Options {
    fn parse(args: &[String]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let folder = || -> anyhow::Result<PathBuf> {
                Ok(args.clone().next().with_context(|| format!("{arg} needs a folder"))?.into())
            };
            match arg.as_str() {
                "--ordinary" => options.ordinary = Some(folder()?),
                "--answers" => options.answers = Some(folder()?),
                _ => bail!("fit-reading knows --ordinary DIR and --answers DIR, not `{arg}`"),
            }
            args.next();
        }
        Ok(options)
    }
}

/// How many were found of how many wanted, and how many were taken wrongly.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    wanted: usize,
    found: usize,
    wrong: usize,
}

/// Scores every vendor by weights fitted without it, and tells what was missed or taken wrongly.
fn leave_one_vendor_out(
    examples: &[Example],
    pages: &[LabelledPage],
    answers: Option<&Path>,
) -> anyhow::Result<String> {
    let vendors: BTreeSet<&str> = examples.iter().map(|example| example.vendor.as_str()).collect();
    let mut table = String::from("vendor | wanted | found | wrong\n---|---|---|---\n");
    let mut errors = String::new();
    let mut all = Counts::default();
    for vendor in vendors {
        let weights = fit(examples.iter().filter(|example| example.vendor != vendor));
        let counts = count(examples.iter().filter(|example| example.vendor == vendor), &weights, &mut errors);
        let _ = writeln!(table, "{vendor} | {} | {} | {}", counts.wanted, counts.found, counts.wrong);
        all.wanted += counts.wanted;
        all.found += counts.found;
        all.wrong += counts.wrong;
        if let Some(folder) = answers {
            write_answers(folder, pages.iter().filter(|page| page.vendor == vendor), &weights)?;
        }
    }
    let _ = writeln!(table, "all | {} | {} | {}\n", all.wanted, all.found, all.wrong);
    Ok(table + &errors)
}

/// Keeps what the reader makes of the pages with these weights, a file a page.
fn write_answers<'a>(
    folder: &Path,
    pages: impl Iterator<Item = &'a LabelledPage>,
    weights: &Weights,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for page in pages {
        let tables = docdrift_parse::read_tables_with(&load_page(&page.file)?, weights);
        std::fs::write(folder.join(format!("{}.json", page.case)), json!({"tables": tables}).to_string())?;
    }
    Ok(())
}

fn count<'a>(examples: impl Iterator<Item = &'a Example>, weights: &Weights, errors: &mut String) -> Counts {
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
fn as_source(weights: &[f64]) -> String {
    let mut lines = String::new();
    for (name, weight) in FEATURES.iter().zip(weights) {
        let _ = writeln!(lines, "    {weight:5.2}, // {name}");
    }
    lines
}
