//! Tests lists and tables that resemble those of error codes, and real ones next to them.

use docdrift_model::{Page, ReadRules, Reading, Role};

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

fn html(title: &str, body: &str) -> String {
    format!("<html><body><h1>{title}</h1>{body}<p>Was this page helpful?</p></body></html>")
}

fn terms(items: &[(&str, &str)]) -> String {
    let items: Vec<String> = items.iter().map(|(term, text)| format!("<dt>{term}</dt><dd>{text}</dd>")).collect();
    format!("<dl>{}</dl>", items.concat())
}

fn transposed_table(rows: &[(&str, &str)]) -> String {
    let row = |(label, value): &(&str, &str)| format!("<tr><td>{label}</td><td>{value}</td></tr>");
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!("<table>{}</table>", rows.concat())
}

#[test]
fn rejects_definition_lists_of_other_things() {
    let fields = [("Code", "Which."), ("Message", "What."), ("RequestId", "Whose."), ("HostId", "Where.")];
    let names = [("errorCode", "Which."), ("errorMsg", "What."), ("requestId", "Whose.")];
    for (title, list) in [
        ("Error Response Elements", terms(&fields)),
        ("Errors", terms(&fields)),
        ("Errors", terms(&names)),
        ("The Error Object", terms(&[("error_code", "Which."), ("request_id", "Whose.")])),
        ("Error Handling Settings", terms(&[("OnError", "What to do."), ("MaxRetries", "How often.")])),
        ("Errors", terms(&[("onError", "What to do."), ("maxRetries", "How often.")])),
        ("Error Glossary", terms(&[("VPC", "A net."), ("API", "An interface.")])),
        ("HTTP Error Statuses", terms(&[("400", "Bad."), ("404", "Gone.")])),
    ] {
        assert_eq!(read(&html("Lamps", &format!("<h2>{title}</h2>{list}"))).tables, [], "{title}: {list}");
    }
}

#[test]
fn rejects_labelled_lists_of_other_things() {
    for page in [
        "# Create a lamp\n\n## Request\n\n- **LampId**\n  - Type: String\n  - Description: Which.\n- **RoomId**\n  - Type: String\n  - Description: Where.\n",
        "# 错误码\n\n## 请求参数\n\n- LampId\n  - 说明：灯。\n- RoomId\n  - 说明：房间。\n",
        "Lamps\n\nCreateLamp\nDescription: makes one.\nDeleteLamp\nDescription: drops one.\n",
        "# History\n\n- v1.2.3: Brighter.\n- Description: more light\n- v1.2.4: Darker.\n- Description: less light\n",
        "# Headers\n\n* `X-Lamp-Id`: Description: the lamp.\n* `X-Room-Id`: Description: the room.\n",
        "# Settings\n\n## lamp.port\n\n### Description\n\nWhich.\n\n## lamp.home\n\n### Description\n\nWhere.\n",
        "# Error Codes\n\n## FAQ\n\n- Q10: Why?\n  - Reason: Off.\n  - Solution: On.\n- Q11: Why hot?\n  - Reason: On.\n  - Solution: Off.\n",
        "# Errors\n\n- LampId\n  - Description: Which.\n  - Type: String\n- RoomId\n  - Description: Where.\n  - Required: No\n",
        "Error Codes\nFeedback\nOverview\nCreateLamp\nDescription: makes one.\nDropLamp\nDescription: drops one.\n",
        "# API\n\n## CreateLamp\n\n### Description\n\nMakes one.\n\n## DropLamp\n\n### Description\n\nDrops one.\n",
    ] {
        assert_eq!(read(page).tables, [], "{page}");
    }
}

#[test]
fn reads_labelled_lists_of_errors() {
    for page in [
        "# Error Codes\n\n- LampBusy\n  - Description: Busy.\n- LampGone\n  - Description: Gone.\n",
        "# Lamps\n\n- LampBusy\n  - Error Description: Busy.\n- LampGone\n  - Error Description: Gone.\n",
        "# Lamps\n\n## LampBusy\n\n### Cause\n\nBusy.\n\n### Solution\n\nWait.\n\n## LampGone\n\n### Cause\n\nGone.\n",
        "Lamps\n\nLamp.0001\nDescription: Busy.\nLamp.0002\nDescription: Gone.\n",
    ] {
        let reading = read(page);
        assert_eq!(reading.tables.len(), 1, "{page}");
        assert_eq!(reading.tables[0].rows.len(), 2, "{page}");
        assert_eq!(reading.tables[0].roles[..2], [Role::Code, Role::Description], "{page}");
    }
}

#[test]
fn adds_no_column_for_a_heading_without_words() {
    let page =
        "# Error Codes\n\n## Lamp.1\n\n### Usage\n\n## Lamp.2\n\n### Error Message\n\nDark.\n\n### Solution\n\nWait.\n";
    assert_eq!(read(page).tables[0].header, ["", "Error Message", "Solution"]);
}

#[test]
fn rejects_transposed_tables_of_fields() {
    for rows in [
        &[("errorCode", "int32"), ("errorMessage", "string"), ("status", "int32")][..],
        &[("Field", "Form"), ("Error code", "A1B2"), ("Error message", "T1"), ("Description", "T2")],
        &[("Error code", "VARCHAR(64)"), ("Error message", "TEXT"), ("Description", "TEXT")],
        &[("Method", "GET"), ("URI", "/v1/lamps"), ("Error code", "see Error Codes"), ("Status", "200")],
    ] {
        assert_eq!(read(&html("Errors", &transposed_table(rows))).tables, [], "{rows:?}");
    }
    let error = [("Error code", "Lamp.1"), ("Error message", "Dark."), ("Type", "Client"), ("Solution", "Wait.")];
    assert_eq!(
        read(&html("Errors", &transposed_table(&error))).tables[0].rows,
        [["Lamp.1", "Dark.", "Client", "Wait."]]
    );
}

#[test]
fn rejects_tables_of_response_fields() {
    for [first, second] in [["error_code", "error_msg"], ["Code", "Message"], ["Error Code", "RequestId"]] {
        let page = format!("# Error Response\n\n|Name|Description|\n|--|--|\n|{first}|x|\n|{second}|y|\n|HostId|z|\n");
        assert_eq!(read(&page).tables, [], "{page}");
    }
}

#[test]
fn reads_codes_with_a_colon() {
    let page = "# Error Codes\n\n|Status|Error Code|Message|\n|--|--|--|\n|400|A.1:|One.|\n|404|A.2：||\n";
    let reading = read(page);
    assert_eq!(reading.tables[0].rows, [["400", "A.1:", "One."], ["404", "A.2：", ""]]);
    assert_eq!(reading.warnings, []);
}
