//! Measures how fast pages are read, and that hostile ones take linear time: `cargo bench -p docdrift-parse`.
//!
//! The benchmark asserts nothing, since timings are meaningful only compared with others of the same run. A reader takes
//! linear time when its bytes per second stay the same for lists of each size.

use std::fmt::{self, Write as _};

use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use docdrift_model::{Page, ReadRules};

const LIST_SIZES: [usize; 3] = [250_000, 500_000, 1_000_000];

fn main() {
    divan::main();
}

// An item is a row.
#[divan::bench(name = "ordinary pages", args = ordinary_pages(), sample_count = 50, sample_size = 1)]
fn read_ordinary_pages(bencher: Bencher, page: &NamedPage) {
    bencher.counter(BytesCount::of_slice(&page.page.body)).counter(ItemsCount::new(read(page))).bench(|| read(page));
}

// A hostile page may take seconds, so one sample is enough.
#[divan::bench(name = "hostile pages", args = hostile_pages(), sample_count = 1, sample_size = 1)]
fn read_hostile_pages(bencher: Bencher, page: &NamedPage) {
    bencher.counter(BytesCount::of_slice(&page.page.body)).bench(|| read(page));
}

#[divan::bench(name = "hostile lists", args = hostile_lists_of_each_size(), sample_count = 1, sample_size = 1)]
fn read_hostile_lists(bencher: Bencher, page: &NamedPage) {
    bencher.counter(BytesCount::of_slice(&page.page.body)).bench(|| read(page));
}

fn read(named: &NamedPage) -> usize {
    docdrift_parse::read(&named.page, &ReadRules::default()).row_count()
}

/// A page with the name under which its measurement is printed.
struct NamedPage {
    name: String,
    page: Page,
}

impl NamedPage {
    fn new(name: impl Into<String>, text: String) -> Self {
        let page = Page {
            url: "https://example.com/errors".into(),
            fetched_at: String::new(),
            status: Some(200),
            headers: Vec::new(),
            body: text.into_bytes(),
        };
        Self { name: name.into(), page }
    }
}

impl fmt::Display for NamedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn ordinary_pages() -> [NamedPage; 3] {
    [("html", html(300)), ("markdown", markdown(300)), ("text", text(300))]
        .map(|(name, text)| NamedPage::new(name, text))
}

fn hostile_pages() -> impl Iterator<Item = NamedPage> {
    hostile().into_iter().map(|(name, text)| NamedPage::new(name, text))
}

/// Returns each hostile list in all sizes, one after the other.
fn hostile_lists_of_each_size() -> Vec<NamedPage> {
    let named = |size| {
        let lists = hostile_lists(size).into_iter();
        lists.map(move |(name, text)| NamedPage::new(format!("{name}, {} KB", size / 1000), text))
    };
    let [small, medium, large] = LIST_SIZES.map(named);
    small.zip(medium).zip(large).flat_map(|((small, medium), large)| [small, medium, large]).collect()
}

fn rows(count: usize) -> impl Iterator<Item = [String; 5]> {
    (0..count).map(|n| {
        [
            format!("{}", 400 + n % 20),
            format!("Lamp.{n:04}"),
            format!("Lamp {{0}} of room {n} cannot be lit."),
            format!("第{n}间房的灯无法点亮。"),
            "请检查<b>开关</b>后重试。".to_owned(),
        ]
    })
}

/// Ignores the result of writing to a String, which cannot fail.
fn ignore_result(_: fmt::Result) {}

const HEADER: [&str; 5] = ["状态码", "错误码", "错误信息", "错误描述", "处理措施"];

fn html(count: usize) -> String {
    let furniture = "<li><a href=\"/lamps/page.html\" class=\"nav-item\"><span>灯具服务</span></a></li>\n".repeat(600);
    let mut out = format!(
        "<!DOCTYPE html><html><head><title>灯</title></head><body><nav><ul>{furniture}</ul></nav><h1>错误码</h1><table><thead><tr>"
    );
    for cell in HEADER {
        ignore_result(write!(out, "<th class=\"cellrowborder\"><p>{cell}</p></th>"));
    }
    out += "</tr></thead><tbody>";
    for row in rows(count) {
        out += "<tr>";
        for cell in row {
            ignore_result(write!(out, "<td class=\"cellrowborder\" valign=\"top\"><p>{cell}</p>\n</td>"));
        }
        out += "</tr>\n";
    }
    out + "</tbody></table></body></html>"
}

