//! Tests error codes outside of tables: in definition lists, labelled lines and code samples.

use docdrift_model::{Page, ReadRules, Reading, Role, WarningKind};

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
    format!("<html><body><h1>{title}</h1>{body}</body></html>")
}

#[test]
fn reads_definition_lists() {
    let list = "<dl><dt>LampDark</dt><dd>It is dark.</dd><dt>Hot</dt><dd>It is hot.<p>Wait.</p></dd></dl><p>Bye.</p>";
    let reading = read(&html("Error Codes", list));
    assert_eq!(reading.tables[0].roles, [Role::Code, Role::Description]);
    assert_eq!(reading.tables[0].rows, [["LampDark", "It is dark."], ["Hot", "It is hot.\nWait."]]);
    assert_eq!(read(&html("Request Parameters", list)).tables, []);
}

#[test]
fn adds_a_list_within_a_definition_to_its_term() {
    let fields = "<dl><dt>lampId</dt><dd>Which.</dd><dt>hint</dt><dd>Why.</dd></dl>".repeat(5);
    let list = format!(
        "<dl><dt>NoLamp</dt><dd>Gone.{fields}<p>HTTP Status Code: 404</p></dd><dt>Hot</dt><dd>Wait.<p>HTTP Status Code: 400</p></dd></dl>"
    );
    let rows = &read(&html("Errors", &list)).tables[0].rows;
    assert_eq!(rows.len(), 2);
    assert!(rows[0][1].starts_with("Gone.\nlampId\nWhich."), "{rows:?}");
    assert_eq!((rows[0][2].as_str(), &rows[1]), ("404", &vec!["Hot".to_owned(), "Wait.".into(), "400".into()]));
}

#[test]
fn reads_labelled_lines() {
    for page in [
        "错误码\n\n- Lamp.0001 - 错误码\n\n错误信息: Dark. 解决办法: 换灯泡。\n\n- Lamp.0002 - 错误码\n\n错误信息: Hot. 解决办法: 等。\n",
        "# 错误码\n\n- Lamp.0001\n  - **错误信息**: Dark.\n  - **解决办法**: 换灯泡。\n- Lamp.0002\n  - **错误信息**: Hot.\n  - **解决办法**: 等。\n",
        "<html><body><h1>错误码</h1><ul><li>Lamp.0001<ul><li>错误信息：Dark.</li><li>解决办法：换灯泡。</li></ul></li><li>Lamp.0002<ul><li>错误信息：Hot.</li><li>解决办法：等。</li></ul></li></ul></body></html>",
    ] {
        let reading = read(page);
        assert_eq!(reading.tables.len(), 1, "{page}");
        assert_eq!(reading.tables[0].roles, [Role::Code, Role::Message, Role::Solution], "{page}");
        assert_eq!(
            reading.tables[0].rows,
            [["Lamp.0001", "Dark.", "换灯泡。"], ["Lamp.0002", "Hot.", "等。"]],
            "{page}"
        );
    }
}

#[test]
fn reads_code_samples() {
    let sample =
        "{\n  \"Lamp.0001\": \"It is dark.\",\n  \"Lamp.0003\": \"It is hot.\",\n  \"Lamp.0002\": \"It is gone.\"\n}";
    let rows = [["Lamp.0001", "It is dark."], ["Lamp.0003", "It is hot."], ["Lamp.0002", "It is gone."]];
    for page in [
        format!("# Error Codes\n\n```json\n{sample}\n```\n"),
        html("Error Codes", &format!("<pre><code>{sample}</code></pre>")),
    ] {
        assert_eq!(read(&page).tables[0].rows, rows, "{page}");
    }
    assert_eq!(read(&format!("# Lamps\n\n```json\n{sample}\n```\n")).tables, []);
    let answer = "{\"error_code\": \"Lamp.0001\", \"error_msg\": \"It is dark.\", \"request_id\": \"0 1\"}";
    assert_eq!(read(&format!("# Error Codes\n\n```json\n{answer}\n```\n")).tables, []);
}

#[test]
fn ignores_tables_in_code_samples() {
    let table = "|Status Code|Error Code|Message|\n|--|--|--|\n|400|Lamp.0001|Dark.|\n";
    let indented = format!("    {}\n", table.trim_end().replace('\n', "\n    "));
    assert_eq!(read(&format!("# Drawing tables\n\n```\n{table}```\n")).tables, []);
    assert_eq!(read(&format!("# Drawing tables\n\nLike this:\n\n{indented}\nSee?\n")).tables, []);
    assert_eq!(read(&format!("# Error Codes\n\n- In the hall:\n\n{indented}\nSee?\n")).tables[0].rows.len(), 1);
    let quoted = format!("> {}\n", table.trim_end().replace('\n', "\n> "));
    assert_eq!(read(&format!("# Error Codes\n\n{quoted}\nSee?\n")).tables[0].rows.len(), 1);
}

#[test]
fn reports_codes_that_were_not_read() {
    let reading = read("Lamps\n\nLamp.0001 and Lamp.0002 mean dark, Lamp.0003 means hot\n");
    let warning = reading.warnings.iter().find(|warning| warning.kind == WarningKind::NoTable).expect("a warning");
    assert!(
        warning.detail.contains("3 words of its text look like error codes, such as `Lamp.0001`"),
        "{}",
        warning.detail
    );
}
