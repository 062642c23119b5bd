//! The files of `output/` beside what the snapshots make of them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{Flaw, Verified, flaw, formulas, rows, tree};
use crate::{dataset, files, history::Histories, journal::Change, publish, snapshots};
use docdrift_model::Config;

const ADVICE: &str = "a refresh writes it anew";

/// Looks at everything below `output/`.
pub(super) fn verify(
    root: &Path,
    config: &Config,
    feeds: &BTreeMap<PathBuf, Vec<u8>>,
    told: &mut Verified,
) -> Result<()> {
    let top = Path::new(dataset::FOLDER);
    let found = tree::files_below(root, top, &mut told.flaws)?;
    told.files += found.len();
    let is_known = |path: &&PathBuf| {
        let inside = path.strip_prefix(top).unwrap_or(path);
        dataset::is_common(inside) || dataset::source_of(inside).is_some() || feeds.contains_key(inside)
    };
    for table in found.iter().filter(|path| dataset::is_table(path.strip_prefix(top).unwrap_or(path))) {
        let rows = rows::of(table, &files::read_optional(&root.join(table))?.unwrap_or_default()).unwrap_or_default();
        told.notes.extend(flaw::first(table, formulas::notes(table, &rows)));
    }
    let Change { writes, removes } = match publish::plan(root, &Histories::on_disk(root, config), config, feeds) {
        Ok(change) => change,
        Err(error) => {
            told.flaws.push(Flaw::of(top, format!("{error:#}")));
            return Ok(());
        }
    };
    let strangers = found.iter().filter(|path| !is_known(path) && !removes.contains(*path));
    told.flaws.extend(strangers.map(|path| Flaw::of(path, "is no file of the dataset: remove it")));
    let stale = |path: &PathBuf| Flaw::of(path, format!("is of nothing that is watched and has snapshots: {ADVICE}"));
    told.flaws.extend(removes.iter().map(stale));
    for (path, expected) in &writes {
        if path.starts_with(snapshots::FOLDER) {
            // Its texts are told with the snapshot that it will follow.
            continue;
        }
        let flaws = match files::read_optional(&root.join(path))? {
            Some(found) => differences(path, expected, &found),
            None => vec![Flaw::of(path, format!("is missing: {ADVICE}"))],
        };
        told.flaws.extend(flaw::first(path, flaws));
    }
    Ok(())
}

/// Where a file is not what it should be; at least one place.
fn differences(path: &Path, expected: &[u8], found: &[u8]) -> Vec<Flaw> {
    let by_entry = rows::of(path, expected).zip(rows::of(path, found));
    let flaws = by_entry.map(|(expected, found)| rows::compare(path, &expected, &found)).unwrap_or_default();
    if !flaws.is_empty() {
        return flaws;
    }
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> { bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() };
    let (expected, found) = (lines(expected), lines(found));
    let same = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    vec![
        Flaw::of(path, format!("edited by hand: the line is not what the snapshots make of it; {ADVICE}")).at(same + 1),
    ]
}
