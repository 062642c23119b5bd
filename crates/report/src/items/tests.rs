use std::collections::BTreeMap;

use docdrift_model::{
    Drift, Lang, Severity,
    drift::{Change, ColumnChange, Edit, Key, LanguageChange, Rename, Return},
    text::published,
};
use jiff::civil::date;
use proptest::prelude::*;

use super::{Item, Kind, items, stems};

#[test]
fn stems_of_renamed_codes() {
    for (from, to, expected) in [
        ("IdentityFarm.1001", "IF.1001", ("IdentityFarm", "IF")),
        ("IF.1001", "IF.1002", ("IF.1001", "IF.1002")),
        ("A1", "B1", ("A1", "B1")),
        ("农场.1", "水箱.1", ("农场", "水箱")),
        ("A-B.1", "C-B.1", ("A", "C")),
        ("IF.1", "SVC.IF.1", ("IF", "SVC.IF")),
    ] {
        assert_eq!(stems(from, to), expected, "{from} → {to}");
    }
}

fn key() -> impl Strategy<Value = Key> {
    ("[45]00", "[AB]\\.[0-9]", "[TU]?").prop_map(|(status, code, table)| Key { status, code, table, id: String::new() })
}

fn said() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-c]".prop_map(|text| published(&text)),
        "(fill|open) (tank|lid) (failed|is off)\\.?",
        "Failed to (fill|open) (tank|lid)\\.?",
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let field = prop::sample::select(vec!["message", "solution", "Owner"]);
    let lang = prop::sample::select(vec![None, Some(Lang::Zh), Some(Lang::En)]);
    let severity = prop::sample::select(vec![Severity::Editorial, Severity::Wording]);
    (field, lang, said(), said(), severity).prop_map(|(field, lang, old, new, severity)| Edit {
        field: field.into(),
        lang,
        old,
        new,
        severity,
    })
}

fn drift() -> impl Strategy<Value = Drift> {
    let change = (key(), prop::collection::vec(edit(), 1..4)).prop_map(|(key, edits)| Change {
        key,
        fields: Vec::new(),
        severity: Severity::Wording,
        edits,
    });
    let renamed = (key(), key()).prop_map(|(from, to)| Rename { from, to });
    let keys = || prop::collection::vec(key(), 0..8);
    (
        keys(),
        keys(),
        prop::collection::vec(renamed, 0..8),
        prop::collection::vec(change, 0..12),
        0..3_usize,
        any::<[bool; 2]>(),
    )
        .prop_map(|(added, removed, renamed, changed, back, [column, language])| {
            let severity = Severity::Editorial;
            let owner =
                || ColumnChange { table: "T".into(), lang: Lang::En, column: "Owner".into(), gained: true, severity };
            let returned = added.iter().take(back).map(|key| Return { key: key.clone(), removed_on: date(2024, 1, 1) });
            Drift {
                returned: returned.collect(),
                columns: if column { vec![owner()] } else { Vec::new() },
                languages: if language {
                    vec![LanguageChange { lang: Lang::Zh, gained: false, severity }]
                } else {
                    vec![]
                },
                added,
                removed,
                renamed,
                changed,
                ..Drift::default()
            }
        })
}

fn members(items: &[Item], kind: Kind) -> usize {
    items.iter().filter(|item| item.kind() == kind).map(|item| item.members.len()).sum()
}

proptest! {
    #[test]
    fn each_thing_is_told_once(drift in drift()) {
        let items = items(&drift);
        prop_assert_eq!(members(&items, Kind::Removed), drift.removed.len());
        prop_assert_eq!(members(&items, Kind::Renamed), drift.renamed.len());
        prop_assert_eq!(members(&items, Kind::Returned), drift.returned.len());
        prop_assert_eq!(members(&items, Kind::Added), drift.added.len() - drift.returned.len());
        prop_assert_eq!(items.iter().filter(|item| item.kind() == Kind::Column).count(), drift.columns.len());
        prop_assert_eq!(items.iter().filter(|item| item.kind() == Kind::Language).count(), drift.languages.len());
        let mut rendered: BTreeMap<*const Edit, usize> = BTreeMap::new();
        for edit in items.iter().flat_map(|item| &item.members).flat_map(|member| &member.edits) {
            *rendered.entry(std::ptr::from_ref(*edit)).or_default() += 1;
        }
        prop_assert!(rendered.values().all(|times| *times == 1));
        prop_assert_eq!(rendered.len(), drift.changed.iter().map(|change| change.edits.len()).sum::<usize>());
        prop_assert!(items.is_sorted_by(|a, b| a.severity >= b.severity));
    }

    #[test]
    fn what_is_covered_is_not_told_by_itself(drift in drift()) {
        for item in items(&drift).iter().filter(|item| item.kind() == Kind::Changed) {
            for member in &item.members {
                prop_assert!(member.edits.iter().all(|edit| !drift.covers(member.table, edit)));
            }
        }
    }
}
