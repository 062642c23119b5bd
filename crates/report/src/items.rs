//! Turns a drift into items for a report, the gravest first. A change that many entries share is one item with these
//! entries as members.

mod changed;
mod shape;

pub(crate) use changed::how;

use std::{cmp::Reverse, collections::BTreeMap};

use docdrift_model::{
    Drift, Lang, Severity,
    drift::{ColumnChange, Edit, Key, LanguageChange},
    severities::ChangeKind,
};
use jiff::civil::Date;

/// One item of a report.
pub(crate) struct Item<'a> {
    pub(crate) severity: Severity,
    pub(crate) what: What<'a>,
    /// The entries that it is about.
    pub(crate) members: Vec<Member<'a>>,
}

/// An entry of an item.
pub(crate) struct Member<'a> {
    pub(crate) status: &'a str,
    pub(crate) code: &'a str,
    /// The code to search the page for.
    pub(crate) sought: &'a str,
    /// The title of its table.
    pub(crate) table: &'a str,
    /// The edits that the item is about.
    pub(crate) edits: Vec<&'a Edit>,
}

/// What happened to the members of an item.
pub(crate) enum What<'a> {
    /// Removed from this table.
    Removed(&'a str),
    /// Added to this table.
    Added(&'a str),
    /// Back in this table, after its removal on this date.
    Returned(&'a str, Date),
    /// The code changed, or only its beginning: old and new.
    Renamed(&'a str, &'a str),
    /// Moved from the first table to the second.
    Moved(&'a str, &'a str),
    /// A column was gained or lost.
    Column(&'a ColumnChange),
    /// A language was gained or lost.
    Language(&'a LanguageChange),
    /// The same edit in each.
    Same(Sameness<'a>),
    /// The one member's edits.
    Changed,
}

/// What the same edits of several entries have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sameness<'a> {
    pub(crate) severity: Severity,
    pub(crate) field: &'a str,
    pub(crate) lang: Option<Lang>,
    pub(crate) how: How,
}

/// How a text changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// There was no text before.
    Gained,
    /// There is no text now.
    Lost,
    /// The texts are known by their digests only.
    Unseen,
    /// Words were replaced, each pair once: old and new.
    Words(Vec<[String; 2]>),
    /// The words around a common part changed: before and after it, old and new.
    Shape([[String; 2]; 2]),
}

/// The kinds of items, as filters and test cases name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Removed,
    Renamed,
    Added,
    Returned,
    Changed,
    Moved,
    Column,
    Language,
}

impl Kind {
    pub(crate) const ALL: [Kind; 8] = [
        Kind::Removed,
        Kind::Renamed,
        Kind::Added,
        Kind::Returned,
        Kind::Changed,
        Kind::Moved,
        Kind::Column,
        Kind::Language,
    ];

    /// Returns the name for programs.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Removed => "removed",
            Kind::Renamed => "renamed",
            Kind::Added => "added",
            Kind::Returned => "returned",
            Kind::Changed => "changed",
            Kind::Moved => "moved",
            Kind::Column => "column",
            Kind::Language => "language",
        }
    }
}

impl<'a> Item<'a> {
    pub(crate) fn kind(&self) -> Kind {
        match self.what {
            What::Removed(_) => Kind::Removed,
            What::Added(_) => Kind::Added,
            What::Returned(..) => Kind::Returned,
            What::Renamed(..) => Kind::Renamed,
            What::Moved(..) => Kind::Moved,
            What::Column(_) => Kind::Column,
            What::Language(_) => Kind::Language,
            What::Same(_) | What::Changed => Kind::Changed,
        }
    }

    /// Returns the languages whose pages show it.
    pub(crate) fn langs(&self) -> Vec<Lang> {
        let edits = || self.members.iter().flat_map(|member| &member.edits);
        let concerns = |lang| match &self.what {
            What::Column(change) => change.lang == lang,
            What::Language(change) => change.lang == lang,
            What::Same(_) | What::Changed => edits().any(|edit| edit.lang.is_none_or(|of| of == lang)),
            _ => true,
        };
        Lang::ALL.into_iter().filter(|lang| concerns(*lang)).collect()
    }

    /// Returns the field that it is about, if it is about one.
    pub(crate) fn field(&self) -> Option<(&'a str, Option<Lang>)> {
        match &self.what {
            What::Same(same) => Some((same.field, same.lang)),
            What::Changed => {
                let edits = self.members.iter().flat_map(|member| member.edits.iter().copied());
                let mut edits = edits.filter(|edit| edit.severity == self.severity);
                edits.next().map(|edit| (edit.field.as_str(), edit.lang))
            }
            What::Column(change) => Some((&change.column, Some(change.lang))),
            _ => None,
        }
    }

