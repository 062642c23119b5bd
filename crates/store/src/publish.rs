//! Plans which files a refresh changes: the new snapshots, and the dataset made of all last snapshots. A source whose last
//! snapshot is damaged or missing keeps what is published of it, so it does not stop the others.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use docdrift_files::{Result, StorageError, StorageErrorKind, check_target, read_optional};
use docdrift_model::{Publish, SourceId, config::Config};

use crate::{
    dataset::{self, Part},
    feeds,
    history::{Histories, no_snapshot},
    journal::Change,
    snapshots,
};

/// The files that publishing changed, as sorted paths below the root. Unchanged files are in neither list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// New files and those with new content.
    pub written: Vec<PathBuf>,
    /// Files of sources that are no longer watched, and replaced snapshots.
    pub removed: Vec<PathBuf>,
}

impl From<Change> for Published {
    fn from(change: Change) -> Self {
        Self { written: change.writes.into_keys().collect(), removed: change.removes.into_iter().collect() }
    }
}

/// Returns what publishing `histories` and `feeds` would change below `root`.
pub(crate) fn plan(
    root: &Path,
    histories: &Histories,
    config: &Config,
    feeds: &BTreeMap<PathBuf, Vec<u8>>,
) -> Result<Change> {
    let mut change = Change::default();
    let mut parts = Vec::new();
    let mut untouched = Vec::new();
    for source in &config.sources {
        let history = histories.get(&source.id).ok();
        if let Some((history, newest)) = history.and_then(|history| Some((history, history.newest()?))) {
            history.plan(&source.id, &mut change)?;
            parts.push(Part::from_snapshot(source, newest.clone()));
        } else {
            parts.extend(published_part(root, &source.id, &config.publish, &mut untouched)?);
        }
    }
    if parts.is_empty() {
        // Without any valid snapshot, an empty dataset must not be published.
        return Ok(change);
    }
    parts.sort_by(|a, b| a.id.cmp(&b.id));
    plan_output(root, &parts, config, !feeds.is_empty(), &mut change)?;
    feeds::plan(root, feeds, &mut change)?;
    for path in untouched {
        change.writes.remove(&path);
    }
    drop_unchanged(root, &mut change)?;
    Ok(change)
}

/// Returns the part of a source without a valid last snapshot, as its own file in the dataset has it. `None` for a source
/// that the dataset does not have.
///
/// The file is added to `untouched`, unless it has text that may no longer be published. A source may leave the dataset
/// only because it left `sources.toml`, so a lost file is an error.
fn published_part(root: &Path, id: &SourceId, publish: &Publish, untouched: &mut Vec<PathBuf>) -> Result<Option<Part>> {
    let output = root.join(dataset::FOLDER);
    let file = Path::new(dataset::FOLDER).join(dataset::source_path(id));
    let damage = match dataset::read_part(&output, id) {
        Ok(Some(part)) => {
            let entries = snapshots::normalized_entries(part.entries.clone(), publish);
            untouched.extend((entries == part.entries).then_some(file));
            return Ok(Some(Part { entries, ..part }));
        }
        Ok(None) => format!("there is no {}", file.display()),
        Err(denied) if denied.kind() == StorageErrorKind::PermissionDenied => return Err(denied),
        Err(damage) => format!("{} cannot be used either ({damage:#})", file.display()),
    };
    if !dataset::contains_source(&output, id)? {
        return Ok(None);
    }
    let lost = match snapshots::read_last(root, id) {
        Ok(_) => no_snapshot(id),
        Err(denied) if denied.kind() == StorageErrorKind::PermissionDenied => return Err(denied),
        Err(error) => format!("{error:#}"),
    };
    let message = format!(
        "{id} is published, but its last snapshot is lost ({lost}), and {damage}: restore one of them from git"
    );
    Err(StorageError::damaged(message).at(&root.join(snapshots::folder(id))))
}

/// Adds to `change` the files of the dataset and the removal of those of sources that are no longer watched.
fn plan_output(root: &Path, parts: &[Part], config: &Config, has_feeds: bool, change: &mut Change) -> Result<()> {
    let output = Path::new(dataset::FOLDER);
    change
        .writes
        .extend(dataset::render(parts, has_feeds)?.into_iter().map(|(path, bytes)| (output.join(path), bytes)));
    let mut in_output = dataset::list_sources(&root.join(output))?;
    in_output.retain(|id| !config.sources.iter().any(|source| source.id == *id));
    change.removes.extend(in_output.iter().map(|id| output.join(dataset::source_path(id))));
    Ok(())
}

fn drop_unchanged(root: &Path, change: &mut Change) -> Result<()> {
    let mut changed = BTreeMap::new();
    for (path, bytes) in std::mem::take(&mut change.writes) {
        check_target(root, &path)?;
        if read_optional(&root.join(&path))?.as_deref() != Some(&bytes) {
            changed.insert(path, bytes);
        }
    }
    change.writes = changed;
    Ok(())
}
