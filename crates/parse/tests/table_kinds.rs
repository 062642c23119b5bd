//! Tests which tables are error tables and which lines are rows, with small pages of kinds that were once misread.

use docdrift_model::{Page, ReadRules, Reading};

fn read(text: &str) -> Reading {
    let page = Page {
        url: "https://example.com/page".into(),
        fetched_at: String::new(),
        status: Some(200),
        headers: Vec::new(),
        body: text.as_bytes().to_vec(),
    };
    docdrift_parse::read(&page, &ReadRules::default())
}

/// Makes a Markdown page with a title and a table of pipe-separated rows.
fn page(title: &str, rows: &[&str]) -> String {
    let columns = rows[0].matches('|').count() - 1;
    let separator = "|--".repeat(columns) + "|";
    format!("# {title}\n\n{}\n{separator}\n{}\n", rows[0], rows[1..].join("\n"))
}

fn roles(text: &str) -> Vec<String> {
    let reading = read(text);
    let Some(table) = reading.tables.first() else { return vec![format!("{:?}", reading.left_out)] };
    table.roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect()
}

#[test]
fn interprets_headers_by_their_neighbours() {
    for (title, rows, expected) in [
        (
            "Lamps",
            &["|Code|HTTP Status Code|Message|", "|BadRequest|400|x|", "|LampBusy|409|y|"][..],
            "code status message",
        ),
        ("Lamps", &["|Code|Type|Message|HTTP Status|", "|LampBusy|a|x|400|"], "code other message status"),
        ("Error Codes", &["|Error|Cause|Solution|", "|Throttling|x|y|", "|Timeout|x|y|"], "code description solution"),
        ("Error Codes", &["|Code|Description|", "|InvalidLamp|x|", "|Throttling|y|"], "code description"),
        ("错误", &["|返回码|返回信息|说明|", "|1001|busy|灯忙。|"], "code message description"),
        ("灯", &["|返回码|错误码|说明|", "|400|Lamp.1|灯忙。|"], "status code description"),
        ("Lamps", &["|Return Code|Return Message|Description|", "|1001|busy|x|"], "code message description"),
        ("Lamps", &["|ErrCode|ErrMsg|", "|1001|busy|"], "code message"),
        ("Lamps", &["|状态码|编码|错误信息|", "|400|Lamp.1|busy|"], "status code message"),
    ] {
        assert_eq!(roles(&page(title, rows)).join(" "), expected, "{rows:?}");
    }
}

#[test]
fn rejects_tables_of_other_things() {
    for (title, rows) in [
        ("Request parameters", &["|Name|Description|", "|RequestId|x|", "|HostId|y|"][..]),
        ("Request parameters", &["|Name|Meaning|Example value|", "|LampId|x|1|"]),
        ("Statuses", &["|Code|Message|Description|", "|200|OK|x|", "|404|Not Found|y|"]),
        ("Statuses", &["|Code|Description|", "|200|x|", "|404|y|"]),
    ] {
        let reading = read(&page(title, rows));
        assert_eq!(reading.tables, [], "{rows:?}");
        assert_eq!(reading.left_out.len(), 1, "{rows:?}");
    }
}

#[test]
fn loses_no_row() {
    let header = "# Error Codes\n\n|HttpCode|Error Code|Error Message|\n|--|--|--|\n|400|Lamp.A|a|\n";
    let expected = [["400", "Lamp.A", "a"], ["403", "Lamp.B", "b"]];
    for (name, rest) in [
        ("no leading pipe", "403 | Lamp.B | b |\n"),
        ("no outer pipes", "403 | Lamp.B | b\n\nMore.\n"),
        ("no trailing pipe", "|403|Lamp.B|b\n\nMore.\n"),
        ("an empty cell too many", "|403|Lamp.B|b||\n"),
        ("after a note", "\n> Note: mind.\n\n|403|Lamp.B|b|\n"),
        ("an empty row before", "| | | |\n|403|Lamp.B|b|\n"),
    ] {
        let reading = read(&format!("{header}{rest}"));
        let rows: Vec<_> = reading.tables.iter().flat_map(|table| &table.rows).collect();
        assert_eq!(rows, expected.iter().collect::<Vec<_>>(), "{name}");
        assert_eq!(reading.warnings, [], "{name}");
    }
}

#[test]
fn keeps_rows_above_a_header() {
    let row = |cells: [&str; 3]| format!("<tr><td>{}</td></tr>", cells.join("</td><td>"));
    let html = format!(
        "<html><body><table>{}{}{}</table></body></html>",
        row(["400", "A.3", "d"]),
        row(["Status", "Error Code", "Description"]),
        row(["400", "A.5", "d"])
    );
    assert_eq!(read(&html).tables[0].rows, [["400", "A.3", "d"], ["400", "A.5", "d"]]);
}

#[test]
fn adds_no_columns_for_a_wide_cell() {
    let html = "<html><body><table><tr><th>Error Code</th><th>Message</th></tr><tr><td>A.1</td><td colspan=50>x</td></tr></table></body></html>";
    assert_eq!(read(html).tables[0].header, ["Error Code", "Message"]);
    assert_eq!(read(html).tables[0].rows, [["A.1", "x"]]);
}

#[test]
fn treats_a_section_name_as_a_note() {
    for section in ["|**Lamps**| | |", "|Common| | |"] {
        let text = format!("# Error Codes\n\n|Error Code|Message|HTTP Status|\n|--|--|--|\n{section}\n|A.1|x|400|\n");
        let reading = read(&text);
        assert_eq!(reading.tables[0].rows, [["A.1", "x", "400"]], "{section}");
        assert_eq!(reading.warnings.len(), 1, "{section}");
    }
}

#[test]
fn reads_bilingual_and_combined_columns() {
    for (rows, expected) in [
        (
            &["|错误码|错误中文描述|错误英文描述|", "|1001|灯坏了|Lamp broken|", "|1002|没有灯|No lamp|"][..],
            "code description message",
        ),
        (
            &["|Code|Message (zh)|Message (en)|", "|A.1|灯坏了|Lamp broken|", "|A.2|没有灯|No lamp|"],
            "code description message",
        ),
        (&["|Error Code (HTTP status)|Description|", "|Lamp.1 (400)|x|", "|Lamp.2 (404)|y|"], "code description"),
        (&["|HTTP Status Code/Error Code|Description|", "|400 Lamp.1|x|", "|404 Lamp.2|y|"], "code description"),
    ] {
        let page = page("Error Codes", rows);
        assert_eq!(roles(&page).join(" "), expected, "{rows:?}");
        let printed: Vec<String> =
            read(&page).tables[0].rows.iter().map(|row| format!("|{}|", row.join("|"))).collect();
        assert_eq!(printed, rows[1..], "{rows:?}");
    }
}

#[test]
fn removes_footnote_marks_in_markdown() {
    let reading =
        read("# Error Codes\n\n|Error Code<sup>1</sup>|Message|\n|--|--|\n|A.1<sup>[2]</sup>|x<sup>2</sup> y|\n");
    assert_eq!(reading.tables[0].header, ["Error Code", "Message"]);
    assert_eq!(reading.tables[0].rows, [["A.1", "x2 y"]]);
}
