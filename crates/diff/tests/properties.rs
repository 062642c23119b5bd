//! Properties of any two states. They are generated from few codes, statuses and texts so that these collide.

use std::collections::BTreeSet;

use docdrift_diff::{assign_ids, diff};
use docdrift_model::{
    Bilingual, Drift, Entry, Field, Lang, Publish, Severity, SourceId,
    drift::{Edit, Key},
    entry::Printed,
};
use proptest::{prelude::*, sample::select};

const TEXTS: [&str; 6] = [
    "",
    "Bad Request: {0}.",
    "The tank {0} of the farm is dry.",
    "The tank {1} of the farm is dry.",
    "the  tank {0} of the farm is dry．",
    "水箱已空，请先加水。",
];

fn entry() -> impl Strategy<Value = Entry> {
    let code = (select(&["A.", "A.B-", "IF", ""][..]), 0..6u32).prop_map(|(prefix, n)| format!("{prefix}{n}"));
    let text = || (select(&TEXTS[..]), select(&TEXTS[..]));
    let keys = (select(&["", "S", "T"][..]), select(&["", "400", "404", "400 Bad"][..]), code);
    // The entry has the status and code of one of its pages.
    let slip = prop::option::of((select(&["400", "409"][..]), select(&["A.9", "A.1"][..]), any::<bool>()));
    let printed = |status: &str, code: &str, slip: Option<(&str, &str, bool)>| {
        let page = |status: &str, code: &str| Printed { status: status.into(), code: code.into() };
        let (own, other, is_zh) = slip.map(|(s, c, is_zh)| (page(status, code), page(s, c), is_zh))?;
        (own != other)
            .then(|| Box::new(if is_zh { Bilingual { zh: other, en: own } } else { Bilingual { zh: own, en: other } }))
    };
    (keys, text(), text(), slip).prop_map(move |((table, status, code), message, description, slip)| Entry {
        printed: printed(status, &code, slip),
        table: table.into(),
        status: status.into(),
        code,
        message: Bilingual { zh: message.0.into(), en: message.1.into() },
        description: Bilingual { zh: description.0.into(), en: description.1.into() },
        ..Entry::default()
    })
}

fn state() -> impl Strategy<Value = Vec<Entry>> {
    (prop::collection::vec(entry(), 0..24), any::<bool>()).prop_map(|(mut entries, hidden)| {
        for (n, entry) in entries.iter_mut().enumerate() {
            entry.id = format!("e{n:04}");
            if hidden {
                *entry = std::mem::take(entry).published(&Publish::only([Field::Message]));
            }
        }
        entries
    })
}

fn source() -> SourceId {
    SourceId { vendor: "acme".into(), service: "farm".into() }
}

type KeyText = (String, String, String);

fn key_text(key: &Key) -> KeyText {
    (key.table.clone(), key.status.clone(), key.code.clone())
}

fn key_texts<'a>(keys: impl IntoIterator<Item = &'a Key>) -> Vec<KeyText> {
    let mut key_texts: Vec<_> = keys.into_iter().map(key_text).collect();
    key_texts.sort();
    key_texts
}

fn reversed_renames(drift: &Drift) -> Vec<(KeyText, KeyText)> {
    let mut renames: Vec<_> =
        drift.renamed.iter().map(|rename| (key_text(&rename.to), key_text(&rename.from))).collect();
    renames.sort();
    renames
}

fn edits(drift: &Drift, swap: bool) -> Vec<(String, String, String, Severity)> {
    let tuple = |edit: &Edit| {
        let (old, new) = if swap { (&edit.new, &edit.old) } else { (&edit.old, &edit.new) };
        (edit.field.clone(), old.clone(), new.clone(), edit.severity)
    };
    let mut edits: Vec<_> = drift.changed.iter().flat_map(|change| change.edits.iter().map(tuple)).collect();
    edits.sort();
    edits
}

/// Applies a drift to `old`. Added entries and table titles are taken from `new`, since a drift only names them.
fn apply_drift(old: &[Entry], drift: &Drift, new: &[Entry]) -> Vec<Entry> {
    let removed: BTreeSet<&String> = drift.removed.iter().map(|key| &key.id).collect();
    let mut state: Vec<Entry> = old.iter().filter(|entry| !removed.contains(&entry.id)).cloned().collect();
    for entry in &mut state {
        if let Some(rename) = drift.renamed.iter().find(|rename| rename.from.id == entry.id) {
            entry.code.clone_from(&rename.to.code);
            if let Some(printed) = &mut entry.printed {
                for page in [&mut printed.zh, &mut printed.en] {
                    if page.code == rename.from.code {
                        page.code.clone_from(&rename.to.code);
                    }
                }
            }
        }
        if let Some(change) = drift.changed.iter().find(|change| change.key.id == entry.id) {
            change.edits.iter().for_each(|edit| apply_edit(entry, edit));
            entry.status.clone_from(&change.key.status);
        }
        // A new title of a table that kept its errors is no drift.
        if let Some(now) = new.iter().find(|other| other.id == entry.id) {
            entry.table.clone_from(&now.table);
        }
    }
    let added: BTreeSet<&String> = drift.added.iter().map(|key| &key.id).collect();
    state.extend(new.iter().filter(|entry| added.contains(&entry.id)).cloned());
    state
}

