//! Tests decisions of a maintainer with the pages of an invented tea-house.

use docdrift_align::{Alignment, agree_on_keys, align, align_entries, align_with_decisions, merge_entries};
use docdrift_model::{
    Bilingual, ErrorTable, Role,
    decision::{Decision, RowName, Verdict},
};
use proptest::prelude::*;

fn table(title: &str, rows: &[[&str; 3]]) -> ErrorTable {
    ErrorTable {
        title: (!title.is_empty()).then(|| title.to_owned()),
        header: ["Status", "Code", "Message"].map(str::to_owned).to_vec(),
        roles: vec![Role::Status, Role::Code, Role::Message],
        rows: rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect(),
    }
}

/// Names a row by `status code message`; `*` leaves status or message out.
fn named_row(status: &str, code: &str, message: &str) -> RowName {
    let given = |text: &str| (text != "*").then(|| text.to_owned());
    RowName { status: given(status), code: code.to_owned(), message: given(message) }
}

fn both(zh: RowName, en: RowName) -> Bilingual<RowName> {
    Bilingual { zh, en }
}

fn decision(line: usize, verdict: Verdict) -> Decision {
    let source = "acme/tea".parse().expect("a source id");
    Decision { source, table: None, verdict, reason: "seen on both pages".to_owned(), line }
}

fn respelled(zh: &str, en: &str) -> Verdict {
    Verdict::Respelled(Bilingual { zh: zh.to_owned(), en: en.to_owned() })
}

fn pairs(alignment: &Alignment) -> Vec<(usize, usize, &'static str)> {
    alignment.pairs.iter().map(|pair| (pair.zh.1, pair.en.1, pair.method.as_str())).collect()
}

/// By their codes, zh rows 0 and 1 are en rows 0 and 1.
const ZH: &[[&str; 3]] = &[
    ["400", "Tea.Cold", "The tea went cold."],
    ["404", "Tea.Gone", "Nobody left a drop."],
    ["409", "Pot.Taken", "Somebody has the pot."],
];
const EN: &[[&str; 3]] = &[
    ["400", "Tea.Cold", "The tea went cold."],
    ["404", "Tea.Gone", "Nobody left a drop."],
    ["503", "Kettle.Off", "No electricity upstairs."],
];

#[test]
fn decisions_win_over_the_evidence() {
    let (zh, en) = ([table("", ZH)], [table("", EN)]);
    let apart = Verdict::Apart(both(named_row("*", "Tea.Cold", "*"), named_row("*", "Tea.Cold", "*")));
    let pair = Verdict::Pair(both(named_row("*", "Pot.Taken", "*"), named_row("*", "Kettle.Off", "*")));
    let crossed =
        Verdict::Pair(both(named_row("*", "Tea.Cold", "*"), named_row("404", "Tea.Gone", "nobody left a drop.")));
    let same: &[(usize, usize, &str)] = &[(0, 0, "code"), (1, 1, "code")];
    for (name, verdicts, expected) in [
        ("none", vec![], same.to_vec()),
        ("a pair", vec![pair.clone()], [same, &[(2, 2, "decision")]].concat()),
        ("apart", vec![apart.clone()], vec![(1, 1, "code")]),
        ("two", vec![apart, pair], vec![(1, 1, "code"), (2, 2, "decision")]),
        ("a pair against codes", vec![crossed], vec![(0, 1, "decision")]),
        ("respelled", vec![respelled("Pot.Taken", "Kettle.Off")], same.to_vec()),
    ] {
        let decisions: Vec<Decision> = verdicts.into_iter().enumerate().map(|(n, v)| decision(n + 1, v)).collect();
        let (alignment, stale) = align_with_decisions(&zh, &en, &decisions);
        assert_eq!(pairs(&alignment), expected, "{name}");
        assert_eq!(stale.len(), usize::from(name == "respelled"), "{name}: two errors in all but name; {stale:?}");
        assert!(alignment.pairs.iter().all(|pair| pair.method.as_str() != "decision" || !pair.needs_review()));
    }
}

