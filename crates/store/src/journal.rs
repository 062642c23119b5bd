//! A change of many files that happens completely or not at all.
//!
//! The new files are staged in `.docdrift/stage/`. Then `.docdrift/journal.json`, which lists where they go, appears by one
//! rename. From then on the change counts as made. It is carried out at once, or by the next run if this one is killed.
//! Without the journal nothing counts, and the stage is removed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use docdrift_files::{
    Context as _, IoContext as _, PRIVATE_FOLDER, Result, StorageError, StorageErrorKind, check_target, list_folder,
    make_folder, read_optional, read_text_optional, remove_all, sync_folder, write_synced,
};
use docdrift_model::text::digest;
use serde::{Deserialize, Serialize};

use crate::{dataset, snapshots};

/// The name of the folders that test whether a folder can be written.
const PROBE: &str = ".docdrift-probe";

/// The only folders that a change may touch. A journal may come from anywhere.
const PUBLISHED: [&str; 2] = [dataset::FOLDER, snapshots::FOLDER];

/// Files to write and files to remove, by path below the root.
#[derive(Debug, Default)]
pub(crate) struct Change {
    pub(crate) writes: BTreeMap<PathBuf, Vec<u8>>,
    pub(crate) removes: BTreeSet<PathBuf>,
}

impl Change {
    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.removes.is_empty()
    }

    fn targets(&self) -> impl Iterator<Item = &Path> {
        self.writes.keys().chain(&self.removes).map(PathBuf::as_path)
    }
}

/// A hook that tests call after each step on disk. An error stops the run there, as a kill would.
pub(crate) type StepHook<'a> = &'a mut dyn FnMut() -> Result<()>;

#[derive(Serialize, Deserialize)]
struct Journal {
    moves: Vec<Move>,
    removes: BTreeSet<PathBuf>,
}

#[derive(Serialize, Deserialize)]
struct Move {
    staged: String,
    to: PathBuf,
    digest: String,
}

fn stage(root: &Path) -> PathBuf {
    root.join(PRIVATE_FOLDER).join("stage")
}

fn journal_file(root: &Path) -> PathBuf {
    root.join(PRIVATE_FOLDER).join("journal.json")
}

/// Returns whether a change is under way, or waits for the next run to carry it out.
pub(crate) fn is_pending(root: &Path) -> bool {
    journal_file(root).exists()
}

/// Makes the change below `root`. An error before the journal exists leaves the old state unchanged.
pub(crate) fn apply(root: &Path, change: &Change, step: StepHook<'_>) -> Result<()> {
    remove_all(&stage(root))?;
    make_folder(root, &Path::new(PRIVATE_FOLDER).join("stage"))?;
    for target in change.targets() {
        check_writable(root, target).with_context(|| format!("{} cannot be published", target.display()))?;
        step()?;
    }
    let journal = write_stage(root, change, step)?;
    let scratch = root.join(PRIVATE_FOLDER).join("journal.new");
    write_synced(&scratch, serde_json::to_string(&journal)?.as_bytes())?;
    step()?;
    let file = journal_file(root);
    fs::rename(&scratch, &file).io_context("write", &file)?;
    sync_folder(&root.join(PRIVATE_FOLDER))?;
    step()?;
    carry_out(root, &journal, step)
        .with_context(|| "the change is half-made: once that obstacle is gone, the next run that writes finishes it")
}

/// Checks, before anything counts, whether a file can be moved from the stage to the folder of `target`. This finds folders
/// that are read-only, full or on another file system.
fn check_writable(root: &Path, target: &Path) -> Result<()> {
    check_target(root, target)?;
    let folder = make_folder(root, target.parent().unwrap_or(Path::new("")))?;
    let (from, to) = (stage(root).join(PROBE), folder.join(PROBE));
    // A folder, because git ignores an empty folder that a kill leaves behind.
    remove_all(&to)?;
    let probe = fs::create_dir(&from).and_then(|()| fs::rename(&from, &to));
    probe.io_context("write in the folder", &folder)?;
    remove_all(&to)
}

