use docdrift_model::{Lang, Role, vendor::vendor_of_page};

use super::{SOURCE, assert_only_problem};
use crate::{
    fields::Problems,
    parse::parse_config,
    vendor::{BUILTIN_FILES, builtin_vendors, parse_builtin},
};

#[test]
fn every_file_of_the_folder_parses_and_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vendors");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert_eq!(BUILTIN_FILES.map(|(name, _)| format!("{name}.toml")).as_slice(), names);
    for (name, file) in BUILTIN_FILES {
        let mut problems = Problems::new(file);
        let vendor = parse_builtin(name, file, &mut problems);
        let vendor = problems.into_result(vendor).unwrap();
        assert!(!vendor.hosts.is_empty() && !vendor.marks.is_empty() && !vendor.langs.is_empty(), "{name}");
    }
}

#[test]
fn builtin_vendors_recognise_their_urls() {
    let vendors = builtin_vendors();
    for (url, name, lang) in [
        ("https://support.huaweicloud.com/intl/en-us/api-ecs/ErrorCode.html", "huaweicloud", Some(Lang::En)),
        ("https://support.huaweicloud.com/api-ecs/ErrorCode.html", "huaweicloud", Some(Lang::Zh)),
        ("https://cloud.tencent.com/document/api/1441/75532", "tencentcloud", Some(Lang::Zh)),
        ("https://www.tencentcloud.com/document/product/1148/49317", "tencentcloud", Some(Lang::En)),
        ("https://docs.aws.amazon.com/zh_cn/kms/latest/APIReference/CommonErrors.html", "aws", Some(Lang::Zh)),
        ("https://intl.cloud.baidu.com/doc/BOS/s/x-en", "baiducloud", Some(Lang::En)),
        ("https://docs.otc.t-systems.com/x/error_codes.html", "otc", Some(Lang::En)),
        ("https://cloud.google.com/storage/docs/reference-status?hl=zh-cn", "googlecloud", Some(Lang::Zh)),
    ] {
        let found = vendor_of_page(&vendors, url, "").unwrap();
        assert_eq!((found.name.as_str(), found.promised_lang(url)), (name, lang), "{url}");
    }
    let saved = vendor_of_page(&vendors, "saved/en.txt", "see https://support.huaweicloud.com/x").unwrap();
    assert_eq!(saved.name, "huaweicloud");
}

#[test]
fn vendors_of_the_file_come_first_and_extend_the_builtin_ones() {
    let text = format!(
        r#"
        [vendor.otc]
        hosts = ["docs.otc.test"]
        langs = [{{ part = "/zh/", lang = "zh" }}]
        headers = {{ status = ["Answer"] }}
        prefer_embedded = true
        [vendor.acme]
        hosts = ["Docs.Acme.test"]
        headers = {{ code = ["Fault", "Trouble"], other = ["Code"] }}
        {SOURCE}"#
    );
    let vendors = parse_config(&text).unwrap().vendors;
    let names: Vec<&str> = vendors.iter().map(|vendor| vendor.name.as_str()).collect();
    let builtin = BUILTIN_FILES.map(|(name, _)| name);
    assert_eq!(names, [&["acme"], builtin.as_slice()].concat());
    assert_eq!(vendors[0].hosts, ["docs.acme.test"]);
    let words = [(Role::Code, vec!["Fault".into(), "Trouble".into()]), (Role::Other, vec!["Code".into()])];
    assert_eq!(vendors[0].headers, words);
    let (otc, before) = (&vendors[7], &builtin_vendors()[6]);
    assert_eq!(otc.hosts, ["docs.otc.test", "t-systems.com"]);
    assert_eq!(otc.marks, before.marks);
    assert_eq!((otc.langs[0].0.as_str(), otc.langs.len()), ("/zh/", before.langs.len() + 1));
    assert_eq!((otc.headers[0].0, &otc.headers[1..]), (Role::Status, before.headers.as_slice()));
    assert!(otc.prefer_embedded && !before.prefer_embedded);
    assert_eq!(parse_config(SOURCE).unwrap().vendors, builtin_vendors());
}

#[test]
fn each_mistake_has_a_problem_with_its_line() {
    for (text, expected) in [
        ("vendor = 1", "1:10: [vendor] must be a table, as [vendor.acme], not an integer"),
        ("[[vendor]]", "1:1: [vendor] must be a table, as [vendor.acme], not an array"),
        ("[vendor.acme]", "1:1: missing key `hosts` in [vendor.acme]: the hosts"),
        ("[vendor.Acme]\nhosts = []", "1:9: `Acme` is no vendor name: only a-z"),
        (
            "[vendor.otc]\nhost = []",
            "2:1: unknown key `host` in [vendor.otc]; allowed: hosts, marks, langs, headers, prefer_embedded",
        ),
        ("[vendor.otc]\nhosts = \"a.test\"", "2:9: `hosts` must be a list of strings, not a string"),
        ("[vendor.otc]\nhosts = [\"https://a.test\"]", "2:9: `https://a.test` in `hosts` is no host"),
        ("[vendor.otc]\nhosts = [\"a.test:80\"]", "2:9: `a.test:80` in `hosts` is no host"),
        ("[vendor.otc]\nmarks = [1]", "2:10: `marks` must be a string, not an integer"),
        ("[vendor.otc]\nlangs = { a = \"en\" }", "2:9: `langs` must be a list of tables, not a table"),
        ("[vendor.otc]\nlangs = [{ part = \"/en/\" }]", "2:10: missing key `lang` in `langs`: the language"),
        (
            "[vendor.otc]\nlangs = [{ part = \"/jp/\", lang = \"jp\" }]",
            "2:34: unknown language `jp` in `lang`; allowed: zh, en",
        ),
        (
            "[vendor.otc]\nheaders = { key = [] }",
            "2:13: unknown key `key` in `headers`; allowed: status, code, message, description, solution, group, other",
        ),
        ("[vendor.otc]\nheaders.code = \"Fault\"", "2:16: `headers.code` must be a list of strings, not a string"),
        ("[vendor.otc]\nprefer_embedded = 1", "2:19: `prefer_embedded` must be true or false, not an integer"),
    ] {
        assert_only_problem(&format!("{text}\n{SOURCE}"), expected);
    }
}
