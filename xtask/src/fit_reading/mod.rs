//! `cargo xtask fit-reading`: fits the weights that select error tables to the labelled pages beside the repository, and
//! scores them on vendors that were left out of the fit. `docs/reading.md` says how to use it.

mod examples;
mod model;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use docdrift_parse::FEATURES;
use serde_json::json;

use crate::{files::write_file, output::print_line};
use examples::{Example, LabelledPage, labelled_pages, load_examples, load_page};
use model::{Weights, dot, fit};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Add the pages of a folder that have no error tables
    #[arg(long, value_name = "DIR")]
    ordinary: Option<PathBuf>,
    /// Save the tables of each labelled page, as read by the weights that were fitted without its vendor
    #[arg(long, value_name = "DIR")]
    answers: Option<PathBuf>,
}

/// Fits the weights, and prints their scores and their source code.
pub(crate) fn run(root: &Path, options: &Options) -> anyhow::Result<()> {
    let corpus = root.join("..").join("shared").join("corpus");
    if !corpus.is_dir() {
        print_line("fit-reading: skipped, there is no ../shared with labelled pages");
        return Ok(());
    }
    let pages = labelled_pages(&corpus)?;
    let examples = load_examples(&pages, options.ordinary.as_deref())?;
    let wanted = examples.iter().filter(|example| example.is_wanted).count();
    print_line(&format!("{} candidates, {wanted} of them list errors\n", examples.len()));
    print_line(&score_vendors(&examples, &pages, options.answers.as_deref())?);
    print_line("the weights, for crates/parse/src/select/weights.rs:\n");
    print_line(&render_weights(&fit(examples.iter())));
    Ok(())
}

/// The numbers of candidates that list errors, of those that the weights select, and of others that they select.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    wanted: usize,
    found: usize,
    wrong: usize,
}

/// Scores each vendor by weights that were fitted without it. Lists what they missed or selected wrongly.
fn score_vendors(examples: &[Example], pages: &[LabelledPage], answers: Option<&Path>) -> anyhow::Result<String> {
    let vendors: BTreeSet<&str> = examples.iter().map(|example| example.vendor.as_str()).collect();
    let mut table = String::from("vendor | wanted | found | wrong\n---|---|---|---\n");
    let mut errors = String::new();
    let mut all = Counts::default();
    for vendor in vendors {
        let weights = fit(examples.iter().filter(|example| example.vendor != vendor));
        let counts = count_selected(examples.iter().filter(|example| example.vendor == vendor), &weights, &mut errors);
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

/// Saves the tables of the pages as read with these weights, one file per page.
fn write_answers<'a>(
    folder: &Path,
    pages: impl Iterator<Item = &'a LabelledPage>,
    weights: &Weights,
) -> anyhow::Result<()> {
    for page in pages {
        let tables = docdrift_parse::read_tables_with(&load_page(&page.file)?, weights);
        write_file(&folder.join(format!("{}.json", page.case)), &json!({"tables": tables}).to_string())?;
    }
    Ok(())
}

fn count_selected<'a>(examples: impl Iterator<Item = &'a Example>, weights: &Weights, errors: &mut String) -> Counts {
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

/// The weights as lines of the table in the source code.
fn render_weights(weights: &[f64]) -> String {
    let mut lines = String::new();
    for (name, weight) in FEATURES.iter().zip(weights) {
        let _ = writeln!(lines, "    {weight:5.2}, // {name}");
    }
    lines
}
