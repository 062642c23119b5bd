//! Tests disagreements between the two languages of an invented tea-house.

use docdrift_align::{align_entries, find_disagreements};
use docdrift_model::{
    Bilingual, ErrorTable, Role, SourceId,
    finding::{Finding, How},
};

const ROLES: [Role; 5] = [Role::Status, Role::Code, Role::Message, Role::Description, Role::Solution];

fn page(rows: &[[&str; 5]]) -> [ErrorTable; 1] {
    [ErrorTable {
        title: None,
        header: vec![String::new(); 5],
        roles: ROLES.to_vec(),
        rows: rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect(),
    }]
}

fn source() -> SourceId {
    "acme/tea".parse().expect("a source id")
}

fn found(zh: &[[&str; 5]], en: &[[&str; 5]]) -> Vec<Finding> {
    find_disagreements(&source(), &align_entries(&page(zh), &page(en)), &Bilingual::default())
}

/// Prints each finding as `kind field how (detail)`.
fn describe(findings: &[Finding]) -> Vec<String> {
    let one = |finding: &Finding| {
        let how = match &finding.how {
            Some(How::Term(Bilingual { zh, en })) => format!(" {zh} → {en}"),
            Some(how) => format!(" {}", how.as_str()),
            None => String::new(),
        };
        let detail = if finding.detail.is_empty() { String::new() } else { format!(" ({})", finding.detail) };
        format!("{} {}{how}{detail}", finding.kind.as_str(), finding.field)
    };
    findings.iter().map(one).collect()
}

#[test]
fn finds_the_differences_of_a_pair_of_rows() {
    let agreed = ["400", "Tea.Cold", "Tea {0} is cold.", "茶凉了", "最多等 3 分钟"];
    let translated = ["400", "Tea.Cold", "Tea {0} is cold.", "The tea is cold", "Wait 3 minutes at most"];
    // Column, zh text, en text, findings.
    for (column, zh, en, expected) in [
        (0, "400", "400", vec![]),
        (0, "400", "404", vec!["status-differs status"]),
        (0, "400 Bad Request", "400", vec![]),
        (0, "404/500", "500, 404", vec![]),
        (0, "5XX", "4xx", vec!["status-differs status"]),
        (0, "", "404", vec![]),
        (1, "Tea.Cold", "Tea. cold", vec!["code-respelled code"]),
        (1, "Tea.Cold", "Tea.Clod", vec!["code-respelled code"]),
        (2, "Tea{0} is cold.", "Tea {0} is cold.", vec!["message-differs message white-space"]),
        (2, "tea {0} is cold", "Tea {0} is cold.", vec!["message-differs message typography"]),
        (2, "Ｔea {0} is cold．", "Tea {0} is cold.", vec!["message-differs message typography"]),
        (2, "Beer {0} is cold.", "Coffee {0} is cold.", vec!["message-differs message beer → coffee"]),
        (2, "Tea {0} is cold.", "Coffee {0} is cold.", vec!["message-differs message reworded"]),
        (2, "beer {0} is cold.", "Coffee {0} is cold.", vec!["message-differs message reworded"]),
        (2, "Cold is tea {0}.", "Tea {0} is cold.", vec!["message-differs message reworded"]),
        (2, "Tea {1} is cold.", "Tea {0} is cold.", vec!["placeholders-differ message"]),
        (2, "Tea is cold.", "Tea “{0}” is cold.", vec!["placeholders-differ message"]),
        (2, "茶 {0} 凉了", "Tea {0} is cold.", vec![]),
        (2, "茶 <名称> 凉了", "Tea <name> is cold.", vec![]),
        (2, "茶凉了", "Tea {0} is cold.", vec!["placeholders-differ message"]),
        (2, "", "Tea {0} is cold.", vec![]),
        (4, "最多等 3 分钟", "Wait 5 minutes", vec!["literals-differ solution (3 in zh only; 5 in en only)"]),
        (
            4,
            "重置 cup_size",
            "Reset cupSize",
            vec!["literals-differ solution (cup_size in zh only; cupSize in en only)"],
        ),
        (4, "重试", "", vec![]),
    ] {
        let (mut zh_row, mut en_row) = (agreed, translated);
        (zh_row[column], en_row[column]) = (zh, en);
        assert_eq!(
            describe(&found(&[zh_row], &[en_row])),
            expected.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "{zh} / {en}"
        );
    }
}

