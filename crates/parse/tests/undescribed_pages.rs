//! Tests pages of unknown vendors, whose tables are recognized by content, sections and single words.

use docdrift_model::{Page, ReadRules, Reading, Role};

fn read(text: &str) -> Reading {
    let page = Page {
        url: "saved".into(),
        fetched_at: String::new(),
        status: None,
        headers: Vec::new(),
        body: text.as_bytes().to_vec(),
    };
    docdrift_parse::read(&page, &ReadRules::default())
}

fn roles(text: &str) -> Vec<String> {
    let tables = read(text).tables;
    tables.iter().map(|table| table.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ")).collect()
}

/// Makes a Markdown page with one table under a title.
fn page(title: &str, rows: &[&str]) -> String {
    let columns = rows[0].matches('|').count() - 1;
    format!("# {title}\n\n{}\n{}|\n{}\n", rows[0], "|--".repeat(columns), rows[1..].join("\n"))
}

#[test]
fn interprets_unlisted_code_headers() {
    for header in
        ["Reason Code", "RetCode", "返回代码", "响应码", "error_code", "状态码", "Http状态码", "Result No", "结果码"]
    {
        let rows = [
            &format!("|{header}|Remark|")[..],
            "|43001|The lamp is not found.|",
            "|43002|灯不存在或已失效。|",
            "|43003|It failed.|",
        ];
        assert_eq!(roles(&page("Lamp errors", &rows)), ["code description"], "{header}");
    }
    let rows = [
        "|HTTP Status Code|Returned Value|Description|",
        "|400|LMP.0001|The lamp is invalid.|",
        "|404|LMP.0002|No such lamp exists.|",
    ];
    assert_eq!(roles(&page("Lamps", &rows)), ["status code description"]);
}

#[test]
fn interprets_unlisted_text_headers() {
    for (header, role) in [
        ("中文", "description"),
        ("Condition Name", "description"),
        ("Comments", "description"),
        ("How to Handle", "solution"),
        ("What you can do", "solution"),
        ("Sense", "description"),
    ] {
        let rows = [
            &format!("|Error Code|{header}|")[..],
            "|LAMP_DARK|The lamp gives no light at all.|",
            "|LAMP_GONE|灯不存在，请检查后再试。|",
        ];
        assert_eq!(roles(&page("Error codes", &rows)), [format!("code {role}")], "{header}");
    }
}

#[test]
fn recognizes_cells_that_are_codes() {
    for codes in [
        ["code=10001", "code=10002", "code=10003"],
        ["DARK=206", "GONE=207", "HOT=208"],
        ["\u{2212}1021", "\u{2212}1022", "\u{2212}1023"],
        ["ERROR 1045 (28000)", "ERROR 1046 (3D000)", "ERROR 1047 (08S01)"],
        ["\\-1792", "\\-1793", "\\-1794"],
        ["LAMP_DARK (12)", "LAMP_GONE (13)", "LAMP_HOT (14)"],
        ["\"LampDark\"", "\"LampGone\"", "\"LampHot\""],
        ["`0x8F`", "`0x97`", "`0xA1`"],
        ["1000-1999", "2000-2999", "3000-3999"],
        ["lamp proposal mismatch", "lamp key mismatch", "bulb click intercepted"],
        ["0", "101", "102"],
    ] {
        let rows: Vec<String> = std::iter::once("|Error code|Meaning|".to_owned())
            .chain(codes.iter().map(|code| format!("|{code}|The lamp could not be lit.|")))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let reading = read(&page("Errors", &rows));
        assert_eq!(reading.tables.len(), 1, "{codes:?} {:#?}", reading.trace.candidates);
        assert_eq!(reading.tables[0].roles, [Role::Code, Role::Description], "{codes:?}");
        let first = codes[0].trim_matches('`').trim_start_matches('\\');
        assert_eq!(reading.tables[0].rows[0][0], first);
    }
}

#[test]
fn distinguishes_statuses_and_codes_by_their_cells() {
    let rows = [
        "|Error return code|Error message|Status Code|Description|",
        "|LampDark|It is dark.|400|No light.|",
        "|LampGone|It is gone.|404|No lamp.|",
    ];
    assert_eq!(roles(&page("Errors", &rows)), ["code message status description"]);
    let rows = [
        "|Return code|Code|Message|",
        "|400|LampDark|It is dark and cold.|",
        "|404|LampGone|It is gone for good.|",
        "|404|LampLost|It is lost somewhere.|",
    ];
    assert_eq!(roles(&page("Errors", &rows)), ["status code message"]);
    let rows = ["|状态码|说明|", "|0|成功|", "|101|灯不存在|", "|102|灯已损坏|", "|103|灯无法点亮|"];
    assert_eq!(roles(&page("返回码", &rows)), ["code description"]);
}

#[test]
fn uses_one_key_for_a_number_beside_its_name() {
    let rows = [
        "|Code|Name|Meaning|",
        "|1000|CLOSE_NORMAL|The lamp was switched off.|",
        "|1003|CLOSE_UNSUPPORTED|The lamp type is not supported.|",
    ];
    assert_eq!(roles(&page("Close codes", &rows)), ["code other description"]);
    let rows = ["|错误码|返回值|描述|", "|ERR_DARK|-1001|灯不亮，无法使用。|", "|ERR_GONE|-1002|灯不存在或失效。|"];
    assert_eq!(roles(&page("错误", &rows)), ["code other description"]);
}

#[test]
fn reads_tables_without_a_header_and_side_by_side() {
    let html = "<html><body><h1>Error codes</h1><table><tr><td>12002</td><td>not enough lamps</td><td>缺少灯参数，请检查</td></tr>\
                <tr><td>12003</td><td>lamp is invalid</td><td>灯无效，请检查</td></tr></table></body></html>";
    let reading = read(html);
    assert_eq!(reading.tables[0].rows.len(), 2);
    assert_eq!(reading.tables[0].roles[0], Role::Code);
    let rows = [
        "|Error code|Message|Error code|Message|",
        "|1010|Input is wrong.|1432|Role is wrong.|",
        "|1020|Lamp is gone.|||",
    ];
    let reading = read(&page("Error codes", &rows));
    assert_eq!(
        reading.tables[0].rows,
        [["1010", "Input is wrong."], ["1020", "Lamp is gone."], ["1432", "Role is wrong."]]
    );
}

#[test]
fn rejects_tempting_tables() {
    for (title, rows) in [
        // The first row of data names a code; the marked row is the header.
        ("返回参数", &["|字段名称|是否必需|类型|", "|code|true|int|", "|message|true|string|"][..]),
        ("Opcodes", &["|Code|Name|Sent by|", "|0|Dispatch|server|", "|1|Heartbeat|both|", "|2|Identify|client|"]),
        (
            "Lamp states",
            &["|State|Description|", "|ON|The lamp is on.|", "|OFF|The lamp is off.|", "|DIM|The lamp is dim.|"],
        ),
        ("Response", &["|状态码|说明|", "|200|处理成功|", "|400|请求错误|", "|500|服务器错误|"]),
        (
            "HTTP statuses",
            &[
                "|Status Code|Code|Description|",
                "|400|Bad Request|It is wrong.|",
                "|404|Not Found|It is gone.|",
                "|500|Internal Server Error|It failed.|",
            ],
        ),
        ("Lamp types", &["|Type|Value|", "|DESK|0|", "|WALL|1|", "|STREET|2|"]),
        ("Metrics", &["|mid|描述|", "|20001|灯的使用率|", "|20002|灯的温度|", "|20003|灯的亮度|"]),
        ("Commands", &["|Command|Description|", "|lamp-on|Switches a lamp on.|", "|lamp-off|Switches a lamp off.|"]),
    ] {
        assert_eq!(read(&page(title, rows)).tables, [], "{title}");
    }
}

#[test]
fn reads_codes_without_a_table() {
    let cases: &[(&str, &[[&str; 2]])] = &[
        (
            "# Error codes\n\n### -1000 UNKNOWN\nIt failed for an unknown reason.\n\n### -1001 GONE\n * The lamp is gone.\n * It was sold.\n",
            &[["-1000", "It failed for an unknown reason."], ["-1001", "The lamp is gone.\nIt was sold."]],
        ),
        (
            "<html><body><h2>Lamp errors</h2><h4><code>ERR_DARK</code></h4><p>It is dark.</p><h4><code>ERR_GONE</code></h4><p>It is not found.</p></body></html>",
            &[["ERR_DARK", "It is dark."], ["ERR_GONE", "It is not found."]],
        ),
        (
            "# Errors\n\nERR_DARK\n: The lamp is dark.\n\nERR_GONE\n: The lamp is not found.\n",
            &[["ERR_DARK", "The lamp is dark."], ["ERR_GONE", "The lamp is not found."]],
        ),
        (
            "Errors\n======\n\n.. note:: Mind the lamps.\n\nERR_DARK\n   The lamp is dark.\n\nERR_GONE\n   The lamp is not found.\n",
            &[["ERR_DARK", "The lamp is dark."], ["ERR_GONE", "The lamp is not found."]],
        ),
        (
            "<html><body><h2>Result codes</h2><dl><dt>LAMP_OK (0)</dt><dd>All is well.</dd><dt>LAMP_DARK (1)</dt><dd>The lamp is invalid.</dd></dl></body></html>",
            &[["LAMP_OK", "All is well."], ["LAMP_DARK", "The lamp is invalid."]],
        ),
        (
            "# Result codes\n\n## (3) LAMP_PERM\n\nPermission denied.\n\n## (4) LAMP_ABORT\n\nThe lamp was aborted.\n",
            &[["LAMP_PERM", "Permission denied."], ["LAMP_ABORT", "The lamp was aborted."]],
        ),
        (
            "# Errors\n\n- `ERR_DARK`: The lamp is dark.\n- `ERR_GONE`: The lamp is not found.\n\n```\nsample\n```\n",
            &[["ERR_DARK", "The lamp is dark."], ["ERR_GONE", "The lamp is not found."]],
        ),
        (
            "<html><body><h1>错误码</h1><p><b>InvalidLamp.Name</b></p><p>灯的名称不合法。</p><p><b>InvalidLamp.Size</b></p><p>灯的大小不合法。</p></body></html>",
            &[["InvalidLamp.Name", "灯的名称不合法。"], ["InvalidLamp.Size", "灯的大小不合法。"]],
        ),
    ];
    for (text, expected) in cases {
        let reading = read(text);
        assert_eq!(reading.tables.len(), 1, "{text}\n{:#?}", reading.trace.candidates);
        let table = &reading.tables[0];
        let found: Vec<[&str; 2]> = (0..table.rows.len())
            .map(|row| [table.cell(row, Role::Code), table.cell(row, Role::Description)])
            .collect();
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn makes_one_table_for_each_section_of_a_list() {
    let text = "# Errors\n\n## Lamps\n\n- `ERR_DARK`: The lamp is dark.\n- `ERR_GONE`: The lamp is not found.\n\n## Errors of bulbs\n\n- `ERR_BURNT`: The bulb is burnt.\n- `ERR_LOOSE`: The bulb is loose.\n";
    let titles: Vec<_> = read(text).tables.into_iter().map(|table| (table.title, table.rows.len())).collect();
    assert_eq!(titles, [(Some("Lamps".into()), 2), (Some("Errors of bulbs".into()), 2)]);
}

#[test]
fn keeps_a_code_sample_inside_an_item() {
    let text = "# Errors\n\n- `ERR_DARK`: The lamp is dark:\n  ```\n  lamp --on\n  ```\n- `ERR_GONE`: The lamp is not found.\n";
    assert!(read(text).tables[0].rows[0][1].contains("lamp --on"));
}

#[test]
fn reads_text_with_tabs() {
    let text = "Errors\n\nError codes of lamps\n\nCode\tMessage\tDescription\nClass 1\nLAMP_DARK\tIt is dark.\tNo light is\nseen.\nLAMP_GONE\tIt is gone.\tNo lamp is found.\n\nFeedback\n";
    let reading = read(text);
    assert_eq!(reading.tables[0].header, ["Code", "Message", "Description"]);
    assert_eq!(reading.tables[0].rows.len(), 2, "{:#?}", reading.tables);
    assert_eq!(reading.tables[0].rows[1], ["LAMP_GONE", "It is gone.", "No lamp is found."]);
}

#[test]
fn a_missing_cell_affects_one_row_only() {
    let rows = [
        "LAMP_DARK\nIt is dark.",
        "LAMP_GONE",
        "LAMP_HOT\nIt is too hot.",
        "LAMP_LOST\nIt is lost.",
        "LAMP_COLD\nIt is cold.",
    ];
    let reading = read(&format!("Lamps\n\nError code\nDescription\n{}\n", rows.join("\n")));
    let found: Vec<&str> = reading.tables[0].rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(found, ["LAMP_DARK", "LAMP_GONE", "LAMP_HOT", "LAMP_LOST", "LAMP_COLD"]);
    assert!(!reading.warnings.is_empty());
}

#[test]
fn interprets_headers_in_other_languages() {
    for (header, title) in [
        ("|Código de error|Descripción|", "Errores"),
        ("|Code d'erreur|Signification|", "Erreurs"),
        ("|Fehlercode|Bedeutung|", "Fehler"),
        ("|エラーコード|説明|", "エラー"),
        ("|오류 코드|설명|", "오류"),
        ("|Код ошибки|Описание|", "Ошибки"),
        ("|錯誤代碼|說明|", "錯誤"),
    ] {
        let rows = [header, "|LAMP_DARK|La lampe est invalide.|", "|LAMP_GONE|Die Lampe fehlt ganz.|"];
        assert_eq!(roles(&page(title, &rows)), ["code description"], "{header}");
    }
}

#[test]
fn ignores_the_markup_of_generators() {
    let table = "| Error code | Description |\n|--|--|\n| `LAMP_DARK` | ~~Old~~ The lamp is dark. |\n| LAMP_GONE | The lamp is <b>gone</b>. |\n";
    let rows = [["LAMP_DARK", "Old The lamp is dark."], ["LAMP_GONE", "The lamp is gone."]];
    for text in [
        format!(
            "---\ntitle: Lamp errors\n---\n\nimport Tabs from '@theme/Tabs';\n\n<Tabs>\n<TabItem value=\"a\">\n\n{table}\n</TabItem>\n</Tabs>\n"
        ),
        format!("# Lamps\n\n:::note\n\n{table}\n:::\n"),
        format!("# Lamps\n\n!!! note \"Errors\"\n    {}\n", table.replace('\n', "\n    ")),
        format!("# Lamps\n\n{{{{< tabs >}}}}\n\n{table}\n{{{{< /tabs >}}}}\n"),
        format!("# Lamps\n\n> {}\n", table.replace('\n', "\n> ")),
        table.to_owned(),
    ] {
        let reading = read(&text);
        assert_eq!(reading.tables.len(), 1, "{text}");
        assert_eq!(reading.tables[0].rows, rows, "{text}");
        assert!(reading.warnings.is_empty(), "{text}: {:?}", reading.warnings);
    }
    assert_eq!(read("---\ntitle: Lamp errors\n---\n\nText\n").title.as_deref(), Some("Lamp errors"));
}

#[test]
fn reads_a_page_in_the_data_of_a_script() {
    let table = "<h2>Error codes</h2><table><tr><th>Error code</th><th>Description</th></tr><tr><td>LAMP_DARK</td><td>It is dark and cannot be lit.</td></tr></table>";
    let data = table.replace('<', "\\u003c").replace('"', "\\\"");
    let html = format!(
        "<html><head><title>x</title></head><body><div id=\"app\"></div><script id=\"__NEXT_DATA__\" type=\"application/json\">{{\"props\":{{\"html\":\"{data}\"}}}}</script></body></html>"
    );
    let reading = read(&html);
    assert_eq!(reading.tables[0].rows, [["LAMP_DARK", "It is dark and cannot be lit."]]);
    assert!(reading.trace.candidates[0].script.as_deref().unwrap_or_default().contains("__NEXT_DATA__"));
    // The visible table takes precedence.
    let shown = html.replace("<div id=\"app\">", "<h1>Errors</h1><table><tr><th>Error code</th><th>Description</th></tr><tr><td>LAMP_GONE</td><td>It is gone for good.</td></tr></table><div>");
    assert_eq!(read(&shown).tables[0].rows[0][0], "LAMP_GONE");
}

#[test]
fn reports_no_truncation_for_a_complete_html5_page() {
    let html = "<!doctype html><title>Errors</title><h1>Error codes</h1><table><tr><th>Error code<th>Description<tr><td>LAMP_DARK<td>It is dark.</table>";
    assert_eq!(read(html).warnings, []);
    let cut = "<!doctype html><html><body><div><h1>Error codes</h1><table><tr><th>Error code<th>Description<tr><td>LAMP_DARK<td>It is dark.</table><p>And th";
    assert!(read(cut).warns(docdrift_model::WarningKind::Truncated));
}
