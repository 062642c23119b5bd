//! `probe` and `align`: their JSON and their text.

use std::fs;

use serde_json::json;

use crate::site::Site;

const ZH: &str = "\
# 错误码

更新时间：2025-03-04

| 状态码 | 错误码 | 错误信息 | 错误描述 | 处理措施 |
|---|---|---|---|---|
| 400 | Lamp.0001 | Bulb {0} is broken. | 灯泡已损坏，无法点亮。 | 请更换灯泡。 |
| 404 | Lamp.0002 | No such lamp. | 没有这盏灯。 | 请检查灯的名称。 |
| 409 | Lamp.0003 | Lamp is busy. | 灯正被他人使用。 | 请稍后重试。 |

| 参数 | 类型 | 描述 |
|---|---|---|
| watts | Integer | 灯泡的功率。 |
";

const EN: &str = "\
# Error Codes

Updated on 2025-03-05

| Status Code | Error Code | Error Message | Description | Solution |
|---|---|---|---|---|
| 404 | Lamp.0002 | No such lamp. | There is no lamp of that name. | Check the name of the lamp. |
| 400 | Lamp.0001 | Bulb {0} is broken. | The bulb is broken and cannot be lit. | Put in another bulb. |
| 429 | Lamp.0004 | Too many switches. | The lamp was switched too often. | Wait for a minute. |
";

const SOURCES: &str = r#"
[vendor.acme]
hosts = ["docs.acme.test"]
marks = ["Lamp.0001"]

[[source]]
vendor = "acme"
service = "lamps"
name = { en = "Lamps" }
pages = { en = "https://docs.acme.test/lamps" }
licence = "Acme"
read = { within = "main" }
"#;

/// Returns a site with both pages as `zh.md` and `en.md`.
fn site() -> Site {
    let site = Site::new(SOURCES);
    fs::write(site.root().join("zh.md"), ZH).unwrap();
    fs::write(site.root().join("en.md"), EN).unwrap();
    site
}

#[test]
fn probe_prints_json() {
    let answer = site().run("probe zh.md --format json").exits_with(0).json();
    assert_eq!(answer["lang"], "zh");
    assert_eq!(answer["updated_on"], "2025-03-04");
    assert_eq!(answer["format"], "markdown");
    let expected = json!([{
        "title": "错误码",
        "header": ["状态码", "错误码", "错误信息", "错误描述", "处理措施"],
        "roles": ["status", "code", "message", "description", "solution"],
        "rows": [
            ["400", "Lamp.0001", "Bulb {0} is broken.", "灯泡已损坏，无法点亮。", "请更换灯泡。"],
            ["404", "Lamp.0002", "No such lamp.", "没有这盏灯。", "请检查灯的名称。"],
            ["409", "Lamp.0003", "Lamp is busy.", "灯正被他人使用。", "请稍后重试。"],
        ],
    }]);
    assert_eq!(answer["tables"], expected);
    assert_eq!(answer["warnings"], json!([]));
    assert_eq!(answer["left_out"][0]["header"], json!(["参数", "类型", "描述"]));
}

#[test]
fn unknown_facts_of_a_page_are_null() {
    let site = site();
    let undated = "<table><tr><th>Error Code</th><th>Description</th></tr><tr><td>Lamp.1</td><td>No lamp is there.</td></tr>\
                   <tr><td>Lamp.2</td><td>The lamp is broken.</td></tr></table>";
    fs::write(site.root().join("page.html"), undated).unwrap();
    let answer = site.run("probe page.html --format json").exits_with(0).json();
    assert_eq!((&answer["format"], &answer["updated_on"]), (&json!("html"), &json!(null)));
    assert_eq!((&answer["tables"][0]["title"], &answer["tables"][0]["rows"][1][0]), (&json!(null), &json!("Lamp.2")));

    fs::write(site.root().join("empty.txt"), "").unwrap();
    let answer = site.run("probe empty.txt --format json").exits_with(4).json();
    assert_eq!((&answer["lang"], &answer["tables"]), (&json!(null), &json!([])));
    assert_eq!(answer["warnings"][0]["kind"], "empty");
}

#[test]
fn probe_prints_read_and_left_out_tables() {
    site().run("probe zh.md").exits_with(0).prints(&[
        "read as markdown",
        "language zh, updated on 2025-03-04",
        "1 error table(s), 3 row(s)",
        "code         错误码",
        "left out: a table of 1 row(s), `参数 | 类型 | 描述`",
    ]);
}

#[test]
fn align_prints_json() {
    let answer = site().run("align zh.md en.md --format json").exits_with(0).json();
    let pairs = answer["pairs"].as_array().unwrap();
    let places: Vec<_> = pairs.iter().map(|pair| (pair["zh"].clone(), pair["en"].clone())).collect();
    assert_eq!(places, [(json!([0, 0]), json!([0, 1])), (json!([0, 1]), json!([0, 0]))]);
    for pair in pairs {
        assert_eq!((&pair["method"], &pair["score"]), (&json!("code"), &json!(1.0)));
    }
    assert_eq!((&answer["zh_only"], &answer["en_only"]), (&json!([[0, 2]]), &json!([[0, 2]])));
}

