//! A drift as things to say, the gravest first: what is the same for many entries is one item with its members.

use std::collections::BTreeMap;

use docdrift_model::{Change, Drift, Edit, Key, Lang, Severity, text::is_digest};

use crate::pieces::{Piece, pieces};

/// So many entries with the same edit make one item.
const MANY: usize = 3;

/// One thing to say.
pub(crate) struct Item<'a> {
    pub(crate) severity: Severity,
    pub(crate) what: What<'a>,
    /// `status code` of each entry it is said of, at least one.
    pub(crate) members: Vec<String>,
}

/// What happened to the members of an item.
pub(crate) enum What<'a> {
    /// Gone from this table.
    Removed(&'a str),
    /// New in this table.
    Added(&'a str),
    /// The code is another, or its beginning, where the rest is kept.
    Renamed(&'a str, &'a str),
    /// Stands in the second table now.
    Moved(&'a str, &'a str),
    /// The same edit in each.
    Same(Sameness<'a>),
    /// These edits.
    Changed(Vec<&'a Edit>),
}

/// What makes edits of several entries the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sameness<'a> {
    pub(crate) severity: Severity,
    pub(crate) field: &'a str,
    pub(crate) lang: Option<Lang>,
    pub(crate) how: How,
}

/// How a text changed, apart from what was kept of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// There was none.
    Gained,
    /// There is none any more.
    Lost,
    /// The texts are not published.
    Unseen,
    /// These words for those.
    Words(Vec<Piece>),
}

/// The items of a drift, gravest first, else in the order of its lists.
pub(crate) fn items(drift: &Drift) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let keys = |keys: &'_ [Key]| keys.iter().map(|key| name(&key.status, &key.code)).collect::<Vec<_>>();
    for table in drift.removed.chunk_by(|a, b| a.table == b.table) {
        items.push(Item { severity: Severity::Breaking, what: What::Removed(&table[0].table), members: keys(table) });
    }
    renamed(drift, &mut items);
    for table in drift.added.chunk_by(|a, b| a.table == b.table) {
        items.push(Item { severity: Severity::Added, what: What::Added(&table[0].table), members: keys(table) });
    }
    changed(&drift.changed, &mut items);
    moved(drift, &mut items);
    items.sort_by_key(|item| std::cmp::Reverse(item.severity));
    items
}

fn name(status: &str, code: &str) -> String {
    if status.is_empty() { code.to_owned() } else { format!("{status} {code}") }
}

/// Renames with the same beginnings are one item, named by the old codes.
fn renamed<'a>(drift: &'a Drift, items: &mut Vec<Item<'a>>) {
    let mut groups: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for rename in &drift.renamed {
        let member = name(&rename.from.status, &rename.from.code);
        groups.entry(stems(&rename.from.code, &rename.to.code)).or_default().push(member);
    }
    for ((from, to), members) in groups {
        items.push(Item { severity: Severity::Breaking, what: What::Renamed(from, to), members });
    }
}

/// The codes up to the rest that they share, which starts with a separator.
fn stems<'a>(from: &'a str, to: &'a str) -> (&'a str, &'a str) {
    let shared = from.chars().rev().zip(to.chars().rev()).take_while(|(a, b)| a == b);
    let length: usize = shared.map(|(c, _)| c.len_utf8()).sum();
    let rest = &from[from.len() - length..];
    let rest = rest.find(|c: char| !c.is_alphanumeric()).map_or("", |at| &rest[at..]);
    (&from[..from.len() - rest.len()], &to[..to.len() - rest.len()])
}

fn moved<'a>(drift: &'a Drift, items: &mut Vec<Item<'a>>) {
    let mut groups: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for entry in &drift.moved {
        groups.entry((&entry.from, &entry.to)).or_default().push(name(&entry.status, &entry.code));
    }
    for ((from, to), members) in groups {
        items.push(Item { severity: Severity::Editorial, what: What::Moved(from, to), members });
    }
}

/// Edits that many entries share come first, then each entry with the edits of its own.
fn changed<'a>(changes: &'a [Change], items: &mut Vec<Item<'a>>) {
    let mut groups: BTreeMap<Sameness<'a>, Vec<(usize, usize)>> = BTreeMap::new();
    for (c, change) in changes.iter().enumerate() {
        for (e, edit) in change.edits.iter().enumerate() {
            groups.entry(sameness(edit)).or_default().push((c, e));
        }
    }
    groups.retain(|_, places| places.len() >= MANY);
    let mut told: Vec<Vec<bool>> = changes.iter().map(|change| vec![false; change.edits.len()]).collect();
    for (sameness, places) in groups {
        let members = places.iter().map(|&(c, _)| name(&changes[c].key.status, &changes[c].key.code)).collect();
        for (c, e) in places {
            told[c][e] = true;
        }
        items.push(Item { severity: sameness.severity, what: What::Same(sameness), members });
    }
    for (change, told) in changes.iter().zip(told) {
        let own: Vec<&Edit> = change.edits.iter().zip(told).filter(|(_, told)| !told).map(|(edit, _)| edit).collect();
        if let Some(severity) = own.iter().map(|edit| edit.severity).max() {
            let members = vec![name(&change.key.status, &change.key.code)];
            items.push(Item { severity, what: What::Changed(own), members });
        }
    }
}

fn sameness(edit: &Edit) -> Sameness<'_> {
    Sameness { severity: edit.severity, field: &edit.field, lang: edit.lang, how: how(edit) }
}

/// How the text of an edit changed.
pub(crate) fn how(edit: &Edit) -> How {
    match (edit.old.as_str(), edit.new.as_str()) {
        ("", _) => How::Gained,
        (_, "") => How::Lost,
        (old, new) if is_digest(old) || is_digest(new) => How::Unseen,
        (old, new) => {
            let changed = |piece: &Piece| !matches!(piece, Piece::Kept(_));
            How::Words(pieces(old, new).into_iter().filter(changed).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stems;

    #[test]
    fn stems_of_renamed_codes() {
        for (from, to, expected) in [
            ("IdentityFarm.1001", "IF.1001", ("IdentityFarm", "IF")),
            ("IF.1001", "IF.1002", ("IF.1001", "IF.1002")),
            ("A1", "B1", ("A1", "B1")),
            ("农场.1", "水箱.1", ("农场", "水箱")),
            ("A-B.1", "C-B.1", ("A", "C")),
            ("IF.1", "SVC.IF.1", ("IF", "SVC.IF")),
        ] {
            assert_eq!(stems(from, to), expected, "{from} → {to}");
        }
    }
}