    /// Returns the table of all its members, if they share one.
    pub(crate) fn table(&self) -> Option<&'a str> {
        let first = self.members.first()?.table;
        self.members.iter().all(|member| member.table == first).then_some(first).filter(|title| !title.is_empty())
    }
}

impl<'a> Member<'a> {
    fn new(key: &'a Key, edits: Vec<&'a Edit>) -> Self {
        Self { status: &key.status, code: &key.code, sought: &key.code, table: &key.table, edits }
    }

    /// Returns `STATUS CODE`.
    pub(crate) fn name(&self) -> String {
        if self.status.is_empty() { self.code.to_owned() } else { format!("{} {}", self.status, self.code) }
    }
}

/// Returns the items of a drift, the gravest first, otherwise in the order of its lists.
pub(crate) fn items(drift: &Drift) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let severity = drift.severities.get(ChangeKind::Removed);
    for table in drift.removed.chunk_by(|a, b| a.table == b.table) {
        let members = table.iter().map(|key| Member::new(key, Vec::new())).collect();
        items.push(Item { severity, what: What::Removed(&table[0].table), members });
    }
    renamed(drift, &mut items);
    added(drift, &mut items);
    changed::items(drift, &mut items);
    moved(drift, &mut items);
    items.sort_by_key(|item| Reverse(item.severity));
    items
}

/// Adds the added errors; those that are back are apart, by the date of their removal.
fn added<'a>(drift: &'a Drift, items: &mut Vec<Item<'a>>) {
    let severity = drift.severities.get(ChangeKind::Added);
    let mut back: BTreeMap<&Key, Vec<Date>> = BTreeMap::new();
    for returned in &drift.returned {
        back.entry(&returned.key).or_default().push(returned.removed_on);
    }
    let rendered = drift.added.iter().map(|key| (key, back.get_mut(key).and_then(Vec::pop)));
    let rendered: Vec<(&Key, Option<Date>)> = rendered.collect();
    for table in rendered.chunk_by(|a, b| (a.1, &a.0.table) == (b.1, &b.0.table)) {
        let (key, removed_on) = table[0];
        let what = removed_on.map_or(What::Added(&key.table), |date| What::Returned(&key.table, date));
        let members = table.iter().map(|(key, _)| Member::new(key, Vec::new())).collect();
        items.push(Item { severity, what, members });
    }
}

/// Adds the renamed errors. Renames with the same prefixes are one item.
fn renamed<'a>(drift: &'a Drift, items: &mut Vec<Item<'a>>) {
    let severity = drift.severities.get(ChangeKind::Renamed);
    let mut groups: BTreeMap<(&str, &str), Vec<Member>> = BTreeMap::new();
    for rename in &drift.renamed {
        let member = Member { sought: &rename.to.code, ..Member::new(&rename.from, Vec::new()) };
        groups.entry(stems(&rename.from.code, &rename.to.code)).or_default().push(member);
    }
    for ((from, to), members) in groups {
        items.push(Item { severity, what: What::Renamed(from, to), members });
    }
}

/// Returns the codes without the common rest, which starts with a separator.
fn stems<'a>(from: &'a str, to: &'a str) -> (&'a str, &'a str) {
    let shared = from.chars().rev().zip(to.chars().rev()).take_while(|(a, b)| a == b);
    let length: usize = shared.map(|(c, _)| c.len_utf8()).sum();
    let rest = &from[from.len() - length..];
    let rest = rest.find(|c: char| !c.is_alphanumeric()).map_or("", |at| &rest[at..]);
    (&from[..from.len() - rest.len()], &to[..to.len() - rest.len()])
}

fn moved<'a>(drift: &'a Drift, items: &mut Vec<Item<'a>>) {
    let severity = drift.severities.get(ChangeKind::Moved);
    let mut groups: BTreeMap<(&str, &str), Vec<Member>> = BTreeMap::new();
    for entry in &drift.moved {
        let (status, code, table) = (&entry.status, &entry.code, &entry.to);
        let member = Member { status, code, sought: code, table, edits: Vec::new() };
        groups.entry((&entry.from, &entry.to)).or_default().push(member);
    }
    for ((from, to), members) in groups {
        items.push(Item { severity, what: What::Moved(from, to), members });
    }
}

#[cfg(test)]
mod tests;
