//! Items of changed texts: first whole columns and languages, then the same edit in many entries, then each entry with
//! its own edits.

use std::{cmp::Reverse, collections::BTreeMap};

use docdrift_model::{
    Drift, Severity,
    drift::{Change, Edit},
    text::is_digest,
};

use super::{How, Item, Member, Sameness, What, shape};
use crate::pieces::{Piece, every_piece};

/// The number of entries with the same edit that make one item. Two are as short when listed apart.
const MIN_GROUP_SIZE: usize = 3;

/// An edit: the index of its change in the drift, and its index in the change.
type Place = (usize, usize);

/// Adds the items of changed texts to `items`.
pub(super) fn items<'a>(drift: &'a Drift, items: &mut Vec<Item<'a>>) {
    let changes = &drift.changed;
    let edits = |c: usize| (0..changes[c].edits.len()).map(move |e| (c, e));
    let all: Vec<Place> = (0..changes.len()).flat_map(edits).collect();
    let left = covered(drift, all, items);
    let (same, left) = grouped(changes, left, |edit| Some(sameness(edit)), |same| same.how == How::Unseen);
    let (shapes, left) = grouped(changes, left, shaped, |_| false);
    for (same, places) in same.into_iter().chain(shapes) {
        items.push(Item { severity: same.severity, what: What::Same(same), members: members(changes, &places) });
    }
    for member in members(changes, &left) {
        let severity = member.edits.iter().map(|edit| edit.severity).max().unwrap_or_default();
        items.push(Item { severity, what: What::Changed, members: vec![member] });
    }
}

/// Adds the changes of languages and columns. Returns the edits that they do not cover.
fn covered<'a>(drift: &'a Drift, places: Vec<Place>, items: &mut Vec<Item<'a>>) -> Vec<Place> {
    let mut whole = column_and_language_changes(drift);
    let mut left = Vec::new();
    for (c, e) in places {
        let change = &drift.changed[c];
        let covers = |alone: &Drift| alone.covers(&change.key.table, &change.edits[e]);
        match whole.iter_mut().find(|(_, _, alone, _)| covers(alone)) {
            Some((.., places)) => places.push((c, e)),
            None => left.push((c, e)),
        }
    }
    for (severity, what, _, places) in whole {
        items.push(Item { severity, what, members: members(&drift.changed, &places) });
    }
    left
}

/// Returns each language and column that was gained or lost, with a drift that holds it alone.
fn column_and_language_changes(drift: &Drift) -> Vec<(Severity, What<'_>, Drift, Vec<Place>)> {
    let languages = drift.languages.iter().map(|change| {
        let alone = Drift { languages: vec![change.clone()], ..Drift::default() };
        (change.severity, What::Language(change), alone, Vec::new())
    });
    let columns = drift.columns.iter().map(|change| {
        let alone = Drift { columns: vec![change.clone()], ..Drift::default() };
        (change.severity, What::Column(change), alone, Vec::new())
    });
    languages.chain(columns).collect()
}

type Groups<'a> = Vec<(Sameness<'a>, Vec<Place>)>;

/// Groups the places with the same edit, the largest group first. Returns the other places as well.
fn grouped<'a>(
    changes: &'a [Change],
    places: Vec<Place>,
    sameness: impl Fn(&'a Edit) -> Option<Sameness<'a>>,
    always: impl Fn(&Sameness) -> bool,
) -> (Groups<'a>, Vec<Place>) {
    let mut groups: BTreeMap<Option<Sameness>, Vec<Place>> = BTreeMap::new();
    for (c, e) in places {
        groups.entry(sameness(&changes[c].edits[e])).or_default().push((c, e));
    }
    let (mut same, mut left) = (Vec::new(), Vec::new());
    for (key, places) in groups {
        match key {
            Some(key) if places.len() >= MIN_GROUP_SIZE || always(&key) => same.push((key, places)),
            _ => left.extend(places),
        }
    }
    same.sort_by_key(|(_, places)| Reverse(places.len()));
    left.sort_unstable();
    (same, left)
}

fn sameness(edit: &Edit) -> Sameness<'_> {
    Sameness { severity: edit.severity, field: &edit.field, lang: edit.lang, how: how(edit) }
}

fn shaped(edit: &Edit) -> Option<Sameness<'_>> {
    let seen = [&edit.old, &edit.new].iter().all(|text| !text.is_empty() && !is_digest(text));
    let shape = seen.then(|| shape::shape(&edit.old, &edit.new)).flatten()?;
    Some(Sameness { severity: edit.severity, field: &edit.field, lang: edit.lang, how: How::Shape(shape) })
}

/// Returns the entries at `places`, each once, with their edits at these places.
fn members<'a>(changes: &'a [Change], places: &[Place]) -> Vec<Member<'a>> {
    let of_one = |places: &[Place]| {
        let change = &changes[places[0].0];
        Member::new(&change.key, places.iter().map(|&(_, e)| &change.edits[e]).collect())
    };
    places.chunk_by(|a, b| a.0 == b.0).map(of_one).collect()
}

/// Returns how the text of an edit changed.
pub(crate) fn how(edit: &Edit) -> How {
    match (edit.old.as_str(), edit.new.as_str()) {
        ("", _) => How::Gained,
        (_, "") => How::Lost,
        (old, new) if is_digest(old) || is_digest(new) => How::Unseen,
        (old, new) => How::Words(replacements(&every_piece(old, new))),
    }
}

/// Returns each replacement once, even where it occurs several times in a text.
fn replacements(pieces: &[Piece]) -> Vec<[String; 2]> {
    let mut found: Vec<[String; 2]> = Vec::new();
    for change in pieces.split(|piece| matches!(piece, Piece::Kept(_))) {
        let mut pair = [String::new(), String::new()];
        for piece in change {
            match piece {
                Piece::Deleted(text) => pair[0] += text,
                Piece::Inserted(text) => pair[1] += text,
                Piece::Kept(_) => {}
            }
        }
        if !change.is_empty() && !found.contains(&pair) {
            found.push(pair);
        }
    }
    found
}