#[test]
fn treats_a_respelled_code_as_the_same_code() {
    let zh = [table("", &[["400", "Guest.Early", "{0}"], ["400", "Guest.Late", "The guest is late."]])];
    let en = [table("", &[["400", "Visitor.Late", "Guest is late."], ["400", "Visitor.Early", "{0}"]])];
    assert_eq!(align(&zh, &en).pairs.len(), 0, "the codes are too far apart");
    let decisions =
        [decision(1, respelled("guest. early", "Visitor.Early")), decision(5, respelled("Guest.Late", "Visitor.Late"))];
    let (alignment, stale) = align_with_decisions(&zh, &en, &decisions);
    assert_eq!(pairs(&alignment), [(0, 1, "decision"), (1, 0, "decision")]);
    assert_eq!(stale, []);
    let entries = merge_entries(&zh, &en, &alignment);
    assert_eq!((entries[0].pairing.method.as_str(), entries[0].pairing.score), ("decision", 1.0));
}

#[test]
fn selects_rows_of_one_code_by_table() {
    let rows: &[[&str; 3]] = &[["400", "Tea.Cold", ""]];
    let (zh, en) = ([table("早茶", rows), table("晚茶", rows)], [table("Breakfast", rows), table("Supper", rows)]);
    let verdict = Verdict::Pair(both(named_row("*", "Tea.Cold", "*"), named_row("*", "Tea.Cold", "*")));
    let (_, stale) = align_with_decisions(&zh, &en, &[decision(3, verdict.clone())]);
    assert_eq!(
        stale[0].reason,
        "[[pair]] does not apply: the zh page has 2 rows `Tea.Cold`: name one by status, message or table"
    );
    let titled = |title: &str| Decision { table: Some(title.to_owned()), ..decision(3, verdict.clone()) };
    let (_, stale) = align_with_decisions(&zh[..1], &en, &[titled("Supper")]);
    assert_eq!(stale, [], "the title is of the en page only");
    let (_, stale) = align_with_decisions(&zh, &en, &[titled("Lunch")]);
    assert_eq!(stale[0].reason, "[[pair]] does not apply: neither page has a table `Lunch`");
}

#[test]
fn reports_stale_decisions_with_their_lines() {
    let (zh, en) = ([table("", ZH)], [table("", EN)]);
    let cold = || named_row("400", "Tea.Cold", "*");
    for (verdict, reason) in [
        (
            Verdict::Pair(both(cold(), cold())),
            "[[pair]] does not apply: it changes nothing: the rows are paired the same way without it",
        ),
        (
            Verdict::Pair(both(named_row("401", "Tea.Cold", "*"), cold())),
            "[[pair]] does not apply: the zh page has no row `401 Tea.Cold`",
        ),
        (
            Verdict::Apart(both(cold(), named_row("*", "Tea.Cold", "Hot."))),
            "[[apart]] does not apply: the en page has no row `Tea.Cold Hot.`",
        ),
        (
            Verdict::Apart(both(cold(), named_row("*", "Kettle.Off", "*"))),
            "[[apart]] does not apply: it changes nothing: the rows are paired the same way without it",
        ),
        (respelled("Tea.Cold", "Tea.Chilly"), "[[respelled]] does not apply: the en page has no row `Tea.Chilly`"),
        (
            respelled("Tea.Cold", "tea.cold"),
            "[[respelled]] does not apply: it changes nothing: the rows are paired the same way without it",
        ),
    ] {
        let (_, stale) = align_with_decisions(&zh, &en, &[decision(7, verdict)]);
        assert_eq!(stale.iter().map(|s| (s.line, s.reason.as_str())).collect::<Vec<_>>(), [(7, reason)]);
    }
    let pot = |en: &str| Verdict::Pair(both(named_row("*", "Pot.Taken", "*"), named_row("*", en, "*")));
    let (_, stale) = align_with_decisions(&zh, &en, &[decision(1, pot("Kettle.Off")), decision(9, pot("Tea.Gone"))]);
    assert_eq!(
        stale.iter().map(|s| (s.line, s.reason.as_str())).collect::<Vec<_>>(),
        [(9, "[[pair]] does not apply: line 1 pairs one of its rows already")]
    );
}