#[test]
fn align_prints_pairs_and_unpaired_rows() {
    site().run("align zh.md en.md").exits_with(0).prints_exactly(
        "\
400 Lamp.0001 = 400 Lamp.0001  (code, 1.00)
404 Lamp.0002 = 404 Lamp.0002  (code, 1.00)
409 Lamp.0003 = nothing in en
nothing in zh = 429 Lamp.0004
2 pair(s), 1 row(s) in zh only, 1 in en only
",
        "",
    );
}

#[test]
fn a_missing_page_is_an_error() {
    let site = site();
    for command in ["probe nowhere.html", "align nowhere.html en.md", "align zh.md nowhere.html"] {
        let run = site.run(command).exits_with(2).prints(&["error: cannot open the page nowhere.html: "]);
        assert!(run.out.is_empty(), "{command}: {}", run.out);
    }
    site.run("probe .").exits_with(2).prints_exactly("", "error: . is a folder, not a page\n");
}

#[test]
fn pages_are_read_with_the_vendors_of_sources_toml() {
    let site = site();
    let vendor = |command: &str| site.run(&format!("{command} --format json")).exits_with(0).json()["vendor"].clone();
    assert_eq!(vendor("probe en.md"), "acme");
    assert_eq!(vendor("probe en.md --source acme/lamps"), "acme");
    fs::remove_file(site.root().join("sources.toml")).unwrap();
    assert_eq!(vendor("probe en.md"), json!(null));
    site.run("probe en.md --source acme/lamps")
        .exits_with(2)
        .prints(&["--source acme/lamps: there is no sources.toml here"]);
    site.run("align zh.md en.md").exits_with(0);
}

#[test]
fn a_wrong_configuration_is_reported_before_pages_are_read() {
    let site = site();
    site.run("probe en.md --source acme/bells")
        .exits_with(2)
        .prints_exactly("", "error: `acme/bells` is no source of sources.toml; `docdrift status` lists them\n");
    let wrong = SOURCES.replace("\"main\"", "\"main >\"");
    fs::write(site.root().join("sources.toml"), wrong).unwrap();
    for command in ["probe en.md", "align zh.md en.md", "diff en.md zh.md", "refresh --offline", "archive prune"] {
        let message = "sources.toml: `acme/lamps`: `read.within` is not a CSS selector: `main >`: ";
        site.run(command).exits_with(2).prints(&[message]);
    }
}

/// A page whose only table has unknown header words.
const UNKNOWN: &str = "\
# Lamps

| Zustand | Kennung | Bemerkung |
|---|---|---|
| rot | Lamp.0001 | Die Birne fehlt. |
| gelb | Lamp.0002 | Der Schalter klemmt. |
";

#[test]
fn the_trace_prints_each_candidate() {
    let site = site();
    site.run("probe zh.md --trace").exits_with(0).prints(&[
        "candidate(s) for error tables",
        "printed: 3 row(s), `状态码 | 错误码 | 错误信息 | 错误描述 | 处理措施` (lines 5-9)",
        "  score    ",
        "  verdict  table 0",
        "  verdict  rejected: ",
        "  hint     read = { tables = [",
    ]);
    let answer = site.run("probe zh.md --trace --format json").exits_with(0).json();
    let candidates = answer["trace"]["candidates"].as_array().unwrap();
    assert_eq!(candidates[0]["verdict"], json!({"accepted": {"table": 0}}));
    assert_eq!(candidates[0]["hint"], json!(null));
    assert!(candidates.iter().any(|candidate| candidate["hint"].is_string()), "{candidates:#?}");
    assert_eq!(site.run("probe zh.md --format json").json().get("trace"), None);
}

#[test]
fn the_hint_for_a_rejected_table_makes_it_readable() {
    let site = site();
    fs::write(site.root().join("unknown.md"), UNKNOWN).unwrap();
    let run = site
        .run("probe unknown.md")
        .exits_with(4)
        .prints(&["0 error table(s)", "to take it, put this under its source"]);
    let hint = run.out.lines().map(str::trim).find(|line| line.starts_with("read = ")).unwrap();
    let sources = SOURCES.replace("read = { within = \"main\" }", hint);
    fs::write(site.root().join("sources.toml"), sources).unwrap();
    let answer = site.run("probe unknown.md --source acme/lamps --format json").exits_with(0).json();
    assert_eq!(answer["tables"][0]["rows"].as_array().unwrap().len(), 2);
    assert_eq!(answer["tables"][0]["roles"][1], "code");
}

#[test]
fn align_reports_a_page_without_a_table() {
    let site = site();
    fs::write(site.root().join("unknown.md"), UNKNOWN).unwrap();
    site.run("align zh.md unknown.md").exits_with(4).prints(&["nothing in en", "en page: no error table: "]);
    let answer = site.run("align zh.md unknown.md --format json").exits_with(4).json();
    assert_eq!((&answer["pairs"], answer["zh_only"].as_array().unwrap().len()), (&json!([]), 3));
    assert_eq!((&answer["warnings"][0]["lang"], &answer["warnings"][0]["kind"]), (&json!("en"), &json!("no-table")));
}
