//! Renders items in the words of a language.

use docdrift_model::{
    Drift, Lang,
    drift::Edit,
    report::{Evidence, SourceReport},
    text::is_digest,
};

use crate::{
    items::{How, Item, Kind, Sameness, What, how, items},
    links,
    pieces::{Piece, pieces},
    span::{Line, MAX_NAME_CHARS, MAX_TEXT_CHARS, Span, fill_template, joined, plain, shorten, text},
    weight::Weight,
    words::Words,
};

/// The number of members of an item that are named; the others are counted.
const MAX_NAMED_MEMBERS: usize = 40;

/// The number of characters of an unchanged text that are shown on each side of a change.
const CONTEXT_CHARS: usize = 40;

/// The separator of two replacements in one text.
const GAP: &str = " … ";

/// An item in the words of a language.
pub(crate) struct RenderedFinding {
    pub(crate) weight: Weight,
    pub(crate) kind: Kind,
    /// The languages whose pages show it.
    pub(crate) langs: Vec<Lang>,
    /// The finding itself, and one more line for each of several edits.
    pub(crate) lines: Vec<Line>,
    /// The names of the entries that it is about.
    pub(crate) members: Vec<String>,
    /// How many of them the line names.
    pub(crate) named: usize,
    /// The group under which it is counted where there is no room for it.
    pub(crate) group: Line,
    /// The address of its first member on each page.
    pub(crate) pages: Vec<(Lang, String)>,
}

/// Renders a drift of the vendor, the gravest finding first.
pub(crate) fn render_drift(drift: &Drift, evidence: &Evidence, words: &Words) -> Vec<RenderedFinding> {
    items(drift).iter().map(|item| render_item(item, MAX_NAMED_MEMBERS, evidence, words)).collect()
}

/// Renders an item with up to `most` of its members named.
pub(crate) fn render_item(item: &Item, most: usize, evidence: &Evidence, words: &Words) -> RenderedFinding {
    let langs = item.langs();
    let sought = item.members.first().map_or("", |member| member.sought);
    let url = |lang: Lang| evidence.pages.get(lang).as_ref().and_then(|page| links::jump_url(&page.url, sought));
    RenderedFinding {
        weight: Weight::Vendor(item.severity),
        kind: item.kind(),
        lines: lines(item, most, words),
        members: item.members.iter().map(|member| shorten(&member.name(), MAX_NAME_CHARS)).collect(),
        named: most,
        group: group(item, words),
        pages: langs.iter().filter_map(|lang| Some((*lang, url(*lang)?))).collect(),
        langs,
    }
}

/// Returns how many entries were removed, renamed, added, returned, changed and moved, and how many columns and
/// languages were gained or lost. Zeros are left out.
pub(crate) fn drift_counts(drift: &Drift, words: &Words) -> Line {
    let counts = [
        drift.removed.len(),
        drift.renamed.len(),
        drift.added.len().saturating_sub(drift.returned.len()),
        drift.returned.len(),
        drift.changed.len(),
        drift.moved.len(),
        drift.columns.len(),
        drift.languages.len(),
    ];
    let rendered = words.counts.iter().zip(counts).filter(|(_, count)| *count > 0);
    let rendered = words.list(rendered.map(|(counted, count)| counted.with_count(count)));
    if rendered.is_empty() { plain(words.no_drift) } else { rendered }
}

/// Returns how grave the drift of a source is, and how much it is.
pub(crate) fn drift_line(source: &SourceReport, template: &str, words: &Words) -> Line {
    fill_template(template, &[plain(words.severity(source.drift.severity)), drift_counts(&source.drift, words)])
}

/// Renders an item: a line with up to `most` members, and one more line for each of several edits.
fn lines(item: &Item, most: usize, words: &Words) -> Vec<Line> {
    let members = members(item, most, words);
    let line = match &item.what {
        What::Removed(table) => fill_template(words.removed, &[in_table(words.from_table, table), members]),
        What::Added(table) => fill_template(words.added, &[in_table(words.to_table, table), members]),
        What::Returned(table, date) => fill_template(
            words.returned,
            &[in_table(words.to_table, table), members, text(&date.to_string(), MAX_NAME_CHARS)],
        ),
        What::Renamed(from, to) => {
            fill_template(words.renamed, &[text(from, MAX_NAME_CHARS), text(to, MAX_NAME_CHARS), members])
        }
        What::Moved(from, to) => fill_template(words.moved, &[title(from, words), title(to, words), members]),
        What::Column(change) => {
            let template = if change.gained { words.column_gained } else { words.column_lost };
            let column = field(&change.column, Some(change.lang), words);
            fill_template(template, &[column, in_table(words.in_table, &change.table), members])
        }
        What::Language(change) => {
            let template = if change.gained { words.language_gained } else { words.language_lost };
            fill_template(template, &[plain(*words.languages.get(change.lang)), members])
        }
        What::Same(same) => {
            fill_template(words.same, &[field(same.field, same.lang, words), delta(same, words), members])
        }
        What::Changed => return own_lines(item, members, words),
    };
    vec![line]
}

