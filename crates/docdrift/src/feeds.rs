//! The feeds in `output/history/`: one for each vendor and one for all, of the newest changes. A pure function of the
//! snapshots.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use docdrift_diff::diff_with;
use docdrift_model::{Drift, FeedItem, Source};
use docdrift_report::{escape, feed};
use docdrift_store::{Head, Histories, Placed, SnapshotRef, Store};

use crate::{
    evidence::{command_line, evidence},
    output,
};

/// A feed tells so many changes: enough for whoever looks once a month.
const ITEMS: usize = 30;

/// The feeds as they are once `histories` is published, by path below `output/`. Where a snapshot cannot be read, the
/// feeds that it belongs to stay as they are, and it is told why.
pub(crate) fn feeds(store: &Store, sources: &[Source], histories: &Histories) -> anyhow::Result<Feeds> {
    let vendors: BTreeSet<&str> = sources.iter().map(|source| source.id.vendor.as_str()).collect();
    let (mut feeds, mut all) = (Feeds::default(), Some(Vec::new()));
    for vendor in vendors {
        let items = items_of(sources.iter().filter(|source| source.id.vendor == vendor), histories);
        let items = items.map_err(|error| feeds.damaged.push(format!("{error:#}"))).ok();
        feeds.put(store, vendor, &format!("{vendor}: error codes"), items.as_deref())?;
        all = all.zip(items).map(|(all, items)| [all, items].concat());
    }
    if let Some(all) = &mut all {
        newest(all, |item| (&item.date, item.number));
        all.truncate(ITEMS);
    }
    feeds.put(store, "all", "Error codes of all vendors", all.as_deref())?;
    Ok(feeds)
}

/// The feeds, by path below `output/`.
#[derive(Default)]
pub(crate) struct Feeds {
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
    /// Why some of them stay as they are, a sentence each.
    pub(crate) damaged: Vec<String>,
}

impl Feeds {
    /// Tells whoever watches which feeds stay as they are.
    pub(crate) fn tell_damage(&self) {
        self.damaged.iter().for_each(|why| output::note(&escape::terminal(why)));
    }

    /// Adds the feed of these items, or the one that is there where they are not known.
    fn put(&mut self, store: &Store, name: &str, title: &str, items: Option<&[FeedItem]>) -> anyhow::Result<()> {
        let path = path(name);
        let text = match items {
            Some([]) => None,
            Some(items) => Some(feed(title, &format!("tag:docdrift,2025:{name}"), items).into_bytes()),
            None => store.published_file(&path)?,
        };
        self.files.extend(text.map(|text| (path, text)));
        Ok(())
    }
}

fn path(name: &str) -> PathBuf {
    Path::new("history").join(format!("{name}.atom"))
}

/// The newest first; of one day in the order they came in, by source.
fn newest<T>(items: &mut [T], when: impl Fn(&T) -> (&String, u32)) {
    items.sort_by(|a, b| when(b).cmp(&when(a)));
}

/// A snapshot of a source, and the one before.
struct Step<'a> {
    source: &'a Source,
    at: &'a Placed,
    before: Option<&'a Placed>,
}

fn items_of<'a>(sources: impl Iterator<Item = &'a Source>, histories: &'a Histories) -> anyhow::Result<Vec<FeedItem>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    for source in sources {
        let placed = histories.of(&source.id)?.placed();
        let before = std::iter::once(None).chain(placed.iter().map(Some));
        steps.extend(placed.iter().zip(before).map(|(at, before)| Step { source, at, before }));
    }
    newest(&mut steps, |step| (&step.at.at.date, step.at.at.number));
    steps.iter().filter_map(|step| item(step).transpose()).take(ITEMS).collect()
}

/// What a feed tells of a step; `None` where the vendor changed nothing.
fn item(step: &Step<'_>) -> anyhow::Result<Option<FeedItem>> {
    let now = step.at.read()?;
    let before = step.before.map(Placed::read).transpose()?;
    if before.as_ref().is_some_and(|before| Head::from(&now).is_reread_of(&Head::from(before))) {
        return Ok(None);
    }
    let drift = before.as_ref().map(|before| diff_with(&before.entries, &now.entries, &step.source.severities));
    if drift.as_ref().is_some_and(Drift::is_empty) {
        return Ok(None);
    }
    let reproduce = step.before.map(|before| reproduce(&before.at, &step.at.at)).unwrap_or_default();
    Ok(Some(FeedItem {
        source: step.source.id.clone(),
        date: step.at.at.date.clone(),
        number: step.at.at.number,
        entries: now.entries.len(),
        drift,
        evidence: evidence(before.as_ref().map(|before| &before.pages), Some(&now.pages), reproduce),
    }))
}

/// The command that tells the drift between two snapshots.
pub(crate) fn reproduce(old: &SnapshotRef, new: &SnapshotRef) -> String {
    let [old, new] = [old, new].map(|at| at.path.to_string_lossy().replace('\\', "/"));
    command_line(["docdrift", "diff", &old, &new])
}