fn markdown(count: usize) -> String {
    let mut out = format!("# 错误码\n\n|{}|\n|--|--|--|--|--|\n", HEADER.join("|"));
    for row in rows(count) {
        ignore_result(writeln!(out, "|{}|", row.join("|")));
    }
    out
}

fn text(count: usize) -> String {
    let mut out = format!("{}错误码\n\n{}\n\n", "导航\n".repeat(400), HEADER.join("\n\n"));
    for row in rows(count) {
        ignore_result(write!(out, "{}\n\n", row.join("\n\n")));
    }
    out
}

fn hostile() -> Vec<(&'static str, String)> {
    let megabytes = |unit: &str, count: usize| unit.repeat(count * 1_000_000 / unit.len());
    let document = |body: String| format!("<!DOCTYPE html><html><body>{body}");
    let head = "<tr><th>Status Code</th><th>Error Code</th></tr>";
    vec![
        ("nested divs", document(megabytes("<div>", 10))),
        ("nested tables", document(megabytes("<table><tr><td>", 10))),
        ("nested tables with a header", document(megabytes(&format!("<table>{head}<tr><td>"), 10))),
        ("open bold over paragraphs", document("<b>".repeat(20_000) + &megabytes("<p>x", 1))),
        (
            "bold with attributes over paragraphs",
            document((0..20_000).fold(String::new(), |all, n| all + &format!("<b id={n}>")) + &megabytes("<p>x", 1)),
        ),
        (
            "spans beyond reason",
            document(format!("<table>{head}") + &megabytes("<tr><td rowspan=65534 colspan=1000>1", 10)),
        ),
        ("one long row", document(format!("<table>{head}<tr>") + &megabytes("<td>1", 10))),
        ("many rows", document(format!("<table>{head}") + &megabytes("<tr><td>400<td>A.1", 10))),
        ("attributes", document(format!("<p {}>", megabytes("a=1 ", 10)))),
        ("lists left open", document(megabytes("<ul><li>", 10))),
        ("pipes on one line", megabytes("|", 10)),
        ("pipe lines", megabytes("|\n", 10)),
        ("unfinished rows", "# x\n|a|b|c|\n|-|-|-|\n".to_owned() + &megabytes("|a\n", 10)),
        ("header words, a line each", megabytes("Error Code\nStatus Code\n", 10)),
        ("headers with a row and junk", megabytes("Error Code\nStatus Code\nA.1\n400\njunk here\n", 10)),
        ("spaced headers", megabytes("Error Code Description\nA.1 x\n", 10)),
        ("fences", megabytes("```\n~~~\n", 10)),
        ("open tables in Markdown", "# x\n".to_owned() + &megabytes("<table>\n", 10)),
        ("headings", megabytes("# A.1 x\n", 10)),
        ("status labels", megabytes("A.1\nHTTP Status Code: 400\n", 10)),
        ("emphasis", "# x\n|Error Code|Description|\n|-|-|\n|A.1|".to_owned() + &megabytes("*a **b _c ", 1) + "|\n"),
        ("brackets", "# x\n|Error Code|Description|\n|-|-|\n|A.1|".to_owned() + &megabytes("[", 1) + "|\n"),
        ("grid rules", megabytes("+--+--+\n", 10)),
        ("one long word", megabytes("x", 10)),
    ]
}

