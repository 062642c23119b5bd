//! Tests every shape of saved text with a table, drawn over the same rows.

use docdrift_model::{Page, ReadRules, Reading, Role, WarningKind};

fn read(text: &str) -> Reading {
    let page = Page {
        url: "saved.txt".into(),
        fetched_at: String::new(),
        status: None,
        headers: Vec::new(),
        body: text.as_bytes().to_vec(),
    };
    docdrift_parse::read(&page, &ReadRules::default())
}

const HEADER: [&str; 4] = ["Status Code", "Error Code", "Error Message", "Description"];
const ROWS: [[&str; 4]; 3] = [
    ["400", "Lamp.0001", "Bulb {0} is broken.", "The bulb cannot be lit."],
    ["404", "Lamp.0002", "No such lamp.", "There is no lamp of this name."],
    ["409", "Lamp.0003", "Lamp busy: {0}", "Somebody else holds the switch."],
];

/// Draws the table by joining cells and rows, with text around it as on pages.
fn page(separator: &str, row: impl Fn(&[&str; 4]) -> String, between: &str) -> String {
    let mut rows = vec![row(&HEADER)];
    if !separator.is_empty() {
        rows.push(separator.to_owned());
    }
    rows.extend(ROWS.iter().map(row));
    format!("Lamps\nHome\nProducts\n\nError Codes\n\n{}\n\nFeedback\nWas this page helpful?\n", rows.join(between))
}

#[test]
fn reads_every_shape_the_same() {
    let shapes: [(&str, String); 17] = [
        ("piped", page("|---|---|---|---|", |r| format!("| {} |", r.join(" | ")), "\n")),
        ("trailing blank", page("|---|---|---|---|", |r| format!("|{}| ", r.join("|")), "\n")),
        (
            "padded",
            page("|:-----|:-----|:---|:---|", |r| format!("| {} |", r.map(|c| format!("{c:<30}")).join(" | ")), "\n"),
        ),
        ("no separator", page("", |r| format!("|{}|", r.join("|")), "\n")),
        ("no leading pipe", page("---|---|---|---|", |r| format!("{} |", r.join(" | ")), "\n")),
        ("no leading pipe, odd separator", page("|---|---|---|---|", |r| format!("{} |", r.join(" | ")), "\n")),
        ("no outer pipe", page("---|---|---|---", |r| r.join(" | "), "\n")),
        ("no leading pipe, no separator", page("", |r| format!("{} |", r.join(" | ")), "\n")),
        ("separator of one cell", page("---|", |r| format!("{} |", r.join(" | ")), "\n")),
        ("separator of one cell with a pipe", page("|---|", |r| format!("{} |", r.join(" | ")), "\n")),
        ("a cell a line, piped, separator", page("---|---|---|---|", |r| format!("{} |", r.join(" |\n")), "\n")),
        ("a cell a line, piped", page("", |r| format!("{} |", r.join(" |\n")), "\n")),
        ("lone pipe, a cell a line", page("|---|---|---|---|", |r| format!("|\n{} |", r.join(" |\n")), "\n")),
        ("lone pipes between bare cells", page("", |r| r.join("\n|\n"), "\n|\n")),
        (
            "blank lines inside pipes",
            page(
                "| --- | --- | --- | --- |",
                |r| format!("|\n\n{}\n\n|", r.map(|c| format!("  {c}")).join("\n\n|\n\n")),
                "\n",
            ),
        ),
        ("a cell a paragraph", page("", |r| r.join("\n\n"), "\n\n")),
        ("a cell a line", page("", |r| r.join("\n"), "\n")),
    ];
    for (name, text) in shapes {
        let reading = read(&text);
        assert_eq!(reading.tables.len(), 1, "{name}: tables in\n{text}\n{reading:#?}");
        let table = &reading.tables[0];
        assert_eq!(table.header, HEADER, "{name}");
        assert_eq!(table.roles, [Role::Status, Role::Code, Role::Message, Role::Description], "{name}");
        assert_eq!(table.rows, ROWS, "{name}");
        assert_eq!(table.title.as_deref(), Some("Error Codes"), "{name}");
        assert_eq!(reading.warnings, [], "{name}");
    }
}