#[test]
fn recognizes_a_recurring_term() {
    let message = |n: usize, cup: &str| {
        [format!("The tea {cup} is full."), format!("Cannot wash tea {cup} {{0}}."), format!("No tea {cup}, no fun.")]
            [n]
            .clone()
    };
    let rows = |cup: &str| (0..3).map(|n| (["Cup.A", "Cup.B", "Cup.C"][n], message(n, cup))).collect::<Vec<_>>();
    let page = |rows: &[(&str, String)]| {
        page(&rows.iter().map(|(code, message)| ["400", code, message, "", ""]).collect::<Vec<_>>())
    };
    let found = find_disagreements(
        &source(),
        &align_entries(&page(&rows("mug")), &page(&rows("glass"))),
        &Bilingual::default(),
    );
    assert_eq!(
        describe(&found),
        vec!["message-differs message mug → glass"; 3],
        "`tea` is too short to be of the term"
    );
    let swap = |rows: Vec<(&'static str, String)>| -> Vec<(&'static str, String)> {
        rows.into_iter().map(|(code, message)| (code, message.replace("tea", "porcelain"))).collect()
    };
    let (zh, en) = (page(&swap(rows("mug"))), page(&swap(rows("glass"))));
    let found = find_disagreements(&source(), &align_entries(&zh, &en), &Bilingual::default());
    assert_eq!(describe(&found), vec!["message-differs message porcelain mug → porcelain glass"; 3]);
}

#[test]
fn finds_untranslated_texts_in_translated_columns() {
    let row = |code: &'static str, description: &'static str| ["400", code, "{0}", description, ""];
    let zh = [row("A.1", "茶凉了"), row("B.2", "杯子碎了"), row("C.3", "The pot is full"), row("D.4", "N/A")];
    let en = [row("A.1", "Tea is cold"), row("B.2", "杯子碎了"), row("C.3", "The pot is full"), row("D.4", "N/A")];
    assert_eq!(
        describe(&found(&zh, &en)),
        [
            "untranslated description (the en text is not translated)",
            "untranslated description (the zh text is not translated)",
        ]
    );
    assert_eq!(describe(&found(&en[2..], &en[2..])), Vec::<String>::new(), "the whole page is in English");
}

#[test]
fn finds_rows_of_one_page_and_lagging_pages() {
    let codes = ["Tea.A", "Cup.B", "Pot.C", "Jug.D", "Egg.E", "Jam.F"];
    let row = |code: &&'static str| ["400", *code, "", "", ""];
    let all: Vec<_> = codes.iter().map(row).collect();
    let only = |findings: &[Finding]| describe(findings);
    assert_eq!(only(&found(&all, &all[..4])), ["only-in-zh description"; 2]);
    let lagging = found(&all[..3], &all);
    assert_eq!(lagging[0].detail, "the zh page lags: it lacks 3 rows of the en page");
    assert_eq!(lagging.len(), 4);
    assert_eq!((lagging[0].texts.zh.as_str(), lagging[0].texts.en.as_str()), ("3 of 6 rows", "6 of 6 rows"));
    assert_eq!(only(&lagging[1..]), ["only-in-en description"; 3]);
    let lags = |zh: &str, en: &str| {
        let dates = Bilingual { zh, en }.map(|date| Some(date.parse().unwrap()));
        find_disagreements(&source(), &align_entries(&page(&all[..3]), &page(&all)), &dates).len() == 4
    };
    assert!(lags("2030-01-02", "2031-02-03"));
    assert!(!lags("2031-02-03", "2030-01-02"), "its date says that it is the newer one");
    assert!(found(&all[..4], &all[1..]).len() == 3, "both lack rows of the other");
    assert!(found(&[], &all).iter().all(|finding| finding.kind.as_str() == "only-in-en"), "no page, no lag");
}

#[test]
fn fingerprints_are_stable_and_distinct() {
    let row = |code: &'static str, message: &'static str| ["400", code, message, "", ""];
    let print = |zh: &str, en: &str, source: &SourceId| {
        let (zh, en) = (page(&[["400", "Tea.A", zh, "", ""]]), page(&[["400", "Tea.A", en, "", ""]]));
        find_disagreements(source, &align_entries(&zh, &en), &Bilingual::default())[0].fingerprint.clone()
    };
    let first = print("Tea is cold.", "Tea went cold.", &source());
    assert_eq!(first.len(), 12);
    assert_eq!(first, print("tea is  COLD.", "Tea went cold．", &source()), "folded texts");
    assert_ne!(first, print("Tea is cold.", "Tea is warm.", &source()));
    assert_ne!(first, print("Tea is cold.", "Tea went cold.", &"acme/cup".parse().unwrap()));
    let alone = found(&[row("Tea.A", "Tea is cold."), row("Pot.B", "x y")], &[row("Tea.A", "Tea went cold.")]);
    assert_eq!(alone[0].fingerprint, first, "other rows do not matter");
}
