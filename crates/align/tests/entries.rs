//! Tests how the cells of two pages are merged into entries.

use docdrift_align::align_entries;
use docdrift_model::{Entry, ErrorTable, Lang, Role};

fn table(title: &str, columns: &[(&str, Role)], rows: &[&[&str]]) -> ErrorTable {
    ErrorTable {
        title: (!title.is_empty()).then(|| title.to_owned()),
        header: columns.iter().map(|(header, _)| (*header).to_owned()).collect(),
        roles: columns.iter().map(|(_, role)| *role).collect(),
        rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
    }
}

const KEYS: &[(&str, Role)] = &[("Status", Role::Status), ("Code", Role::Code)];

fn keys(entries: &[Entry]) -> Vec<(&str, &str, &str)> {
    entries.iter().map(|entry| (entry.table.as_str(), entry.status.as_str(), entry.code.as_str())).collect()
}

#[test]
fn assigns_cells_by_role_and_loses_none() {
    let zh = table(
        "茶馆",
        &[
            ("错误码", Role::Code),
            ("信息", Role::Message),
            ("说明", Role::Description),
            ("说明", Role::Description),
            ("", Role::Other),
            ("模块", Role::Group),
            ("说明", Role::Other),
        ],
        &[&["Tea.Cold", "茶凉了", "甲", "乙", "丙", "丁", "戊", "己"]],
    );
    let en =
        table("Tea-house", &[("Code", Role::Code), ("What to do", Role::Solution)], &[&["Tea.Cold", " Heat\n it "]]);
    insta::assert_json_snapshot!(align_entries(&[zh], &[en]), @r#"
    [
      {
        "id": "",
        "table": "Tea-house",
        "http_status": "",
        "code": "Tea.Cold",
        "message": {
          "zh": "茶凉了",
          "en": ""
        },
        "description": {
          "zh": "甲",
          "en": ""
        },
        "solution": {
          "zh": "",
          "en": "Heat\nit"
        },
        "group": {
          "zh": "丁",
          "en": ""
        },
        "extra": {
          "zh": {
            "column 5": "丙",
            "column 8": "己",
            "说明": "乙",
            "说明 (2)": "戊"
          },
          "en": {}
        },
        "pairing": {
          "method": "code",
          "score": 0.77
        }
      }
    ]
    "#);
}

#[test]
fn follows_the_en_order_with_zh_rows_after_their_predecessors() {
    let zh = [
        table("一", KEYS, &[&["400", "Lead"], &["400", "A"], &["400", "AfterA"], &["400", "B"], &["400", "AfterB"]]),
        table("二", KEYS, &[&["404", "Alone"]]),
    ];
    let en = [table("One", KEYS, &[&["400", "B"], &["400", "New"], &["400", "A"]])];
    assert_eq!(
        keys(&align_entries(&zh, &en)),
        [
            ("One", "400", "Lead"),
            ("One", "400", "B"),
            ("One", "400", "AfterB"),
            ("One", "400", "New"),
            ("One", "400", "A"),
            ("One", "400", "AfterA"),
            ("二", "404", "Alone"),
        ]
    );
}

#[test]
fn gives_tables_of_one_title_different_names() {
    let page = |titles: [&str; 4]| titles.map(|title| table(title, KEYS, &[&["400", "A"]]));
    let names =
        |titles| -> Vec<String> { align_entries(&[], &page(titles)).into_iter().map(|entry| entry.table).collect() };
    assert_eq!(names(["Cups", "Cups", "Cups (2)", "Cups"]), ["Cups", "Cups (2)", "Cups (2) (2)", "Cups (3)"]);
    assert_eq!(names(["", "", "Pots", ""]), ["", "(2)", "Pots", "(3)"]);
}

#[test]
fn makes_entries_of_one_page_alone() {
    let page = [table("", KEYS, &[&["400", "A"]])];
    for (entries, lang) in [(align_entries(&page, &[]), Lang::Zh), (align_entries(&[], &page), Lang::En)] {
        assert_eq!(keys(&entries), [("", "400", "A")]);
        assert_eq!(entries[0].pairing.method, format!("{lang}-only"));
        assert!(entries[0].has(lang) && entries[0].printed.is_none());
    }
}

#[test]
fn prefers_the_spelling_that_looks_like_a_code() {
    for (zh, en, canonical) in [
        (["400", "Tea.Cold"], ["400", "Tea.Cold"], ("400", "Tea.Cold")),
        (["400", "Tea.Cold"], ["400", "Tea. Cold"], ("400", "Tea.Cold")),
        (["400", "TeaIsCold"], ["400", "Teaiscold"], ("400", "TeaIsCold")),
        (["400", "ＴｅａＣｏｌｄ"], ["400", "TeaCold"], ("400", "TeaCold")),
        (["", "TeaCold"], ["400", "TeaCold"], ("400", "TeaCold")),
        (["400", "TeaCold"], ["", "TeaCold"], ("400", "TeaCold")),
        (["400", "TeaCold"], ["400t", "TeaCold"], ("400", "TeaCold")),
        (["404", "TeaCold"], ["400", "TeaCold"], ("400", "TeaCold")),
        (["客户端错误", "TeaCold"], ["Bad Request (400)", "TeaCold"], ("Bad Request (400)", "TeaCold")),
    ] {
        let entries = align_entries(&[table("", KEYS, &[&zh])], &[table("", KEYS, &[&en])]);
        assert_eq!(keys(&entries), [("", canonical.0, canonical.1)], "{zh:?} {en:?}");
        assert_eq!(entries[0].printed.is_some(), zh != en);
        assert_eq!(entries[0].printed(Lang::Zh), (zh[0], zh[1]));
        assert_eq!(entries[0].printed(Lang::En), (en[0], en[1]));
    }
}

#[test]
fn pairs_the_rows_for_all_other_codes() {
    let table = |rest: &str, text: &str| docdrift_model::ErrorTable {
        header: vec!["Code".into(), "Message".into()],
        roles: vec![docdrift_model::Role::Code, docdrift_model::Role::Description],
        rows: vec![vec!["Basket.Full".into(), "x".into()], vec![rest.into(), text.into()]],
        ..docdrift_model::ErrorTable::default()
    };
    let entries =
        docdrift_align::align_entries(&[table("其他", "其他的错误")], &[table("Others", "All other baskets")]);
    assert_eq!(entries.len(), 2);
}
