//! Removes old visits and bodies from the archive.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use docdrift_files::{Result, StorageError, check_target, read_optional, remove_all, replace_file};
use docdrift_model::{SourceId, config::Retention};
use jiff::{ToSpan as _, civil::Date};

use crate::{
    contents::Contents,
    index::{FILE_NAME, Visit},
    objects::{self, Item},
};

/// What `prune` removed, or would remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PruneSummary {
    /// The visits removed from the index.
    pub removed_visit_count: usize,
    /// The visits left in the index.
    pub kept_visit_count: usize,
    /// The objects removed.
    pub removed_object_count: usize,
    /// The objects left.
    pub kept_object_count: usize,
    /// The size on disk of the objects removed.
    pub removed_bytes: u64,
    /// The size on disk of the objects left.
    pub kept_bytes: u64,
    /// The damaged lines of the index. They stay, and while there are any, so does every object.
    pub damaged_line_count: usize,
}

/// The bodies that snapshots were read from, by source and digest.
pub(crate) type SnapshotPages = BTreeSet<(SourceId, String)>;

/// What a prune removes.
pub(crate) struct Plan {
    /// The numbers of the lines that stay, from one.
    kept_lines: BTreeSet<usize>,
    /// The objects to remove, below the archive's folder.
    removed_objects: Vec<PathBuf>,
    pub(crate) summary: PruneSummary,
}

impl Contents<'_> {
    /// Removes what `rules` release at `today`. A dry run, which has no `scratch`, only counts it.
    ///
    /// The index is written before an object is removed. A killed prune leaves objects that no visit names; the next one
    /// removes them.
    pub(crate) fn prune(
        &mut self,
        scratch: Option<&Path>,
        rules: Retention,
        today: Date,
        snapshot_pages: &SnapshotPages,
    ) -> Result<PruneSummary> {
        let plan = self.plan_prune(rules, today, snapshot_pages)?;
        if let Some(scratch) = scratch {
            self.write_index(scratch, &plan)?;
            self.remove_objects(&plan)?;
        }
        Ok(plan.summary)
    }

    pub(crate) fn plan_prune(&self, rules: Retention, today: Date, snapshot_pages: &SnapshotPages) -> Result<Plan> {
        let oldest = today
            .checked_sub(i64::from(rules.keep_days).days())
            .map_err(|error| StorageError::invalid("`keep_days` is before all dates").caused_by(error))?;
        let mut kept_lines = BTreeSet::new();
        for page in self.index.pages() {
            kept_lines.extend(kept_lines_of_page(&page, rules, oldest, snapshot_pages));
        }
        let kept_visits = self.index.numbered_visits().filter(|(number, _)| kept_lines.contains(number));
        let named: BTreeSet<&str> = kept_visits.map(|(_, visit)| visit.digest.as_str()).collect();
        let damaged_line_count = self.visits().damaged.len();
        let mut summary = PruneSummary {
            removed_visit_count: self.visits().good.len() - kept_lines.len(),
            kept_visit_count: kept_lines.len(),
            damaged_line_count,
            ..PruneSummary::default()
        };
        // A damaged or lost line may name the very object that no other line names.
        let may_remove = damaged_line_count == 0 && !named.is_empty();
        let mut removed_objects = Vec::new();
        for item in objects::list(self.folder)? {
            let Item::Object { digest, path, bytes } = item else { continue };
            if may_remove && !named.contains(digest.as_str()) {
                summary.removed_object_count += 1;
                summary.removed_bytes += bytes;
                removed_objects.push(path);
            } else {
                summary.kept_object_count += 1;
                summary.kept_bytes += bytes;
            }
        }
        Ok(Plan { kept_lines, removed_objects, summary })
    }

    /// Writes the index without the removed lines. Damaged lines stay as they are.
    pub(crate) fn write_index(&mut self, scratch: &Path, plan: &Plan) -> Result<()> {
        if plan.summary.removed_visit_count == 0 {
            return Ok(());
        }
        let path = self.folder.join(FILE_NAME);
        let bytes = read_optional(&path)?.unwrap_or_default();
        let damaged: BTreeSet<usize> = self.visits().damaged.iter().map(|line| line.number).collect();
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        let is_kept = |number: &usize| plan.kept_lines.contains(number) || damaged.contains(number);
        let left = (1..).zip(lines).filter(|(number, _)| is_kept(number));
        let left: Vec<u8> = left.flat_map(|(_, line)| line.iter().copied()).collect();
        replace_file(scratch, &path, &left)?;
        self.index.refresh(self.folder)
    }

    fn remove_objects(&self, plan: &Plan) -> Result<()> {
        for path in &plan.removed_objects {
            check_target(self.folder, path)?;
            remove_all(&self.folder.join(path))?;
        }
        objects::remove_empty_folders(self.folder)
    }
}

/// Returns the numbers of the lines that stay of one page. `page` holds its visits with their line numbers, the oldest
/// first.
fn kept_lines_of_page(
    page: &[(usize, &Visit)],
    rules: Retention,
    oldest: Date,
    snapshot_pages: &SnapshotPages,
) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    // The last visit of each version, the newest first.
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, visit) in page.iter().rev() {
        let rank = versions.len();
        let is_last_of_version = *versions.entry(&visit.digest).or_insert(*number) == *number;
        let is_recent_version = rank < usize::try_from(rules.keep_versions).unwrap_or(usize::MAX).max(1);
        let has_snapshot = snapshot_pages.contains(&(visit.source.clone(), visit.digest.clone()));
        let is_needed = is_last_of_version && (is_recent_version || has_snapshot);
        if is_needed || visit.day().is_none_or(|day| day >= oldest) {
            lines.insert(*number);
        }
    }
    lines
}
