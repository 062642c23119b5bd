//! The examples: candidates of the labelled pages, labelled by whether their rows are in a wanted table.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use docdrift_model::{Page, read_rules::ReadHints};
use docdrift_parse::Proposal;
use serde_json::Value;

use crate::files::{file_name, list_entries, list_files, list_folders, read_json};

/// A candidate is wanted if at least this share of its rows is in a wanted table, and unwanted if none is.
const WANTED_PERCENT: usize = 50;
/// The weight of candidates of ordinary pages: there are many, and they must not outweigh the labelled pages.
const ORDINARY_PAGE_WEIGHT: f64 = 0.15;

/// One candidate with its label.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// The vendor of the page; scores are given by vendor.
    pub(super) vendor: String,
    /// The page and the header, for people.
    pub(super) name: String,
    /// The values of the features.
    pub(super) features: Vec<f64>,
    /// Whether it lists errors.
    pub(super) is_wanted: bool,
    /// How much it counts in the fit.
    pub(super) weight: f64,
}

/// One labelled page.
pub(super) struct LabelledPage {
    /// The name of the case, with the language where a case has two pages.
    pub(super) case: String,
    pub(super) vendor: String,
    pub(super) file: PathBuf,
    gold: Value,
}

/// The labelled pages of the corpus.
pub(super) fn labelled_pages(corpus: &Path) -> anyhow::Result<Vec<LabelledPage>> {
    let mut pages = Vec::new();
    for (folder, vendor) in [("wild/cases", None), ("otc/cases", Some("otc"))] {
        for case in list_folders(&corpus.join(folder))? {
            let kind =
                read_json(&case.join("case.json")).ok().and_then(|json| json["kind"].as_str().map(str::to_owned));
            if matches!(kind.as_deref(), Some("arguable" | "lists")) {
                continue;
            }
            let vendor = vendor.map_or_else(|| parse_vendor(&file_name(&case)), str::to_owned);
            let gold = read_json(&case.join("expected.json"))?;
            let file = list_files(&case)?.into_iter().find(|file| file_name(file).starts_with("page."));
            pages.extend(file.map(|file| LabelledPage { case: file_name(&case), vendor, file, gold }));
        }
    }
    for (folder, vendor) in [("align", Some("aliyun")), ("wild/align", None)] {
        for case in list_folders(&corpus.join(folder))?.iter().filter(|case| case.join("gold.json").is_file()) {
            pages.extend(labelled_pair(case, vendor)?);
        }
    }
    Ok(pages)
}

fn labelled_pair(case: &Path, vendor: Option<&str>) -> anyhow::Result<Vec<LabelledPage>> {
    let gold = read_json(&case.join("gold.json"))?;
    let mut pages = Vec::new();
    for lang in ["zh", "en"] {
        let vendor = vendor.map_or_else(|| parse_vendor(&file_name(case)), str::to_owned);
        let gold = serde_json::json!({"tables": gold[format!("tables_{lang}")]});
        let file = list_files(case)?.into_iter().find(|file| file_name(file).starts_with(lang));
        pages.extend(file.map(|file| LabelledPage { case: format!("{}.{lang}", file_name(case)), vendor, file, gold }));
    }
    Ok(pages)
}

/// Labels the candidates of the pages and, where given, of ordinary pages without any error table.
pub(super) fn load_examples(pages: &[LabelledPage], ordinary: Option<&Path>) -> anyhow::Result<Vec<Example>> {
    let mut examples = Vec::new();
    for page in pages {
        examples.extend(label_candidates(page)?);
    }
    balance_vendors(&mut examples);
    for file in ordinary.map(find_pages).unwrap_or_default() {
        let page = LabelledPage { case: file_name(&file), vendor: "ordinary pages".into(), file, gold: Value::Null };
        examples.extend(
            label_candidates(&page)?.into_iter().map(|example| Example { weight: ORDINARY_PAGE_WEIGHT, ..example }),
        );
    }
    Ok(examples)
}

