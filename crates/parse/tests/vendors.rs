//! Tests own-written pages in the shapes of each vendor. The complete reading of each is a snapshot.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "it reads this crate's own files")]

use std::{fmt::Write as _, fs, path::Path};

use docdrift_model::{ErrorTable, Lang, Page, ReadRules, Reading, WarningKind, vendor::Vendor};

/// Each fixture `<vendor>.<lang>.<ending>`, with a URL in the form of its vendor.
const FIXTURES: [(&str, &str); 15] = [
    (
        "alibabacloud.en.md",
        "https://www.alibabacloud.com/help/en/kiln/developer-reference/api-kiln-2024-05-01-firekiln",
    ),
    ("alibabacloud.zh.html", "https://help.aliyun.com/zh/kiln/developer-reference/api-kiln-2024-05-01-errorcodes"),
    ("aws.en.html", "https://docs.aws.amazon.com/cabinet/latest/APIReference/CommonErrors.html"),
    ("aws.zh.md", "https://docs.aws.amazon.com/zh_cn/cabinet/latest/APIReference/CommonErrors.md"),
    ("azure.en.html", "https://learn.microsoft.com/en-us/rest/api/lampoil/error-codes"),
    ("azure.zh.html", "https://docs.azure.cn/zh-cn/rest/api/lampoil/error-codes"),
    ("baiducloud.en.html", "https://cloud.baidu.com/doc/UMB/s/Ojw0um8re-en"),
    ("googlecloud.en.html", "https://cloud.google.com/attic/docs/reference-status?hl=en"),
    ("huaweicloud.en.md", "https://support.huaweicloud.com/intl/en-us/api-bcn/ErrorCode.md"),
    ("huaweicloud.zh.html", "https://support.huaweicloud.com/api-bcn/ErrorCode.html"),
    ("otc.en.html", "https://docs.otc.t-systems.com/tide-gauge-service/api-ref/appendix/error_codes.html"),
    ("tencentcloud.en.txt", "https://www.tencentcloud.com/document/product/1999/50001"),
    ("tencentcloud.zh.html", "https://cloud.tencent.com/document/api/1999/50001"),
    ("volcengine.en.txt", "https://docs.byteplus.com/en/docs/kites/error-codes"),
    ("volcengine.zh.html", "https://www.volcengine.com/docs/9999/65595"),
];

fn folder(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let names = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn read(fixture: &str, url: &str) -> Reading {
    let page = Page {
        url: url.into(),
        fetched_at: String::new(),
        status: Some(200),
        headers: Vec::new(),
        body: fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture)).unwrap(),
    };
    docdrift_parse::read(&page, &rules())
}

/// Returns the vendors of the fixtures, identified by the URLs above alone.
fn rules() -> ReadRules {
    let lang = |name: &str| Lang::ALL.into_iter().find(|lang| lang.as_str() == name).unwrap();
    let part = |fixture: &str, index| fixture.split('.').nth(index).unwrap().to_owned();
    let langs: Vec<(String, Lang)> =
        FIXTURES.iter().map(|(fixture, url)| ((*url).to_owned(), lang(&part(fixture, 1)))).collect();
    let vendor = |(fixture, url): &(&str, &str)| Vendor {
        name: part(fixture, 0),
        hosts: vec![url.split('/').nth(2).unwrap().to_owned()],
        langs: langs.clone(),
        ..Vendor::default()
    };
    ReadRules { vendors: FIXTURES.iter().map(vendor).collect(), ..ReadRules::default() }
}

#[test]
fn lists_every_fixture() {
    let listed: Vec<&str> = FIXTURES.iter().map(|(fixture, _)| *fixture).collect();
    assert_eq!(listed, folder("fixtures"), "one line in FIXTURES for each file of fixtures/, in order");
}

#[test]
fn identifies_vendor_and_language() {
    for (fixture, url) in FIXTURES {
        let reading = read(fixture, url);
        let parts: Vec<&str> = fixture.split('.').collect();
        assert_eq!(reading.vendor.as_deref(), Some(parts[0]), "{fixture}");
        assert_eq!(reading.lang.map(Lang::as_str), Some(parts[1]), "{fixture}");
        assert!(!reading.warns(WarningKind::WrongLanguage), "{fixture}: {:?}", reading.warnings);
    }
}

#[test]
fn reports_a_page_in_the_other_language() {
    let vendor = |fixture: &str| fixture.split('.').next().map(str::to_owned);
    for (zh, zh_url) in FIXTURES.iter().filter(|(fixture, _)| fixture.contains(".zh.")) {
        let en = FIXTURES.iter().find(|(fixture, _)| fixture.contains(".en.") && vendor(fixture) == vendor(zh));
        if let Some((en, en_url)) = en {
            assert!(read(zh, en_url).warns(WarningKind::WrongLanguage), "{zh} at {en_url}");
            assert!(read(en, zh_url).warns(WarningKind::WrongLanguage), "{en} at {zh_url}");
        }
    }
}

#[test]
fn reads_every_page_as_it_looks() {
    for (fixture, url) in FIXTURES {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, description => url }, {
            insta::assert_snapshot!(fixture, print_reading(&read(fixture, url)));
        });
    }
}

/// Prints the complete reading with one line per row. A newline in a cell is `⏎`.
fn print_reading(reading: &Reading) -> String {
    let known = |value: Option<&str>| value.unwrap_or("(none)").to_owned();
    let mut out = format!(
        "vendor: {}\ntitle: {}\nlanguage: {}\nupdated on: {}\nformat: {:?}\n",
        known(reading.vendor.as_deref()),
        known(reading.title.as_deref()),
        known(reading.lang.map(Lang::as_str)),
        known(reading.updated_on.map(|date| date.to_string()).as_deref()),
        reading.format,
    );
    for table in &reading.tables {
        push_table(&mut out, table);
    }
    for left in &reading.left_out {
        let title = known(left.title.as_deref());
        let _ = writeln!(out, "\nleft out: {title}, {} row(s)\n{}\n{}", left.rows, line(&left.header), left.reason);
    }
    for warning in &reading.warnings {
        let _ = writeln!(out, "\nwarning: {} at {:?}: {}", warning.kind.as_str(), warning.place, warning.detail);
    }
    out
}

fn push_table(out: &mut String, table: &ErrorTable) {
    let roles: Vec<String> = table.roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect();
    let title = table.title.as_deref().unwrap_or("(none)");
    let _ = writeln!(out, "\ntable: {title}, {} row(s)\n{}\n{}", table.rows.len(), line(&roles), line(&table.header));
    for row in &table.rows {
        let _ = writeln!(out, "{}", line(row));
    }
}

fn line(cells: &[String]) -> String {
    format!("¦ {} ¦", cells.join(" ¦ ").replace('\n', "⏎"))
}