#[test]
fn reads_a_header_of_lines_over_piped_rows() {
    let text = "Error Codes\n\nStatus Code\nError Code\nError Message\nDescription\n|---|---|---|---|\n|400|Lamp.0001|Broken.|It is broken.|\n|404|Lamp.0002|None.|There is none.|\n";
    let reading = read(text);
    assert_eq!(reading.tables[0].rows.len(), 2, "{reading:#?}");
    assert_eq!(reading.tables[0].rows[1], ["404", "Lamp.0002", "None.", "There is none."]);
}

#[test]
fn reads_code_and_text_on_one_line() {
    let text = "Common Codes\n\nError Code Description\nLampBusy The lamp is busy.\nLamp.NotFound There is no lamp.\n\nMore Error Codes\n\nError Code Description\nLamp.Hot Too hot.\n";
    let reading = read(text);
    let rows: Vec<_> = reading.tables.iter().map(|table| (table.title.as_deref(), table.rows.len())).collect();
    assert_eq!(rows, [(Some("Common Codes"), 2), (Some("More Error Codes"), 1)]);
}

#[test]
fn keeps_an_uncertain_row_with_a_warning() {
    let text = "Status Code\nError Code\nError Message\nDescription\n400\nLamp.0001\nBroken.\n404\nLamp.0002\nNone.\nThere is none.\n409\nLamp.0003\nBusy.\nSomebody has it.\nIt takes time.\n400\nLamp.0004\nHot.\nToo hot.\n";
    let reading = read(text);
    assert_eq!(
        reading.tables[0].rows,
        [
            ["400", "Lamp.0001", "Broken.", ""],
            ["404", "Lamp.0002", "None.", "There is none."],
            ["409", "Lamp.0003", "Busy.", "Somebody has it.\nIt takes time."],
            ["400", "Lamp.0004", "Hot.", "Too hot."],
        ]
    );
    let unsure: Vec<_> = reading.warnings.iter().filter_map(|w| Some((w.kind, w.place?.row?))).collect();
    assert_eq!(unsure, [(WarningKind::UncertainRow, 0), (WarningKind::UncertainRow, 2)]);
}

#[test]
fn ignores_a_title_that_is_a_header_word() {
    let text = "Error Codes¶\nStatus Code | Error Code | Message |\n---|---|---|\n400 | 1100 | Broken. |\n400 | 1101 | Hot. |\n";
    let reading = read(text);
    assert_eq!(reading.tables[0].header, ["Status Code", "Error Code", "Message"]);
    assert_eq!(reading.tables[0].rows.len(), 2);
}

#[test]
fn finds_rows_by_codes_without_a_status() {
    let rows = [["Lamp.0001", "Dark"], ["Lamp.0002", "-"], ["Lamp.0003", "Hot.\nVery hot."], ["Lamp.0004", "Gone."]];
    let drawn: Vec<String> = rows.iter().map(|row| row.join("\n")).collect();
    for (name, text) in [
        ("a title that is a header word", format!("Error Codes\nError Code\nDescription\n{}\n", drawn.join("\n"))),
        ("a last word of the page", format!("Errors\nError Code\nDescription\n{}\nFeedback\n", drawn.join("\n"))),
        ("a cell a paragraph", format!("Error Codes\n\nError Code\n\nDescription\n\n{}\n", drawn.join("\n\n"))),
    ] {
        let reading = read(&text);
        assert_eq!(reading.tables.len(), 1, "{name}");
        assert_eq!(reading.tables[0].header, ["Error Code", "Description"], "{name}");
        assert_eq!(reading.tables[0].rows, rows, "{name}");
        let unsure: Vec<_> = reading.warnings.iter().map(|w| (w.kind, w.place.and_then(|place| place.row))).collect();
        assert_eq!(unsure, [(WarningKind::UncertainRow, Some(2))], "{name}");
    }
}

#[test]
fn reads_a_table_in_one_line() {
    let reading = read("Lamps\nStatus Code Error Code Description 403 Lamp.0001 灯坏了。 404 Lamp.0002 没有灯。\n");
    assert_eq!(reading.tables[0].roles, [Role::Status, Role::Code, Role::Description]);
    assert_eq!(reading.tables[0].rows, [["403", "Lamp.0001", "灯坏了。"], ["404", "Lamp.0002", "没有灯。"]]);
    assert_eq!(reading.warnings.iter().filter(|w| w.kind == WarningKind::UncertainRow).count(), 2);
}

#[test]
fn finds_the_title_of_a_page_without_headings() {
    assert_eq!(read("Home\nLamps\n\nError Codes\n\nCode | Text |\n").title.as_deref(), Some("Error Codes"));
}
