//! The files of `snapshots/`: each by itself, and beside the one before.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::Result;
use docdrift_model::{Config, Entry, Field, Publish, Snapshot, SourceId, text::is_digest};

use super::{Flaw, Verified, flaw, tree};
use crate::{
    files, publish,
    snapshots::{self, SnapshotRef, Unread, rounded, sort_key},
};

const ADVICE: &str = "restore the file from git";

/// Looks at everything below `snapshots/`.
pub(super) fn verify(root: &Path, config: &Config, told: &mut Verified) -> Result<()> {
    let mut strangers: BTreeSet<PathBuf> =
        tree::files_below(root, Path::new(snapshots::FOLDER), &mut told.flaws)?.into_iter().collect();
    told.files += strangers.len();
    let watched: BTreeSet<&SourceId> = config.sources.iter().map(|source| &source.id).collect();
    let known = snapshots::sources(root)?;
    for id in &known {
        let is_watched = watched.contains(id);
        let all = snapshots::list(root, id)?;
        for at in &all {
            strangers.remove(&at.path);
        }
        if !is_watched && !all.is_empty() {
            told.notes.push(Flaw::of(&snapshots::folder(id), "sources.toml knows no such source: its history stays"));
        }
        let last = source(&all, is_watched.then_some(&config.publish), told);
        if is_watched && !all.is_empty() {
            told.with_snapshots += 1;
            told.entries += last.map_or(0, |last| last.entries.len());
        }
    }
    for id in watched {
        let lost = publish::check_history(root, id).err();
        told.flaws.extend(lost.map(|error| Flaw::of(&snapshots::folder(id), format!("{error:#}"))));
    }
    let stranger =
        |path: &PathBuf| Flaw::of(path, "is no snapshot: those are <vendor>/<service>/<date>.jsonl; remove it");
    told.flaws.extend(strangers.iter().map(stranger));
    Ok(())
}

/// Looks at the snapshots of one source; answers with the last one where it can be read. `publish` is what may be
/// published of a source that is watched.
fn source(all: &[SnapshotRef], publish: Option<&Publish>, told: &mut Verified) -> Option<Snapshot> {
    told.flaws.extend(gaps(all));
    let mut before: Option<(u32, Snapshot)> = None;
    for (number, at) in all.iter().enumerate() {
        let publish = publish.filter(|_| number + 1 == all.len());
        let mut flaws = Vec::new();
        let read = match files::read_optional(&at.file()) {
            Ok(bytes) => file(at, &bytes.unwrap_or_default(), publish, &mut flaws),
            Err(error) => {
                flaws.push(Flaw::of(&at.path, format!("{error:#}")));
                None
            }
        };
        if let (Some((_, before)), Some((_, now))) = (&before, &read) {
            flaws.extend(beside(&at.path, before, now));
        }
        if let (Some((older, _)), Some((schema, _))) = (&before, &read)
            && schema < older
        {
            flaws.push(Flaw::of(&at.path, format!("has schema {schema}, the one before {older}: {ADVICE}")).at(1));
        }
        told.flaws.extend(flaw::first(&at.path, flaws));
        before = read.or(before.filter(|_| number + 1 < all.len()));
    }
    before.map(|(_, last)| last)
}

/// The second snapshot of a day, but no first, and the like.
fn gaps(all: &[SnapshotRef]) -> impl Iterator<Item = Flaw> {
    let mut last: Option<&SnapshotRef> = None;
    all.iter().filter_map(move |at| {
        let expected = last.replace(at).filter(|last| last.date == at.date).map_or(1, |last| last.number + 1);
        let what =
            || format!("is number {} of its day, and number {expected} is missing: restore that from git", at.number);
        (at.number != expected).then(|| Flaw::of(&at.path, what()))
    })
}

/// Looks at one file; answers with its schema and what it tells, where it can be read.
fn file(at: &SnapshotRef, bytes: &[u8], publish: Option<&Publish>, flaws: &mut Vec<Flaw>) -> Option<(u32, Snapshot)> {
    let Ok(text) = str::from_utf8(bytes) else {
        flaws.push(Flaw::of(&at.path, format!("is not UTF-8: {ADVICE}")));
        return None;
    };
    let name = at.path.display().to_string();
    let unread = Unread::new(&name, text).map_err(|error| flaws.push(Flaw::said(&at.path, &error))).ok()?;
    let mut snapshot = unread.head();
    let mut is_whole = true;
    for line in unread.lines() {
        match unread.entry(line) {
            Ok(entry) => snapshot.entries.push(entry),
            Err(error) => {
                is_whole = false;
                flaws.push(Flaw::said(&at.path, &error));
            }
        }
    }
    flaws.extend(unread.check_digest().err().map(|error| Flaw::said(&at.path, &error)));
    if !is_whole {
        return None;
    }
    flaws.extend(head(at, &snapshot));
    flaws.extend(order(&at.path, &snapshot));
    for (number, entry) in snapshot.entries.iter().enumerate() {
        let whats = dates(entry, &snapshot).into_iter().chain(prose(entry, &unread, publish));
        flaws.extend(whats.map(|what| Flaw::of(&at.path, what).at(number + 2).entry(&entry.id)));
    }
    Some((unread.schema(), snapshot))
}

