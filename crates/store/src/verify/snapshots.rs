//! Checks the files of `snapshots/`: each by itself, and against the one before.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use docdrift_files::{Result, read_optional};
use docdrift_model::{Entry, Field, Publish, Snapshot, SourceId, config::Config, text::is_digest};

use super::{VerifyIssue, VerifyReport, issue::limit_issues, tree};
use crate::{
    history,
    snapshots::{self, SnapshotFile, SnapshotRef, round_score, sort_key},
};

const ADVICE: &str = "restore the file from git";

/// Checks everything below `snapshots/`.
pub(super) fn verify(root: &Path, config: &Config, report: &mut VerifyReport) -> Result<()> {
    let mut strangers: BTreeSet<PathBuf> =
        tree::files_below(root, Path::new(snapshots::FOLDER), &mut report.issues)?.into_iter().collect();
    report.file_count += strangers.len();
    let watched: BTreeSet<&SourceId> = config.sources.iter().map(|source| &source.id).collect();
    let known = snapshots::list_sources(root)?;
    for id in &known {
        let is_watched = watched.contains(id);
        let all = snapshots::list(root, id)?;
        for at in &all {
            strangers.remove(&at.path);
        }
        if !is_watched && !all.is_empty() {
            report
                .notes
                .push(VerifyIssue::new(&snapshots::folder(id), "sources.toml has no such source: its history stays"));
        }
        let last = check_source(&all, is_watched.then_some(&config.publish), report);
        if is_watched && !all.is_empty() {
            report.source_count += 1;
            report.entry_count += last.map_or(0, |last| last.entries.len());
        }
    }
    for id in watched {
        let lost = history::check_history(root, id).err();
        report.issues.extend(lost.map(|error| VerifyIssue::new(&snapshots::folder(id), format!("{error:#}"))));
    }
    let stranger =
        |path: &PathBuf| VerifyIssue::new(path, "is no snapshot: those are <vendor>/<service>/<date>.jsonl; remove it");
    report.issues.extend(strangers.iter().map(stranger));
    Ok(())
}

/// Checks the snapshots of one source and returns the last one if it can be read. `publish` is what may be published of a
/// watched source.
fn check_source(all: &[SnapshotRef], publish: Option<&Publish>, report: &mut VerifyReport) -> Option<Snapshot> {
    report.issues.extend(gaps(all));
    let mut before: Option<(u32, Snapshot)> = None;
    for (number, at) in all.iter().enumerate() {
        let publish = publish.filter(|_| number + 1 == all.len());
        let mut issues = Vec::new();
        let read = match read_optional(&at.file()) {
            Ok(bytes) => check_file(at, &bytes.unwrap_or_default(), publish, &mut issues),
            Err(error) => {
                issues.push(VerifyIssue::new(&at.path, format!("{error:#}")));
                None
            }
        };
        if let (Some((_, before)), Some((_, now))) = (&before, &read) {
            issues.extend(compare_entries(&at.path, before, now));
        }
        if let (Some((older, _)), Some((schema, _))) = (&before, &read)
            && schema < older
        {
            issues.push(
                VerifyIssue::new(&at.path, format!("has schema {schema}, the one before {older}: {ADVICE}")).at_line(1),
            );
        }
        report.issues.extend(limit_issues(&at.path, issues));
        before = read.or(before.filter(|_| number + 1 < all.len()));
    }
    before.map(|(_, last)| last)
}

/// Finds missing numbers among the snapshots of a day.
fn gaps(all: &[SnapshotRef]) -> impl Iterator<Item = VerifyIssue> {
    let mut last: Option<&SnapshotRef> = None;
    all.iter().filter_map(move |at| {
        let expected = last.replace(at).filter(|last| last.date == at.date).map_or(1, |last| last.number + 1);
        let what =
            || format!("is number {} of its day, and number {expected} is missing: restore that from git", at.number);
        (at.number != expected).then(|| VerifyIssue::new(&at.path, what()))
    })
}

/// Checks one file and returns its schema version and snapshot if it can be read.
fn check_file(
    at: &SnapshotRef,
    bytes: &[u8],
    publish: Option<&Publish>,
    issues: &mut Vec<VerifyIssue>,
) -> Option<(u32, Snapshot)> {
    let Ok(text) = str::from_utf8(bytes) else {
        issues.push(VerifyIssue::new(&at.path, format!("is not UTF-8: {ADVICE}")));
        return None;
    };
    let name = at.path.display().to_string();
    let file = SnapshotFile::parse(&name, text)
        .map_err(|error| issues.push(VerifyIssue::from_error(&at.path, &error)))
        .ok()?;
    let mut snapshot = file.without_entries();
    let mut is_readable = true;
    for line in file.lines() {
        match file.parse_entry(line) {
            Ok(entry) => snapshot.entries.push(entry),
            Err(error) => {
                is_readable = false;
                issues.push(VerifyIssue::from_error(&at.path, &error));
            }
        }
    }
    issues.extend(file.check_digest().err().map(|error| VerifyIssue::from_error(&at.path, &error)));
    if !is_readable {
        return None;
    }
    issues.extend(check_header(at, &snapshot));
    issues.extend(check_order(&at.path, &snapshot));
    for (number, entry) in snapshot.entries.iter().enumerate() {
        let texts = check_dates(entry, &snapshot).into_iter().chain(full_texts(entry, &file, publish));
        issues.extend(texts.map(|what| VerifyIssue::new(&at.path, what).at_line(number + 2).in_entry(&entry.id)));
    }
    Some((file.schema(), snapshot))
}

