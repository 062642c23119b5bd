//! Comparison of a snapshot with its archived pages, read again. It finds manual edits even where the digests were
//! adjusted.

use std::collections::BTreeMap;

use docdrift_archive::Archive;
use docdrift_model::{Bilingual, Entry, Publish, ReadRules, Snapshot, decision::Decision, entry::Pairing};
use docdrift_parse::READER;
use docdrift_store::normalized_entries;
use serde_json::Value;

use super::{
    evaluate::{merge_readings, read_pages},
    input::load_snapshot_pages,
};

/// An entry on which the snapshot and its pages disagree.
pub(crate) struct Difference {
    /// The index of the entry in the snapshot; `None` where the snapshot lacks it.
    pub(crate) entry: Option<usize>,
    /// The difference, as a sentence about the entry.
    pub(crate) what: String,
}

/// Finds where the snapshot and its pages differ; ids, dates and scores are ignored. Returns `None` where another version
/// of the reader read it, or the archive lacks a page.
pub(crate) fn find_differences(
    archive: &Archive,
    snapshot: &Snapshot,
    rules: &ReadRules,
    decisions: &[Decision],
    publish: &Publish,
) -> anyhow::Result<Option<Vec<Difference>>> {
    let Some(pages) = load_snapshot_pages(archive, snapshot, &Bilingual::default())? else { return Ok(None) };
    if snapshot.reader != READER || (pages.zh.is_none() && pages.en.is_none()) {
        return Ok(None);
    }
    let (read, _) = merge_readings(&read_pages(&pages, rules), decisions);
    // Each by itself, so that the entries keep their places.
    let settled =
        |entry: &Entry| normalized_entries(vec![entry.clone()], publish).into_iter().map(without_derived_fields).next();
    let kept: Vec<Entry> = snapshot.entries.iter().filter_map(settled).collect();
    Ok(Some(compare(
        &kept,
        &normalized_entries(read, publish).into_iter().map(without_derived_fields).collect::<Vec<_>>(),
    )))
}

/// Returns the entry without the fields that do not come from the pages.
fn without_derived_fields(entry: Entry) -> Entry {
    let pairing = Pairing { score: 0.0, ..entry.pairing };
    Entry { id: String::new(), first_seen: None, last_changed: None, pairing, ..entry }
}

fn compare(kept: &[Entry], read: &[Entry]) -> Vec<Difference> {
    let mut left: Vec<&Entry> = read.iter().collect();
    let mut odd = Vec::new();
    for (number, entry) in kept.iter().enumerate() {
        match left.iter().position(|read| *read == entry) {
            Some(at) => drop(left.remove(at)),
            None => odd.push((number, entry)),
        }
    }
    let mut differences = Vec::new();
    for (number, entry) in odd {
        let is_near = |read: &&Entry| (&read.status, &read.code) == (&entry.status, &entry.code);
        let what = match left.iter().position(is_near) {
            Some(at) => format!("{} not as its pages say", columns(entry, left.remove(at))),
            None => "no page has it".to_owned(),
        };
        differences.push(Difference { entry: Some(number), what });
    }
    let missing =
        |read: &Entry| format!("`{}` of status `{}` is on its pages, and missing here", read.code, read.status);
    differences.extend(left.into_iter().map(|read| Difference { entry: None, what: missing(read) }));
    differences
}

/// The columns that differ, as the beginning of a sentence.
fn columns(a: &Entry, b: &Entry) -> String {
    let cells = |entry: &Entry| -> BTreeMap<String, Value> {
        let value = serde_json::to_value(entry).unwrap_or_default();
        value.as_object().into_iter().flatten().map(|(name, cell)| (name.clone(), cell.clone())).collect()
    };
    let (a, b) = (cells(a), cells(b));
    let mut names: Vec<&String> = a.keys().chain(b.keys()).filter(|name| a.get(*name) != b.get(*name)).collect();
    names.sort();
    names.dedup();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    format!("{} {verb}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Bilingual, Entry};

    use super::compare;

    fn entry(status: &str, code: &str, message: &str) -> Entry {
        let message = Bilingual { zh: String::new(), en: message.to_owned() };
        Entry { status: status.into(), code: code.into(), message, ..Entry::default() }
    }

    #[test]
    fn each_entry_is_compared_with_its_own_row() {
        let read = [entry("400", "A", "x"), entry("400", "A", "x"), entry("404", "B", "y"), entry("409", "C", "z")];
        let found = |entries: &[Entry]| -> Vec<String> {
            let differences = compare(entries, &read).into_iter().map(|difference| {
                format!("{} {}", difference.entry.map_or_else(|| "-".to_owned(), |at| at.to_string()), difference.what)
            });
            differences.collect()
        };
        let mut other_order = read.clone();
        other_order.reverse();
        assert!(found(&read).is_empty() && found(&other_order).is_empty());
        let edited = [entry("400", "A", "x"), entry("400", "A", "!"), entry("404", "B", "y"), entry("409", "D", "z")];
        assert_eq!(
            found(&edited),
            [
                "1 `message` is not as its pages say",
                "3 no page has it",
                "- `C` of status `409` is on its pages, and missing here"
            ]
        );
    }
}