#[test]
fn a_decision_that_ends_a_doubt_is_not_stale() {
    let zh = [table("", &[["400", "Guest.Early", "The guest came before the tea was ready."]])];
    let en = [table("", &[["400", "Visitor.9", "The guest came before the tea was ready."]])];
    let alone = align(&zh, &en);
    assert!(alone.pairs.len() == 1 && alone.pairs[0].needs_review(), "{alone:?}");
    let verdict = Verdict::Pair(both(named_row("*", "Guest.Early", "*"), named_row("*", "Visitor.9", "*")));
    let (alignment, stale) = align_with_decisions(&zh, &en, &[decision(1, verdict)]);
    assert_eq!((pairs(&alignment), stale), (vec![(0, 0, "decision")], vec![]));
}

fn cell() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "400",
        "404",
        "Tea.Cold",
        "Tea.Clod",
        "Tea.Hot",
        "tea. hot",
        "The cup is hot.",
        "茶凉了",
    ])
    .prop_map(str::to_owned)
}

fn page() -> impl Strategy<Value = Vec<ErrorTable>> {
    let rows = prop::collection::vec(prop::collection::vec(cell(), 0..4), 0..6);
    let table = rows.prop_map(|rows| ErrorTable { rows, ..table("", &[]) });
    prop::collection::vec(table, 0..3)
}

fn any_decision() -> impl Strategy<Value = Decision> {
    (0..3_u8, cell(), cell(), 1..9_usize).prop_map(|(kind, zh, en, line)| {
        let rows = both(named_row("*", &zh, "*"), named_row("*", &en, "*"));
        decision(
            line,
            match kind {
                0 => Verdict::Pair(rows),
                1 => Verdict::Apart(rows),
                _ => respelled(&zh, &en),
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn with_any_decisions_every_row_is_in_one_pair_or_alone(
        zh in page(), en in page(), decisions in prop::collection::vec(any_decision(), 0..4)
    ) {
        // Entries are made of pages that agree on their keys.
        let (mut zh, mut en) = (zh, en);
        agree_on_keys(&mut zh, &mut en);
        let (alignment, stale) = align_with_decisions(&zh, &en, &decisions);
        let rows = |page: &[ErrorTable]| page.iter().map(|table| table.rows.len()).sum::<usize>();
        let mut of_zh: Vec<_> = alignment.pairs.iter().map(|pair| pair.zh).chain(alignment.zh_only.clone()).collect();
        let mut of_en: Vec<_> = alignment.pairs.iter().map(|pair| pair.en).chain(alignment.en_only.clone()).collect();
        prop_assert_eq!((of_zh.len(), of_en.len()), (rows(&zh), rows(&en)));
        for list in [&mut of_zh, &mut of_en] {
            list.sort_unstable();
            prop_assert!(list.windows(2).all(|two| two[0] != two[1]));
        }
        prop_assert!(stale.len() <= decisions.len());
        if decisions.is_empty() {
            prop_assert_eq!(merge_entries(&zh, &en, &alignment), align_entries(&zh, &en));
        }
    }

    #[test]
    fn rows_kept_apart_are_never_paired(zh in page(), en in page(), a in cell(), b in cell()) {
        let verdict = Verdict::Apart(both(named_row("*", &a, "*"), named_row("*", &b, "*")));
        let (alignment, stale) = align_with_decisions(&zh, &en, &[decision(1, verdict)]);
        let code = |page: &[ErrorTable], at: (usize, usize)| page[at.0].cell(at.1, Role::Code).to_owned();
        if stale.is_empty() {
            for pair in alignment.pairs {
                prop_assert!((code(&zh, pair.zh), code(&en, pair.en)) != (a.clone(), b.clone()));
            }
        }
    }
}
