//! The feeds in `output/history/`: one for each vendor and one for all, with the newest changes. Derived from the
//! snapshots alone.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use docdrift_diff::diff_with;
use docdrift_model::{Drift, Source, history::FeedItem};
use docdrift_report::feed;
use docdrift_store::{Histories, SnapshotHeader, SnapshotRef, SnapshotSlot, Store};
use jiff::civil::Date;

use super::evidence::{build_evidence, quote_command};

/// The number of changes in a feed. A daily run adds at most one change of a source a day, so that a reader who looks
/// once a month misses none of a vendor with one source.
const MAX_ITEMS: usize = 30;

/// The feeds, and the vendors whose feed could not be made.
#[derive(Default)]
pub(crate) struct Feeds {
    /// The files, by path below `output/`.
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
    /// The reasons why some feeds stay as they are, a sentence each.
    pub(crate) damaged: Vec<String>,
}

impl Feeds {
    /// Builds the feeds as they are once `histories` is published. Where a snapshot cannot be read, its feeds stay as they
    /// are.
    pub(crate) fn build(store: &Store, sources: &[Source], histories: &Histories) -> anyhow::Result<Self> {
        let vendors: BTreeSet<&str> = sources.iter().map(|source| source.id.vendor.as_str()).collect();
        let (mut feeds, mut all) = (Feeds::default(), Some(Vec::new()));
        for vendor in vendors {
            let items = build_items(sources.iter().filter(|source| source.id.vendor == vendor), histories);
            let items = items.map_err(|error| feeds.damaged.push(format!("{error:#}"))).ok();
            feeds.add(store, vendor, &format!("{vendor}: error codes"), items.as_deref())?;
            all = all.zip(items).map(|(all, items)| [all, items].concat());
        }
        if let Some(all) = &mut all {
            sort_newest_first(all, |item| (item.date, item.number));
            all.truncate(MAX_ITEMS);
        }
        feeds.add(store, "all", "Error codes of all vendors", all.as_deref())?;
        Ok(feeds)
    }

    /// Adds the feed of these items, or the published one where the items are not known.
    fn add(&mut self, store: &Store, name: &str, title: &str, items: Option<&[FeedItem]>) -> anyhow::Result<()> {
        let path = Path::new("history").join(format!("{name}.atom"));
        let text = match items {
            Some([]) => None,
            Some(items) => Some(feed(title, &format!("tag:docdrift,2025:{name}"), items).into_bytes()),
            None => store.published_file(&path)?,
        };
        self.files.extend(text.map(|text| (path, text)));
        Ok(())
    }
}

/// Sorts the newest first. Items of one day keep their order, which is that of the sources.
fn sort_newest_first<T>(items: &mut [T], when: impl Fn(&T) -> (Date, u32)) {
    items.sort_by_key(|item| Reverse(when(item)));
}

/// A snapshot of a source with the one before.
struct SnapshotPair<'a> {
    source: &'a Source,
    new: &'a SnapshotSlot,
    old: Option<&'a SnapshotSlot>,
}

fn build_items<'a>(
    sources: impl Iterator<Item = &'a Source>,
    histories: &'a Histories,
) -> anyhow::Result<Vec<FeedItem>> {
    let mut pairs: Vec<SnapshotPair<'a>> = Vec::new();
    for source in sources {
        let placed = histories.get(&source.id)?.slots();
        let old = std::iter::once(None).chain(placed.iter().map(Some));
        pairs.extend(placed.iter().zip(old).map(|(new, old)| SnapshotPair { source, new, old }));
    }
    sort_newest_first(&mut pairs, |pair| (pair.new.at.date, pair.new.at.number));
    pairs.iter().filter_map(|pair| build_item(pair).transpose()).take(MAX_ITEMS).collect()
}

/// Returns the item of a snapshot; `None` where the vendor changed nothing.
fn build_item(pair: &SnapshotPair<'_>) -> anyhow::Result<Option<FeedItem>> {
    let new = pair.new.read()?;
    let old = pair.old.map(SnapshotSlot::read).transpose()?;
    if old.as_ref().is_some_and(|old| SnapshotHeader::from(&new).is_reread_of(&SnapshotHeader::from(old))) {
        return Ok(None);
    }
    let drift = old.as_ref().map(|old| diff_with(&old.entries, &new.entries, &pair.source.severities));
    if drift.as_ref().is_some_and(Drift::is_empty) {
        return Ok(None);
    }
    let reproduce = pair.old.map(|old| diff_command(&old.at, &pair.new.at)).unwrap_or_default();
    Ok(Some(FeedItem {
        source: pair.source.id.clone(),
        date: pair.new.at.date,
        number: pair.new.at.number,
        entries: new.entries.len(),
        drift,
        evidence: build_evidence(old.as_ref().map(|old| &old.pages), Some(&new.pages), reproduce),
    }))
}

/// Returns the command that shows the drift between two snapshots.
pub(crate) fn diff_command(old: &SnapshotRef, new: &SnapshotRef) -> String {
    let [old, new] = [old, new].map(|at| at.path.to_string_lossy().replace('\\', "/"));
    quote_command(["docdrift", "diff", &old, &new])
}
