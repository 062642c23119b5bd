//! Renders the history of errors: when each was first seen, and how it changed.

use docdrift_model::{
    Bilingual, Entry, Field, Lang, Severity,
    history::{DatedEvent, EntryEvent, EntryHistory},
};

use crate::{
    rendered::edit_line,
    span::{Line, MAX_NAME_CHARS, MAX_TEXT_CHARS, Span, fill_template, joined, plain, text},
    style::{Markdown, Style, Terminal},
    words::Words,
};

/// Renders histories for a terminal, one after another; `colour` as ANSI escapes. Long texts are cut.
pub fn history_terminal(lives: &[EntryHistory], lang: Lang, colour: bool) -> String {
    render(lives, &Terminal { words: Words::for_lang(lang), colour })
}

/// Renders histories as GitHub Markdown. Long texts are cut.
pub fn history_markdown(lives: &[EntryHistory], lang: Lang) -> String {
    render(lives, &Markdown { words: Words::for_lang(lang) })
}

fn render(lives: &[EntryHistory], style: &dyn Style) -> String {
    if lives.is_empty() {
        return format!("{}\n", style.words().no_life);
    }
    let lives: Vec<String> = lives.iter().map(|life| life_text(life, style)).collect();
    lives.join("\n")
}

fn life_text(life: &EntryHistory, style: &dyn Style) -> String {
    let words = style.words();
    let name = life.events.last().map(|event| name(&event.event)).unwrap_or_default();
    let mut title = fill_template(words.life, &[text(&life.source.to_string(), MAX_TEXT_CHARS), name]);
    if !life.id.is_empty() {
        title.extend(words.bracketed(text(&life.id, MAX_NAME_CHARS)));
    }
    let mut out = vec![style.heading(Severity::None, &title)];
    out.extend(life.events.iter().map(|event| style.item(&event_lines(event, words), &[])));
    out.join("\n") + "\n"
}

/// Returns status and code after an event.
fn name(what: &EntryEvent) -> Line {
    let (status, code) = match what {
        EntryEvent::Seen { entry } | EntryEvent::Returned { entry } => (&entry.status, &entry.code),
        EntryEvent::Renamed(rename) => (&rename.to.status, &rename.to.code),
        EntryEvent::Changed(change) => (&change.key.status, &change.key.code),
        EntryEvent::Moved(moved) => (&moved.status, &moved.code),
        EntryEvent::Removed(key) => (&key.status, &key.code),
    };
    text(format!("{status} {code}").trim(), MAX_NAME_CHARS)
}

fn event_lines(event: &DatedEvent, words: &Words) -> Vec<Line> {
    let (what, details) = match &event.event {
        EntryEvent::Seen { entry } => (seen(words.seen, entry, words), texts(entry, words)),
        EntryEvent::Returned { entry } => (seen(words.seen_again, entry, words), texts(entry, words)),
        EntryEvent::Renamed(rename) => (
            fill_template(
                words.was_renamed,
                &[text(&rename.from.code, MAX_NAME_CHARS), text(&rename.to.code, MAX_NAME_CHARS)],
            ),
            Vec::new(),
        ),
        EntryEvent::Changed(change) => {
            (fill_template(words.was_changed, &[]), change.edits.iter().map(|edit| edit_line(edit, words)).collect())
        }
        EntryEvent::Moved(moved) => {
            (fill_template(words.was_moved, &[table(&moved.from, words), table(&moved.to, words)]), vec![])
        }
        EntryEvent::Removed(_) => (fill_template(words.was_removed, &[]), Vec::new()),
    };
    let mut line = joined([text(&event.date.to_string(), MAX_NAME_CHARS), what], " ");
    if event.is_reader_change {
        line.extend(words.bracketed(plain(words.read_otherwise)));
    }
    std::iter::once(line).chain(details).collect()
}

fn table(title: &str, words: &Words) -> Line {
    if title.is_empty() { plain(words.untitled) } else { fill_template(words.table, &[text(title, MAX_NAME_CHARS)]) }
}

fn seen(template: &str, entry: &Entry, words: &Words) -> Line {
    let name = text(format!("{} {}", entry.status, entry.code).trim(), MAX_NAME_CHARS);
    let mut line = fill_template(words.colon, &[fill_template(template, &[]), name]);
    if !entry.table.is_empty() {
        line.extend(fill_template(words.in_table, &[text(&entry.table, MAX_NAME_CHARS)]));
    }
    line
}

/// Renders an entry, a line for each text.
fn texts(entry: &Entry, words: &Words) -> Vec<Line> {
    let roles = Field::ALL.into_iter().filter_map(|field| Some((field.as_str(), entry.text(field)?)));
    let roles = roles.flat_map(|(field, said)| said.iter().map(move |(lang, said)| (field, lang, said.as_str())));
    let Bilingual { zh, en } = &entry.extra;
    let extra = [(Lang::Zh, zh), (Lang::En, en)].into_iter();
    let extra =
        extra.flat_map(|(lang, cells)| cells.iter().map(move |(header, said)| (header.as_str(), lang, said.as_str())));
    let said = roles.chain(extra).filter(|(.., said)| !said.is_empty());
    said.map(|(field, lang, said)| text_line(field, lang, said, words)).collect()
}

fn text_line(field: &str, lang: Lang, said: &str, words: &Words) -> Line {
    let mut name = words.field(field);
    name.push(Span::Words((*words.of_lang.get(lang)).to_owned()));
    let is_hidden = docdrift_model::text::is_digest(said);
    let said = if is_hidden { plain(words.unpublished) } else { text(said, MAX_TEXT_CHARS) };
    fill_template(words.field, &[name, said])
}