/// Applies one edit to its entry.
fn apply_edit(entry: &mut Entry, edit: &Edit) {
    let text = match edit.field.as_str() {
        "message" => &mut entry.message,
        "description" => &mut entry.description,
        "status" | "code" => return apply_printed_edit(entry, edit),
        other => panic!("no field {other} is generated"),
    };
    let lang = edit.lang.expect("a text is one page's");
    text.get_mut(lang).clone_from(&edit.new);
}

fn apply_printed_edit(entry: &mut Entry, edit: &Edit) {
    let page = |lang: Lang| {
        let (status, code) = entry.printed(lang);
        Printed { status: status.into(), code: code.into() }
    };
    let mut printed = Bilingual { zh: page(Lang::Zh), en: page(Lang::En) };
    for lang in Lang::ALL.into_iter().filter(|lang| edit.lang.is_none_or(|edited| edited == *lang)) {
        let page = printed.get_mut(lang);
        let cell = if edit.field == "status" { &mut page.status } else { &mut page.code };
        cell.clone_from(&edit.new);
    }
    entry.printed = Some(Box::new(printed));
}

proptest! {
    #[test]
    fn applying_a_drift_to_the_old_state_gives_the_new_one(old in state(), new in state()) {
        let mut new = new;
        assign_ids(&source(), &old, &[], &mut new);
        let drift = diff(&old, &new);
        let after = apply_drift(&old, &drift, &new);
        let left = diff(&after, &new);
        prop_assert!(left.is_empty(), "{left:?}\nof {drift:?}");
    }

    #[test]
    fn a_state_has_no_drift_to_itself_in_any_order(state in state(), seed in any::<u64>()) {
        prop_assert!(diff(&state, &state).is_empty());
        let mut shuffled = state.clone();
        let len = shuffled.len() as u64;
        for n in 0..shuffled.len() {
            shuffled.swap(n, usize::try_from((seed ^ (n as u64 * 7919)) % len).unwrap());
        }
        let drift = diff(&state, &shuffled);
        prop_assert!(drift.is_empty(), "{drift:?}");
        prop_assert_eq!(drift.severity, Severity::None);
    }

    #[test]
    fn publishing_is_no_drift(state in state()) {
        let hidden: Vec<_> = state.iter().cloned().map(|entry| entry.published(&Publish::only([]))).collect();
        prop_assert!(diff(&state, &hidden).is_empty());
        prop_assert!(diff(&hidden, &state).is_empty());
    }

    #[test]
    fn swapping_the_sides_reverses_the_drift(old in state(), new in state()) {
        let (there, back) = (diff(&old, &new), diff(&new, &old));
        prop_assert_eq!(key_texts(&there.added), key_texts(&back.removed));
        prop_assert_eq!(key_texts(&there.removed), key_texts(&back.added));
        let renames = reversed_renames(&back);
        let mut forward: Vec<_> = there.renamed.iter().map(|rename| (key_text(&rename.from), key_text(&rename.to))).collect();
        forward.sort();
        prop_assert_eq!(forward, renames);
        prop_assert_eq!(edits(&there, false), edits(&back, true));
        prop_assert_eq!(there.moved.len(), back.moved.len());
    }

    #[test]
    fn every_entry_is_accounted_for_once(old in state(), new in state()) {
        let drift = diff(&old, &new);
        let mut next = new.clone();
        assign_ids(&source(), &old, &[], &mut next);
        let before: BTreeSet<&String> = old.iter().map(|entry| &entry.id).collect();
        let kept = next.iter().filter(|entry| before.contains(&entry.id)).count();
        prop_assert_eq!(kept + drift.removed.len(), old.len());
        prop_assert_eq!(kept + drift.added.len(), new.len());
        let removed: BTreeSet<&String> = drift.removed.iter().map(|key| &key.id).collect();
        prop_assert!(next.iter().all(|entry| !removed.contains(&entry.id)), "an id changed hands");
    }

    #[test]
    fn ids_are_unique_and_stay(old in state(), new in state()) {
        let mut next = new;
        assign_ids(&source(), &old, &[], &mut next);
        let ids: BTreeSet<&String> = next.iter().map(|entry| &entry.id).collect();
        prop_assert_eq!(ids.len(), next.len());
        prop_assert!(!ids.contains(&String::new()));
        let mut again = next.clone();
        again.reverse();
        assign_ids(&source(), &next, &[], &mut again);
        again.reverse();
        prop_assert_eq!(again.iter().map(|entry| &entry.id).collect::<BTreeSet<_>>(), ids);
    }

    #[test]
    fn drift_has_the_highest_severity(old in state(), new in state()) {
        let drift = diff(&old, &new);
        prop_assert_eq!(drift.severity == Severity::None, drift.is_empty());
        prop_assert!(drift.changed.iter().all(|change| change.severity <= drift.severity));
        prop_assert_eq!(drift.severity == Severity::Breaking, !drift.removed.is_empty() || !drift.renamed.is_empty()
            || drift.changed.iter().any(|change| change.severity == Severity::Breaking));
    }
}
