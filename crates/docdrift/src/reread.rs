//! The last snapshot of a source beside what its archived pages say, read again. What was edited by hand is found here
//! even where its digests were made to fit.

use std::collections::BTreeMap;

use docdrift_model::{Bilingual, Decision, Entry, Pairing, Publish, ReadRules, Snapshot};
use docdrift_parse::READER;
use docdrift_store::{Store, settled_entries};
use serde_json::Value;

use crate::{judge, pages};

/// An entry that the pages do not tell as the snapshot does.
pub(crate) struct Difference {
    /// Which of the snapshot's entries, from zero; `None` for one that it lacks.
    pub(crate) entry: Option<usize>,
    /// What is different, as a sentence about the entry.
    pub(crate) what: String,
}

/// Where the snapshot and its pages differ, whatever the ids, dates and scores; `None` where it was read by another
/// version of the reader, or its pages are not all in the archive.
pub(crate) fn differences(
    store: &Store,
    snapshot: &Snapshot,
    rules: &ReadRules,
    decisions: &[Decision],
    publish: &Publish,
) -> anyhow::Result<Option<Vec<Difference>>> {
    let Some(pages) = pages::of_snapshot(store, snapshot, &Bilingual::default())? else { return Ok(None) };
    if snapshot.reader != READER || (pages.zh.is_none() && pages.en.is_none()) {
        return Ok(None);
    }
    let (read, _) = judge::merged(&judge::read(&pages, rules), decisions);
    // Each by itself, so that the entries keep their places.
    let settled = |entry: &Entry| settled_entries(vec![entry.clone()], publish).into_iter().map(bare).next();
    let told: Vec<Entry> = snapshot.entries.iter().filter_map(settled).collect();
    Ok(Some(between(&told, &settled_entries(read, publish).into_iter().map(bare).collect::<Vec<_>>())))
}

/// The entry with nothing in it that the pages alone do not tell.
fn bare(entry: Entry) -> Entry {
    let pairing = Pairing { score: 0.0, ..entry.pairing };
    Entry { id: String::new(), first_seen: String::new(), last_changed: String::new(), pairing, ..entry }
}

fn between(told: &[Entry], read: &[Entry]) -> Vec<Difference> {
    let mut left: Vec<&Entry> = read.iter().collect();
    let mut odd = Vec::new();
    for (number, entry) in told.iter().enumerate() {
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

    use super::between;

    fn entry(status: &str, code: &str, message: &str) -> Entry {
        let message = Bilingual { zh: String::new(), en: message.to_owned() };
        Entry { status: status.into(), code: code.into(), message, ..Entry::default() }
    }

    #[test]
    fn each_entry_is_held_against_its_own() {
        let read = [entry("400", "A", "x"), entry("400", "A", "x"), entry("404", "B", "y"), entry("409", "C", "z")];
        let told = |entries: &[Entry]| -> Vec<String> {
            let told = between(entries, &read).into_iter().map(|difference| {
                format!("{} {}", difference.entry.map_or_else(|| "-".to_owned(), |at| at.to_string()), difference.what)
            });
            told.collect()
        };
        let mut other_order = read.clone();
        other_order.reverse();
        assert!(told(&read).is_empty() && told(&other_order).is_empty());
        let edited = [entry("400", "A", "x"), entry("400", "A", "!"), entry("404", "B", "y"), entry("409", "D", "z")];
        assert_eq!(
            told(&edited),
            [
                "1 `message` is not as its pages say",
                "3 no page has it",
                "- `C` of status `409` is on its pages, and missing here"
            ]
        );
    }
}
