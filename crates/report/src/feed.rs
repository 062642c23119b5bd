//! Renders changes as an Atom feed (RFC 4287), the newest first. Feeds are in English.

use askama::Template;
use atom_syndication::{Content, Entry, Feed, FixedDateTime, Link, Person, Text, WriteConfig};
use docdrift_model::{Lang, history::FeedItem};
use jiff::civil::Date;

use crate::{
    escape, evidence,
    html::{self, Part},
    links,
    rendered::{drift_counts, render_drift},
    span::fill_template,
    style::plain_text,
    words::Words,
};

/// The number of findings of one change that are listed; the others are counted.
const MAX_ITEMS: usize = 20;

#[derive(Template)]
#[template(path = "feed.html")]
struct Body {
    about: Vec<Vec<Part>>,
    items: Vec<Vec<Vec<Part>>>,
    more: String,
}

/// Renders a feed. `id` identifies it forever. Its date is that of the newest item.
pub fn feed(title: &str, id: &str, items: &[FeedItem]) -> String {
    let mut items: Vec<&FeedItem> = items.iter().collect();
    items.sort_by(|a, b| (&b.date, &a.source, b.number).cmp(&(&a.date, &b.source, a.number)));
    let mut feed = Feed::default();
    feed.set_title(Text::plain(escape::visible(title)));
    feed.set_id(escape::visible(id));
    feed.set_lang("en".to_owned());
    feed.set_updated(items.first().map(|item| midnight(item.date)).unwrap_or_default());
    feed.set_authors(vec![Person { name: "docdrift".to_owned(), ..Person::default() }]);
    feed.set_entries(items.into_iter().map(entry).collect::<Vec<_>>());
    let layout = WriteConfig { write_document_declaration: true, indent_size: Some(2) };
    // It is written to memory, and every text is of characters that XML has.
    let bytes = feed.write_with_config(Vec::new(), layout).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default() + "\n"
}

fn midnight(date: Date) -> FixedDateTime {
    format!("{date}T00:00:00Z").parse().unwrap_or_default()
}

fn entry(item: &FeedItem) -> Entry {
    let words = Words::for_lang(Lang::En);
    let what = match &item.drift {
        Some(drift) => format!("{}: {}", words.severity(drift.severity), plain_text(&drift_counts(drift, words))),
        None => plain_text(&fill_template(words.first, &[words.entries.with_count(item.entries)])),
    };
    let title = format!("{}: {what}", item.source);
    let id = format!("tag:docdrift,{:04}:{}/{}.{}", item.date.year(), item.source, item.date, item.number);
    let mut entry = Entry::default();
    entry.set_id(escape::visible(&id));
    entry.set_updated(midnight(item.date));
    entry.set_published(Some(midnight(item.date)));
    entry.set_links(page(item).map(|href| Link { href, ..Link::default() }).into_iter().collect::<Vec<_>>());
    let mut content = Content::default();
    content.set_content_type("html".to_owned());
    content.set_value(body(item));
    entry.set_content(content);
    entry.set_title(Text::plain(title));
    entry
}

/// Returns the address of the en page, or else of the zh page.
fn page(item: &FeedItem) -> Option<String> {
    let pages = &item.evidence.pages;
    [&pages.en, &pages.zh].into_iter().flatten().find_map(|page| links::web_url(&page.url))
}

/// Renders the number of entries, the evidence, and what changed.
fn body(item: &FeedItem) -> String {
    let words = Words::for_lang(Lang::En);
    let rendered = item.drift.as_ref().map(|drift| render_drift(drift, &item.evidence, words)).unwrap_or_default();
    let rest = rendered.len().saturating_sub(MAX_ITEMS);
    let more = if rest > 0 { plain_text(&words.folded.with_count(rest)) } else { String::new() };
    let about = std::iter::once(words.entries.with_count(item.entries)).chain(evidence::lines(&item.evidence, words));
    let about = about.map(|line| html::parts(&line)).collect();
    let items = rendered.iter().take(MAX_ITEMS).map(|rendered| html::item(rendered, words).lines).collect();
    // It is written to memory, and the template calls nothing that can fail.
    Body { about, items, more }.render().unwrap_or_default()
}
