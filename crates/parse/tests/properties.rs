//! Properties of any page: reading never panics, and drawn tables are read as drawn.

use docdrift_model::{
    ErrorTable, Page, ReadRules, Reading, Role,
    text::{status_numbers, tidy},
};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestCaseError};

type Checked = Result<(), TestCaseError>;

fn read(body: impl Into<Vec<u8>>) -> Reading {
    let page =
        Page { url: "saved".into(), fetched_at: String::new(), status: None, headers: Vec::new(), body: body.into() };
    docdrift_parse::read(&page, &ReadRules::default())
}

fn assert_sound(reading: &Reading) -> Checked {
    for table in &reading.tables {
        prop_assert_eq!(table.roles.len(), table.header.len());
        prop_assert_eq!(table.roles.iter().filter(|role| **role == Role::Code).count(), 1, "one key: {:?}", table);
        for row in &table.rows {
            prop_assert_eq!(row.len(), table.header.len(), "{:?}", table);
        }
    }
    for place in reading.warnings.iter().filter_map(|warning| warning.place) {
        let table = reading.tables.get(place.table);
        prop_assert!(table.is_some_and(|table| place.row.is_none_or(|row| row < table.rows.len())), "{place:?}");
    }
    Ok(())
}

/// Fragments of pages for random combinations.
#[rustfmt::skip]
const FRAGMENTS: &[&str] = &[
    "|", "|", "|", " | ", "\\|", "||", "-", "---", "|---|---|", "|:--|--:|", "---|", "\n", "\n", "\n\n", " ", "\t",
    "Status Code", "HTTP Status Code", "Error Code", "Error Message", "Description", "Solution", "状态码", "错误码",
    "错误信息", "描述", "处理措施", "Code", "CodeN", "Message", "参数", "模块", "Error Code Description",
    "HTTP Status Code: 400", "HTTP 状态代码：403", "400", "404", "404/500", "403Forbidden", "5XX", "冲突 (409)",
    "Lamp.0001", "Lamp.0002", "InvalidLamp", "1100", "A_B", "{0}", "%s", "It is broken.", "灯坏了。", "-", "/", "`",
    "```", "~~~", "\n# ", "\n## 404—Not Found\n", "\n### Lamp.0003 Dim\n", "**Error Message**", "**", "_",
    "<table>", "<table>", "<tr>", "<tr>", "<td>", "<td>", "<td>", "<th>", "<td rowspan=2>", "<td rowspan=0>",
    "<td rowspan=99999>", "<td colspan=3>", "<th colspan=0>", "<thead>", "<tbody>", "<caption>", "</td>", "</tr>",
    "</table>", "</table>", "<p>", "</p>", "<br>", "<dl><dt>", "<dd>", "</dl>", "<ul><li>", "<!--", "-->",
    "<script>", "</script>", "<h2>", "</h2>", "<div hidden>", "</div>", "<html>", "<!doctype html>", "&lt;",
    "&amp;", "&#x200b;", "&nbsp;", "&", "<", "\u{200b}", "\u{ad}", "\u{feff}", "\u{3000}", "｜", "４００", "：",
    "更新时间：2025-01-02", "¶", "Sign in to", "<sup>1</sup>", "<button>Copy</button>", "<pre>", "<dt>", "</dd>",
    "\n- Lamp.0004 - 错误码\n", "\n错误信息: x 解决办法: y\n", "错误码: ", "400 Lamp.0005 ", "状态码错误码描述",
    "\n=====  =====\n", "\n.. list-table::\n", "\n   * - ", "\n     - ", "\n    |", "\n> |", "{\"A.1\": \"x y\"}",
];

/// Generates a page of fragments.
fn soup() -> impl Strategy<Value = String> {
    vec(select(FRAGMENTS), 0..80).prop_map(|fragments| fragments.concat())
}

/// A table as intended by its author.
#[derive(Clone, Debug)]
struct Table {
    header: Vec<&'static str>,
    roles: Vec<Role>,
    rows: Vec<Vec<String>>,
}

/// Words and marks of texts. Those that only Markdown treats as markup come last.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "lamp", "bulb", "is", "gone", "The", "灯", "失灵", "。", "，", " ", " ", " ", "\"", "'", "&", "|", "( ", ")", "{0}",
    "{name}", "%s", "[1, 9]", "#", ":", ";", "=", "+", "/", "~", "!", "?", "7", "400", "http://a.b/c", "<", ">",
    "<b>", "&lt;", "&amp;", "<br>", "-", "*", "_", "**", "`", "\\", "$",
];
/// The number of them that plain text can contain.
const PLAIN_WORDS: usize = WORDS.len() - 5;

