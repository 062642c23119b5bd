//! Control characters of pages never reach a terminal.

use std::fs;

use crate::site::{Run, Site};

const SOURCES: &str = r#"
[[source]]
vendor = "acme"
service = "lamps"
name = { zh = "灯", en = "Lamps" }
pages = { zh = "https://docs.acme.invalid/zh", en = "https://docs.acme.invalid/en" }
licence = "Written for this test."
"#;

const EN: &str = "\
# Error\u{1b}[31m Codes

| Status Code | Error Code | Error Message | Description\u{202e} |
|---|---|---|---|
| 400 | Lamp.0001 | Bulb \u{1b}]0;title\u{7}{0} is broken. | The bulb \u{202e}is broken and cannot be lit. |
| 404 | Lamp.0002\u{1b}[2J | No such lamp. | There is no\u{8}\u{8} lamp of that name. |
| 409 | Lamp.0003 | Lamp is busy. | Somebody else \u{1}holds the switch.\u{1b}c |
";

const ZH: &str = "\
# 错误码\u{1b}[31m

| 状态码 | 错误码 | 错误信息 | 描述\u{202e} |
|---|---|---|---|
| 400 | Lamp.0001 | Bulb \u{1b}]0;title\u{7}{0} is broken. | 灯泡\u{202e}已损坏，无法点亮。 |
| 404 | Lamp.0002\u{1b}[2J | No such lamp. | 没有\u{8}\u{8}这盏灯。 |
| 409 | Lamp.0003 | Lamp is busy. | 灯正被他人使用。\u{1b}c |
";

/// Returns a site with both pages in the root and as saved pages of the source. `extra` is in a cell and in the title of
/// each page.
fn site(extra: &str) -> Site {
    let site = Site::new(SOURCES);
    let with_extra = |page: &str| {
        page.replace("Lamp is busy", &format!("Lamp {extra} is busy")).replace("# ", &format!("# {extra}"))
    };
    for (name, page) in [("zh.md", with_extra(ZH)), ("en.md", with_extra(EN))] {
        fs::write(site.root().join(name), &page).unwrap();
        fs::write(site.root().join(format!("other-{name}")), change_page(&page)).unwrap();
        crate::site::write(&site.page(&format!("acme/lamps/{name}")), page);
    }
    let wall = format!("<h1>Sign\u{1b}[31m in {extra}</h1><p>Only \u{202e}members may read &#27;[2J this page.</p>");
    fs::write(site.root().join("wall.html"), wall).unwrap();
    site
}

/// Returns the page with a changed status, a changed text and a renamed code.
fn change_page(page: &str) -> String {
    page.replace("400 | Lamp.0001", "403 | Lamp.0001")
        .replace("No such lamp", "No such \u{1b}[5mlamp\u{202e}s")
        .replace("Lamp.0003", "Lantern.\u{1b}[1m0003")
}

#[track_caller]
fn assert_no_control_characters(command: &str, run: &Run) {
    for text in [&run.out, &run.err] {
        let hostile = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(hostile, None, "{command}: {text:?}");
    }
}

/// Runs every command that prints text of pages, in one format.
fn run_commands(site: &Site, format: &str) {
    let run = |command: &str| {
        let command = format!("{command} --format {format}");
        let run = site.run(&command);
        assert!(!run.out.is_empty() || run.code == 2, "{command}: {run:?}");
        assert_no_control_characters(&command, &run);
    };
    if format != "markdown" {
        ["probe en.md", "probe zh.md", "probe wall.html", "align zh.md en.md", "align zh.md wall.html"]
            .into_iter()
            .for_each(run);
    }
    ["diff en.md other-en.md", "diff zh.md other-zh.md", "diff en.md wall.html", "refresh --pages ../pages"]
        .into_iter()
        .for_each(run);
    for name in ["zh.md", "en.md"] {
        fs::copy(site.root().join(format!("other-{name}")), site.page(&format!("acme/lamps/{name}"))).unwrap();
    }
    ["check --pages ../pages", "refresh --pages ../pages"].into_iter().for_each(run);
    fs::copy(site.root().join("wall.html"), site.page("acme/lamps/en.md")).unwrap();
    ["check --pages ../pages", "refresh --pages ../pages", "refresh --offline"].into_iter().for_each(run);
}

#[test]
fn control_characters_are_escaped_in_text_and_markdown() {
    for format in ["text", "markdown"] {
        run_commands(&site("\u{9b}2J\u{7f}\u{85}\u{2028}"), format);
    }
}

#[test]
fn escape_sequences_are_escaped_in_json() {
    run_commands(&site(""), "json");
}

#[test]
fn all_control_characters_are_escaped_in_json() {
    run_commands(&site("\u{9b}2J\u{7f}"), "json");
}

#[test]
fn escaped_characters_stay_visible() {
    let site = site("");
    site.run("probe en.md").exits_with(0).prints(&[r"Error\u{1b}[31m Codes", r"Lamp.0002\u{1b}[2J"]);
    site.run("diff en.md other-en.md").exits_with(1).prints(&[r"\u{1b}[5mlamp"]);
}
