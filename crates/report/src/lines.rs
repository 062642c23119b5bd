//! Items in words.

use docdrift_model::{Drift, Edit, Lang, Warning};

use crate::{
    escape,
    items::{How, Item, Sameness, What, how, items},
    layout::Section,
    pieces::{Piece, pieces},
    style::Style,
};

/// So many members of an item are named, the others counted.
const NAMED: usize = 40;

/// A text is shown up to so many characters, a name up to fewer.
pub(crate) const SHOWN: usize = 400;
pub(crate) const NAME: usize = 100;

/// Of a text that was kept, so many characters are shown beside a change.
const CONTEXT: usize = 40;

/// The counts of a drift, `breaking: 2 removed, 1 changed`.
pub(crate) fn headline(drift: &Drift, style: &dyn Style) -> String {
    style.heading(drift.severity, &format!("{}: {}", drift.severity.as_str(), counts(drift)))
}

/// How many entries were removed, renamed, added, changed and moved, without those that none were.
pub(crate) fn counts(drift: &Drift) -> String {
    let counts = [
        (drift.removed.len(), "removed"),
        (drift.renamed.len(), "renamed"),
        (drift.added.len(), "added"),
        (drift.changed.len(), "changed"),
        (drift.moved.len(), "moved"),
    ];
    let told: Vec<String> = counts.iter().filter(|c| c.0 > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if told.is_empty() { "no drift".to_owned() } else { told.join(", ") }
}

/// The items of a drift in words, a section for each severity, gravest first.
pub(crate) fn sections(drift: &Drift, style: &dyn Style) -> Vec<Section> {
    let items = items(drift);
    let section = |items: &[Item]| Section {
        severity: items[0].severity,
        count: items.iter().map(|item| item.members.len()).sum(),
        items: items.iter().map(|item| (style.item(&lines(item, style)), item.members.len())).collect(),
    };
    items.chunk_by(|a, b| a.severity == b.severity).map(section).collect()
}

/// A warning on one line, harmless to a terminal: `uncertain-row, table 2, row 14: …`, counted from one.
pub fn warning_line(warning: &Warning) -> String {
    let place = match warning.place {
        Some(place) => {
            let row = place.row.map(|row| format!(", row {}", row + 1)).unwrap_or_default();
            format!(", table {}{row}", place.table + 1)
        }
        None => String::new(),
    };
    format!("{}{place}: {}", warning.kind.as_str(), escape::terminal(&short(&warning.detail, SHOWN)))
}

/// An item: its line, and a line below for each edit where it has several.
fn lines(item: &Item, style: &dyn Style) -> Vec<String> {
    let members = members(&item.members, style);
    let table = |title: &str| if title.is_empty() { String::new() } else { format!(" {}", quoted(title, style)) };
    match &item.what {
        What::Removed(title) => {
            vec![format!("{}{}: {members}", style.strong("removed"), inside("from", &table(title)))]
        }
        What::Added(title) => vec![format!("{}{}: {members}", style.strong("added"), inside("to", &table(title)))],
        What::Renamed(from, to) => {
            let (from, to) = (style.text(&short(from, NAME)), style.text(&short(to, NAME)));
            vec![format!("{} {from} → {to}: {members}", style.strong("renamed"))]
        }
        What::Moved(from, to) => {
            vec![format!("{}{} →{}: {members}", style.strong("moved"), titled(from, style), titled(to, style))]
        }
        What::Same(same) => vec![format!("{} {}: {members}", field(same.field, same.lang, style), delta(same, style))],
        What::Changed(edits) => {
            let said = edits.iter().map(|edit| edit_line(edit, style));
            match edits.as_slice() {
                [_] => vec![said.fold(members, |line, said| format!("{line} {said}"))],
                _ => std::iter::once(members).chain(said).collect(),
            }
        }
    }
}

fn inside(preposition: &str, table: &str) -> String {
    if table.is_empty() { String::new() } else { format!(" {preposition}{table}") }
}

fn titled(title: &str, style: &dyn Style) -> String {
    if title.is_empty() { " untitled table".to_owned() } else { format!(" {}", quoted(title, style)) }
}

fn quoted(title: &str, style: &dyn Style) -> String {
    format!("“{}”", style.text(&short(title, NAME)))
}

/// The members by name, with their number where there are several.
fn members(members: &[String], style: &dyn Style) -> String {
    let named: Vec<String> = members.iter().take(NAMED).map(|name| style.text(&short(name, NAME))).collect();
    let named = named.join(", ");
    match members.len() {
        1 => named,
        count if count > NAMED => format!("{count} entries: {named} and {} more", count - NAMED),
        count => format!("{count} entries: {named}"),
    }
}

fn field(field: &str, lang: Option<Lang>, style: &dyn Style) -> String {
    let lang = lang.map(|lang| format!(" ({lang})")).unwrap_or_default();
    format!("{}{lang}", style.text(&short(field, NAME)))
}

/// What the members of an item have in common: the changed words alone.
fn delta(same: &Sameness, style: &dyn Style) -> String {
    match &same.how {
        How::Gained => "gained".to_owned(),
        How::Lost => "lost".to_owned(),
        How::Unseen => "(text not published; changed)".to_owned(),
        How::Words(pieces) => {
            let gap = |at: usize| matches!(pieces.get(at + 1), Some(Piece::Deleted(_)));
            let said = pieces.iter().enumerate().map(|(at, piece)| {
                let said = piece_text(piece, style);
                if gap(at) && matches!(piece, Piece::Inserted(_)) { format!("{said} … ") } else { said }
            });
            said.collect()
        }
    }
}

fn edit_line(edit: &Edit, style: &dyn Style) -> String {
    let text = match how(edit) {
        How::Unseen => "(text not published; changed)".to_owned(),
        How::Gained => format!("gained {}", style.inserted(&short(&published(&edit.new), SHOWN))),
        How::Lost => format!("lost {}", style.deleted(&short(&published(&edit.old), SHOWN))),
        How::Words(_) => in_context(&pieces(&edit.old, &edit.new), style),
    };
    format!("{}: {text}", field(&edit.field, edit.lang, style))
}

fn published(text: &str) -> String {
    if docdrift_model::text::is_digest(text) { "(text not published)".to_owned() } else { text.to_owned() }
}

fn in_context(pieces: &[Piece], style: &dyn Style) -> String {
    let last = pieces.len().saturating_sub(1);
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Kept(text) => out += &style.text(&around(text, at > 0, at < last)),
            changed => out += &piece_text(changed, style),
        }
        if out.chars().count() > 4 * SHOWN {
            return out + " …";
        }
    }
    out
}

fn piece_text(piece: &Piece, style: &dyn Style) -> String {
    match piece {
        Piece::Kept(text) => style.text(text),
        Piece::Deleted(text) => style.deleted(&short(text, SHOWN)),
        Piece::Inserted(text) => style.inserted(&short(text, SHOWN)),
    }
}

/// The ends of a kept text that stand beside a change, `…` for what lies between.
fn around(text: &str, change_before: bool, change_after: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let head = if change_before { CONTEXT } else { 0 };
    let tail = if change_after { CONTEXT } else { 0 };
    if chars.len() <= head + tail + CONTEXT {
        return text.to_owned();
    }
    let (head, tail) = (&chars[..head], &chars[chars.len() - tail..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

/// `text` cut after `limit` characters.
pub(crate) fn short(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
