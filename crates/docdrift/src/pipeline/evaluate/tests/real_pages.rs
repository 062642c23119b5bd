//! Real pages, if the corpus is there: changes by vendors are accepted, artificial damage is not.

#![allow(clippy::disallowed_methods, reason = "the corpus is no store: its files are only read")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use docdrift_model::{Bilingual, Lang, Outcome, Publish};
use rayon::prelude::*;

use super::{Baseline, Bodies, Line, evaluate_readings, print_lines, read, source, summarize};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/otc");
/// The smallest page that is used: of a smaller one, a single row is a large part.
const ROWS: usize = 6;
/// Changes by vendors that a maintainer should check: a third of the codes removed, all codes replaced, a column
/// removed.
const DRASTIC: [&str; 3] =
    ["cts-error-codes-1d4230e-217dbff", "zh-cce-error-codes-10a2006-7aee166", "zh-sis-error-codes-4908058-490ab12"];

/// Returns the page of that name in a folder, in any format; `None` if it has too few rows.
fn find_page(folder: &Path, stem: &str) -> Option<Bodies> {
    let body = ["html", "md", "txt"].iter().find_map(|end| fs::read(folder.join(format!("{stem}.{end}"))).ok())?;
    let bodies_of_one =
        |is_zh: bool, body: Vec<u8>| Bilingual { zh: is_zh.then(|| body.clone()), en: (!is_zh).then_some(body) };
    let readings = read(&source(), &bodies_of_one(false, body.clone())).1;
    let reading = readings.en?;
    (reading.row_count() >= ROWS).then(|| bodies_of_one(reading.lang == Some(Lang::Zh), body))
}

/// Returns the folders below a folder of the corpus; `None` without a corpus.
fn list_folders(below: &str) -> Option<Vec<PathBuf>> {
    let Ok(all) = fs::read_dir(Path::new(CORPUS).join(below)) else {
        eprintln!("skipped: there is no corpus beside this checkout");
        return None;
    };
    let mut folders: Vec<_> = all.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    Some(folders)
}

fn is_good(bodies: &Bodies) -> bool {
    let source = source();
    let (pages, readings) = read(&source, bodies);
    matches!(evaluate_readings(&source, &pages, &readings, &Publish::all(), None).outcome, Outcome::First(_))
}

fn edit_bodies(bodies: &Bodies, edit: impl Fn(&[u8]) -> Vec<u8>) -> Bodies {
    bodies.clone().map(|body| body.map(|body| edit(&body)))
}

/// Keeps the rows whose number `keep` accepts: rows of HTML tables, or lines that begin with a pipe.
fn keep_rows(body: &[u8], keep: impl Fn(usize) -> bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let is_html = text.contains("</tr>");
    let mut n = 0;
    let mut kept = |part: &&str| {
        let is_row = if is_html { part.contains("<td") && part.ends_with("</tr>") } else { part.starts_with('|') };
        n += usize::from(is_row);
        !is_row || n <= 2 || keep(n)
    };
    if is_html {
        // The text before the tag of a row is not part of the row.
        let parts = text.split_inclusive("</tr>");
        let pieces: Vec<(&str, &str)> =
            parts.map(|part| part.split_at(part.rfind("<tr").unwrap_or(part.len()))).collect();
        pieces
            .iter()
            .map(|(before, row)| before.to_string() + if kept(row) { row } else { "" })
            .collect::<String>()
            .into()
    } else {
        text.split_inclusive('\n').filter(kept).collect::<String>().into()
    }
}

#[test]
fn damaged_real_pages_are_quarantined_or_reported_as_removals() {
    let Some(folders) = list_folders("cases") else { return };
    let tried = |folder: PathBuf| {
        let good = find_page(&folder, "page").filter(is_good)?;
        let before = Baseline::new(&good);
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let mut lines = Vec::new();
        let mut try_one = |what: String, now: Bodies, must_hold: bool| {
            let (_, evaluation) = before.evaluate(&now).next().unwrap();
            let drift = &evaluation.drift;
            // If a removed row has a cell that spans other rows, those lose their status and count as other rows.
            let only_removals =
                drift.added.len() < drift.removed.len() && drift.renamed.is_empty() && drift.changed.is_empty();
            let is_right = match evaluation.outcome {
                Outcome::Changed => only_removals && !must_hold,
                Outcome::Unchanged => !must_hold,
                _ => true,
            };
            lines.push(Line { name: format!("{what} {name}"), site: "", summary: summarize(&evaluation), is_right });
        };
        for tenth in 1..10 {
            try_one(format!("cut {tenth}"), edit_bodies(&good, |body| body[..body.len() * tenth / 10].to_vec()), false);
        }
        for every in [2, 3, 10] {
            try_one(
                format!("every {every}."),
                edit_bodies(&good, |body| keep_rows(body, |n| n % every != 0)),
                every < 4,
            );
        }
        try_one("empty".into(), edit_bodies(&good, |_| Vec::new()), true);
        try_one("twice".into(), edit_bodies(&good, |body| body.repeat(2)), false);
        Some(lines)
    };
    let lines: Vec<Line> = folders.into_par_iter().filter_map(tried).flatten().collect();
    assert!(!lines.is_empty(), "no page of the corpus is used");
    let missed = print_lines(&lines);
    println!("{} real pages damaged, {} missed", lines.len(), missed.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn real_changes_are_accepted() {
    let Some(mut folders) = list_folders("drift") else { return };
    let nested: Vec<_> = folders.iter().flat_map(fs::read_dir).flatten().flatten().map(|entry| entry.path()).collect();
    folders.extend(nested);
    let tried = |folder: PathBuf| {
        let (old, new) = (find_page(&folder, "old").filter(is_good)?, find_page(&folder, "new")?);
        let (_, evaluation) = Baseline::new(&old).evaluate(&new).next().unwrap();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let is_drastic = DRASTIC.contains(&name.as_str());
        Some(Line { name, site: "", summary: summarize(&evaluation), is_right: evaluation.is_accepted() != is_drastic })
    };
    let lines: Vec<Line> = folders.into_par_iter().filter_map(tried).collect();
    assert!(!lines.is_empty(), "no page of the corpus is used");
    let held = print_lines(&lines);
    println!("{} real changes, {} false alarms", lines.len(), held.len());
    assert!(held.is_empty(), "{}", held.join("\n"));
}