/// Generates a text without blanks around it, which may be empty.
fn text(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        1 => Just(String::new()),
        1 => Just("-".to_owned()),
        12 => vec(select(words), 1..8).prop_map(|words| tidy(&words.concat())),
    ]
}

fn status() -> impl Strategy<Value = String> {
    let printed = ["400", "404", "403Forbidden", "404/500", "5XX", "BadRequest (400)", "400 Bad Request", "冲突 (409)"];
    select(printed.to_vec()).prop_map(str::to_owned)
}

/// Makes the `n`th code of a table. The number keeps codes distinct.
fn code(prefix: &str, n: usize) -> String {
    if prefix.is_empty() { format!("{}", 1100 + n) } else { format!("{prefix}{n:04}") }
}

/// Returns header words that pages print over a column of this role.
fn spellings(role: Role) -> &'static [&'static str] {
    match role {
        Role::Status => &["状态码", "HTTP 状态码", "Status Code", "HTTP status code"],
        Role::Code => &["错误码", "错误代码(Code)", "Error Code", "Error code"],
        Role::Message => &["错误信息", "Error Message", "错误消息(Message)"],
        Role::Description => &["描述", "说明", "Description", "Possible Causes"],
        Role::Solution => &["处理措施", "Solution", "Handling Measure"],
        Role::Group => &["模块", "Module", "Category"],
        Role::Other => &["Weather", "天气"],
    }
}

fn header(roles: &[Role]) -> impl Strategy<Value = Vec<&'static str>> + use<> {
    roles.iter().map(|role| select(spellings(*role))).collect::<Vec<_>>()
}

/// The orders of columns on pages.
const LAYOUTS: [&[Role]; 8] = [
    &[Role::Code, Role::Description],
    &[Role::Code, Role::Message, Role::Status],
    &[Role::Code, Role::Status, Role::Message, Role::Description],
    &[Role::Status, Role::Code, Role::Message, Role::Description],
    &[Role::Status, Role::Code, Role::Description, Role::Message],
    &[Role::Status, Role::Code, Role::Message, Role::Description, Role::Solution],
    &[Role::Group, Role::Status, Role::Code, Role::Message, Role::Solution],
    &[Role::Status, Role::Code, Role::Message, Role::Other],
];

fn table(words: &'static [&'static str]) -> impl Strategy<Value = Table> {
    let prefix = select(vec!["Lamp.", "InvalidLamp", "LMP_", "Missing{Name}.", "lamp:", ""]);
    (select(LAYOUTS.to_vec()), prefix, 1..8usize).prop_flat_map(move |(roles, prefix, rows)| {
        let row = move |n: usize| {
            let cell = move |role: &Role| match role {
                Role::Code => Just(code(prefix, n)).boxed(),
                Role::Status => status().boxed(),
                _ => text(words).boxed(),
            };
            roles.iter().map(cell).collect::<Vec<_>>()
        };
        let rows = (0..rows).map(row).collect::<Vec<_>>();
        (header(roles), rows).prop_map(move |(header, rows)| Table { header, roles: roles.to_vec(), rows })
    })
}

impl Table {
    fn printed_rows(table: &ErrorTable) -> Vec<Vec<String>> {
        [std::slice::from_ref(&table.header), &table.rows].concat()
    }

    fn cells(&self) -> Vec<Vec<String>> {
        let header = self.header.iter().map(ToString::to_string).collect();
        [vec![header], self.rows.clone()].concat()
    }
}

fn html_text(cell: &str) -> String {
    cell.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>")
}

fn html(rows: &[Vec<String>]) -> String {
    let cell = |cell: &String| ["<td>", &html_text(cell), "</td>"].concat();
    let row = |row: &Vec<String>| ["<tr>", &row.iter().map(cell).collect::<String>(), "</tr>\n"].concat();
    let rows: String = rows.iter().map(row).collect();
    format!("<!DOCTYPE html><html><body><h1>Lamps</h1><table>{rows}</table></body></html>")
}

fn markdown_text(cell: &str) -> String {
    let escaped = |c: char| if "\\`*_[]<>&|".contains(c) { format!("\\{c}") } else { c.to_string() };
    cell.chars().map(escaped).collect::<String>().replace('\n', "<br>")
}

