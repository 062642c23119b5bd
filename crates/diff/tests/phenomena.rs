//! Checks the drift of small pairs of states against what a maintainer would report.

use docdrift_diff::{assign_ids, diff, diff_with};
use docdrift_model::{Bilingual, Drift, Entry, Field, Lang, Publish, Severity, SourceId, severities::ChangeKind};

/// Parses rows of `table|status|code|message|description|solution`, one a line, with English texts.
fn rows(text: &str) -> Vec<Entry> {
    let row = |line: &str| {
        let mut cells = line.split('|').map(|cell| cell.trim().to_owned());
        let mut cell = || cells.next().unwrap_or_default();
        let (table, status, code) = (cell(), cell(), cell());
        let mut text = || Bilingual { zh: String::new(), en: cell() };
        Entry { table, status, code, message: text(), description: text(), solution: text(), ..Entry::default() }
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(row).collect()
}

/// Prints the drift with a line for each change: `+ - > ~ =>` for added, removed, renamed, changed and moved.
fn drift_lines(drift: &Drift) -> Vec<String> {
    let mut out: Vec<String> = drift.added.iter().map(|key| format!("+ {} {}", key.status, key.code)).collect();
    out.extend(drift.removed.iter().map(|key| format!("- {} {}", key.status, key.code)));
    out.extend(drift.renamed.iter().map(|rename| format!("{} > {}", rename.from.code, rename.to.code)));
    out.extend(drift.changed.iter().map(|change| {
        let (key, fields) = (&change.key, change.fields.join(","));
        format!("~ {} {} {fields} {}", key.status, key.code, change.severity.as_str())
    }));
    out.extend(drift.moved.iter().map(|entry| format!("{} {} => {}", entry.code, entry.from, entry.to)));
    out
}

fn check(why: &str, old: &str, new: &str, expected: &[&str]) {
    assert_eq!(drift_lines(&diff(&rows(old), &rows(new))), expected, "{why}");
}

#[test]
fn reports_added_removed_and_changed_rows() {
    let one = "T|400|Farm.1|Tank {0} is dry.|No water.|Fill it.";
    check("nothing happened", one, one, &[]);
    check("added", "", one, &["+ 400 Farm.1"]);
    check("removed", one, "", &["- 400 Farm.1"]);
    check("status", one, "T|409|Farm.1|Tank {0} is dry.|No water.|Fill it.", &["~ 409 Farm.1 status breaking"]);
    check(
        "several fields",
        one,
        "T|400|Farm.1|Tank {0} ran dry.|No water left.|Fill it.",
        &["~ 400 Farm.1 message,description wording"],
    );
    check(
        "natural order, regardless of the order on the page",
        "",
        "T|400|Farm.10\nT|404|Farm.9\nT|400|Farm.9\nS|400|Farm.11",
        &["+ 400 Farm.11", "+ 400 Farm.9", "+ 404 Farm.9", "+ 400 Farm.10"],
    );
    check("a row elsewhere in its table", "T|1|A.1\nT|1|A.2\nT|1|A.3", "T|1|A.3\nT|1|A.1\nT|1|A.2", &[]);
}

#[test]
fn grades_each_kind_of_change() {
    for (field, old, new, expected) in [
        ("message", "Tank {0} is dry.", "Tank {0} ran dry.", "wording"),
        ("message", "Tank {0} is dry.", "Tank {1} is dry.", "breaking"),
        ("message", "Tank {0} is dry.", "Tank is dry.", "breaking"),
        ("message", "Tank '%s' is dry.", "Tank [%s] is dry!", "wording"),
        ("message", "{0} of {1}", "{1} and {0}", "wording"),
        ("message", "Tank %s is dry.", "Tank <tank name> is dry.", "breaking"),
        ("message", "Size is [1-100].", "Size is [1-1000].", "wording"),
        ("message", "Name: [a-z0-9._-]", "Name: [a-zA-Z0-9._-]", "wording"),
        ("message", "Tank {0} is dry.", "tank {0}  is dry．", "cosmetic"),
        ("message", "", "Tank {0} is dry.", "wording"),
        ("description", "No {0}.", "Not {1}.", "editorial"),
        ("solution", "Fill it.", "Fill  IT。", "cosmetic"),
        ("status", "400", "404", "breaking"),
        ("status", "400", "400 Bad Request", "editorial"),
        ("status", "404/500", "404", "breaking"),
        ("status", "", "400", "editorial"),
        ("status", "5XX", "5xx", "cosmetic"),
    ] {
        let entry = |text: &str| {
            let mut entry = rows("T|400|Farm.1").remove(0);
            match field {
                "status" => entry.status = text.into(),
                "message" => entry.message.en = text.into(),
                "description" => entry.description.zh = text.into(),
                _ => entry.solution.zh = text.into(),
            }
            entry
        };
        let drift = diff(&[entry(old)], &[entry(new)]);
        assert_eq!(drift.changed[0].fields, [field], "{old} → {new}");
        assert_eq!(drift.changed[0].edits[0].severity.as_str(), expected, "{old} → {new}");
        assert_eq!(drift.severity.as_str(), expected, "{old} → {new}");
    }
}

#[test]
fn drift_has_the_highest_severity() {
    let severity = |old: &str, new: &str| diff(&rows(old), &rows(new)).severity;
    assert_eq!(severity("", ""), Severity::None);
    assert_eq!(severity("", "T|400|A.1"), Severity::Added);
    assert_eq!(severity("T|400|A.1", ""), Severity::Breaking);
    assert_eq!(severity("T|400|A.1|m", "T|400|A.1|n\nT|400|A.2"), Severity::Added);
    assert_eq!(severity("T|400|A.1\nT|400|A.2", "T|400|A.1\nS|400|A.2"), Severity::Editorial);
}

#[test]
fn pairs_the_rows_of_a_repeated_code() {
    check(
        "a row of its own for each status",
        "T|400|A.1|dry tank\nT|404|A.1|no tank",
        "T|404|A.1|no tank at all\nT|400|A.1|dry tank",
        &["~ 404 A.1 message wording"],
    );
    check(
        "the closest text stays",
        "T|400|A.1|The tank is dry\nT|400|A.1|The pump of the well is off",
        "T|400|A.1|The pump of the well is broken\nT|400|A.1|The lamp is out\nT|400|A.1|The tank is dry",
        &["+ 400 A.1", "~ 400 A.1 message wording"],
    );
    check(
        "one of them took another status",
        "T|400|A.1|The tank is dry\nT|400|A.1|The pump of the well is off",
        "T|400|A.1|The tank is dry\nT|503|A.1|The pump of the well is off",
        &["~ 503 A.1 status breaking"],
    );
    check("one of two equal rows was removed", "T|400|A.1|m\nT|400|A.1|m", "T|400|A.1|m", &["- 400 A.1"]);
    check(
        "each table has its own",
        "S|400|A.1|dry\nT|400|A.1|wet",
        "T|400|A.1|wet\nS|400|A.1|arid",
        &["~ 400 A.1 message wording"],
    );
    check(
        "rows without a code need like texts",
        "T|400|-|The tank is dry",
        "T|400|-|Pump off",
        &["+ 400 -", "- 400 -"],
    );
}

#[test]
fn finds_single_renames() {
    check(
        "the very texts under another code",
        "T|400|A.1|The tank {0} of the farm is dry.|No water.\nT|400|A.2|Other",
        "T|400|A.7|The tank {0} of the farm is dry.|No water.\nT|400|A.2|Other",
        &["A.1 > A.7"],
    );
    check(
        "one row of a code that stays: the duplicate was numbered",
        "T|400|A.3|Hoses must be laid between two different fields.\nT|400|A.3|A frozen hose cannot be laid at all.",
        "T|400|A.2|Hoses must be laid between two different fields.\nT|400|A.3|A frozen hose cannot be laid at all.",
        &["A.3 > A.2"],
    );
    check(
        "respelled",
        "T|400|Endpoint.1|Odd",
        "T|400|EndPoint.1|Even",
        &["Endpoint.1 > EndPoint.1", "~ 400 EndPoint.1 message wording"],
    );
    check(
        "renamed, and its solution reworded",
        "T|400|A.1|The tank of the farm is dry.|No water is left.|Fill it.",
        "T|400|B.8|The tank of the farm is dry.|No water is left.|Call the farmer.",
        &["A.1 > B.8", "~ 400 B.8 solution editorial"],
    );
}

#[test]
fn requires_convincing_evidence_for_a_rename() {
    for (why, old, new) in [
        ("a short message", "T|400|A.1|Pump off.", "T|400|A.7|Pump off."),
        ("a generic message", "T|400|A.1|Bad Request: {0}.", "T|400|A.7|Bad Request: {0}."),
        (
            "a generic message, unlike descriptions",
            "T|400|A.1|Bad Request: {0}.|Dry tank.",
            "T|400|A.7|Bad Request: {0}.|No such pump.",
        ),
        ("another status", "T|400|A.1|The tank of the farm is dry.", "T|404|A.7|The tank of the farm is dry."),
        (
            "unlike descriptions",
            "T|400|A.1|The tank of the farm is dry.|Too hot.",
            "T|400|A.7|The tank of the farm is dry.|Pump off.",
        ),
        (
            "two could have become it",
            "T|400|A.1|The tank of the farm is dry.\nT|400|A.2|The tank of the farm is dry.",
            "T|400|A.7|The tank of the farm is dry.",
        ),
        ("no texts at all", "T|400|A.1", "T|400|A.7"),
        ("two with the same rest are not enough", "T|400|A.1|Bad\nT|400|A.2|Bad", "T|400|B.1|Bad\nT|400|B.2|Bad"),
        (
            "the prefix goes on being used",
            "T|400|A.1|Bad\nT|400|A.2|Bad\nT|400|A.3|Bad\nT|400|A.4|Bad",
            "T|400|A.4|Bad\nT|400|B.1|Bad\nT|400|B.2|Bad\nT|400|B.3|Bad",
        ),
        (
            "the numbers are the same, the errors are not",
            "T|400|A.1|dry\nT|400|A.2|wet\nT|400|A.3|hot",
            "T|400|B.1|no lamp\nT|400|B.2|no hose\nT|400|B.3|no pump",
        ),
    ] {
        let drift = diff(&rows(old), &rows(new));
        assert_eq!(drift.renamed, [], "{why}");
    }
}

#[test]
fn finds_an_exchanged_prefix() {
    let page = |prefix: &str, reworded: usize| {
        let line = |n: usize| {
            let message = if n == reworded { "Wrong: {0}." } else { "Bad Request: {0}." };
            format!("T|{}|{prefix}{n}|{message}\n", 400 + n % 5)
        };
        (1000..1300).map(line).collect::<String>()
    };
    let drift = diff(&rows(&page("IdentityFarm.", 0)), &rows(&page("IF.", 1007)));
    assert_eq!((drift.added.len(), drift.removed.len(), drift.renamed.len()), (0, 0, 300));
    assert!(drift.renamed.iter().all(|rename| rename.from.code.replace("IdentityFarm.", "IF.") == rename.to.code));
    assert_eq!(drift_lines(&drift).last().unwrap(), "~ 402 IF.1007 message wording");

    let drift = diff(&rows(&page("FARM-", 0)), &rows(&page("FARM-CORE:", 0)));
    assert_eq!((drift.added.len(), drift.removed.len(), drift.renamed.len()), (0, 0, 300));
}

const MESSAGES: [&str; 5] =
    ["The tank is dry.", "No pump runs.", "The lamp is out.", "Hose too long.", "A lid is open."];
const REWORDED: [&str; 5] =
    ["This tank ran dry.", "No pump is running.", "Your lamp went out.", "Too long a hose.", "One lid stands open."];
const UNRELATED: [&str; 5] = ["没有权限。", "找不到牛群。", "篱笆坏了。", "仓库满了。", "拖拉机没油。"];

/// Makes a row for each number, all with one status, with the messages in rotation.
fn numbered(prefix: &str, numbers: impl IntoIterator<Item = usize>, messages: &[&str]) -> String {
    let line = |n: usize| format!("T|400|{prefix}{n}|{}", messages[n % messages.len()]);
    numbers.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Makes a row for each of several numbers that begin with their status.
fn rows_with_status_numbers(prefix: &str, message: &str) -> String {
    let line = |n: usize| format!("T|{}|{prefix}{n}|{message}", n / 10);
    (4001..4012).chain([4031, 4041, 4091, 5001, 5031, 5041]).map(line).collect::<Vec<_>>().join("\n")
}

/// Checks the counts of renamed, removed, added and changed entries. With the sides swapped, removed and added swap
/// too.
fn check_counts(why: &str, old: &str, new: &str, expected: [usize; 4]) {
    let counts = |old: &str, new: &str| {
        let drift = diff(&rows(old), &rows(new));
        [drift.renamed.len(), drift.removed.len(), drift.added.len(), drift.changed.len()]
    };
    let [renamed, removed, added, changed] = expected;
    assert_eq!(counts(old, new), expected, "{why}");
    assert_eq!(counts(new, old), [renamed, added, removed, changed], "{why}, the other way round");
}

fn numbers_with_gaps() -> impl Iterator<Item = usize> {
    (1..40).filter(|n| n % 5 != 0)
}

#[test]
fn finds_an_exchanged_prefix_with_reworded_texts() {
    let words = ["TankDryAgain", "PumpNotRunning", "LampBroken", "HoseTooLong", "LidStandsOpen", "WellFrozen"];
    let worded = |prefix: &str, text: &str| words.map(|word| format!("T|400|{prefix}{word}|{text}")).join("\n");
    for (why, old, new, expected) in [
        (
            "each like its old self",
            numbered("FARM-", 1..21, &MESSAGES),
            numbered("F.", 1..21, &REWORDED),
            [20, 0, 0, 20],
        ),
        ("a few came and went", numbered("FARM-", 1..21, &MESSAGES), numbered("F.", 3..23, &REWORDED), [18, 2, 2, 18]),
        (
            "in another language, but with the same gaps",
            numbered("FARM-", numbers_with_gaps(), &MESSAGES),
            numbered("F.", numbers_with_gaps(), &UNRELATED),
            [32, 0, 0, 32],
        ),
        ("the same words", worded("Farm.", "Dry."), worded("Stable.", "Kein Wasser."), [6, 0, 0, 6]),
    ] {
        check_counts(why, &old, &new, expected);
    }
}

#[test]
fn a_different_numbering_is_no_exchanged_prefix() {
    let converted = [REWORDED[2], REWORDED[4], REWORDED[1], REWORDED[0], REWORDED[3]];
    for (why, old, new, expected) in [
        ("from one on", numbered("FARM-", 1..21, &MESSAGES), numbered("F.", 1..21, &UNRELATED), [0, 20, 20, 0]),
        (
            "with like texts elsewhere",
            numbered("FARM-", 1..21, &MESSAGES),
            numbered("F.", 3..21, &converted),
            [0, 20, 18, 0],
        ),
        (
            "made of the statuses",
            rows_with_status_numbers("FARM-", UNRELATED[0]),
            rows_with_status_numbers("F.", REWORDED[1]),
            [0, 17, 17, 0],
        ),
        (
            "most of the rests are others",
            numbered("FARM-", (1..40).step_by(2), &MESSAGES),
            numbered("F.", (1..40).step_by(3), &REWORDED),
            [0, 20, 13, 0],
        ),
    ] {
        check_counts(why, &old, &new, expected);
    }
}

#[test]
fn follows_the_texts_through_a_renumbering() {
    let numbers: Vec<usize> = numbers_with_gaps().collect();
    let page = |prefix: &str, skipped: usize| {
        let field = |text: &usize| "x".repeat(*text);
        let line = |(n, text)| format!("T|400|{prefix}{n}|Nobody warned the farmer of field {}.", field(text));
        numbers.iter().zip(&numbers[skipped..]).map(line).collect::<Vec<_>>().join("\n")
    };
    let drift = diff(&rows(&page("FARM-", 0)), &rows(&page("F.", 1)));
    let renamed: Vec<(&str, &str)> =
        drift.renamed.iter().map(|rename| (&rename.from.code[5..], &rename.to.code[2..])).collect();
    assert_eq!(renamed.len(), numbers.len() - 1);
    assert!(renamed.iter().all(|(old, new)| old != new), "{renamed:?}");
}

#[test]
fn distinguishes_retitled_tables_from_moved_entries() {
    check(
        "a table retitled",
        "Errors|1|A.1\nErrors|1|A.2",
        "Error Codes|1|A.1\nError Codes|1|A.2\nError Codes|1|A.3",
        &["+ 1 A.3"],
    );
    check("the only table got a title", "|1|A.1|m", "Errors|1|A.1|m", &[]);
    check("one entry moved", "S|1|A.1\nS|1|A.2\nT|1|A.3", "S|1|A.1\nT|1|A.2\nT|1|A.3", &["A.2 S => T"]);
    check(
        "retitled, while one moved out",
        "S|1|A.1\nS|1|A.2\nS|1|A.3\nT|1|A.4",
        "Q|1|A.1\nQ|1|A.2\nT|1|A.3\nT|1|A.4",
        &["A.3 S => T"],
    );
    check("tables in another order", "S|1|A.1|m\nT|1|A.1|n", "T|1|A.1|n\nS|1|A.1|m", &[]);
}

#[test]
fn compares_columns_without_a_role() {
    let entry = |cells: &[(&str, &str)]| {
        let mut entry = rows("T|400|A.1").remove(0);
        entry.extra.en = cells.iter().map(|(header, cell)| ((*header).into(), (*cell).into())).collect();
        entry
    };
    let extra_drift = |old: &[(&str, &str)], new: &[(&str, &str)]| drift_lines(&diff(&[entry(old)], &[entry(new)]));
    assert_eq!(extra_drift(&[("Crop", "rice")], &[("Crop", "rye")]), ["~ 400 A.1 Crop editorial"]);
    assert_eq!(extra_drift(&[("Crop", "rice")], &[]), ["~ 400 A.1 Crop editorial"]);
    assert_eq!(extra_drift(&[("Crop", "")], &[]), [""; 0], "an empty column is no loss");
    assert_eq!(extra_drift(&[("Crop", "rice")], &[("Crops", "rice")]), [""; 0], "a column retitled");
}

#[test]
fn reports_each_language_separately() {
    let mut old = rows("T|400|A.1").remove(0);
    old.description = Bilingual { zh: "水箱空了。".into(), en: "Dry.".into() };
    let mut new = old.clone();
    new.description = Bilingual { zh: "水箱已空。".into(), en: "Empty.".into() };
    let drift = diff(&[old.clone()], &[new.clone()]);
    assert_eq!(drift.changed[0].fields, ["description"]);
    let langs: Vec<_> = drift.changed[0].edits.iter().map(|edit| edit.lang).collect();
    assert_eq!(langs, [Some(Lang::Zh), Some(Lang::En)]);

    let mut slip = old.clone();
    let page = |status: &str, code: &str| docdrift_model::entry::Printed { status: status.into(), code: code.into() };
    slip.printed = Some(Box::new(Bilingual { zh: page("409", "A1"), en: page("400", "A.1") }));
    let drift = diff(&[old], &[slip]);
    assert_eq!(drift_lines(&drift), ["~ 400 A.1 status,code breaking"]);
    assert!(drift.changed[0].edits.iter().all(|edit| edit.lang == Some(Lang::Zh)));
}

#[test]
fn a_page_that_appears_with_a_misprint_changes_no_code() {
    let mut old = rows("T|400|A.1").remove(0);
    old.description.en = "Dry.".into();
    old.pairing.method = "en-only".into();
    let mut new = old.clone();
    new.pairing.method = "code".into();
    let page = |status: &str, code: &str| docdrift_model::entry::Printed { status: status.into(), code: code.into() };
    new.printed = Some(Box::new(Bilingual { zh: page("409", "A1"), en: page("400", "A.1") }));
    assert_eq!(drift_lines(&diff(&[old], &[new])), [""; 0]);
}

#[test]
fn compares_published_forms_with_plain_ones() {
    let hide = |entries: Vec<Entry>| -> Vec<Entry> {
        entries.into_iter().map(|entry| entry.published(&Publish::only([Field::Group]))).collect()
    };
    let old =
        rows("T|400|A.1|The tank of the farm is dry.|No water.\nT|400|A.2|wet {0}|b\nT|400|A.3|c|d\nT|400|A.3|c|e");
    let new =
        rows("T|400|A.9|The tank of the farm is dry.|No water.\nT|400|A.2|wet {1}|B.\nT|400|A.3|c|e\nT|400|A.3|c|d");
    let expected = ["A.1 > A.9", "~ 400 A.2 message,description wording"];
    assert_eq!(drift_lines(&diff(&hide(old.clone()), &new)), expected);
    assert_eq!(drift_lines(&diff(&old, &hide(new.clone()))), expected);
    assert_eq!(drift_lines(&diff(&hide(old.clone()), &hide(new))), expected);
    assert!(diff(&old, &hide(old.clone())).is_empty());
}

#[test]
fn keeps_ids_with_their_errors() {
    let source = SourceId { vendor: "acme".into(), service: "farm".into() };
    let mut old = rows("T|400|A.1|The tank of the farm is dry.\nT|400|A.2|m\nT|400|A.3|n\nT|400|A.4\nT|400|A.4");
    assign_ids(&source, &[], &[], &mut old);
    assert!(old.iter().all(|entry| entry.id.len() == 13 && entry.id.starts_with('e')));
    assert_ne!(old[3].id, old[4].id, "the same row twice");

    // Renamed, changed and moved entries; A.3 is removed, and a new error of the same kind takes its place.
    let mut new = rows("S|400|A.4\nT|400|A.9|The tank of the farm is dry.\nT|403|A.2|m\nT|400|A.4\nT|400|A.5");
    assign_ids(&source, &old, &[], &mut new);
    let id = |entries: &[Entry], code: &str| entries.iter().find(|entry| entry.code == code).unwrap().id.clone();
    assert_eq!(id(&new, "A.9"), id(&old, "A.1"));
    assert_eq!(id(&new, "A.2"), id(&old, "A.2"));
    assert!(!old.iter().any(|entry| entry.id == id(&new, "A.5")));
    assert_eq!(new.iter().map(|entry| &entry.id).collect::<std::collections::BTreeSet<_>>().len(), 5);

    let mut again = new.clone();
    assign_ids(&source, &new, &[], &mut again);
    assert_eq!(again, new);

    // An error that returns gets its old id back.
    let mut back = rows("T|400|A.5\nT|400|A.3|n, reworded");
    assign_ids(&source, &new, &old, &mut back);
    assert_eq!(id(&back, "A.3"), id(&old, "A.3"));
    assert_eq!(id(&back, "A.5"), id(&new, "A.5"));
}

/// Lists the columns and languages that were added (`+`) or dropped (`-`).
fn whole_changes(drift: &Drift) -> Vec<String> {
    let sign = |gained: bool| if gained { '+' } else { '-' };
    let columns = drift.columns.iter().map(|change| {
        format!(
            "{}{} {} in {}, {}",
            sign(change.gained),
            change.column,
            change.lang,
            change.table,
            change.severity.as_str()
        )
    });
    let languages = drift
        .languages
        .iter()
        .map(|change| format!("{}{}, {}", sign(change.gained), change.lang, change.severity.as_str()));
    columns.chain(languages).collect()
}

#[test]
fn finds_added_and_dropped_columns() {
    let bare = "T|400|A.1|one\nT|400|A.2|two\nT|400|A.3|three\nS|400|B.1|x";
    let full = "T|400|A.1|one||Wait.\nT|400|A.2|two||Pay.\nT|400|A.3|three\nS|400|B.1|x";
    let some = "T|400|A.1|one||Wait.\nT|400|A.2|two\nT|400|A.3|three\nS|400|B.1|x";
    let four = "T|400|A.1|one\nT|400|A.2|two\nT|400|A.3|three\nT|400|A.4|four";
    let half = "T|400|A.1|one||Wait.\nT|400|A.2|two||Pay.\nT|400|A.3|three\nT|400|A.4|four";
    let small = "T|400|A.1|one\nT|400|A.2|two\nT|400|A.3|three\nS|400|B.1|x|d";
    let added = "T|400|A.1|one\nT|400|A.2|two\nT|400|A.3|three\nS|400|B.1|x\nT|1|A.4|y||Go.\nT|1|A.5|z||Go.";
    for (why, old, new, expected) in [
        ("most cells filled", bare, full, &["+solution en in T, editorial"][..]),
        ("and back", full, bare, &["-solution en in T, editorial"]),
        ("one cell filled", bare, some, &[]),
        ("half of the cells filled", four, half, &[]),
        ("a table of one row", bare, small, &[]),
        ("only rows that were not there", bare, added, &[]),
        ("the message", "T|1|A.1\nT|1|A.2\nT|1|A.3", bare, &["+message en in T, wording"]),
        (
            "the status",
            "T||A.1|a\nT||A.2|b\nT||A.3|c",
            "T|1|A.1|a\nT|1|A.2|b\nT|1|A.3|c",
            &["+status zh in T, editorial", "+status en in T, editorial"],
        ),
    ] {
        let drift = diff(&rows(old), &rows(new));
        assert_eq!(whole_changes(&drift), expected, "{why}");
        let covered = |change: &docdrift_model::drift::Change| {
            change.edits.iter().filter(|edit| drift.covers(&change.key.table, edit)).count()
        };
        let covered: usize = drift.changed.iter().map(covered).sum();
        assert_eq!(covered > 0, !expected.is_empty(), "{why}");
    }
}

#[test]
fn finds_added_and_dropped_languages() {
    let zh = |entries: Vec<Entry>| -> Vec<Entry> {
        let converted = |mut entry: Entry| {
            entry.message.zh = entry.message.en.clone();
            entry
        };
        entries.into_iter().map(converted).collect()
    };
    let only = |entries: Vec<Entry>| -> Vec<Entry> {
        let converted = |mut entry: Entry| {
            entry.pairing.method = "en-only".into();
            entry
        };
        entries.into_iter().map(converted).collect()
    };
    let english = only(rows("T|400|A.1|one\nT|400|A.2|two\nT|400|A.3|three"));
    let both = zh(rows("T|400|A.1|one\nT|400|A.2|two\nT|400|A.3|three"));
    assert_eq!(whole_changes(&diff(&english, &both)), ["+zh, wording"]);
    assert_eq!(whole_changes(&diff(&both, &english)), ["-zh, wording"]);
    assert_eq!(whole_changes(&diff(&both, &both)), [""; 0]);
}

#[test]
fn applies_configured_severities() {
    let old = rows("T|400|A.1|one\nT|400|A.2|two {0}\nT|400|A.3|three|d");
    let new = rows("T|409|A.1|one\nT|400|A.2|two {1}\nT|400|A.3|three|e\nT|400|A.4|four");
    let with = |weights: &[(ChangeKind, Severity)]| diff_with(&old, &new, &weights.iter().copied().collect()).severity;
    assert_eq!(with(&[]), Severity::Breaking);
    assert_eq!(with(&[(ChangeKind::Status, Severity::Cosmetic)]), Severity::Breaking);
    let calm = [(ChangeKind::Status, Severity::Cosmetic), (ChangeKind::Placeholders, Severity::Wording)];
    assert_eq!(with(&calm), Severity::Added);
    let calmer = [calm[0], calm[1], (ChangeKind::Added, Severity::None), (ChangeKind::Description, Severity::Breaking)];
    assert_eq!(with(&calmer), Severity::Breaking);
    assert_eq!(with(&[calm[0], calm[1], calmer[2]]), Severity::Wording);
}
