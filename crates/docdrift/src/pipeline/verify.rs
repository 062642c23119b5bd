//! The check that snapshots, dataset and archive agree, and are as docdrift wrote them.

use std::path::Path;

use docdrift_archive::Archive;
use docdrift_model::Source;
use docdrift_store::{VerifyIssue, VerifyReport};

use super::{
    Error,
    feeds::Feeds,
    reread::{Difference, find_differences},
    settings,
    storage::Storage,
    workspace::Workspace,
};

/// The number of differences between one snapshot and its pages that are listed. More of them have the same cause.
const MAX_DIFFERENCES: usize = 20;
/// The archive, as its issues name it.
const ARCHIVE: &str = ".docdrift/archive";

/// The result of the check.
pub(crate) struct Verification {
    pub(crate) source_count: usize,
    pub(crate) files: VerifyReport,
    /// How many last snapshots were compared with their archived pages.
    pub(crate) checked_count: usize,
    /// How many could not be.
    pub(crate) unchecked_count: usize,
}

impl Workspace {
    /// Checks all files of the workspace. Writes nothing.
    pub(crate) fn verify(&self) -> Result<Verification, Error> {
        let storage = Storage::open_read_only(&self.root)?;
        let store = &storage.store;
        let feeds = Feeds::build(store, &self.config.sources, &store.histories(&self.config)?)?;
        let mut files = store.verify(&self.config, &feeds.files)?;
        check_archive(&storage.archive, &mut files)?;
        let source_count = self.config.sources.len();
        let mut found = Verification { source_count, files, checked_count: 0, unchecked_count: 0 };
        for source in &self.config.sources {
            self.compare_with_pages(&storage, source, &mut found)?;
        }
        Ok(found)
    }

    /// Reads the pages of a source's last snapshot again, where the archive has them.
    fn compare_with_pages(&self, storage: &Storage, source: &Source, found: &mut Verification) -> anyhow::Result<()> {
        let Some(at) = storage.store.snapshots(&source.id)?.pop() else { return Ok(()) };
        // A snapshot that cannot be read is an issue already.
        let Ok(snapshot) = at.read() else { return Ok(()) };
        let issue = |line, entry, what| VerifyIssue { file: at.path.clone(), line, entry, what };
        let rules = settings::read_rules(&self.config, source);
        let decisions = settings::select_decisions(&self.decisions, &source.id);
        let differences = match find_differences(&storage.archive, &snapshot, &rules, &decisions, &self.config.publish)
        {
            Ok(Some(differences)) => differences,
            Ok(None) => {
                found.unchecked_count += 1;
                return Ok(());
            }
            Err(error) => {
                found.files.issues.push(issue(None, None, format!("its pages cannot be read again: {error:#}")));
                return Ok(());
            }
        };
        found.checked_count += 1;
        let more = differences.len().saturating_sub(MAX_DIFFERENCES);
        let advice = "edited by hand, or overrides.toml or the hints in sources.toml changed since; run `refresh \
                      --offline`, or restore the file from git";
        let issues = differences.into_iter().take(MAX_DIFFERENCES).map(|Difference { entry, what }| {
            let id = entry.and_then(|entry| snapshot.entries.get(entry)).map(|entry| entry.id.clone());
            // The header is the first line.
            issue(entry.map(|entry| entry + 2), id, format!("{what}: {advice}"))
        });
        let rest = (more > 0).then(|| issue(None, None, format!("and {more} more differences from its pages")));
        found.files.issues.extend(issues.chain(rest));
        Ok(())
    }
}

/// Adds the problems of the archive. Damage is an issue; what a killed run left behind is a note.
fn check_archive(archive: &Archive, files: &mut VerifyReport) -> anyhow::Result<()> {
    for problem in archive.check()?.problems {
        let line = problem.lines.first().copied();
        let issue = VerifyIssue { file: Path::new(ARCHIVE).join(problem.path), line, entry: None, what: problem.why };
        if problem.kind.is_damage() { files.issues.push(issue) } else { files.notes.push(issue) }
    }
    Ok(())
}
