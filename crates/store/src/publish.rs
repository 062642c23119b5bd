//! Which files a refresh changes: the new snapshots and the dataset made from all the last ones. Of a source whose last
//! snapshot is damaged or gone, what is published stays as it is: one source never stops another.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail, ensure};
use docdrift_model::{Config, Publish, SourceId};

use crate::{
    dataset::{self, Part},
    feeds, files,
    history::Histories,
    journal::Change,
    snapshots,
};

/// What publishing changed, as paths below the root, sorted. Files that were the same already are in neither list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// New files and those with new content.
    pub written: Vec<PathBuf>,
    /// Files of sources that are watched no more, and snapshots that others took the place of.
    pub removed: Vec<PathBuf>,
}

impl From<Change> for Published {
    fn from(change: Change) -> Self {
        Self { written: change.writes.into_keys().collect(), removed: change.removes.into_iter().collect() }
    }
}

/// An error where a source was published and its snapshots are gone: what comes next could not be held against anything.
pub(crate) fn check_history(root: &Path, id: &SourceId) -> Result<()> {
    let file = root.join(dataset::FOLDER).join(dataset::file_of(id));
    ensure!(
        !file.is_file() || !snapshots::list(root, id)?.is_empty(),
        "{} is published, but {}: restore that folder from git, or remove the file to start anew",
        file.display(),
        no_snapshot(id)
    );
    Ok(())
}

fn no_snapshot(id: &SourceId) -> String {
    format!("{} has no snapshot", snapshots::folder(id).display())
}

/// What publishing `histories`, and `feeds` beside the dataset, would change below `root`.
pub(crate) fn plan(
    root: &Path,
    histories: &Histories,
    config: &Config,
    feeds: &BTreeMap<PathBuf, Vec<u8>>,
) -> Result<Change> {
    let mut change = Change::default();
    let mut parts = Vec::new();
    let mut as_they_are = Vec::new();
    for source in &config.sources {
        let history = histories.of(&source.id).ok();
        if let Some((history, newest)) = history.and_then(|history| Some((history, history.newest()?))) {
            history.plan(&source.id, &mut change)?;
            parts.push(Part::of(source, newest.clone()));
        } else {
            parts.extend(kept(root, &source.id, &config.publish, &mut as_they_are)?);
        }
    }
    if parts.is_empty() {
        // There is nothing good yet, or nothing good any more: neither is a reason to publish an empty dataset.
        return Ok(change);
    }
    parts.sort_by(|a, b| a.id.cmp(&b.id));
    plan_output(root, &parts, config, !feeds.is_empty(), &mut change)?;
    feeds::plan(root, feeds, &mut change)?;
    for path in as_they_are {
        change.writes.remove(&path);
    }
    drop_unchanged(root, &mut change)?;
    Ok(change)
}

/// The part of a source whose last snapshot is lost, as its own file in the dataset tells it; `None` for a source that
/// the dataset does not have. The file is added to those that stay as they are, unless it holds text that is not to be
/// published any more. A source may leave the dataset only because it left `sources.toml`, so it is an error where that
/// file is lost as well.
fn kept(root: &Path, id: &SourceId, publish: &Publish, as_they_are: &mut Vec<PathBuf>) -> Result<Option<Part>> {
    let output = root.join(dataset::FOLDER);
    let file = Path::new(dataset::FOLDER).join(dataset::file_of(id));
    let damage = match dataset::read_part(&output, id) {
        Ok(Some(part)) => {
            let settled = snapshots::settled_entries(part.entries.clone(), publish);
            as_they_are.extend((settled == part.entries).then_some(file));
            return Ok(Some(Part { entries: settled, ..part }));
        }
        Ok(None) => format!("there is no {}", file.display()),
        Err(damage) => format!("{} cannot be used either ({damage:#})", file.display()),
    };
    if dataset::has(&output, id)? {
        let lost = snapshots::last(root, id).map_or_else(|error| format!("{error:#}"), |_| no_snapshot(id));
        bail!("{id} is published, but its last snapshot is lost ({lost}), and {damage}: restore one of them from git");
    }
    Ok(None)
}

/// Adds the files of the dataset, and takes out those of sources that are watched no more.
fn plan_output(root: &Path, parts: &[Part], config: &Config, has_feeds: bool, change: &mut Change) -> Result<()> {
    let output = Path::new(dataset::FOLDER);
    change
        .writes
        .extend(dataset::render(parts, has_feeds)?.into_iter().map(|(path, bytes)| (output.join(path), bytes)));
    let mut in_output = dataset::sources_in(&root.join(output))?;
    in_output.retain(|id| !config.sources.iter().any(|source| source.id == *id));
    change.removes.extend(in_output.iter().map(|id| output.join(dataset::file_of(id))));
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
