//! Compares the cells of an entry before and after, and grades each difference.

use std::collections::BTreeSet;

use docdrift_model::{
    Entry, Field, Lang,
    drift::{Change, Edit, Key},
    severities::{ChangeKind, Severities},
    text::{is_digest, placeholders::placeholders, same, status_numbers},
};

use crate::texts::{are_equivalent, field_text};

/// Returns the key that names an entry in a report.
pub(crate) fn entry_key(entry: &Entry) -> Key {
    Key { status: entry.status.clone(), code: entry.code.clone(), table: entry.table.clone(), id: entry.id.clone() }
}

/// Compares two states of one entry. Returns `None` if no cell differs. Ignores the code and the table: renames and
/// moves are reported elsewhere.
pub(crate) fn compare_entries(old: &Entry, new: &Entry, severities: &Severities) -> Option<Change> {
    let mut edits = status_edits(old, new);
    edits.extend(code_slips(old, new));
    for field in [Field::Message, Field::Description, Field::Solution, Field::Group] {
        edits.extend(Lang::ALL.into_iter().filter_map(|lang| text_edit(old, new, field, lang)));
    }
    edits.extend(Lang::ALL.into_iter().flat_map(|lang| extra_edits(old, new, lang)));
    let edits: Vec<Edit> = edits.into_iter().map(|edit| edit.grade(severities)).collect();
    let severity = edits.iter().map(|edit| edit.severity).max()?;
    let mut fields: Vec<String> = Vec::new();
    for edit in &edits {
        if !fields.contains(&edit.field) {
            fields.push(edit.field.clone());
        }
    }
    let mut key = entry_key(new);
    if key.id.is_empty() {
        key.id.clone_from(&old.id);
    }
    Some(Change { key, fields, severity, edits })
}

/// An edit with its kind, before a severity is assigned.
struct UngradedEdit<'a> {
    field: &'a str,
    lang: Option<Lang>,
    old: &'a str,
    new: &'a str,
    kind: ChangeKind,
}

impl UngradedEdit<'_> {
    fn grade(self, severities: &Severities) -> Edit {
        let Self { field, lang, old, new, kind } = self;
        Edit { field: field.into(), lang, old: old.into(), new: new.into(), severity: severities.get(kind) }
    }
}

/// Returns one edit for both pages if they agree before and after, otherwise one for each page whose status changed.
fn status_edits<'a>(old: &'a Entry, new: &'a Entry) -> Vec<UngradedEdit<'a>> {
    let edit = |lang, a, b| UngradedEdit { field: "status", lang, old: a, new: b, kind: status_kind(a, b) };
    let mut edits = Vec::new();
    if old.printed.is_some() || new.printed.is_some() {
        let printed = printed_in_both(old, new).map(|(lang, a, b)| (lang, a.0, b.0));
        edits.extend(printed.filter(|(_, a, b)| a != b).map(|(lang, a, b)| edit(Some(lang), a, b)));
    }
    if edits.is_empty() && old.status != new.status {
        edits.push(edit(None, &old.status, &new.status));
    }
    edits
}

/// Returns the codes that one page misprints, before or after. A change of the entry's own code is a rename and is
/// reported elsewhere.
fn code_slips<'a>(old: &'a Entry, new: &'a Entry) -> Vec<UngradedEdit<'a>> {
    let is_slip = |a: &str, b: &str| a != b && (a, b) != (&old.code, &new.code);
    let printed = printed_in_both(old, new).map(|(lang, a, b)| (lang, a.1, b.1));
    let edit = |(lang, a, b)| {
        let kind = prose_kind(ChangeKind::Extra, a, b);
        UngradedEdit { field: "code", lang: Some(lang), old: a, new: b, kind }
    };
    printed.filter(|(_, a, b)| is_slip(a, b)).map(edit).collect()
}

type Cells<'a> = (&'a str, &'a str);

fn printed_in_both<'a>(old: &'a Entry, new: &'a Entry) -> impl Iterator<Item = (Lang, Cells<'a>, Cells<'a>)> {
    let both = Lang::ALL.into_iter().filter(|lang| old.has(*lang) && new.has(*lang));
    both.map(|lang| (lang, old.printed(lang), new.printed(lang)))
}

fn text_edit<'a>(old: &'a Entry, new: &'a Entry, field: Field, lang: Lang) -> Option<UngradedEdit<'a>> {
    let (a, b) = (field_text(old, field, lang), field_text(new, field, lang));
    if same(a, b) {
        return None;
    }
    let kind = match field {
        Field::Message => message_kind(a, b),
        Field::Description => prose_kind(ChangeKind::Description, a, b),
        Field::Solution => prose_kind(ChangeKind::Solution, a, b),
        Field::Group => prose_kind(ChangeKind::Group, a, b),
        Field::Extra => prose_kind(ChangeKind::Extra, a, b),
    };
    Some(UngradedEdit { field: field.as_str(), lang: Some(lang), old: a, new: b, kind })
}

fn extra_edits<'a>(old: &'a Entry, new: &'a Entry, lang: Lang) -> Vec<UngradedEdit<'a>> {
    let (before, now) = (old.extra.get(lang), new.extra.get(lang));
    let lost: Vec<_> = before.iter().filter(|(header, _)| !now.contains_key(*header)).collect();
    let gained: Vec<_> = now.iter().filter(|(header, _)| !before.contains_key(*header)).collect();
    // The same cell under another header means that the column was retitled.
    let has_cell = |cell: &str, others: &[(&String, &String)]| others.iter().any(|(_, other)| same(cell, other));
    let headers: BTreeSet<&'a String> = before.keys().chain(now.keys()).collect();
    let cell_edit = |header: &'a String| {
        let (a, b) = (before.get(header), now.get(header));
        let moved = match (a, b) {
            (Some(a), None) => has_cell(a, &gained),
            (None, Some(b)) => has_cell(b, &lost),
            _ => false,
        };
        let (a, b) = (a.map_or("", String::as_str), b.map_or("", String::as_str));
        let kind = prose_kind(ChangeKind::Extra, a, b);
        (!moved && !same(a, b)).then_some(UngradedEdit { field: header, lang: Some(lang), old: a, new: b, kind })
    };
    headers.into_iter().filter_map(cell_edit).collect()
}

/// Grades a changed status. It is a change of the HTTP status only if both sides print different numbers: the words
/// around them may change, and a column may be added or dropped.
fn status_kind(old: &str, new: &str) -> ChangeKind {
    let (a, b) = (status_numbers(old), status_numbers(new));
    if are_equivalent(old, new) {
        ChangeKind::Cosmetic
    } else if old.is_empty() || new.is_empty() || (!a.is_empty() && a == b) {
        ChangeKind::Extra
    } else {
        ChangeKind::Status
    }
}

fn message_kind(old: &str, new: &str) -> ChangeKind {
    let are_visible = [old, new].iter().all(|text| !text.is_empty() && !is_digest(text));
    if are_equivalent(old, new) {
        ChangeKind::Cosmetic
    } else if are_visible && placeholders(old) != placeholders(new) {
        ChangeKind::Placeholders
    } else {
        ChangeKind::Message
    }
}

fn prose_kind(kind: ChangeKind, old: &str, new: &str) -> ChangeKind {
    if are_equivalent(old, new) { ChangeKind::Cosmetic } else { kind }
}
