//! A change of many files that happens as a whole or not at all.
//!
//! The new files are staged in `.docdrift/stage/`; then `.docdrift/journal.json`, which lists where they go, appears by
//! one rename. From then on the change counts as made: it is carried out at once, or by the next run when this one is
//! killed. Without the journal nothing of it counts, and the stage is thrown away.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use docdrift_model::text::digest;
use serde::{Deserialize, Serialize};

use crate::{dataset, files, snapshots};

/// The private folder below the root.
pub(crate) const WORK: &str = ".docdrift";

const PROBE: &str = ".docdrift-probe";

/// All that a change is ever about, whatever a journal says: one may come from anywhere.
const PUBLISHED: [&str; 2] = [dataset::FOLDER, snapshots::FOLDER];

/// New content of files and files to remove, by path below the root.
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

/// Called after each step on the disk; an error stops the run there, as a kill would.
pub(crate) type Step<'a> = &'a mut dyn FnMut() -> Result<()>;

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
    root.join(WORK).join("stage")
}

fn journal_file(root: &Path) -> PathBuf {
    root.join(WORK).join("journal.json")
}

/// Whether a change is under way, or waits for the next run to carry it out.
pub(crate) fn is_pending(root: &Path) -> bool {
    journal_file(root).exists()
}

/// Makes the change below `root`. An error before the journal stands leaves the old state as it was.
pub(crate) fn make(root: &Path, change: &Change, step: Step<'_>) -> Result<()> {
    files::remove_all(&stage(root))?;
    files::make_folder(root, &Path::new(WORK).join("stage"))?;
    for target in change.targets() {
        check_writable(root, target).with_context(|| format!("{} cannot be published", target.display()))?;
        step()?;
    }
    let journal = write_stage(root, change, step)?;
    let scratch = root.join(WORK).join("journal.new");
    files::write_synced(&scratch, serde_json::to_string(&journal)?.as_bytes())?;
    step()?;
    let file = journal_file(root);
    fs::rename(&scratch, &file).with_context(|| format!("cannot write {}", file.display()))?;
    files::sync_folder(&root.join(WORK))?;
    step()?;
    carry_out(root, &journal, step)
        .context("the change is half-made: once that obstacle is gone, the next run that writes finishes it")
}

/// Finds out before anything counts whether a file can be moved from the stage to beside `target`: a folder that is
/// read-only, full or on another file system shows here.
fn check_writable(root: &Path, target: &Path) -> Result<()> {
    files::check_target(root, target)?;
    let folder = files::make_folder(root, target.parent().unwrap_or(Path::new("")))?;
    let (from, to) = (stage(root).join(PROBE), folder.join(PROBE));
    // A folder, so that what a kill leaves here is nothing to git.
    files::remove_all(&to)?;
    let probe = fs::create_dir(&from).and_then(|()| fs::rename(&from, &to));
    probe.with_context(|| format!("cannot write in the folder {}", folder.display()))?;
    files::remove_all(&to)
}

fn write_stage(root: &Path, change: &Change, step: Step<'_>) -> Result<Journal> {
    let stage = stage(root);
    let mut moves = Vec::new();
    for (number, (to, bytes)) in change.writes.iter().enumerate() {
        let staged = number.to_string();
        files::write_synced(&stage.join(&staged), bytes)?;
        step()?;
        moves.push(Move { staged, to: to.clone(), digest: digest(bytes) });
    }
    files::sync_folder(&stage)?;
    Ok(Journal { moves, removes: change.removes.clone() })
}

/// Carries out what the journal lists; what is done already stays done.
fn carry_out(root: &Path, journal: &Journal, step: Step<'_>) -> Result<()> {
    let targets = journal.moves.iter().map(|item| &item.to).chain(&journal.removes);
    for target in targets {
        let is_ours = PUBLISHED.iter().any(|folder| target.starts_with(folder));
        ensure!(is_ours, "`{}` is no file of a change", target.display().to_string().escape_debug());
    }
    let mut folders = BTreeSet::new();
    for item in &journal.moves {
        carry_out_move(root, item)?;
        folders.insert(root.join(&item.to).parent().map(Path::to_path_buf));
        step()?;
    }
    for target in &journal.removes {
        files::check_target(root, target)?;
        let path = root.join(target);
        files::remove_all(&path)?;
        // Only an empty folder can go, and it need not.
        let _ = path.parent().map(fs::remove_dir);
        folders.extend([path.parent(), path.parent().and_then(Path::parent)].map(|f| f.map(Path::to_path_buf)));
        step()?;
    }
    for folder in folders.iter().flatten().filter(|folder| folder.is_dir()) {
        files::sync_folder(folder)?;
    }
    step()?;
    files::remove_all(&journal_file(root))?;
    files::sync_folder(&root.join(WORK))?;
    step()?;
    files::remove_all(&stage(root))
}

fn carry_out_move(root: &Path, item: &Move) -> Result<()> {
    let target = root.join(&item.to);
    let is_name = item.staged.bytes().all(|byte| byte.is_ascii_digit());
    ensure!(is_name, "`{}` is no file of the stage", item.staged.escape_debug());
    let staged = stage(root).join(&item.staged);
    if let Some(bytes) = files::read_optional(&staged)? {
        ensure!(digest(&bytes) == item.digest, "{} was damaged after it was written", staged.display());
        files::check_target(root, &item.to)?;
        files::make_folder(root, item.to.parent().unwrap_or(Path::new("")))?;
        return fs::rename(&staged, &target).with_context(|| format!("cannot write {}", target.display()));
    }
    match files::read_optional(&target)? {
        Some(bytes) if digest(&bytes) == item.digest => Ok(()),
        _ => bail!("{} is neither in the stage nor in its place", item.to.display()),
    }
}

/// Finishes the change that a killed run left, or throws away what it had only staged.
pub(crate) fn recover(root: &Path, step: Step<'_>) -> Result<()> {
    let file = journal_file(root);
    if let Some(text) = files::read_text_optional(&file)? {
        let advice = || {
            format!(
                "a killed run left a change half-made and it cannot be finished; remove that obstacle, or remove {} \
                 and restore output/ and snapshots/ from git",
                file.display()
            )
        };
        let journal: Journal = serde_json::from_str(&text).with_context(advice)?;
        carry_out(root, &journal, step).with_context(advice)?;
    }
    if stage(root).exists() {
        PUBLISHED.iter().try_for_each(|folder| sweep(root, Path::new(folder)))?;
    }
    files::remove_all(&stage(root))?;
    files::remove_all(&root.join(WORK).join("journal.new"))
}

/// Takes out what a run left that was killed while it looked where it may write: probes, and folders that it made and
/// put nothing into.
fn sweep(root: &Path, folder: &Path) -> Result<()> {
    for name in files::list(&root.join(folder))? {
        let inside = folder.join(&name);
        let path = root.join(&inside);
        if name == PROBE {
            files::remove_all(&path)?;
        } else if path.is_dir() && !path.is_symlink() {
            sweep(root, &inside)?;
            // Only an empty folder can go, and it need not.
            let _ = fs::remove_dir(&path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