/// Makes pages of `size` bytes each that are hostile to the readers of lists and of tables without drawing.
fn hostile_lists(size: usize) -> Vec<(&'static str, String)> {
    let repeat = |unit: &str| unit.repeat(size / unit.len());
    let numbered = |unit: &str| {
        let units = (0..).map(|n| unit.replace("{n}", &format!("{n:06}")));
        units.take(size / (unit.len() + 3)).collect::<String>()
    };
    let document = |body: String| format!("<!DOCTYPE html><html><body><h1>Error Codes</h1>{body}");
    let transposed = "<table><tr><td>Error Code<td>A.{n}<tr><td>Message<td>x y<tr><td>Solution<td>z</table>";
    let labels = "<table><tr><td>Error Code<td>A.{n}<tr><td>Message<td>x<tr><td>Solution<td>z<tr><td>l{n}<td>z</table>";
    let columns = size / 20;
    vec![
        ("transposed tables", document(numbered(transposed))),
        ("transposed tables of new labels", document(numbered(labels))),
        ("headers alone", document(repeat("<table><tr><th>Error Code<th>Message</table><p>x</p>"))),
        ("definitions", document(format!("<dl>{}", numbered("<dt>Lamp.{n}<dd>x")))),
        ("definition lists in definitions", document(repeat("<dl><dt>Lamp.1<dd>x"))),
        ("terms without definitions", document(format!("<dl>{}", numbered("<dt>Lamp.{n}")))),
        ("labelled bullets", format!("# Error Codes\n{}", numbered("- Lamp.{n}\n  - Description: x\n"))),
        ("labels on one line", format!("# Error Codes\nLamp.0001 {}", repeat("Description: x "))),
        ("colons on one line", format!("# Error Codes\nLamp.0001 {}", repeat("a b c d: "))),
        ("codes without labels", format!("# Error Codes\n{}", numbered("Lamp.{n}\n"))),
        ("labels of one code", format!("# Error Codes\nLamp.0001\n{}", repeat("Description: x\n"))),
        ("headings of new labels", numbered("# Lamp.{n}\n## Description\nx\n## l{n}\ny\n")),
        ("status labels without codes", repeat("HTTP Status Code: 400\n")),
        ("a table on one line", format!("状态码错误码描述{}", numbered("400Lamp.{n}灯坏了。"))),
        ("a table on one line, row a line", format!("状态码错误码描述\n{}", numbered("400Lamp.{n}灯坏了。\n"))),
        ("one row a line without a header", numbered("400Lamp.{n}灯坏了。\nx\n")),
        ("header words on one line", repeat("Status Code Error Code Description ")),
        ("a joined table", format!("| Error Code | Message | | --- | --- | {}", numbered("| A.{n} | x | "))),
        ("a joined header", repeat("| --- ")),
        ("a map of codes", format!("# Error Codes\n```\n{{{}\"A.1\":\"x y\"}}\n```\n", numbered("\"A.{n}\":\"x y\","))),
        ("maps left open", format!("# Error Codes\n{}", repeat("{\"a\":\n"))),
        ("brackets in a sample", format!("# Error Codes\n```\n{}\n```\n", "[".repeat(size))),
        ("samples", format!("# Error Codes\n{}", repeat("```\n{\"A.1\":\"x y\"}\n```\n"))),
        ("a grid of many columns", format!("+{0}\n|{1}\n+{0}\n", "-+".repeat(columns * 3), "a|".repeat(columns * 3))),
        (
            "a grid of 60 columns",
            format!(
                "+{0}\n{1}",
                "--+".repeat(60),
                format!("|{0}\n+{1}\n", "aa|".repeat(60), "--+".repeat(60)).repeat(size / 364)
            ),
        ),
        ("grids left open", repeat("+--+--+\n|a |b |\n\n")),
        (
            "a simple table of many columns",
            format!("{0}\n{1}\n{0}\n{1}\n{0}\n", "== ".repeat(columns), "aa ".repeat(columns)),
        ),
        ("rules of simple tables", repeat("== ==\na  b\n")),
        ("other rules of simple tables", repeat("== ==\na  b\n== ===\nc  d\n")),
        ("a list table", format!(".. list-table::\n\n{}", numbered("   * - A.{n}\n     - x\n"))),
        ("list tables", repeat(".. list-table::\n   * - a\n")),
        (
            "raised marks",
            document(format!("<table><tr><th>Error Code<th>Message<tr><td>A.1<td>{}", repeat("x<sup>1</sup>"))),
        ),
        ("raised marks left open", format!("# x\n|Error Code|Message|\n|-|-|\n|A.1|{}|\n", repeat("<sup>"))),
        ("raised marks in Markdown", format!("# x\n|Error Code|Message|\n|-|-|\n|A.1|{}|\n", repeat("<sup>1</sup>"))),
        ("titles", repeat("Error Codes\n\nLamps\n\n")),
    ]
}
