use docdrift_model::{
    Drift, Entry, Severity,
    drift::{Key, Move, Rename},
    severities::{ChangeKind, Severities},
    text::natural_key,
};

use crate::{
    changes::{compare_entries, entry_key},
    column_changes,
    matching::match_entries,
};

/// Compares two states of one source. Reports each change once; the lists are sorted by table, code and status.
///
/// Either side may be in its published form, in which digests replace texts. The order of rows and tables is no drift,
/// nor is a new title of a table that kept most of its errors. A renamed error whose texts changed too is also in
/// `changed`, under its new code.
///
/// ```
/// use docdrift_model::{Bilingual, Entry, Severity};
///
/// let row = |status: &str, message: &str| Entry {
///     status: status.into(),
///     code: "Tank.1".into(),
///     message: Bilingual { zh: String::new(), en: message.into() },
///     ..Entry::default()
/// };
/// let drift = docdrift_diff::diff(&[row("400", "The tank is empty.")], &[row("409", "The tank is empty.")]);
/// assert_eq!(drift.changed[0].fields, ["status"]);
/// assert_eq!(drift.severity, Severity::Breaking);
/// ```
pub fn diff(old: &[Entry], new: &[Entry]) -> Drift {
    diff_with(old, new, &Severities::default())
}

/// Compares two states like [`diff`], but grades each kind of change by `severities`.
pub fn diff_with(old: &[Entry], new: &[Entry], severities: &Severities) -> Drift {
    let matching = match_entries(old, new);
    let mut drift = Drift {
        added: matching.added.iter().map(|&n| entry_key(&new[n])).collect(),
        removed: matching.removed.iter().map(|&o| entry_key(&old[o])).collect(),
        severities: severities.clone(),
        ..Drift::default()
    };
    let pairs: Vec<(&Entry, &Entry)> = matching.pairs.iter().map(|&(o, n)| (&old[o], &new[n])).collect();
    for &(old, new) in &pairs {
        if old.code != new.code {
            drift.renamed.push(Rename { from: entry_key(old), to: entry_key(new) });
        }
        if !matching.retitled.is_same_table(&old.table, &new.table) {
            drift.moved.push(table_move(old, new));
        }
        drift.changed.extend(compare_entries(old, new, severities));
    }
    column_changes::add_to_drift(&pairs, &mut drift);
    sort_lists(&mut drift);
    drift.severity = max_severity(&drift);
    drift
}

fn table_move(old: &Entry, new: &Entry) -> Move {
    Move { status: new.status.clone(), code: new.code.clone(), from: old.table.clone(), to: new.table.clone() }
}

fn max_severity(drift: &Drift) -> Severity {
    let kinds = [
        (drift.removed.is_empty(), ChangeKind::Removed),
        (drift.renamed.is_empty(), ChangeKind::Renamed),
        (drift.added.is_empty(), ChangeKind::Added),
        (drift.moved.is_empty(), ChangeKind::Moved),
    ];
    let listed = kinds.into_iter().filter(|(is_empty, _)| !is_empty).map(|(_, kind)| drift.severities.get(kind));
    listed.chain(drift.changed.iter().map(|change| change.severity)).max().unwrap_or_default()
}

fn sort_lists(drift: &mut Drift) {
    drift.added.sort_by_cached_key(sort_key);
    drift.removed.sort_by_cached_key(sort_key);
    drift.renamed.sort_by_cached_key(|rename| (sort_key(&rename.from), sort_key(&rename.to)));
    drift.changed.sort_by_cached_key(|change| sort_key(&change.key));
    drift
        .moved
        .sort_by_cached_key(|entry| [&entry.from, &entry.code, &entry.status, &entry.to].map(|t| natural_key(t)));
}

fn sort_key(key: &Key) -> ([String; 3], String) {
    ([&key.table, &key.code, &key.status].map(|text| natural_key(text)), key.id.clone())
}
