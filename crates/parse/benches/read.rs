//! How fast pages are read, and that hostile ones cost no more than their size: `cargo bench -p docdrift-parse`.
//!
//! Prints figures and asserts none: timings say something only beside others of the same run.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "a benchmark's answer, in round figures")]

use std::{fmt::Write as _, time::Instant};

use docdrift_model::Page;

fn main() {
    let pages: [(&str, String); 3] = [("html", html(300)), ("markdown", markdown(300)), ("text", text(300))];
    for (shape, page) in &pages {
        let repeats = 50;
        let started = Instant::now();
        let rows: usize = (0..repeats).map(|_| read(page)).sum();
        let seconds = started.elapsed().as_secs_f64();
        let megabytes = (page.len() * repeats) as f64 / 1e6;
        println!(
            "{shape:<40} {:>8.0} pages/s {:>8.1} MB/s {:>8} rows each",
            repeats as f64 / seconds,
            megabytes / seconds,
            rows / repeats
        );
    }
    println!();
    for (name, page) in hostile() {
        let started = Instant::now();
        let rows = read(&page);
        let seconds = started.elapsed().as_secs_f64();
        println!("{name:<40} {:>8.1} MB {seconds:>8.2} s {rows:>8} rows", page.len() as f64 / 1e6);
    }
}

fn read(text: &str) -> usize {
    let page = Page {
        url: "https://example.com/errors".into(),
        fetched_at: String::new(),
        status: Some(200),
        headers: Vec::new(),
        body: text.as_bytes().to_vec(),
    };
    docdrift_parse::read(&page).row_count()
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

/// Writing to a String cannot fail.
fn let_go(_: std::fmt::Result) {}

const HEADER: [&str; 5] = ["状态码", "错误码", "错误信息", "错误描述", "处理措施"];

fn html(count: usize) -> String {
    let furniture = "<li><a href=\"/lamps/page.html\" class=\"nav-item\"><span>灯具服务</span></a></li>\n".repeat(600);
    let mut out = format!(
        "<!DOCTYPE html><html><head><title>灯</title></head><body><nav><ul>{furniture}</ul></nav><h1>错误码</h1><table><thead><tr>"
    );
    for cell in HEADER {
        let_go(write!(out, "<th class=\"cellrowborder\"><p>{cell}</p></th>"));
    }
    out += "</tr></thead><tbody>";
    for row in rows(count) {
        out += "<tr>";
        for cell in row {
            let_go(write!(out, "<td class=\"cellrowborder\" valign=\"top\"><p>{cell}</p>\n</td>"));
        }
        out += "</tr>\n";
    }
    out + "</tbody></table></body></html>"
}

fn markdown(count: usize) -> String {
    let mut out = format!("# 错误码\n\n|{}|\n|--|--|--|--|--|\n", HEADER.join("|"));
    for row in rows(count) {
        let_go(writeln!(out, "|{}|", row.join("|")));
    }
    out
}

fn text(count: usize) -> String {
    let mut out = format!("{}错误码\n\n{}\n\n", "导航\n".repeat(400), HEADER.join("\n\n"));
    for row in rows(count) {
        let_go(write!(out, "{}\n\n", row.join("\n\n")));
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
