//! What became of one error, in each form.

use std::collections::BTreeMap;

use docdrift_model::{
    Bilingual, Entry, Lang,
    drift::{Move, Rename},
    entry::{Pairing, Printed},
    history::{DatedEvent, EntryEvent, EntryHistory},
    text::published,
};
use docdrift_report::{history_json, history_markdown, history_terminal};
use insta::assert_snapshot;
use jiff::civil::date;

use crate::sample::{EN, ZH, change, edit, key};

fn entry() -> Entry {
    Entry {
        id: "farm-1".into(),
        table: "Errors".into(),
        status: "400".into(),
        code: "Farm.1".into(),
        printed: Some(Box::new(Bilingual {
            zh: Printed { status: "400".into(), code: "Farm.01".into() },
            en: Printed { status: "400".into(), code: "Farm.1".into() },
        })),
        message: Bilingual { zh: "水箱已空。".into(), en: "The tank is dry.".into() },
        description: Bilingual { zh: String::new(), en: published("hidden") },
        extra: Bilingual { zh: BTreeMap::new(), en: BTreeMap::from([("Owner".into(), "team 1".into())]) },
        pairing: Pairing { method: "code".into(), score: 1.0 },
        first_seen: Some(date(2024, 1, 1)),
        last_changed: Some(date(2024, 1, 1)),
        ..Entry::default()
    }
}

/// Two errors that had the same code one after the other.
pub(crate) fn lives() -> Vec<EntryHistory> {
    use docdrift_model::Severity::{Breaking, Editorial, Wording};
    let event = |text: &str, event| {
        let day = text.parse().expect("a date");
        DatedEvent { date: day, is_reader_change: day == date(2024, 4, 1), event }
    };
    let edits = vec![
        edit("message", EN, "The tank is dry.", "The tank is empty.", Wording),
        edit("message", ZH, "水箱已空。", "水箱空了。", Wording),
        edit("description", EN, &published("hidden"), &published("other"), Editorial),
        edit("status", None, "400", "409", Breaking),
    ];
    let rename = Rename { from: key("409", "Farm.1"), to: key("409", "FM.1") };
    let moved = Move { status: "409".into(), code: "FM.1".into(), from: String::new(), to: "Tanks".into() };
    let first = vec![
        event("2024-01-01", EntryEvent::Seen { entry: Box::new(entry()) }),
        event("2024-02-01", EntryEvent::Changed(change("409", "Farm.1", edits))),
        event("2024-03-01", EntryEvent::Renamed(rename)),
        event("2024-04-01", EntryEvent::Moved(moved)),
        event("2024-05-01", EntryEvent::Removed(key("409", "FM.1"))),
        event("2024-06-01", EntryEvent::Returned { entry: Box::new(Entry { code: "FM.1".into(), ..entry() }) }),
    ];
    let second = Entry { id: "farm-1b".into(), code: "Farm.1".into(), table: String::new(), ..Entry::default() };
    let second = vec![event("2024-07-01", EntryEvent::Seen { entry: Box::new(second) })];
    let life =
        |id: &str, events| EntryHistory { source: "acme/farm".parse().expect("a source id"), id: id.into(), events };
    vec![life("farm-1", first), life("farm-1b", second)]
}

#[test]
fn for_a_terminal() {
    assert_snapshot!("history_terminal_en", history_terminal(&lives(), Lang::En, false));
    assert_snapshot!("history_terminal_zh", history_terminal(&lives(), Lang::Zh, false));
}

#[test]
fn in_markdown() {
    assert_snapshot!(history_markdown(&lives(), Lang::En));
}

#[test]
fn for_programs() {
    assert_snapshot!(format!("{:#}", history_json(&lives())));
}

#[test]
fn of_no_error() {
    assert_eq!(history_terminal(&[], Lang::En, true), "no such error in any snapshot\n");
    assert_eq!(history_json(&[]).to_string(), r#"{"schema":1,"lives":[]}"#);
}