fn piped(rows: &[Vec<String>], cell: impl Fn(&str) -> String) -> String {
    let row = |row: &Vec<String>| format!("| {} |", row.iter().map(|c| cell(c)).collect::<Vec<_>>().join(" | "));
    let mut lines: Vec<String> = rows.iter().map(row).collect();
    lines.insert(1, format!("|{}", "---|".repeat(rows[0].len())));
    lines.join("\n")
}

fn markdown(rows: &[Vec<String>]) -> String {
    format!("# Lamps\n\n{}\n\nThe end.\n", piped(rows, markdown_text))
}

fn plain(rows: &[Vec<String>]) -> String {
    format!("Lamps\n\n{}\n\nThe end.\n", piped(rows, |cell| cell.replace('|', "\\|")))
}

/// Asserts that the page has only this table, and that reading it again gives the same.
fn assert_reads(table: &Table, render: impl Fn(&[Vec<String>]) -> String) -> Checked {
    let page = render(&table.cells());
    let reading = read(page.clone());
    prop_assert_eq!(reading.tables.len(), 1, "{}\n{:#?}", page, reading);
    let found = &reading.tables[0];
    prop_assert_eq!(Table::printed_rows(found), table.cells(), "{}", page);
    // A column without a header word is a description if its cells are sentences.
    let is_same =
        |(found, drawn): (&Role, &Role)| found == drawn || (*drawn == Role::Other && *found == Role::Description);
    prop_assert!(found.roles.iter().zip(&table.roles).all(is_same), "{:?} not {:?}: {page}", found.roles, table.roles);
    prop_assert_eq!(&reading.warnings, &[], "{}", page);
    Ok(())
}

/// A table as drawn by a careless author: rows are too short or too long, and cells span.
#[derive(Clone, Debug)]
struct Sloppy {
    table: Table,
    /// A row, with the number of its last cells that are missing, or of extra cells if negative.
    ragged: Vec<(usize, i8)>,
    /// A row, a column, and the numbers of rows and columns that the cell spans.
    spans: Vec<(usize, usize, usize, usize)>,
}

fn sloppy() -> impl Strategy<Value = Sloppy> {
    let ragged = vec((0..8usize, -2..3i8), 0..3);
    let spans = vec((0..8usize, 0..5usize, 1..4usize, 1..3usize), 0..3);
    (table(WORDS), ragged, spans).prop_map(|(table, ragged, spans)| Sloppy { table, ragged, spans })
}

/// Generates a page of fragments, with or without a table.
fn page() -> impl Strategy<Value = String> {
    let drawn = prop_oneof![
        sloppy().prop_map(|sloppy| sloppy.html()),
        sloppy().prop_map(|sloppy| markdown(&sloppy.rows())),
        table(&WORDS[..PLAIN_WORDS]).prop_map(|table| plain(&table.cells())),
        Just(String::new()),
    ];
    (soup(), drawn, soup()).prop_map(|(before, drawn, after)| format!("{before}\n\n{drawn}\n\n{after}"))
}

impl Sloppy {
    /// Returns the rows with missing or extra last cells. Status and code stay, since nothing else identifies a row.
    fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = self.table.cells();
        let count = rows.len() - 1;
        let key = self.table.roles.iter().rposition(|role| matches!(role, Role::Status | Role::Code)).unwrap_or(0);
        for (row, missing) in &self.ragged {
            let row = &mut rows[1 + row % count];
            let width = row.len().saturating_add_signed(-isize::from(*missing));
            row.resize(width.max(key + 1), "surplus".to_owned());
        }
        rows
    }

    fn html(&self) -> String {
        let mut out = String::from("<!DOCTYPE html><html><body><table>");
        for (n, row) in self.rows().iter().enumerate() {
            out.push_str("\n <tr>");
            for (column, cell) in row.iter().enumerate() {
                let is_text = column > 1 && n > 0;
                let span = self.spans.iter().find(|span| is_text && (1 + span.0, span.1) == (n, column));
                let span = span.map_or_else(String::new, |span| format!(" rowspan='{}' colspan={}", span.2, span.3));
                out.extend(["<td", &span, "><p>", &html_text(cell)]);
            }
        }
        out + "</table></body></html>"
    }
}

