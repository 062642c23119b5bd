//! Compares the files of `output/` with those that the snapshots result in.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use docdrift_files::{Result, read_optional};
use docdrift_model::config::Config;

use super::{VerifyIssue, VerifyReport, formulas, issue::limit_issues, rows, tree};
use crate::{dataset, history::Histories, journal::Change, publish, snapshots};

const ADVICE: &str = "a refresh writes it anew";

/// Checks everything below `output/`.
pub(super) fn verify(
    root: &Path,
    config: &Config,
    feeds: &BTreeMap<PathBuf, Vec<u8>>,
    report: &mut VerifyReport,
) -> Result<()> {
    let top = Path::new(dataset::FOLDER);
    let found = tree::files_below(root, top, &mut report.issues)?;
    report.file_count += found.len();
    let is_known = |path: &&PathBuf| {
        let inside = path.strip_prefix(top).unwrap_or(path);
        dataset::is_shared_file(inside) || dataset::parse_source_path(inside).is_some() || feeds.contains_key(inside)
    };
    for table in found.iter().filter(|path| dataset::is_table(path.strip_prefix(top).unwrap_or(path))) {
        let rows = rows::parse(table, &read_optional(&root.join(table))?.unwrap_or_default()).unwrap_or_default();
        report.notes.extend(limit_issues(table, formulas::formula_notes(table, &rows)));
    }
    let Change { writes, removes } = match publish::plan(root, &Histories::read(root, config), config, feeds) {
        Ok(change) => change,
        Err(error) => {
            report.issues.push(VerifyIssue::new(top, format!("{error:#}")));
            return Ok(());
        }
    };
    let strangers = found.iter().filter(|path| !is_known(path) && !removes.contains(*path));
    report.issues.extend(strangers.map(|path| VerifyIssue::new(path, "is no file of the dataset: remove it")));
    let stale =
        |path: &PathBuf| VerifyIssue::new(path, format!("belongs to no watched source with snapshots: {ADVICE}"));
    report.issues.extend(removes.iter().map(stale));
    for (path, expected) in &writes {
        if path.starts_with(snapshots::FOLDER) {
            // Its texts are reported with the snapshot before it.
            continue;
        }
        let issues = match read_optional(&root.join(path))? {
            Some(found) => differences(path, expected, &found),
            None => vec![VerifyIssue::new(path, format!("is missing: {ADVICE}"))],
        };
        report.issues.extend(limit_issues(path, issues));
    }
    Ok(())
}

/// Returns where a file is not as expected: at least one issue.
fn differences(path: &Path, expected: &[u8], found: &[u8]) -> Vec<VerifyIssue> {
    let by_entry = rows::parse(path, expected).zip(rows::parse(path, found));
    let issues = by_entry.map(|(expected, found)| rows::compare(path, &expected, &found)).unwrap_or_default();
    if !issues.is_empty() {
        return issues;
    }
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> { bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() };
    let (expected, found) = (lines(expected), lines(found));
    let same = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let what = format!("edited by hand: the line differs from what the snapshots result in; {ADVICE}");
    vec![VerifyIssue::new(path, what).at_line(same + 1)]
}
