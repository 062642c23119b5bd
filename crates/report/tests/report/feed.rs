//! The feed of what changed.

use atom_syndication::Feed;
use docdrift_model::{Drift, Severity, drift::Rename, history::FeedItem, report::Evidence};
use docdrift_report::feed;
use insta::assert_snapshot;

use crate::sample::{evidence, key, sample};

fn item(date: &str, number: u32, drift: Option<Drift>) -> FeedItem {
    let source = "acme/farm".parse().expect("a source id");
    FeedItem { source, date: date.parse().expect("a date"), number, entries: 42, drift, evidence: evidence("farm") }
}

#[test]
fn the_newest_first_whatever_their_order() {
    let items = [
        item("2024-01-01", 1, None),
        item("2024-03-01", 1, Some(sample())),
        item("2024-03-01", 2, Some(Drift::default())),
    ];
    let said = feed("Errors of acme", "tag:docdrift,2024:acme", &items);
    assert_snapshot!(said);
    let mut turned = items.to_vec();
    turned.reverse();
    assert_eq!(feed("Errors of acme", "tag:docdrift,2024:acme", &turned), said);
}

#[test]
fn readers_of_feeds_can_read_it() {
    let hostile = "]]></content><script>&amp;\u{0}\u{b}\u{ffff}\u{202e}";
    let renamed = (0..30).map(|n| Rename { from: key("400", &format!("{hostile}{n}")), to: key("400", hostile) });
    let drift = Drift { renamed: renamed.collect(), severity: Severity::Breaking, ..Drift::default() };
    let hidden = FeedItem { evidence: Evidence::default(), ..item("1999-03-01", 1, Some(drift)) };
    let read = Feed::read_from(feed(hostile, "id", &[item("2024-03-01", 1, None), hidden]).as_bytes()).unwrap();
    assert_eq!(read.updated().to_rfc3339(), "2024-03-01T00:00:00+00:00");
    let [plain, odd] = read.entries() else { panic!("{read:?}") };
    assert_eq!(plain.title().as_str(), "acme/farm: new, 42 entries");
    assert_eq!(plain.updated().to_rfc3339(), "2024-03-01T00:00:00+00:00");
    assert_eq!(plain.links()[0].href, "https://docs.acme.example/farm.html?a=1&b=2");
    assert_eq!((odd.id(), odd.links().len()), ("tag:docdrift,1999:acme/farm/1999-03-01.1", 0));
    let content = odd.content().unwrap().value().unwrap();
    assert!(!content.contains("<script") && content.contains("&#60;script"), "{content}");
    assert!(content.contains("10 more findings"), "{content}");
}

#[test]
fn an_empty_feed_has_a_date() {
    let read = Feed::read_from(feed("t", "i", &[]).as_bytes()).unwrap();
    assert_eq!(read.updated().to_rfc3339(), "1970-01-01T00:00:00+00:00");
}