fn write_stage(root: &Path, change: &Change, step: StepHook<'_>) -> Result<Journal> {
    let stage = stage(root);
    let mut moves = Vec::new();
    for (number, (to, bytes)) in change.writes.iter().enumerate() {
        let staged = number.to_string();
        write_synced(&stage.join(&staged), bytes)?;
        step()?;
        moves.push(Move { staged, to: to.clone(), digest: digest(bytes) });
    }
    sync_folder(&stage)?;
    Ok(Journal { moves, removes: change.removes.clone() })
}

/// Carries out what the journal lists. Steps that are done stay done.
fn carry_out(root: &Path, journal: &Journal, step: StepHook<'_>) -> Result<()> {
    let mut targets = journal.moves.iter().map(|item| &item.to).chain(&journal.removes);
    let is_published = |target: &PathBuf| PUBLISHED.iter().any(|folder| target.starts_with(folder));
    if let Some(target) = targets.find(|target| !is_published(target)) {
        let shown = target.display().to_string();
        return Err(StorageError::damaged(format!("`{}` is no file of a change", shown.escape_debug())));
    }
    let mut folders = BTreeSet::new();
    for item in &journal.moves {
        carry_out_move(root, item)?;
        folders.insert(root.join(&item.to).parent().map(Path::to_path_buf));
        step()?;
    }
    for target in &journal.removes {
        check_target(root, target)?;
        let path = root.join(target);
        remove_all(&path)?;
        // This removes only an empty folder; a failure does not matter.
        let _ = path.parent().map(fs::remove_dir);
        folders.extend([path.parent(), path.parent().and_then(Path::parent)].map(|f| f.map(Path::to_path_buf)));
        step()?;
    }
    for folder in folders.iter().flatten().filter(|folder| folder.is_dir()) {
        sync_folder(folder)?;
    }
    step()?;
    remove_all(&journal_file(root))?;
    sync_folder(&root.join(PRIVATE_FOLDER))?;
    step()?;
    remove_all(&stage(root))
}

fn carry_out_move(root: &Path, item: &Move) -> Result<()> {
    let target = root.join(&item.to);
    if !item.staged.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(StorageError::damaged(format!("`{}` is no file of the stage", item.staged.escape_debug())));
    }
    let staged = stage(root).join(&item.staged);
    if let Some(bytes) = read_optional(&staged)? {
        if digest(&bytes) != item.digest {
            let message = format!("{} was damaged after it was written", staged.display());
            return Err(StorageError::damaged(message).at(&staged));
        }
        check_target(root, &item.to)?;
        make_folder(root, item.to.parent().unwrap_or(Path::new("")))?;
        return fs::rename(&staged, &target).io_context("write", &target);
    }
    match read_optional(&target)? {
        Some(bytes) if digest(&bytes) == item.digest => Ok(()),
        _ => {
            let message = format!("{} is neither in the stage nor in its place", item.to.display());
            Err(StorageError::new(StorageErrorKind::Missing, message).at(&target))
        }
    }
}

/// Finishes the change of a killed run, or removes what it had only staged.
pub(crate) fn recover(root: &Path, step: StepHook<'_>) -> Result<()> {
    let file = journal_file(root);
    if let Some(text) = read_text_optional(&file)? {
        let advice = || {
            format!(
                "a killed run left a change half-made and it cannot be finished; remove that obstacle, or remove {} \
                 and restore output/ and snapshots/ from git",
                file.display()
            )
        };
        let journal: Journal =
            serde_json::from_str(&text).map_err(|error| StorageError::damaged(advice()).at(&file).caused_by(error))?;
        carry_out(root, &journal, step).with_context(advice)?;
    }
    if stage(root).exists() {
        PUBLISHED.iter().try_for_each(|folder| remove_litter(root, Path::new(folder)))?;
    }
    remove_all(&stage(root))?;
    remove_all(&root.join(PRIVATE_FOLDER).join("journal.new"))
}

/// Removes what a run left that was killed while it checked folders: probes and empty folders.
fn remove_litter(root: &Path, folder: &Path) -> Result<()> {
    for name in list_folder(&root.join(folder))? {
        let inside = folder.join(&name);
        let path = root.join(&inside);
        if name == PROBE {
            remove_all(&path)?;
        } else if path.is_dir() && !path.is_symlink() {
            remove_litter(root, &inside)?;
            // This removes only an empty folder; a failure does not matter.
            let _ = fs::remove_dir(&path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
