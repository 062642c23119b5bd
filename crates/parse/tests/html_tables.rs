//! Tests HTML tables as pages write them: valid, sloppy and absurd.

use docdrift_model::{Page, ReadRules, Reading, Role, WarningKind};

fn read(html: &str) -> Reading {
    let page = Page {
        url: "https://example.com/page.html".into(),
        fetched_at: String::new(),
        status: Some(200),
        headers: Vec::new(),
        body: format!("<!DOCTYPE html><html><body>{html}</body></html>").into_bytes(),
    };
    docdrift_parse::read(&page, &ReadRules::default())
}

fn rows(html: &str) -> Vec<Vec<String>> {
    read(html).tables.into_iter().flat_map(|table| table.rows).collect()
}

const HEAD: &str = "<tr><th>Status Code</th><th>Error Code</th><th>Message</th></tr>";

/// Makes a table with the usual header above `body`.
fn table(body: &str) -> String {
    format!("<table>{HEAD}{body}</table>")
}

#[test]
fn expands_spans() {
    let expected = vec![vec!["400", "A.1", "x"], vec!["400", "A.2", "y"], vec!["404", "A.3", "z"]];
    let last = "<tr><td>404</td><td>A.3</td><td>z</td></tr>";
    for (name, body) in [
        (
            "rowspan",
            format!("<tr><td rowspan=2>400</td><td>A.1</td><td>x</td></tr><tr><td>A.2</td><td>y</td></tr>{last}"),
        ),
        (
            "quoted with blanks",
            format!("<tr><td rowspan=' 2 '>400</td><td>A.1</td><td>x</td></tr><tr><td>A.2</td><td>y</td></tr>{last}"),
        ),
        (
            "rowspan=0 reaches to the end of its section",
            format!(
                "<tbody><tr><td rowspan=0>400</td><td>A.1</td><td>x</td></tr><tr><td>A.2</td><td>y</td></tr></tbody><tbody>{last}</tbody>"
            ),
        ),
        (
            "beyond the section",
            format!(
                "<tbody><tr><td rowspan=99>400</td><td>A.1</td><td>x</td></tr><tr><td>A.2</td><td>y</td></tr></tbody><tbody>{last}</tbody>"
            ),
        ),
        (
            "garbage spans",
            format!(
                "<tr><td rowspan=x colspan=-1>400</td><td>A.1</td><td>x</td></tr><tr><td colspan=''>400</td><td rowspan=1.5>A.2</td><td>y</td></tr>{last}"
            ),
        ),
        ("unclosed tags", "<tr><td>400<td>A.1<td>x<tr><td>400<td>A.2<td>y<tr><td>404<td>A.3<td>z".to_owned()),
        (
            "no body of its own, blanks between",
            format!(
                "\n <tr>\n <td>400 </td> <td> A.1</td><td>x</td></tr>\n<tr><td>400</td><td>A.2</td><td>y</td></tr>\n{last}"
            ),
        ),
        (
            "a header that comes again",
            format!(
                "<tr><td>400</td><td>A.1</td><td>x</td></tr>{HEAD}<tr><td>400</td><td>A.2</td><td>y</td></tr>{last}"
            ),
        ),
    ] {
        assert_eq!(rows(&table(&body)), expected, "{name}");
    }
}

#[test]
fn bounds_absurd_spans() {
    let reading = read(&table("<tr><td rowspan=99999999999999999999 colspan=4294967295>400</td><td>A.1</td></tr>"));
    assert!(reading.tables.iter().all(|table| table.header.len() <= 2000));
    let many = "<tr>".to_owned() + &"<td rowspan=65534 colspan=1000>1".repeat(3000) + &"<tr><td>2".repeat(3000);
    assert!(read(&table(&many)).warns(WarningKind::TooDeep));
}

#[test]
fn keeps_the_first_of_overlapping_spans() {
    let body = "<tr><td>400</td><td rowspan=2>A.1</td><td>x</td></tr><tr><td colspan=2>404</td><td>y</td></tr>";
    assert_eq!(rows(&table(body)), [["400", "A.1", "x"], ["404", "A.1", "y"]]);
}

#[test]
fn finds_headers_of_every_kind() {
    let body = "<tr><td>404</td><td>A.1</td><td>x</td></tr>";
    for (name, html) in [
        ("td", format!("<table><tr><td>Status Code</td><td>Error Code</td><td>Message</td></tr>{body}</table>")),
        ("thead", format!("<table><thead>{HEAD}</thead><tbody>{body}</tbody></table>")),
        (
            "bold td",
            format!(
                "<table><tr><td><b>Status Code</b></td><td><p>Error Code</p></td><td>Message</td></tr>{body}</table>"
            ),
        ),
        ("a title row first", format!("<table><tr><th colspan=3>Errors of lamps</th></tr>{HEAD}{body}</table>")),
        (
            "in two rows",
            format!(
                "<table><thead><tr><th rowspan=2>Status Code</th><th colspan=2>Error</th></tr><tr><th>Error Code</th><th>Message</th></tr></thead>{body}</table>"
            ),
        ),
        ("layout table around", format!("<table><tr><td>Menu</td><td><table>{HEAD}{body}</table></td></tr></table>")),
        (
            "two layout tables around",
            format!(
                "<table><tr><td><table><tr><td>x</td><td><table>{HEAD}{body}</table></td></tr></table></td></tr></table>"
            ),
        ),
    ] {
        let reading = read(&html);
        assert_eq!(reading.tables.len(), 1, "{name}: {reading:#?}");
        assert_eq!(reading.tables[0].roles, [Role::Status, Role::Code, Role::Message], "{name}");
        assert_eq!(reading.tables[0].rows, [["404", "A.1", "x"]], "{name}");
    }
}

