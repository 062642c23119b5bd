//! `output/`, the published dataset: a pure function of what each source's part of it is, and back.

mod csv;
mod datapackage;
mod json;
mod readme;

use std::{collections::BTreeMap, path::Path, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use docdrift_model::{Bilingual, Entry, PageFacts, Snapshot, Source, SourceId};

pub use json::parse_dataset_file;

use crate::files;

/// The folder of the dataset below the root.
pub(crate) const FOLDER: &str = "output";

/// What a dataset tells of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedSource {
    /// Which source.
    pub source: SourceId,
    /// The pages it was read from.
    pub pages: Bilingual<Option<PageFacts>>,
    /// Its entries, in their publishable form.
    pub entries: Vec<Entry>,
}

impl From<Part> for PublishedSource {
    fn from(part: Part) -> Self {
        Self { source: part.id, pages: part.pages, entries: part.entries }
    }
}

/// What the dataset tells of one source, in its publishable form: all that its `<vendor>/<service>.json` holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) id: SourceId,
    pub(crate) names: Bilingual<String>,
    pub(crate) pages: Bilingual<Option<PageFacts>>,
    pub(crate) licence: String,
    /// `YYYY-MM-DD`.
    pub(crate) last_change: String,
    pub(crate) entries: Vec<Entry>,
}

impl Part {
    /// The part made of the source's settled last snapshot.
    pub(crate) fn of(source: &Source, snapshot: Snapshot) -> Self {
        let part = Self {
            id: source.id.clone(),
            names: source.names.clone(),
            pages: snapshot.pages,
            licence: source.licence.clone(),
            last_change: snapshot.date,
            entries: snapshot.entries,
        };
        part.dated()
    }

    /// Entries from before snapshots held their dates were there by the last change of their source at the latest.
    fn dated(mut self) -> Self {
        for entry in &mut self.entries {
            for date in [&mut entry.first_seen, &mut entry.last_changed] {
                if date.is_empty() {
                    date.clone_from(&self.last_change);
                }
            }
        }
        self
    }
}

/// The files of the dataset, by path below `output/`. `parts` are sorted by source; `has_feeds` tells whether there are
/// feeds beside them. An error where two entries have one id.
pub(crate) fn render(parts: &[Part], has_feeds: bool) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    check_ids(parts)?;
    let table = csv::render(parts)?;
    let mut all = BTreeMap::new();
    all.insert(PathBuf::from(datapackage::FILE_NAME), datapackage::render(parts, &table)?.into_bytes());
    all.insert(PathBuf::from(csv::FILE_NAME), table);
    all.insert(PathBuf::from(readme::FILE_NAME), readme::render(parts, has_feeds).into_bytes());
    for part in parts {
        all.insert(file_of(&part.id), json::render(part)?.into_bytes());
    }
    Ok(all)
}

/// Whether a path below `output/` is a file that is about all sources.
pub(crate) fn is_common(path: &Path) -> bool {
    [csv::FILE_NAME, datapackage::FILE_NAME, readme::FILE_NAME].iter().any(|name| path == Path::new(name))
}

/// Whether a path below `output/` is the table of all entries.
pub(crate) fn is_table(path: &Path) -> bool {
    path == Path::new(csv::FILE_NAME)
}

/// The JSON file of a source below `output/`.
pub(crate) fn file_of(id: &SourceId) -> PathBuf {
    Path::new(&id.vendor).join(format!("{}.json", id.service))
}

/// The source whose JSON file a path below `output/` is.
pub(crate) fn source_of(path: &Path) -> Option<SourceId> {
    let (vendor, service) = (path.parent()?.to_str()?, path.file_name()?.to_str()?.strip_suffix(".json")?);
    format!("{vendor}/{service}").parse().ok()
}

/// The sources that have a JSON file in the dataset at `dir`, sorted. Only files named as those of a source count.
pub(crate) fn sources_in(dir: &Path) -> Result<Vec<SourceId>> {
    let mut found = Vec::new();
    for vendor in files::list(dir)?.into_iter().filter(|name| dir.join(name).is_dir()) {
        let names = files::list(&dir.join(&vendor))?;
        found.extend(names.iter().filter_map(|name| source_of(&Path::new(&vendor).join(name))));
    }
    found.sort();
    Ok(found)
}

/// Reads the JSON files of the dataset in the folder `dir`: each source, sorted, with its entries.
pub fn read_dataset(dir: &Path) -> Result<Vec<PublishedSource>> {
    let sources = sources_in(dir)?;
    if sources.is_empty() {
        bail!("{} holds no dataset: its files are <vendor>/<service>.json", dir.display());
    }
    sources.into_iter().map(|id| read_one(dir, &id)).collect()
}

fn read_one(dir: &Path, id: &SourceId) -> Result<PublishedSource> {
    let path = dir.join(file_of(id));
    read_part(dir, id)?.map(PublishedSource::from).with_context(|| format!("{} is gone", path.display()))
}

/// The part of `id` as its JSON file in the dataset at `dir` tells it; `None` where there is no such file.
pub(crate) fn read_part(dir: &Path, id: &SourceId) -> Result<Option<Part>> {
    let path = dir.join(file_of(id));
    let name = path.display().to_string();
    let Some(text) = files::read_text_optional(&path)? else { return Ok(None) };
    let part = json::read(&name, &text)?;
    if part.id != *id {
        bail!("{name} holds the entries of {}, not of {id}", part.id);
    }
    Ok(Some(part))
}

/// Whether the dataset at `dir` has the source `id`: its table has a record of it or, where there is no table, it has
/// a file.
pub(crate) fn has(dir: &Path, id: &SourceId) -> Result<bool> {
    let table = files::read_optional(&dir.join(csv::FILE_NAME))?;
    Ok(table.map_or_else(|| dir.join(file_of(id)).is_file(), |table| csv::mentions(&table, id)))
}

/// Refuses two entries under one id: the dataset's key would not be one.
fn check_ids(parts: &[Part]) -> Result<()> {
    let mut seen: BTreeMap<&str, (&SourceId, &Entry)> = BTreeMap::new();
    for part in parts {
        for entry in &part.entries {
            if let Some((source, other)) = seen.insert(&entry.id, (&part.id, entry)) {
                bail!(
                    "two entries have the id `{}`: `{}` of {source} and `{}` of {}",
                    entry.id.escape_debug(),
                    other.code.escape_debug(),
                    entry.code.escape_debug(),
                    part.id
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