/// Reads a page's file.
pub(super) fn load_page(file: &Path) -> anyhow::Result<Page> {
    let url = file.to_string_lossy().into_owned();
    Ok(Page { url, fetched_at: String::new(), status: None, headers: Vec::new(), body: std::fs::read(file)? })
}

/// Words of case names that say how a page was reshaped, not who wrote it.
const RESHAPED: [&str; 15] = [
    "x", "rst", "text", "format", "grid", "simple", "lines", "pipes", "gfm", "group", "headless", "lastcode", "nested",
    "rowspan", "twoup",
];

/// The vendor in the name of a case: `x-emqx-api` and `emqx44-api` are reshaped pages of one vendor.
fn parse_vendor(case: &str) -> String {
    let mut parts = case.split('-').filter(|part| !RESHAPED.contains(part));
    parts.next().unwrap_or(case).trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

/// Weights each vendor as the square root of its number of candidates, so that none outweighs the others by its length.
fn balance_vendors(examples: &mut [Example]) {
    let mut counts: HashMap<(String, bool), f64> = HashMap::new();
    for example in examples.iter() {
        *counts.entry((example.vendor.clone(), example.is_wanted)).or_default() += 1.0;
    }
    for example in examples {
        let count = counts[&(example.vendor.clone(), example.is_wanted)];
        example.weight = 4.0 / count.sqrt();
    }
}

fn label_candidates(page: &LabelledPage) -> anyhow::Result<Vec<Example>> {
    let gold = &page.gold;
    let lists = |value: &'static str| gold[value].as_array().into_iter().flatten();
    let alternatives = lists("alternatives").flat_map(|tables| tables.as_array().into_iter().flatten());
    let wanted = collect_rows(lists("tables").chain(alternatives));
    let optional = collect_rows(lists("optional"));
    let ignores_extra = gold["ignore_extra"].as_bool() == Some(true);
    let mut examples = Vec::new();
    for proposal in docdrift_parse::propose(&load_page(&page.file)?, &ReadHints::default()) {
        let Proposal { pass, is_list, header, rows, features } = proposal;
        if is_list || rows.is_empty() || !features.has_key {
            continue;
        }
        let found: Vec<Vec<String>> = rows.iter().map(|row| squeeze(row)).collect();
        let share =
            |known: &HashSet<Vec<String>>| found.iter().filter(|row| known.contains(*row)).count() * 100 / found.len();
        let (wanted_share, optional_share) = (share(&wanted), share(&optional));
        let is_wanted = wanted_share >= WANTED_PERCENT;
        if optional_share >= WANTED_PERCENT || (!is_wanted && wanted_share > 0) || (ignores_extra && !is_wanted) {
            continue;
        }
        examples.push(Example {
            vendor: page.vendor.clone(),
            name: format!("{} [{pass}] {} rows: {}", page.case, rows.len(), header.join(" | ")),
            features: features.values.to_vec(),
            is_wanted,
            weight: 1.0,
        });
    }
    Ok(examples)
}

fn collect_rows<'a>(tables: impl Iterator<Item = &'a Value>) -> HashSet<Vec<String>> {
    let rows = tables.flat_map(|table| {
        table["rows"].as_array().into_iter().flatten().chain(table["rows_after_cut"].as_array().into_iter().flatten())
    });
    let cells = |row: &Value| {
        row.as_array()
            .into_iter()
            .flatten()
            .map(|cell| cell.as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    rows.map(|row| squeeze(&cells(row))).collect()
}

/// A row without white space and without empty cells at its end.
fn squeeze(row: &[String]) -> Vec<String> {
    let mut cells: Vec<String> = row.iter().map(|cell| cell.split_whitespace().collect()).collect();
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

fn find_pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for path in list_entries(&folder).unwrap_or_default() {
            let is_page = path
                .extension()
                .is_some_and(|ending| matches!(ending.to_str(), Some("html" | "md" | "rst" | "txt" | "adoc")));
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