/// Header and name tell the same.
fn head(at: &SnapshotRef, snapshot: &Snapshot) -> Vec<Flaw> {
    let mut whats = Vec::new();
    if snapshot.source != at.source {
        whats.push(format!("its header says that it is of {}: {ADVICE}", snapshot.source));
    }
    if snapshot.date != at.date {
        whats.push(format!("its header says {}, its name {}: {ADVICE}", snapshot.date, at.date));
    }
    whats.into_iter().map(|what| Flaw::of(&at.path, what).at(1)).collect()
}

/// Each entry has an id of its own and stands in its place.
fn order(path: &Path, snapshot: &Snapshot) -> Vec<Flaw> {
    let (mut flaws, mut seen, mut before) = (Vec::new(), BTreeMap::new(), None);
    for (number, entry) in snapshot.entries.iter().enumerate() {
        let line = number + 2;
        let flaw = |what: String| Flaw::of(path, what).at(line).entry(&entry.id);
        if entry.id.is_empty() {
            flaws.push(Flaw::of(path, format!("the entry has no id: {ADVICE}")).at(line));
        } else if let Some(first) = seen.insert(entry.id.as_str(), line) {
            flaws.push(flaw(format!("line {first} has the same id: {ADVICE}")));
        }
        if before.replace(sort_key(entry)).is_some_and(|before| before > sort_key(entry)) {
            flaws.push(flaw(format!("stands out of order, which is by table, code, status and id: {ADVICE}")));
        }
        let score = entry.pairing.score;
        if score.to_bits() != rounded(score).to_bits() {
            flaws.push(flaw(format!("its score {score} is none from 0 to 1 with three decimals: {ADVICE}")));
        }
    }
    flaws
}

/// First seen, then changed, then written.
fn dates(entry: &Entry, snapshot: &Snapshot) -> Option<String> {
    let all =
        [("first_seen", &entry.first_seen), ("last_changed", &entry.last_changed), ("the snapshot", &snapshot.date)];
    let told: Vec<_> = all.into_iter().filter(|(_, date)| !date.is_empty()).collect();
    let ((early, from), (late, to)) =
        told.windows(2).find_map(|two| (two[0].1 > two[1].1).then_some((two[0], two[1])))?;
    Some(format!("{early} is {from}, after {late}, {to}: {ADVICE}"))
}

/// Texts in full that should be digests, by what the header says and by what `publish` says now.
fn prose(entry: &Entry, unread: &Unread<'_>, publish: Option<&Publish>) -> Vec<String> {
    let what = |field: Field| {
        let name = field.as_str();
        if !has_prose(entry, field) {
            None
        } else if !unread.carries(field) {
            Some(format!("`{name}` is there in full, although the header leaves that field out: {ADVICE}"))
        } else if publish.is_some_and(|publish| !publish.carries(field)) {
            Some(format!("`{name}` is there in full, and sources.toml publishes it no more: run `refresh --offline`"))
        } else {
            None
        }
    };
    Field::ALL.into_iter().filter_map(what).collect()
}

fn has_prose(entry: &Entry, field: Field) -> bool {
    let is_prose = |text: &String| !text.is_empty() && !is_digest(text);
    match entry.text(field) {
        Some(text) => is_prose(&text.zh) || is_prose(&text.en),
        None => entry.extra.iter().any(|(_, cells)| cells.values().any(is_prose)),
    }
}

/// What cannot be of two snapshots, one right after the other: a code that stands in one row of each is one error.
fn beside(path: &Path, before: &Snapshot, now: &Snapshot) -> Vec<Flaw> {
    let (old, new) = (single(before), single(now));
    let mut flaws = Vec::new();
    for (code, (number, entry)) in &new {
        let Some((_, was)) = old.get(code) else { continue };
        let flaw = |what: String| Flaw::of(path, what).at(number + 2).entry(&entry.id);
        if was.id != entry.id {
            flaws.push(flaw(format!("had the id {} in the snapshot before: {ADVICE}", was.id)));
        } else if [&was.first_seen, &entry.first_seen].iter().all(|date| !date.is_empty())
            && was.first_seen != entry.first_seen
        {
            flaws.push(flaw(format!("first_seen was {} in the snapshot before: {ADVICE}", was.first_seen)));
        } else if was.last_changed > entry.last_changed {
            flaws.push(flaw(format!("last_changed was {} in the snapshot before: {ADVICE}", was.last_changed)));
        }
    }
    flaws
}

/// The entries whose code stands in one row, by code.
fn single(snapshot: &Snapshot) -> BTreeMap<&str, (usize, &Entry)> {
    let mut rows: BTreeMap<&str, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (number, entry) in snapshot.entries.iter().enumerate().filter(|(_, entry)| is_code(&entry.code)) {
        rows.entry(&entry.code).or_default().push((number, entry));
    }
    rows.into_iter().filter_map(|(code, rows)| Some((code, *rows.first().filter(|_| rows.len() == 1)?))).collect()
}

/// Whether it names a code, rather than being empty or a dash.
fn is_code(code: &str) -> bool {
    code.chars().any(char::is_alphanumeric)
}
