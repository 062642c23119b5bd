//! Which files a refresh changes: the new snapshots and the dataset made from all the last ones.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail, ensure};
use docdrift_model::{Snapshot, SourceId};

use crate::{config::Config, dataset, files, journal::Change, snapshots};

/// What publishing changed, as paths below the root, sorted. Files that were the same already are in neither list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// New files and those with new content.
    pub written: Vec<PathBuf>,
    /// Files of sources that are watched no more.
    pub removed: Vec<PathBuf>,
}

impl From<Change> for Published {
    fn from(change: Change) -> Self {
        Self { written: change.writes.into_keys().collect(), removed: change.removes.into_iter().collect() }
    }
}

/// What publishing `new` would change below `root`.
pub(crate) fn plan(root: &Path, new: &[Snapshot], config: &Config) -> Result<Change> {
    let mut change = Change::default();
    let fresh = plan_snapshots(root, new, config, &mut change)?;
    let parts = dataset::parts(config, |id| match fresh.get(id) {
        Some(snapshot) => Ok(Some(snapshot.clone())),
        None => Ok(snapshots::last(root, id)?.map(|(_, snapshot)| snapshot)),
    })?;
    let output = Path::new(dataset::FOLDER);
    change.writes.extend(dataset::render(&parts)?.into_iter().map(|(path, bytes)| (output.join(path), bytes)));
    for id in dataset::sources_in(&root.join(output))? {
        if !parts.iter().any(|part| part.source.id == id) {
            let path = output.join(dataset::file_of(&id));
            check_dropped(&id, &path, config)?;
            change.removes.insert(path);
        }
    }
    drop_unchanged(root, &mut change)?;
    Ok(change)
}

/// Adds the files of those snapshots that tell anything new and gives them as they will be read.
fn plan_snapshots(
    root: &Path,
    new: &[Snapshot],
    config: &Config,
    change: &mut Change,
) -> Result<BTreeMap<SourceId, Snapshot>> {
    let mut fresh = BTreeMap::new();
    for snapshot in new {
        let id = &snapshot.source;
        ensure!(config.sources.iter().any(|source| source.id == *id), "{id} is no source of sources.toml");
        ensure!(!fresh.contains_key(id), "there are two new snapshots of {id}");
        let mut snapshot = snapshots::settled(snapshot.clone(), &config.publish);
        let last = snapshots::last(root, id)?;
        if last.as_ref().is_some_and(|(_, last)| says_the_same(&snapshot, last, config)) {
            continue;
        }
        let path = snapshots::next_file(&mut snapshot, last.as_ref().map(|(path, _)| path.as_path()))?;
        change.writes.insert(path, snapshots::render(&snapshot, &config.publish)?.into_bytes());
        fresh.insert(id.clone(), snapshot);
    }
    Ok(fresh)
}

/// Whether only the dates differ.
fn says_the_same(new: &Snapshot, last: &Snapshot, config: &Config) -> bool {
    let last = snapshots::settled(last.clone(), &config.publish);
    Snapshot { date: last.date.clone(), ..new.clone() } == last
}

/// A source may leave the dataset only because it left `sources.toml`, never because its history was lost.
fn check_dropped(id: &SourceId, path: &Path, config: &Config) -> Result<()> {
    if config.sources.iter().any(|source| source.id == *id) {
        bail!(
            "{} is published, but snapshots/{id}/ has no snapshot to make it from: restore that folder, or remove the \
             file to start anew",
            path.display()
        );
    }
    Ok(())
}

fn drop_unchanged(root: &Path, change: &mut Change) -> Result<()> {
    let mut changed = BTreeMap::new();
    for (path, bytes) in std::mem::take(&mut change.writes) {
        files::check_target(root, &path)?;
        if files::read_optional(&root.join(&path))?.as_deref() != Some(&bytes) {
            changed.insert(path, bytes);
        }
    }
    change.writes = changed;
    Ok(())
}