#[test]
fn finds_titles() {
    let body = "<tr><td>404</td><td>A.1</td><td>x</td></tr>";
    for (html, title) in [
        (
            format!("<h1>Lamp</h1><h2>Error codes<a class=headerlink>¶</a></h2><p>See below.</p>{}", table(body)),
            Some("Error codes"),
        ),
        (
            format!("<h2>Codes</h2><table><caption><b>Table 1</b> Lamps</caption>{HEAD}{body}</table>"),
            Some("Table 1 Lamps"),
        ),
        (table(body), None),
    ] {
        assert_eq!(read(&html).tables[0].title.as_deref(), title);
    }
}

#[test]
fn joins_continued_tables() {
    let html = format!(
        "<h2>Codes</h2>{}<p>The list goes on.</p><table><tr><td>404</td><td>A.2</td><td>y</td></tr></table>",
        table("<tr><td>400</td><td>A.1</td><td>x</td></tr>")
    );
    assert_eq!(rows(&html), [["400", "A.1", "x"], ["404", "A.2", "y"]]);
}

#[test]
fn extracts_the_visible_text_of_a_cell() {
    for (cell, seen) in [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two", "one\ntwo"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("one\n   two", "one two"),
        ("<pre>a\n  b</pre>", "a b"),
        ("see <a href=x>the <b>guide</b></a>.", "see the guide."),
        ("<code>lamp_id</code> is bad", "lamp_id is bad"),
        ("<img src=x alt='note'> mind", "note mind"),
        ("<span style='display: none'>no</span>yes", "yes"),
        ("<span hidden>no</span><i class='sr-only x'>no</i>yes<script>no()</script><style>no</style>", "yes"),
        ("Long&shy;Code<wbr>Name&#8203;.1", "LongCodeName.1"),
        ("a &lt;b&gt; &amp; c &nbsp; d", "a <b> & c d"),
        ("<div class=note><p>NOTE:</p><p>mind</p></div>", "NOTE:\nmind"),
        ("<table><tr><td>in</td><td>ner</td></tr><tr><td>2</td></tr></table>", "in ner\n2"),
        ("<!-- no -->yes", "yes"),
    ] {
        assert_eq!(
            rows(&table(&format!("<tr><td>400</td><td>A.1</td><td>{cell}</td></tr>"))),
            [["400", "A.1", seen]],
            "{cell}"
        );
    }
}

#[test]
fn rejects_decoys_with_a_reason() {
    for (name, html) in [
        (
            "statuses",
            "<table><tr><th>Status Code</th><th>Description</th></tr><tr><td>400</td><td>Bad Request</td></tr></table>",
        ),
        (
            "status names",
            "<table><tr><th>Status Code</th><th>Code</th><th>Description</th></tr><tr><td>404</td><td>Not Found</td><td>x</td></tr></table>",
        ),
        (
            "parameters",
            "<table><tr><th>Name</th><th>Type</th><th>Description</th></tr><tr><td>LampId</td><td>String</td><td>x</td></tr></table>",
        ),
        (
            "error fields",
            "<table><tr><th>Parameter</th><th>Type</th><th>Description</th></tr><tr><td>error_code</td><td>String</td><td>Error code</td></tr></table>",
        ),
        (
            "success",
            "<table><tr><th>Normal Code</th><th>Type</th><th>Description</th></tr><tr><td>200</td><td>OK</td><td>x</td></tr></table>",
        ),
        ("countries", "<table><tr><th>Country</th><th>Code</th></tr><tr><td>France</td><td>33</td></tr></table>"),
        ("numbered code sample", "<table><tr><td>1 2 3</td><td>{ \"error_code\": \"A.1\" }</td></tr></table>"),
        ("glossary", "<table><tr><th>术语</th><th>说明</th></tr><tr><td>错误码</td><td>x</td></tr></table>"),
    ] {
        let reading = read(html);
        assert_eq!(reading.tables, [], "{name}");
        assert_eq!(reading.left_out.len(), 1, "{name}");
        assert!(!reading.left_out[0].reason.is_empty(), "{name}");
    }
}

#[test]
fn chooses_one_of_two_code_columns() {
    let html = "<table><tr><th>错误码</th><th>模块错误码(codeDesc)</th><th>说明</th></tr><tr><td>4000</td><td>Lamp.Hot</td><td>太热。</td></tr></table>";
    assert_eq!(read(html).tables[0].roles, [Role::Other, Role::Code, Role::Description]);
    let html = "<table><tr><th>Code</th><th>CodeN</th><th>Message</th><th>HTTP Code</th></tr><tr><td>LampHot</td><td>100013</td><td>Too hot.</td><td>400</td></tr></table>";
    assert_eq!(read(html).tables[0].roles, [Role::Code, Role::Other, Role::Message, Role::Status]);
}

#[test]
fn treats_a_line_across_the_table_as_a_note() {
    let html = table("<tr><td colspan=3>Lamps of the hall</td></tr><tr><td>400</td><td>A.1</td><td>x</td></tr>");
    let reading = read(&html);
    assert_eq!(reading.tables[0].rows, [["400", "A.1", "x"]]);
    assert!(reading.warnings[0].detail.contains("Lamps of the hall"), "{:?}", reading.warnings);
}
