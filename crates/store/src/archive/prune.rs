//! What of the archive goes after a while, and what never does.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use docdrift_model::{Retention, SourceId};
use jiff::{ToSpan as _, civil::Date};

use super::{
    Archive,
    index::{FILE_NAME, Visit},
    objects::{self, Item},
};
use crate::files;

/// What `prune` did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The visits that the index tells no more.
    pub visits_gone: usize,
    /// The visits that it still tells.
    pub visits_kept: usize,
    /// The objects removed.
    pub objects_gone: usize,
    /// The objects still there.
    pub objects_kept: usize,
    /// The bytes on disk of the objects removed.
    pub bytes_gone: u64,
    /// The bytes on disk of the objects still there.
    pub bytes_kept: u64,
    /// The damaged lines of the index: they stay, and while there are any, so does every object.
    pub damaged_lines: usize,
}

/// The bodies that snapshots were read from, by source.
pub(crate) type Snapshotted = BTreeSet<(SourceId, String)>;

/// What is to go.
pub(super) struct Plan {
    /// The lines that stay, from one.
    lines: BTreeSet<usize>,
    /// The objects that go.
    objects: Vec<PathBuf>,
    pub(super) pruned: Pruned,
}

impl Archive<'_> {
    /// Removes what `rules` let go at `today`; only says so for a dry run, which has no `scratch`.
    ///
    /// The index is written before an object goes: a killed prune leaves objects that no visit names, which the next
    /// one removes.
    pub(crate) fn prune(
        &mut self,
        scratch: Option<&Path>,
        rules: Retention,
        today: Date,
        snapshotted: &Snapshotted,
    ) -> Result<Pruned> {
        let plan = self.plan(rules, today, snapshotted)?;
        if let Some(scratch) = scratch {
            self.write_index(scratch, &plan)?;
            self.remove_objects(&plan)?;
        }
        Ok(plan.pruned)
    }

    pub(super) fn plan(&self, rules: Retention, today: Date, snapshotted: &Snapshotted) -> Result<Plan> {
        let oldest = today.checked_sub(i64::from(rules.keep_days).days()).context("`keep_days` is before all dates")?;
        let mut lines = BTreeSet::new();
        for page in self.index.pages() {
            lines.extend(staying(&page, rules, oldest, snapshotted));
        }
        let kept = self.index.numbered().filter(|(number, _)| lines.contains(number));
        let named: BTreeSet<&str> = kept.map(|(_, visit)| visit.digest.as_str()).collect();
        let damaged_lines = self.visits().damaged.len();
        let mut pruned = Pruned { visits_kept: lines.len(), damaged_lines, ..Pruned::default() };
        pruned.visits_gone = self.visits().good.len() - lines.len();
        // What a damaged or lost line tells of may be the very object that nothing else names.
        let is_sure = damaged_lines == 0 && !named.is_empty();
        let mut objects = Vec::new();
        for item in objects::list(self.folder)? {
            let Item::Object { digest, path, bytes } = item else { continue };
            if is_sure && !named.contains(digest.as_str()) {
                pruned.objects_gone += 1;
                pruned.bytes_gone += bytes;
                objects.push(path);
            } else {
                pruned.objects_kept += 1;
                pruned.bytes_kept += bytes;
            }
        }
        Ok(Plan { lines, objects, pruned })
    }

    /// Writes the index without the lines that go; damaged ones stay as they are.
    pub(super) fn write_index(&mut self, scratch: &Path, plan: &Plan) -> Result<()> {
        if plan.pruned.visits_gone == 0 {
            return Ok(());
        }
        let path = self.folder.join(FILE_NAME);
        let bytes = files::read_optional(&path)?.unwrap_or_default();
        let damaged: BTreeSet<usize> = self.visits().damaged.iter().map(|line| line.number).collect();
        let whole = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        let stays = |number: &usize| plan.lines.contains(number) || damaged.contains(number);
        let left = (1..).zip(whole).filter(|(number, _)| stays(number));
        let left: Vec<u8> = left.flat_map(|(_, line)| line.iter().copied()).collect();
        files::write_whole(scratch, &path, &left)?;
        self.index.refresh(self.folder)
    }

    fn remove_objects(&self, plan: &Plan) -> Result<()> {
        for path in &plan.objects {
            files::check_target(self.folder, path)?;
            files::remove_all(&self.folder.join(path))?;
        }
        objects::remove_empty_folders(self.folder)
    }
}

/// The lines that stay of one page's visits, given with the numbers of their lines, the oldest first.
fn staying(page: &[(usize, &Visit)], rules: Retention, oldest: Date, snapshotted: &Snapshotted) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    // The last visit of each version, the newest first.
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, visit) in page.iter().rev() {
        let rank = versions.len();
        let is_last_of_version = *versions.entry(&visit.digest).or_insert(*number) == *number;
        let is_recent_version = rank < usize::try_from(rules.keep_versions).unwrap_or(usize::MAX).max(1);
        let is_snapshotted = snapshotted.contains(&(visit.source.clone(), visit.digest.clone()));
        let is_needed = is_last_of_version && (is_recent_version || is_snapshotted);
        if is_needed || visit.day().is_none_or(|day| day >= oldest) {
            lines.insert(*number);
        }
    }
    lines
}