/// Checks that header and file name agree.
fn check_header(at: &SnapshotRef, snapshot: &Snapshot) -> Vec<VerifyIssue> {
    let mut texts = Vec::new();
    if snapshot.source != at.source {
        texts.push(format!("its header says that it is of {}: {ADVICE}", snapshot.source));
    }
    if snapshot.date != at.date {
        texts.push(format!("its header says {}, its name {}: {ADVICE}", snapshot.date, at.date));
    }
    texts.into_iter().map(|what| VerifyIssue::new(&at.path, what).at_line(1)).collect()
}

/// Checks that each entry has a unique id and is in its place.
fn check_order(path: &Path, snapshot: &Snapshot) -> Vec<VerifyIssue> {
    let (mut issues, mut seen, mut before) = (Vec::new(), BTreeMap::new(), None);
    for (number, entry) in snapshot.entries.iter().enumerate() {
        let line = number + 2;
        let issue = |what: String| VerifyIssue::new(path, what).at_line(line).in_entry(&entry.id);
        if entry.id.is_empty() {
            issues.push(VerifyIssue::new(path, format!("the entry has no id: {ADVICE}")).at_line(line));
        } else if let Some(first) = seen.insert(entry.id.as_str(), line) {
            issues.push(issue(format!("line {first} has the same id: {ADVICE}")));
        }
        if before.replace(sort_key(entry)).is_some_and(|before| before > sort_key(entry)) {
            issues.push(issue(format!("is out of order: entries are sorted by table, code, status and id: {ADVICE}")));
        }
        let score = entry.pairing.score;
        if score.to_bits() != round_score(score).to_bits() {
            issues.push(issue(format!("its score {score} is not a number from 0 to 1 with three decimals: {ADVICE}")));
        }
    }
    issues
}

/// Checks that an entry was seen first, then changed, then written.
fn check_dates(entry: &Entry, snapshot: &Snapshot) -> Option<String> {
    let all =
        [("first_seen", entry.first_seen), ("last_changed", entry.last_changed), ("the snapshot", Some(snapshot.date))];
    let known: Vec<_> = all.into_iter().filter_map(|(name, date)| Some((name, date?))).collect();
    let ((early, from), (late, to)) =
        known.windows(2).find_map(|two| (two[0].1 > two[1].1).then_some((two[0], two[1])))?;
    Some(format!("{early} is {from}, after {late}, {to}: {ADVICE}"))
}

/// Finds full texts that should be digests, by the header or by what may be published now.
fn full_texts(entry: &Entry, file: &SnapshotFile<'_>, publish: Option<&Publish>) -> Vec<String> {
    let what = |field: Field| {
        let name = field.as_str();
        if !has_full_text(entry, field) {
            None
        } else if !file.carries(field) {
            Some(format!("`{name}` is in full, although the header leaves that field out: {ADVICE}"))
        } else if publish.is_some_and(|publish| !publish.carries(field)) {
            Some(format!("`{name}` is in full, but sources.toml no longer publishes it: run `refresh --offline`"))
        } else {
            None
        }
    };
    Field::ALL.into_iter().filter_map(what).collect()
}

fn has_full_text(entry: &Entry, field: Field) -> bool {
    let is_full = |text: &String| !text.is_empty() && !is_digest(text);
    match entry.text(field) {
        Some(text) => is_full(&text.zh) || is_full(&text.en),
        None => entry.extra.iter().any(|(_, cells)| cells.values().any(is_full)),
    }
}

/// Returns what cannot differ between successive snapshots. A code that is in one row of each is the same entry.
fn compare_entries(path: &Path, before: &Snapshot, now: &Snapshot) -> Vec<VerifyIssue> {
    let (old, new) = (unique_codes(before), unique_codes(now));
    let mut issues = Vec::new();
    for (code, (number, entry)) in &new {
        let Some((_, was)) = old.get(code) else { continue };
        let issue = |what: String| VerifyIssue::new(path, what).at_line(number + 2).in_entry(&entry.id);
        if was.id != entry.id {
            issues.push(issue(format!("had the id {} in the snapshot before: {ADVICE}", was.id)));
        } else if let (Some(first), Some(now)) = (was.first_seen, entry.first_seen)
            && first != now
        {
            issues.push(issue(format!("first_seen was {first} in the snapshot before: {ADVICE}")));
        } else if let Some(last) = was.last_changed
            && entry.last_changed.is_none_or(|now| last > now)
        {
            issues.push(issue(format!("last_changed was {last} in the snapshot before: {ADVICE}")));
        }
    }
    issues
}

/// Returns the entries whose code is in one row only, by code.
fn unique_codes(snapshot: &Snapshot) -> BTreeMap<&str, (usize, &Entry)> {
    let mut rows: BTreeMap<&str, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (number, entry) in snapshot.entries.iter().enumerate().filter(|(_, entry)| is_code(&entry.code)) {
        rows.entry(&entry.code).or_default().push((number, entry));
    }
    rows.into_iter().filter_map(|(code, rows)| Some((code, *rows.first().filter(|_| rows.len() == 1)?))).collect()
}

/// Returns whether a text is a code, rather than empty or a dash.
fn is_code(code: &str) -> bool {
    code.chars().any(char::is_alphanumeric)
}
