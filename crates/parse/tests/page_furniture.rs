//! Tests what pages put around, into and beside their tables: controls, footnotes, copies for other screens, separate
//! headers.

use docdrift_model::{Page, ReadRules, Reading, Role, WarningKind};

fn read(html: &str) -> Reading {
    let page = Page {
        url: "https://example.com/page.html".into(),
        fetched_at: String::new(),
        status: Some(200),
        headers: Vec::new(),
        body: format!("<!DOCTYPE html><html><body><h1>Error Codes</h1>{html}</body></html>").into_bytes(),
    };
    docdrift_parse::read(&page, &ReadRules::default())
}

const HEAD: &str = "<tr><th>Status Code</th><th>Error Code</th><th>Message</th></tr>";
const ROWS: &str =
    "<tr><td>400</td><td>Lamp.0001</td><td>Broken.</td></tr><tr><td>404</td><td>Lamp.0002</td><td>No lamp.</td></tr>";

/// Makes the usual table with `code` as the cell of its first code.
fn with_code(code: &str) -> String {
    format!("<table>{HEAD}{}</table>", ROWS.replace("Lamp.0001", code))
}

#[test]
fn reads_one_table_in_any_markup() {
    let table = format!("<table>{HEAD}{ROWS}</table>");
    for (name, html) in [
        ("a button", with_code("Lamp.0001<button>Copy</button>")),
        ("a button of another kind", with_code("<code>Lamp.0001</code><span role=button>复制</span>")),
        ("a button known by its class", with_code("Lamp.0001<i class='btn-copy'>Copied!</i>")),
        ("a tooltip", with_code("Lamp.0001<span role=tooltip>More on this lamp</span>")),
        ("a closed dialog", with_code("Lamp.0001<dialog>More on this lamp</dialog>")),
        ("a footnote", with_code("Lamp.0001<sup>1</sup>")),
        ("a linked footnote", with_code("Lamp.0001<sup><a href=#n>[2]</a></sup>")),
        ("an anchor", with_code("<a id=lamp1></a><a href=#lamp1>Lamp.0001</a>")),
        ("footnotes in the header", table.replace("Error Code", "Error Code<sup>*</sup>")),
        ("a footnote at the status", table.replace("400", "400<sup>1</sup>")),
        ("a row's header cell", table.replace("<td>400</td>", "<th scope=row>400</th>")),
        ("a header kept in view", format!("<table><thead>{HEAD}</thead></table><div><table>{ROWS}</table></div>")),
        ("that header and its table", format!("<table><thead>{HEAD}</thead></table>{table}")),
        ("a copy that is not shown", format!("{table}<div style='display:none'>{table}</div>")),
        ("a copy for readers without scripts", format!("{table}<noscript>{table}</noscript>")),
        ("a template", format!("<template>{table}</template><script type='text/html'>{table}</script>{table}")),
        ("a comment", format!("<!-- {table} -->{table}")),
        (
            "one small table an error",
            ROWS.replace("<tr><td>", "<table><tr><td>Status Code</td><td>")
                .replace("</td><td>Lamp", "</td></tr><tr><td>Error Code</td><td>Lamp")
                .replacen("</td><td>Broken", "</td></tr><tr><td>Message</td><td>Broken", 1)
                .replacen("</td><td>No lamp", "</td></tr><tr><td>Message</td><td>No lamp", 1)
                .replace("lamp.</td></tr>", "lamp.</td></tr></table>")
                .replace("Broken.</td></tr>", "Broken.</td></tr></table><p>And:</p>"),
        ),
    ] {
        let reading = read(&html);
        assert_eq!(reading.tables.len(), 1, "{name}: {reading:#?}");
        let table = &reading.tables[0];
        assert_eq!(table.header, ["Status Code", "Error Code", "Message"], "{name}");
        assert_eq!(table.roles, [Role::Status, Role::Code, Role::Message], "{name}");
        assert_eq!(table.rows, [["400", "Lamp.0001", "Broken."], ["404", "Lamp.0002", "No lamp."]], "{name}");
        assert_eq!(reading.warnings, [], "{name}");
    }
}

#[test]
fn keeps_a_superscript_in_prose() {
    let reading = read(&with_code("Lamp.0001").replace("Broken.", "At most 10<sup>2</sup> lamps."));
    assert_eq!(reading.tables[0].rows[0][2], "At most 102 lamps.");
}

#[test]
fn reads_a_table_repeated_in_tabs_once() {
    let tab = format!("<div class=tab><table>{HEAD}{ROWS}<tr><td colspan=3>Hall</td></tr></table></div>");
    let reading = read(&tab.repeat(3));
    assert_eq!(reading.tables.len(), 1);
    assert!(reading.warns(WarningKind::Doubled));
    assert!(reading.warnings.iter().filter_map(|warning| warning.place).all(|place| place.table == 0));
}

#[test]
fn recognizes_a_line_across_by_its_span() {
    let html = format!(
        "<table>{HEAD}<tr><th colspan=3>4XX</th></tr>{ROWS}<tr><td>busy</td><td>busy</td><td>busy</td></tr></table>"
    );
    let reading = read(&html);
    assert_eq!(reading.tables[0].rows.len(), 3);
    assert_eq!(reading.tables[0].rows[2], ["busy", "busy", "busy"]);
    let said: Vec<_> = reading.warnings.iter().map(|warning| warning.detail.contains("“4XX”")).collect();
    assert_eq!(said, [true]);
}

#[test]
fn does_not_join_small_tables_of_other_things() {
    for html in [
        "<table><tr><td>Error Code</td><td>error_code</td></tr><tr><td>Error Message</td><td>error_msg</td></tr><tr><td>Description</td><td>desc</td></tr></table>",
        "<table><tr><td>Region</td><td>Hall</td></tr><tr><td>Lamps</td><td>3</td></tr><tr><td>Error Code</td><td>Lamp.1</td></tr></table>",
    ] {
        assert_eq!(read(html).tables, [], "{html}");
    }
}

#[test]
fn reports_where_a_page_nests_too_deeply() {
    let reading = read(&format!("\n{}", "<div>".repeat(40_000)));
    let warning = reading.warnings.iter().find(|warning| warning.kind == WarningKind::TooDeep).expect("a warning");
    assert!(warning.detail.contains("40002 stand open in its line 2"), "{}", warning.detail);
}
