//! The feeds in `output/history/`: one for each vendor and one for all, of the newest changes. A pure function of the
//! snapshots.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use docdrift_diff::diff_with;
use docdrift_model::{FeedItem, Snapshot, Source};
use docdrift_report::{escape, feed};
use docdrift_store::{SnapshotRef, Store};

use crate::{
    evidence::{command_line, evidence},
    output,
};

/// A feed tells so many changes: enough for whoever looks once a month.
const ITEMS: usize = 30;

/// The feeds as they are once `new` is published, by path below `output/`. Where a snapshot cannot be read, the feeds
/// that it belongs to stay as they are.
pub(crate) fn feeds(store: &Store, sources: &[Source], new: &[Snapshot]) -> anyhow::Result<Feeds> {
    let vendors: BTreeSet<&str> = sources.iter().map(|source| source.id.vendor.as_str()).collect();
    let (mut feeds, mut all) = (Feeds::new(), Some(Vec::new()));
    for vendor in vendors {
        let items = items_of(store, sources.iter().filter(|source| source.id.vendor == vendor), new);
        let items = items.map_err(|error| output::note(&escape::terminal(&format!("{error:#}")))).ok();
        put(store, &mut feeds, vendor, &format!("{vendor}: error codes"), items.as_deref())?;
        all = all.zip(items).map(|(all, items)| [all, items].concat());
    }
    if let Some(all) = &mut all {
        newest(all, |item| (&item.date, item.number));
    }
    put(store, &mut feeds, "all", "Error codes of all vendors", all.as_deref())?;
    Ok(feeds)
}

type Feeds = BTreeMap<PathBuf, Vec<u8>>;

/// Adds the feed of these items, or the one that is there where they are not known.
fn put(store: &Store, feeds: &mut Feeds, name: &str, title: &str, items: Option<&[FeedItem]>) -> anyhow::Result<()> {
    let path = path(name);
    let text = match items {
        Some([]) => None,
        Some(items) => Some(feed(title, &format!("tag:docdrift,2025:{name}"), items).into_bytes()),
        None => store.published_file(&path)?,
    };
    feeds.extend(text.map(|text| (path, text)));
    Ok(())
}

fn path(name: &str) -> PathBuf {
    Path::new("history").join(format!("{name}.atom"))
}

/// Keeps the newest, the newest first; of one day in the order they came in, by source.
fn newest<T>(items: &mut Vec<T>, when: impl Fn(&T) -> (&String, u32)) {
    items.sort_by(|a, b| when(b).cmp(&when(a)));
    items.truncate(ITEMS);
}

/// A change of a source: the snapshot that has it, and the one before.
struct Step<'a> {
    source: &'a Source,
    at: SnapshotRef,
    /// The snapshot itself, where it is not on disk yet.
    unwritten: Option<&'a Snapshot>,
    before: Option<SnapshotRef>,
}

fn items_of<'a>(
    store: &Store,
    sources: impl Iterator<Item = &'a Source>,
    new: &'a [Snapshot],
) -> anyhow::Result<Vec<FeedItem>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    for source in sources {
        let mut before: Option<SnapshotRef> = None;
        for at in store.snapshots(&source.id)? {
            steps.push(Step { source, at: at.clone(), unwritten: None, before: before.replace(at) });
        }
        if let Some(snapshot) = new.iter().find(|snapshot| snapshot.source == source.id) {
            let at = store.place(&mut snapshot.clone())?;
            steps.push(Step { source, at, unwritten: Some(snapshot), before });
        }
    }
    newest(&mut steps, |step| (&step.at.date, step.at.number));
    steps.iter().map(item).collect()
}

fn item(step: &Step<'_>) -> anyhow::Result<FeedItem> {
    let now = match step.unwritten {
        Some(snapshot) => snapshot.clone(),
        None => step.at.read()?,
    };
    let before = step.before.as_ref().map(SnapshotRef::read).transpose()?;
    let drift = before.as_ref().map(|before| diff_with(&before.entries, &now.entries, &step.source.severities));
    let reproduce = step.before.as_ref().map(|before| reproduce(before, &step.at)).unwrap_or_default();
    Ok(FeedItem {
        source: step.source.id.clone(),
        date: step.at.date.clone(),
        number: step.at.number,
        entries: now.entries.len(),
        drift,
        evidence: evidence(before.as_ref().map(|before| &before.pages), Some(&now.pages), reproduce),
    })
}

/// The command that tells the drift between two snapshots.
pub(crate) fn reproduce(old: &SnapshotRef, new: &SnapshotRef) -> String {
    let [old, new] = [old, new].map(|at| at.path.to_string_lossy().replace('\\', "/"));
    command_line(["docdrift", "diff", &old, &new])
}
