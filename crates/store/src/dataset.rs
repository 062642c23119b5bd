//! `output/`, the published dataset: a pure function of the configuration and the last snapshots, and back.

mod csv;
mod datapackage;
mod json;
mod readme;

use std::{collections::BTreeMap, path::Path, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use docdrift_model::{Entry, Snapshot, Source, SourceId};

pub use json::parse_dataset_file;

use crate::{config::Config, files};

/// The folder of the dataset below the root.
pub(crate) const FOLDER: &str = "output";

/// A source with its last snapshot, in its publishable form.
pub(crate) struct Part<'a> {
    pub(crate) source: &'a Source,
    pub(crate) snapshot: Snapshot,
}

/// The files of the dataset, by path below `output/`. `parts` are sorted by source.
pub(crate) fn render(parts: &[Part<'_>]) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let table = csv::render(parts)?;
    let mut all = BTreeMap::new();
    all.insert(PathBuf::from("datapackage.json"), datapackage::render(parts, &table)?.into_bytes());
    all.insert(PathBuf::from(csv::FILE_NAME), table);
    all.insert(PathBuf::from("README.md"), readme::render(parts).into_bytes());
    for part in parts {
        all.insert(file_of(&part.source.id), json::render(part)?.into_bytes());
    }
    Ok(all)
}

/// The JSON file of a source below `output/`.
pub(crate) fn file_of(id: &SourceId) -> PathBuf {
    Path::new(&id.vendor).join(format!("{}.json", id.service))
}

/// The sources that have a JSON file in the dataset at `dir`, sorted. Only files named as those of a source count.
pub(crate) fn sources_in(dir: &Path) -> Result<Vec<SourceId>> {
    let mut found = Vec::new();
    for vendor in files::list(dir)?.into_iter().filter(|name| dir.join(name).is_dir()) {
        let names = files::list(&dir.join(&vendor))?;
        let services = names.iter().filter_map(|name| name.strip_suffix(".json"));
        found.extend(services.filter_map(|service| format!("{vendor}/{service}").parse::<SourceId>().ok()));
    }
    found.sort();
    Ok(found)
}

/// Reads the JSON files of the dataset in the folder `dir`: each source, sorted, with its entries.
pub fn read_dataset(dir: &Path) -> Result<Vec<(SourceId, Vec<Entry>)>> {
    let sources = sources_in(dir)?;
    if sources.is_empty() {
        bail!("{} holds no dataset: its files are <vendor>/<service>.json", dir.display());
    }
    sources.into_iter().map(|id| read_one(dir, &id)).collect()
}

fn read_one(dir: &Path, id: &SourceId) -> Result<(SourceId, Vec<Entry>)> {
    let path = dir.join(file_of(id));
    let name = path.display().to_string();
    let (told, entries) = parse_dataset_file(&name, &files::read_text(&path)?)?;
    if told != *id {
        bail!("{name} holds the entries of {told}, not of {id}");
    }
    Ok((told, entries))
}

/// Refuses two entries under one id: the dataset's key would not be one.
pub(crate) fn check_ids(parts: &[Part<'_>]) -> Result<()> {
    let mut seen: BTreeMap<&str, (&SourceId, &Entry)> = BTreeMap::new();
    for part in parts {
        for entry in &part.snapshot.entries {
            let here = (&part.source.id, entry);
            if let Some((source, other)) = seen.insert(&entry.id, here) {
                bail!(
                    "two entries have the id `{}`: `{}` of {source} and `{}` of {}",
                    entry.id.escape_debug(),
                    other.code.escape_debug(),
                    entry.code.escape_debug(),
                    part.source.id
                );
            }
        }
    }
    Ok(())
}

/// The parts of the dataset: the sources of `config` that `last` has a snapshot of.
pub(crate) fn parts(
    config: &Config,
    mut last: impl FnMut(&SourceId) -> Result<Option<Snapshot>>,
) -> Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    for source in &config.sources {
        let snapshot = last(&source.id).with_context(|| format!("{} has no last snapshot to go by", source.id))?;
        let settled = snapshot.map(|snapshot| crate::snapshots::settled(snapshot, &config.publish));
        parts.extend(settled.map(|snapshot| Part { source, snapshot }));
    }
    parts.sort_by(|a, b| a.source.id.cmp(&b.source.id));
    check_ids(&parts)?;
    Ok(parts)
}

#[cfg(test)]
mod tests;
