//! What became of errors over the snapshots of their source.

use std::collections::BTreeMap;

use docdrift_model::{Entry, Event, Happening, Key, Life, Move, Rename, Severities, SourceId};

use crate::changes::{change, key};

/// What one snapshot tells of the errors of interest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The date of the snapshot, `YYYY-MM-DD`.
    pub date: String,
    /// Whether it is of the same pages as the one before, only read by another version of the reader.
    pub is_reread: bool,
    /// Their entries.
    pub entries: Vec<Entry>,
}

/// The lives of the errors in `states`, the oldest first. An entry is followed by its id. Lives in the order in which
/// they begin.
pub fn lives(source: &SourceId, states: &[State]) -> Vec<Life> {
    let mut lives: Vec<Life> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last: BTreeMap<&str, (&Entry, bool)> = BTreeMap::new();
    for state in states {
        let entries = &state.entries;
        let now: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        for (id, (entry, is_there)) in last.iter_mut().filter(|(id, (_, there))| *there && !now.contains_key(*id)) {
            *is_there = false;
            push(&mut lives, places.get(id), state, vec![Happening::Removed(key(entry))]);
        }
        for entry in entries {
            let id = entry.id.as_str();
            let at = *places.entry(id).or_insert_with(|| {
                lives.push(Life { source: source.clone(), id: id.to_owned(), events: Vec::new() });
                lives.len() - 1
            });
            let happened = match last.insert(id, (entry, true)) {
                None => vec![Happening::Seen { entry: Box::new(entry.clone()) }],
                Some((_, false)) => vec![Happening::Returned { entry: Box::new(entry.clone()) }],
                Some((before, true)) => between(before, entry),
            };
            push(&mut lives, Some(&at), state, happened);
        }
    }
    lives
}

fn push(lives: &mut [Life], at: Option<&usize>, state: &State, happened: Vec<Happening>) {
    if let Some(life) = at.and_then(|at| lives.get_mut(*at)) {
        let event = |what| Event { date: state.date.clone(), is_readers: state.is_reread, what };
        life.events.extend(happened.into_iter().map(event));
    }
}

/// What happened to an error that two snapshots have.
fn between(old: &Entry, new: &Entry) -> Vec<Happening> {
    let mut happened = Vec::new();
    if old.code != new.code {
        happened.push(Happening::Renamed(Rename { from: key(old), to: key(new) }));
    }
    if old.table != new.table {
        let Key { status, code, .. } = key(new);
        happened.push(Happening::Moved(Move { status, code, from: old.table.clone(), to: new.table.clone() }));
    }
    happened.extend(change(old, new, &Severities::default()).map(Happening::Changed));
    happened
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Bilingual, Entry, Event, Happening};

    use super::{State, lives};

    fn entry(id: &str, code: &str, message: &str) -> Entry {
        let message = Bilingual { zh: String::new(), en: message.into() };
        Entry { id: id.into(), code: code.into(), message, ..Entry::default() }
    }

    #[test]
    fn an_error_is_followed_through_renames_gaps_and_rewordings() {
        let states = [
            ("2024-01-01", vec![entry("e1", "Tank.1", "The tank leaks.")]),
            ("2024-02-01", vec![entry("e1", "Tank.1", "The tank leaks."), entry("e2", "Tank.2", "No tank.")]),
            ("2024-03-01", vec![entry("e1", "Vat.1", "The vat leaks."), entry("e2", "Tank.2", "No tank.")]),
            ("2024-04-01", vec![entry("e2", "Tank.2", "No tank.")]),
            ("2024-05-01", vec![entry("e1", "Vat.1", "The vat leaks."), entry("e2", "Tank.2", "No tank.")]),
        ]
        .map(|(date, entries)| State { date: date.to_owned(), is_reread: date == "2024-03-01", entries });
        let told: Vec<String> = lives(&"acme/farm".parse().unwrap(), &states)
            .iter()
            .flat_map(|life| {
                let by = |event: &Event| if event.is_readers { " (reader)" } else { "" };
                let told =
                    move |event: &Event| format!("{} {} {}{}", life.id, event.date, name(&event.what), by(event));
                life.events.iter().map(told)
            })
            .collect();
        assert_eq!(
            told,
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

    fn name(what: &Happening) -> String {
        match what {
            Happening::Seen { .. } => "seen".into(),
            Happening::Renamed(rename) => format!("renamed to {}", rename.to.code),
            Happening::Changed(change) => format!("changed {}", change.fields.join(",")),
            Happening::Moved(_) => "moved".into(),
            Happening::Removed(_) => "removed".into(),
            Happening::Returned { .. } => "returned".into(),
        }
    }
}
