//! Follows errors through the snapshots of their source.

use std::collections::BTreeMap;

use docdrift_model::{
    Entry, SourceId,
    drift::{Key, Move, Rename},
    history::{DatedEvent, EntryEvent, EntryHistory},
    severities::Severities,
};
use jiff::civil::Date;

use crate::changes::{compare_entries, entry_key};

/// The entries of interest in one snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatedEntries {
    /// The date of the snapshot.
    pub date: Date,
    /// Whether the pages are unchanged since the previous snapshot and only the version of the reader differs.
    pub is_reread: bool,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// Builds the history of each error in `states`, which are sorted from oldest to newest. Entries are identified by
/// their ids. The histories are sorted by first appearance.
pub fn entry_histories(source: &SourceId, states: &[DatedEntries]) -> Vec<EntryHistory> {
    let mut histories: Vec<EntryHistory> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last: BTreeMap<&str, (&Entry, bool)> = BTreeMap::new();
    for state in states {
        let entries = &state.entries;
        let now: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        for (id, (entry, is_there)) in last.iter_mut().filter(|(id, (_, there))| *there && !now.contains_key(*id)) {
            *is_there = false;
            push_events(&mut histories, places.get(id), state, vec![EntryEvent::Removed(entry_key(entry))]);
        }
        for entry in entries {
            let id = entry.id.as_str();
            let at = *places.entry(id).or_insert_with(|| {
                histories.push(EntryHistory { source: source.clone(), id: id.to_owned(), events: Vec::new() });
                histories.len() - 1
            });
            let events = match last.insert(id, (entry, true)) {
                None => vec![EntryEvent::Seen { entry: Box::new(entry.clone()) }],
                Some((_, false)) => vec![EntryEvent::Returned { entry: Box::new(entry.clone()) }],
                Some((before, true)) => compare_versions(before, entry),
            };
            push_events(&mut histories, Some(&at), state, events);
        }
    }
    histories
}

fn push_events(histories: &mut [EntryHistory], at: Option<&usize>, state: &DatedEntries, events: Vec<EntryEvent>) {
    if let Some(history) = at.and_then(|at| histories.get_mut(*at)) {
        let event = |event| DatedEvent { date: state.date, is_reader_change: state.is_reread, event };
        history.events.extend(events.into_iter().map(event));
    }
}

/// Returns the events between two successive snapshots that both have the error.
fn compare_versions(old: &Entry, new: &Entry) -> Vec<EntryEvent> {
    let mut events = Vec::new();
    if old.code != new.code {
        events.push(EntryEvent::Renamed(Rename { from: entry_key(old), to: entry_key(new) }));
    }
    if old.table != new.table {
        let Key { status, code, .. } = entry_key(new);
        events.push(EntryEvent::Moved(Move { status, code, from: old.table.clone(), to: new.table.clone() }));
    }
    events.extend(compare_entries(old, new, &Severities::default()).map(EntryEvent::Changed));
    events
}

#[cfg(test)]
mod tests {
    use docdrift_model::{
        Bilingual, Entry,
        history::{DatedEvent, EntryEvent},
    };

    use super::{DatedEntries, entry_histories};

    fn entry(id: &str, code: &str, message: &str) -> Entry {
        let message = Bilingual { zh: String::new(), en: message.into() };
        Entry { id: id.into(), code: code.into(), message, ..Entry::default() }
    }

    #[test]
    fn follows_an_error_through_renames_gaps_and_rewordings() {
        let states = [
            ("2024-01-01", vec![entry("e1", "Tank.1", "The tank leaks.")]),
            ("2024-02-01", vec![entry("e1", "Tank.1", "The tank leaks."), entry("e2", "Tank.2", "No tank.")]),
            ("2024-03-01", vec![entry("e1", "Vat.1", "The vat leaks."), entry("e2", "Tank.2", "No tank.")]),
            ("2024-04-01", vec![entry("e2", "Tank.2", "No tank.")]),
            ("2024-05-01", vec![entry("e1", "Vat.1", "The vat leaks."), entry("e2", "Tank.2", "No tank.")]),
        ]
        .map(|(date, entries)| DatedEntries {
            date: date.parse().unwrap(),
            is_reread: date == "2024-03-01",
            entries,
        });
        let lines: Vec<String> = entry_histories(&"acme/farm".parse().unwrap(), &states)
            .iter()
            .flat_map(|history| {
                let by = |event: &DatedEvent| if event.is_reader_change { " (reader)" } else { "" };
                let line = move |event: &DatedEvent| {
                    format!("{} {} {}{}", history.id, event.date, name(&event.event), by(event))
                };
                history.events.iter().map(line)
            })
            .collect();
        assert_eq!(
            lines,
            [
                "e1 2024-01-01 seen",
                "e1 2024-03-01 renamed to Vat.1 (reader)",
                "e1 2024-03-01 changed message (reader)",
                "e1 2024-04-01 removed",
                "e1 2024-05-01 returned",
                "e2 2024-02-01 seen",
            ]
        );
    }

    fn name(event: &EntryEvent) -> String {
        match event {
            EntryEvent::Seen { .. } => "seen".into(),
            EntryEvent::Renamed(rename) => format!("renamed to {}", rename.to.code),
            EntryEvent::Changed(change) => format!("changed {}", change.fields.join(",")),
            EntryEvent::Moved(_) => "moved".into(),
            EntryEvent::Removed(_) => "removed".into(),
            EntryEvent::Returned { .. } => "returned".into(),
        }
    }
}
