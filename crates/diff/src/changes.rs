//! What reads otherwise now in one entry, and how grave that is.

use std::collections::BTreeSet;

use docdrift_model::{
    Change, Edit, Entry, Field, Key, Lang, Severity,
    placeholders::placeholders,
    status_numbers,
    text::{is_digest, same},
};

use crate::texts::{alike, text};

/// The name of an entry in a report.
pub(crate) fn key(entry: &Entry) -> Key {
    Key { status: entry.status.clone(), code: entry.code.clone(), table: entry.table.clone(), id: entry.id.clone() }
}

/// What changed in an entry; `None` where nothing did. A new code and a new table are not told here.
pub(crate) fn change(old: &Entry, new: &Entry) -> Option<Change> {
    let mut edits = status_edits(old, new);
    edits.extend(code_slips(old, new));
    for field in [Field::Message, Field::Description, Field::Solution, Field::Group] {
        edits.extend(Lang::ALL.into_iter().filter_map(|lang| text_edit(old, new, field, lang)));
    }
    edits.extend(Lang::ALL.into_iter().flat_map(|lang| extra_edits(old, new, lang)));
    let severity = edits.iter().map(|edit| edit.severity).max()?;
    let mut fields: Vec<String> = Vec::new();
    for edit in &edits {
        if !fields.contains(&edit.field) {
            fields.push(edit.field.clone());
        }
    }
    let mut key = key(new);
    if key.id.is_empty() {
        key.id.clone_from(&old.id);
    }
    Some(Change { key, fields, severity, edits })
}

fn edit(field: &str, lang: Option<Lang>, old: &str, new: &str, severity: Severity) -> Edit {
    Edit { field: field.into(), lang, old: old.into(), new: new.into(), severity }
}

/// One edit where both pages say the same, else one for each page that prints another status now.
fn status_edits(old: &Entry, new: &Entry) -> Vec<Edit> {
    if old.status != new.status {
        return vec![edit("status", None, &old.status, &new.status, status_severity(&old.status, &new.status))];
    }
    let printed = printed_in_both(old, new).map(|(lang, a, b)| (lang, a.0, b.0));
    printed
        .filter(|(_, a, b)| a != b)
        .map(|(lang, a, b)| edit("status", Some(lang), a, b, status_severity(a, b)))
        .collect()
}

/// A code that one page printed otherwise than the other, before or now. The code as such is the same.
fn code_slips(old: &Entry, new: &Entry) -> Vec<Edit> {
    if old.code != new.code {
        return Vec::new();
    }
    let printed = printed_in_both(old, new).map(|(lang, a, b)| (lang, a.1, b.1));
    printed
        .filter(|(_, a, b)| a != b)
        .map(|(lang, a, b)| edit("code", Some(lang), a, b, prose_severity(a, b)))
        .collect()
}

type Cells<'a> = (&'a str, &'a str);

fn printed_in_both<'a>(old: &'a Entry, new: &'a Entry) -> impl Iterator<Item = (Lang, Cells<'a>, Cells<'a>)> {
    let both = Lang::ALL.into_iter().filter(|lang| old.has(*lang) && new.has(*lang));
    both.map(|lang| (lang, old.printed(lang), new.printed(lang)))
}

fn text_edit(old: &Entry, new: &Entry, field: Field, lang: Lang) -> Option<Edit> {
    let (a, b) = (text(old, field, lang), text(new, field, lang));
    if same(a, b) {
        return None;
    }
    let severity = if field == Field::Message { message_severity(a, b) } else { prose_severity(a, b) };
    Some(edit(field.as_str(), Some(lang), a, b, severity))
}

fn extra_edits(old: &Entry, new: &Entry, lang: Lang) -> Vec<Edit> {
    let (before, now) = (old.extra.get(lang), new.extra.get(lang));
    let lost: Vec<_> = before.iter().filter(|(header, _)| !now.contains_key(*header)).collect();
    let gained: Vec<_> = now.iter().filter(|(header, _)| !before.contains_key(*header)).collect();
    // The same cell under another header: the column was retitled.
    let retitled = |cell: &str, others: &[(&String, &String)]| others.iter().any(|(_, other)| same(cell, other));
    let headers: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let cell_edit = |header: &String| {
        let (a, b) = (before.get(header), now.get(header));
        let moved = match (a, b) {
            (Some(a), None) => retitled(a, &gained),
            (None, Some(b)) => retitled(b, &lost),
            _ => false,
        };
        let (a, b) = (a.map_or("", String::as_str), b.map_or("", String::as_str));
        (!moved && !same(a, b)).then(|| edit(header, Some(lang), a, b, prose_severity(a, b)))
    };
    headers.into_iter().filter_map(cell_edit).collect()
}

/// Words around the numbers may change, and a column may come or go; the HTTP status is another one only where both
/// sides print one.
fn status_severity(old: &str, new: &str) -> Severity {
    let (a, b) = (status_numbers(old), status_numbers(new));
    if alike(old, new) {
        Severity::Cosmetic
    } else if old.is_empty() || new.is_empty() || (!a.is_empty() && a == b) {
        Severity::Editorial
    } else {
        Severity::Breaking
    }
}

fn message_severity(old: &str, new: &str) -> Severity {
    let seen = [old, new].iter().all(|text| !text.is_empty() && !is_digest(text));
    if alike(old, new) {
        Severity::Cosmetic
    } else if seen && placeholders(old) != placeholders(new) {
        Severity::Breaking
    } else {
        Severity::Wording
    }
}

fn prose_severity(old: &str, new: &str) -> Severity {
    if alike(old, new) { Severity::Cosmetic } else { Severity::Editorial }
}