fn own_lines(item: &Item, name: Line, words: &Words) -> Vec<Line> {
    let edits = item.members.iter().flat_map(|member| member.edits.iter().copied());
    let mut edits: Vec<Line> = edits.map(|edit| edit_line(edit, words)).collect();
    if let [edit] = edits.as_mut_slice() {
        return vec![joined([name, std::mem::take(edit)], " ")];
    }
    edits.insert(0, name);
    edits
}

fn in_table(template: &str, table: &str) -> Line {
    if table.is_empty() { Line::new() } else { fill_template(template, &[text(table, MAX_NAME_CHARS)]) }
}

fn title(title: &str, words: &Words) -> Line {
    if title.is_empty() { plain(words.untitled) } else { in_table(words.table, title) }
}

/// Names up to `most` members, with their number where there are several.
fn members(item: &Item, most: usize, words: &Words) -> Line {
    let count = item.members.len();
    let named = joined(item.members.iter().take(most).map(|member| text(&member.name(), MAX_NAME_CHARS)), ", ");
    match count {
        0 => words.entries.with_count(0),
        1 => named,
        _ => {
            let more = || plain((count - most).to_string());
            let named = if count > most { fill_template(words.and_more, &[named, more()]) } else { named };
            fill_template(words.members, &[words.entries.with_count(count), named])
        }
    }
}

fn field(field: &str, lang: Option<Lang>, words: &Words) -> Line {
    let mut said = words.field(field);
    said.extend(lang.map(|lang| Span::Words((*words.of_lang.get(lang)).to_owned())));
    said
}

/// Returns the group of an item: its kind, its field and its table.
fn group(item: &Item, words: &Words) -> Line {
    let mut said = plain(words.kind(item.kind()));
    if let Some((name, lang)) = item.field() {
        said.push(Span::Words(" · ".to_owned()));
        said.extend(field(name, lang, words));
    }
    if let Some(table) = item.table() {
        said.push(Span::Words(" · ".to_owned()));
        said.extend(title(table, words));
    }
    said
}

/// Renders the changed words that the members of an item share.
fn delta(same: &Sameness, words: &Words) -> Line {
    match &same.how {
        How::Gained => plain(words.gained),
        How::Lost => plain(words.lost),
        How::Unseen => plain(words.unseen),
        How::Words(replaced) => joined(replaced.iter().map(replacement), GAP),
        How::Shape([before, now]) => {
            let around = |[head, tail]: &[String; 2]| shorten(&format!("{head}…{tail}"), MAX_TEXT_CHARS);
            fill_template(words.shape, &[vec![Span::Deleted(around(before))], vec![Span::Inserted(around(now))]])
        }
    }
}

fn replacement([old, new]: &[String; 2]) -> Line {
    let deleted = (!old.is_empty()).then(|| Span::Deleted(shorten(old, MAX_TEXT_CHARS)));
    let inserted = (!new.is_empty()).then(|| Span::Inserted(shorten(new, MAX_TEXT_CHARS)));
    deleted.into_iter().chain(inserted).collect()
}

/// Renders one edit: its field, and the changed words in their context.
pub(crate) fn edit_line(edit: &Edit, words: &Words) -> Line {
    let said = match how(edit) {
        How::Unseen => plain(words.unseen),
        How::Gained => fill_template(words.gained_text, &[whole(&edit.new, Span::Inserted, words)]),
        How::Lost => fill_template(words.lost_text, &[whole(&edit.old, Span::Deleted, words)]),
        How::Words(_) | How::Shape(_) => in_context(&pieces(&edit.old, &edit.new)),
    };
    fill_template(words.field, &[field(&edit.field, edit.lang, words), said])
}

/// Renders a whole text, or a remark in place of a digest.
fn whole(said: &str, span: impl Fn(String) -> Span, words: &Words) -> Line {
    if is_digest(said) { plain(words.unpublished) } else { vec![span(shorten(said, MAX_TEXT_CHARS))] }
}

fn in_context(pieces: &[Piece]) -> Line {
    let last = pieces.len().saturating_sub(1);
    let mut length = 0;
    let mut out = Line::new();
    for (at, piece) in pieces.iter().enumerate() {
        let (span, said) = match piece {
            Piece::Kept(text) => (Span::Text as fn(String) -> Span, around(text, at > 0, at < last)),
            Piece::Deleted(text) => (Span::Deleted as fn(String) -> Span, shorten(text, MAX_TEXT_CHARS)),
            Piece::Inserted(text) => (Span::Inserted as fn(String) -> Span, shorten(text, MAX_TEXT_CHARS)),
        };
        length += said.chars().count();
        out.push(span(said));
        if length > 4 * MAX_TEXT_CHARS {
            out.extend(plain(" …"));
            return out;
        }
    }
    out
}

/// Returns the ends of an unchanged text beside a change, with `…` between them.
fn around(text: &str, change_before: bool, change_after: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let head = if change_before { CONTEXT_CHARS } else { 0 };
    let tail = if change_after { CONTEXT_CHARS } else { 0 };
    if chars.len() <= head + tail + CONTEXT_CHARS {
        return text.to_owned();
    }
    let (head, tail) = (&chars[..head], &chars[chars.len() - tail..]);
    head.iter().chain(&['…']).chain(tail).collect()
}
