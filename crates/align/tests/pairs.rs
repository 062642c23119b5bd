//! Tests which rows are paired, with small tables of an invented tea-house.

use docdrift_align::{Alignment, Method, align};
use docdrift_model::{ErrorTable, Role};

/// Makes a table of status, code, message and description.
fn table(rows: &[[&str; 4]]) -> ErrorTable {
    ErrorTable {
        title: None,
        header: ["Status", "Code", "Message", "Description"].map(str::to_owned).to_vec(),
        roles: vec![Role::Status, Role::Code, Role::Message, Role::Description],
        rows: rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect(),
    }
}

fn pairs(alignment: &Alignment) -> Vec<(usize, usize, &'static str)> {
    alignment.pairs.iter().map(|pair| (pair.zh.1, pair.en.1, pair.method.as_str())).collect()
}

/// A description, the zh rows, the en rows and the expected pairs.
type Expectation =
    (&'static str, &'static [[&'static str; 4]], &'static [[&'static str; 4]], &'static [(usize, usize, &'static str)]);

const EXPECTATIONS: &[Expectation] = &[
    (
        "a code that stands once pairs regardless of the message",
        &[["400", "Tea.Cold", "The kettle was left off the stove.", "茶凉了"]],
        &[["400", "Tea.Cold", "Somebody opened every window again!", "Too cold to serve"]],
        &[(0, 0, "code")],
    ),
    (
        "a repeated code pairs by message in any order, and the rest stays alone",
        &[
            ["400", "Order.Bad", "The guest left before paying.", ""],
            ["400", "Order.Bad", "Biscuits ran out on Sunday.", ""],
            ["400", "Order.Bad", "Somebody spilled the milk.", ""],
        ],
        &[
            ["400", "Order.Bad", "Biscuits ran out on Sunday", ""],
            ["400", "Order.Bad", "Opening hours unknown to staff.", ""],
            ["400", "Order.Bad", "The guest left before paying.", ""],
        ],
        &[(0, 2, "code-and-message"), (1, 0, "code-and-message")],
    ),
    (
        "a repeated code pairs by status",
        &[["400", "Cup.1", "Broken cup", ""], ["500", "Cup.1", "Broken cup", ""]],
        &[["500", "Cup.1", "Broken cup", ""], ["400", "Cup.1", "Broken cup", ""]],
        &[(0, 1, "code-and-status"), (1, 0, "code-and-status")],
    ),
    (
        "a repeated code pairs by what its description means",
        &[
            ["404", "Guest", "", "用户不存在"],
            ["404", "Guest", "", "令牌已过期"],
            ["404", "Guest", "", "CupSize 格式错误"],
        ],
        &[
            ["404", "Guest", "", "The format of CupSize is incorrect"],
            ["404", "Guest", "", "The user does not exist"],
            ["404", "Guest", "", "The token has expired"],
        ],
        &[(0, 1, "code-and-text"), (1, 2, "code-and-text"), (2, 0, "code-and-text")],
    ),
    (
        "order has the last word",
        &[["400", "Tea", "{0}", ""], ["400", "Tea", "{0}", ""]],
        &[["400", "Tea", "{0}", ""], ["400", "Tea", "{0}", ""]],
        &[(0, 0, "code-and-order"), (1, 1, "code-and-order")],
    ),
    (
        "spelling slips, width and blanks are no other code",
        &[
            ["403", "Forbbiden", "No entry.", ""],
            ["404", "Ｃｕｐ．Ｌｏｓｔ", "The cup is lost.", ""],
            ["409", "TeaTableTaken", "Another guest sits there.", ""],
        ],
        &[
            ["403", "Forbidden", "No entry.", ""],
            ["404", "cup. lost", "The cup is lost.", ""],
            ["409", "TeaTabelTaken", "Another guest sits there.", ""],
        ],
        &[(0, 0, "respelled-code"), (1, 1, "code"), (2, 2, "respelled-code")],
    ),
    (
        "a changed code pairs by status and a message found nowhere else",
        &[["410", "PotEmpty", "The last pot was emptied at noon.", ""]],
        &[["410", "NoMoreTea", "The last pot was emptied at noon.", ""]],
        &[(0, 0, "message")],
    ),
    (
        "another number with a common message is another error",
        &[["400", "T.1001", "Bad request: {0}.", ""], ["400", "T.1002", "Bad request: {0}.", ""]],
        &[["400", "T.2047", "Bad request: {0}.", ""], ["400", "T.1002", "Bad request: {0}.", ""]],
        &[(1, 1, "code")],
    ),
    (
        "rows without codes pair by what they say, not for want of another",
        &[["404", "", "No such cup on the shelf.", ""], ["404", "", "Milk is sour.", ""]],
        &[["404", "", "The guest refused to sit.", ""], ["404", "", "No such cup on the shelf!", ""]],
        &[(0, 1, "message")],
    ),
    (
        "a code alone is no pair where status and message say otherwise",
        &[["404", "Cup", "No such cup on the shelf.", ""]],
        &[["500", "Cup", "Kitchen caught fire, please leave.", ""]],
        &[],
    ),
    (
        "sloppy statuses are the status they mean",
        &[["BadRequest (400)", "Pot", "Lid missing", ""], ["５００", "Pot", "Lid missing", ""]],
        &[["500 Internal", "Pot", "Lid missing", ""], ["400", "Pot", "Lid missing", ""]],
        &[(0, 1, "code-and-status"), (1, 0, "code-and-status")],
    ),
];

#[test]
fn pairs_rows_as_expected() {
    for (description, zh, en, expected) in EXPECTATIONS {
        let alignment = align(&[table(zh)], &[table(en)]);
        assert_eq!(pairs(&alignment), *expected, "{description}");
        assert_eq!(alignment.zh_only.len(), zh.len() - expected.len(), "{description}");
        assert_eq!(alignment.en_only.len(), en.len() - expected.len(), "{description}");
    }
}

#[test]
fn pairs_tables_by_codes_and_keeps_the_rows_of_a_split_table() {
    let zh = [
        table(&[["400", "A.One", "", ""], ["400", "A.Two", "", ""], ["400", "A.Three", "", ""]]),
        table(&[["404", "B.One", "", ""]]),
    ];
    let en = [
        table(&[["404", "B.One", "", ""]]),
        table(&[["400", "A.One", "", ""], ["400", "A.Two", "", ""]]),
        table(&[["400", "A.Three", "", ""]]),
    ];
    let alignment = align(&zh, &en);
    assert_eq!(alignment.tables, [(Some(1), Some(0)), (Some(0), Some(1)), (None, Some(2))]);
    let places: Vec<_> = alignment.pairs.iter().map(|pair| (pair.zh, pair.en)).collect();
    assert_eq!(places, [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (2, 0)), ((1, 0), (0, 0))]);
}

#[test]
fn pairs_a_code_of_several_tables_within_its_table() {
    let zh = [
        table(&[["500", "Any", "", ""], ["400", "A.One", "", ""]]),
        table(&[["500", "Any", "", ""], ["400", "B.One", "", ""]]),
    ];
    let en = [zh[1].clone(), zh[0].clone()];
    let alignment = align(&zh, &en);
    let any: Vec<_> = alignment.pairs.iter().filter(|pair| pair.zh.1 == 0).collect();
    assert_eq!(any.iter().map(|pair| pair.en).collect::<Vec<_>>(), [(1, 0), (0, 0)]);
    assert!(any.iter().all(|pair| pair.method == Method::CodeAndTable));
}

#[test]
fn pairs_large_pages_and_large_blocks() {
    let number = |n: usize| format!("Tea.{n:05}");
    let distinct: Vec<Vec<String>> =
        (0..10_000).map(|n| vec!["400".into(), number(n), format!("Guest {n} left."), String::new()]).collect();
    let one_code: Vec<Vec<String>> =
        (0..10_000).map(|n| vec!["400".into(), "Tea".into(), format!("Guest {n} left."), String::new()]).collect();
    let identical: Vec<Vec<String>> =
        (0..10_000).map(|_| vec!["400".into(), "Tea".into(), "Guest left.".into(), String::new()]).collect();
    for rows in [distinct, one_code, identical] {
        let zh = ErrorTable { rows: rows.clone(), ..table(&[]) };
        let en = ErrorTable { rows, ..table(&[]) };
        let alignment = align(&[zh], &[en]);
        assert_eq!(alignment.pairs.len(), 10_000);
        assert!(alignment.pairs.iter().all(|pair| pair.zh == pair.en));
    }
}
