//! `output/`, the published dataset: rendered from one part per source, and read back.

mod csv;
mod datapackage;
mod json;
mod readme;

use std::{collections::BTreeMap, path::Path, path::PathBuf};

use docdrift_files::{Result, StorageError, StorageErrorKind, is_file, list_folder, read_optional, read_text_optional};
use docdrift_model::{Bilingual, Entry, PageFacts, Snapshot, Source, SourceId};
use jiff::civil::Date;

pub use json::parse_dataset_file;

/// The folder of the dataset below the root.
pub(crate) const FOLDER: &str = "output";

/// The entries of one source in a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedSource {
    /// The source.
    pub source: SourceId,
    /// The pages that the entries were read from.
    pub pages: Bilingual<Option<PageFacts>>,
    /// The entries in their publishable form.
    pub entries: Vec<Entry>,
}

impl From<Part> for PublishedSource {
    fn from(part: Part) -> Self {
        Self { source: part.id, pages: part.pages, entries: part.entries }
    }
}

/// The part of one source in the dataset: the content of its `<vendor>/<service>.json`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) id: SourceId,
    pub(crate) names: Bilingual<String>,
    pub(crate) pages: Bilingual<Option<PageFacts>>,
    pub(crate) licence: String,
    pub(crate) last_change: Date,
    pub(crate) entries: Vec<Entry>,
}

impl Part {
    /// Makes the part of a source from its normalized last snapshot.
    pub(crate) fn from_snapshot(source: &Source, snapshot: Snapshot) -> Self {
        let part = Self {
            id: source.id.clone(),
            names: source.names.clone(),
            pages: snapshot.pages,
            licence: source.licence.clone(),
            last_change: snapshot.date,
            entries: snapshot.entries,
        };
        part.with_dates()
    }

    /// Fills in missing dates, which older snapshots do not have. Such an entry is at least as old as the last change of its
    /// source.
    fn with_dates(mut self) -> Self {
        for entry in &mut self.entries {
            for date in [&mut entry.first_seen, &mut entry.last_changed] {
                date.get_or_insert(self.last_change);
            }
        }
        self
    }
}

/// Renders the files of the dataset, by path below `output/`. `parts` are sorted by source. `has_feeds` is whether there
/// are feeds as well. An error when two entries have the same id.
pub(crate) fn render(parts: &[Part], has_feeds: bool) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    check_ids(parts)?;
    let table = csv::render(parts)?;
    let mut all = BTreeMap::new();
    all.insert(PathBuf::from(datapackage::FILE_NAME), datapackage::render(parts, &table)?.into_bytes());
    all.insert(PathBuf::from(csv::FILE_NAME), table);
    all.insert(PathBuf::from(readme::FILE_NAME), readme::render(parts, has_feeds).into_bytes());
    for part in parts {
        all.insert(source_path(&part.id), json::render(part)?.into_bytes());
    }
    Ok(all)
}

/// Returns whether a path below `output/` is a file about all sources.
pub(crate) fn is_shared_file(path: &Path) -> bool {
    [csv::FILE_NAME, datapackage::FILE_NAME, readme::FILE_NAME].iter().any(|name| path == Path::new(name))
}

/// Returns whether a path below `output/` is the table of all entries.
pub(crate) fn is_table(path: &Path) -> bool {
    path == Path::new(csv::FILE_NAME)
}

/// Returns the path of a source's JSON file below `output/`.
pub(crate) fn source_path(id: &SourceId) -> PathBuf {
    Path::new(&id.vendor).join(format!("{}.json", id.service))
}

/// Returns the source whose JSON file has this path below `output/`.
pub(crate) fn parse_source_path(path: &Path) -> Option<SourceId> {
    let (vendor, service) = (path.parent()?.to_str()?, path.file_name()?.to_str()?.strip_suffix(".json")?);
    format!("{vendor}/{service}").parse().ok()
}

/// Lists the sources that have a JSON file in the dataset at `dir`, sorted. Files with other names are ignored.
pub(crate) fn list_sources(dir: &Path) -> Result<Vec<SourceId>> {
    let mut found = Vec::new();
    for vendor in list_folder(dir)?.into_iter().filter(|name| dir.join(name).is_dir()) {
        let names = list_folder(&dir.join(&vendor))?;
        found.extend(names.iter().filter_map(|name| parse_source_path(&Path::new(&vendor).join(name))));
    }
    found.sort();
    Ok(found)
}

/// Reads the dataset in the folder `dir`: each source, sorted, with its entries.
pub fn read_dataset(dir: &Path) -> Result<Vec<PublishedSource>> {
    let sources = list_sources(dir)?;
    if sources.is_empty() {
        let message = format!("{} holds no dataset: its files are <vendor>/<service>.json", dir.display());
        return Err(StorageError::new(StorageErrorKind::Missing, message).at(dir));
    }
    sources.into_iter().map(|id| read_one(dir, &id)).collect()
}

fn read_one(dir: &Path, id: &SourceId) -> Result<PublishedSource> {
    let path = dir.join(source_path(id));
    let missing = || StorageError::new(StorageErrorKind::Missing, format!("{} is missing", path.display())).at(&path);
    read_part(dir, id)?.map(PublishedSource::from).ok_or_else(missing)
}

/// Reads the part of `id` from its JSON file in the dataset at `dir`. `None` when there is no such file.
pub(crate) fn read_part(dir: &Path, id: &SourceId) -> Result<Option<Part>> {
    let path = dir.join(source_path(id));
    let name = path.display().to_string();
    let Some(text) = read_text_optional(&path)? else { return Ok(None) };
    let part = json::parse(&name, &text)?;
    if part.id != *id {
        return Err(StorageError::damaged(format!("{name} holds the entries of {}, not of {id}", part.id)).at(&path));
    }
    Ok(Some(part))
}

/// Returns whether the dataset at `dir` has the source `id`: a record in the table or, without a table, a file.
pub(crate) fn contains_source(dir: &Path, id: &SourceId) -> Result<bool> {
    match read_optional(&dir.join(csv::FILE_NAME))? {
        Some(table) => Ok(csv::mentions(&table, id)),
        None => is_file(&dir.join(source_path(id))),
    }
}

/// Refuses two entries with the same id, since the id is the key of the dataset.
fn check_ids(parts: &[Part]) -> Result<()> {
    let mut seen: BTreeMap<&str, (&SourceId, &Entry)> = BTreeMap::new();
    for part in parts {
        for entry in &part.entries {
            if let Some((source, other)) = seen.insert(&entry.id, (&part.id, entry)) {
                return Err(StorageError::invalid(format!(
                    "two entries have the id `{}`: `{}` of {source} and `{}` of {}",
                    entry.id.escape_debug(),
                    other.code.escape_debug(),
                    entry.code.escape_debug(),
                    part.id
                )));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