/// Joins the cells of all tables of a page.
fn all_cells(reading: &Reading) -> String {
    let cells = reading.tables.iter().flat_map(Table::printed_rows).flatten();
    cells.collect::<Vec<_>>().join("\u{0}")
}

fn assert_shows(reading: &Reading, rows: &[Vec<String>], page: &str) -> Checked {
    let shown = all_cells(reading);
    for cell in rows.iter().flatten() {
        prop_assert!(shown.contains(cell.as_str()), "`{cell}` is lost from\n{page}\n{reading:#?}");
    }
    Ok(())
}

#[test]
fn keeps_past_failures_fixed() {
    let table = |rows: &str| {
        format!("# Lamps\n\n|Status Code|Error Code|Error Message|Description|\n|---|---|---|---|\n{rows}\n")
    };
    for (name, page, expected) in [
        ("a backslash ends a cell", table("|400|Lamp.1|no \\\\|x|"), ["400", "Lamp.1", "no \\", "x"]),
        ("a status that looks like a code", table("|403Forbidden|1101|||"), ["403Forbidden", "1101", "", ""]),
        (
            "a cell of a dash in a line of its own",
            table("|400\n\n|Lamp.1\n\n|-\n\n|x\n\n|"),
            ["400", "Lamp.1", "-", "x"],
        ),
    ] {
        let page = page.replace("|---|---|---|---|\n", "|---|---|---|---|\n|400|1100|x|y|\n");
        let reading = read(page.clone());
        assert_eq!(reading.tables.len(), 1, "{name}: {page}");
        assert_eq!(reading.tables[0].rows[1..], [expected], "{name}: {page}");
        assert_eq!(reading.warnings, [], "{name}: {page}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn reads_any_bytes(body in vec(any::<u8>(), 0..1500)) {
        assert_sound(&read(body))?;
    }

    #[test]
    fn reads_any_soup(page in soup()) {
        assert_sound(&read(page))?;
    }

    #[test]
    fn reads_any_soup_in_a_document(page in soup()) {
        assert_sound(&read(format!("<!doctype html><html><body>{page}")))?;
    }

    #[test]
    fn reads_html_as_drawn(table in table(WORDS)) {
        assert_reads(&table, html)?;
    }

    #[test]
    fn reads_markdown_as_drawn(table in table(WORDS)) {
        assert_reads(&table, markdown)?;
    }

    #[test]
    fn reads_piped_text_as_drawn(table in table(&WORDS[..PLAIN_WORDS])) {
        assert_reads(&table, plain)?;
    }

    #[test]
    fn reading_a_reading_again_gives_the_same(page in page()) {
        let reading = read(page);
        assert_sound(&reading)?;
        // A table is drawn again if its header is one that pages print. Other fragments may look like an error table
        // only because of their surroundings. A title that would be the status of a section as a heading, such as
        // `400C`, cannot be drawn either.
        let is_status = |table: &ErrorTable| {
            let title = table.title.as_deref().unwrap_or_default();
            title.contains("XX") || !status_numbers(title).is_empty()
        };
        let is_spelling = |(role, head): (&Role, &String)| spellings(*role).contains(&head.as_str());
        let has_header = |table: &ErrorTable| table.roles.iter().zip(&table.header).all(is_spelling);
        let is_drawable = |table: &&ErrorTable| has_header(table) && !table.rows.is_empty() && !is_status(table);
        for table in reading.tables.iter().filter(is_drawable) {
            let rows = Table::printed_rows(table);
            // The title may decide, so the table is drawn below its own title.
            let title = html_text(table.title.as_deref().unwrap_or("Lamps"));
            let again = read(html(&rows).replace("<h1>Lamps</h1>", &format!("<h1>{title}</h1>")));
            prop_assert_eq!(again.tables.len(), 1, "{:#?}\n{:#?}", table, again);
            prop_assert_eq!(Table::printed_rows(&again.tables[0]), rows);
        }
    }

    #[test]
    fn loses_no_cell_of_a_sloppy_html_table(sloppy in sloppy()) {
        let page = sloppy.html();
        let reading = read(page.clone());
        assert_sound(&reading)?;
        assert_shows(&reading, &sloppy.rows(), &page)?;
    }

    #[test]
    fn loses_no_cell_of_a_sloppy_markdown_table(sloppy in sloppy()) {
        let page = markdown(&sloppy.rows());
        let reading = read(page.clone());
        assert_sound(&reading)?;
        assert_shows(&reading, &sloppy.rows(), &page)?;
    }
}
