//! What is known of vendors: the built-in files of `vendors/`, and the `[vendor.NAME]` tables of `sources.toml`.

use docdrift_model::{Lang, Role, SourceId, Vendor};

use crate::{
    fetching::host_name,
    fields::{Problems, Section, Value, boolean, parse_choice, parse_tables, parse_texts, text, wrong_type},
    parse::root,
};

const VENDOR_KEYS: [&str; 5] = ["hosts", "marks", "langs", "headers", "prefer_embedded"];
const LANG_KEYS: [&str; 2] = ["part", "lang"];

/// The built-in vendors' files by name, in order.
const BUILTIN_FILES: [(&str, &str); 9] = [
    ("alibabacloud", include_str!("../vendors/alibabacloud.toml")),
    ("aws", include_str!("../vendors/aws.toml")),
    ("azure", include_str!("../vendors/azure.toml")),
    ("baiducloud", include_str!("../vendors/baiducloud.toml")),
    ("googlecloud", include_str!("../vendors/googlecloud.toml")),
    ("huaweicloud", include_str!("../vendors/huaweicloud.toml")),
    ("otc", include_str!("../vendors/otc.toml")),
    ("tencentcloud", include_str!("../vendors/tencentcloud.toml")),
    ("volcengine", include_str!("../vendors/volcengine.toml")),
];

/// Returns the vendors that docdrift knows by itself, sorted by name.
pub fn builtin_vendors() -> Vec<Vendor> {
    // Each file is parsed by a test, so none is left out here.
    BUILTIN_FILES.iter().filter_map(|(name, file)| parse_builtin(name, file, &mut Problems::of(file))).collect()
}

fn parse_builtin(name: &str, file: &str, problems: &mut Problems<'_>) -> Option<Vendor> {
    let root = root(file, problems)?;
    let file_name = format!("{name}.toml");
    let section = Section { name: &file_name, table: root.get_ref(), span: 0..0 };
    section.refuse_unknown(&VENDOR_KEYS, problems);
    Some(extend_vendor(new_vendor(name), &section, problems))
}

/// Parses `[vendor]`: the vendors of the file, sorted by name, then the built-in ones. A table with the name of a built-in
/// vendor extends that one.
pub(crate) fn parse_vendors(value: Option<&Value<'_>>, problems: &mut Problems<'_>) -> Vec<Vendor> {
    let mut builtin = builtin_vendors();
    let Some(value) = value else { return builtin };
    let Some(table) = value.get_ref().as_table() else {
        problems.add(&value.span(), wrong_type("[vendor]", "a table, as [vendor.acme]", value));
        return builtin;
    };
    let mut vendors = Vec::new();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let section_name = format!("[vendor.{}]", name.escape_debug());
        let Some(section) = Section::new(&section_name, value, &VENDOR_KEYS, problems) else { continue };
        if let Some(known) = builtin.iter_mut().find(|vendor| vendor.name == name) {
            *known = extend_vendor(std::mem::take(known), &section, problems);
        } else if is_vendor_name(name) {
            section.required("hosts", "the hosts of its documentation, as [\"docs.example.com\"]", problems);
            vendors.push(extend_vendor(new_vendor(name), &section, problems));
        } else {
            let message = format!("`{}` is no vendor name: only a-z 0-9 - _ . and no dot first", name.escape_debug());
            problems.add(&key.span(), message);
        }
    }
    vendors.append(&mut builtin);
    vendors
}

fn is_vendor_name(name: &str) -> bool {
    format!("{name}/x").parse::<SourceId>().is_ok()
}

fn new_vendor(name: &str) -> Vendor {
    Vendor { name: name.to_owned(), ..Vendor::default() }
}

/// Puts what a table says of a vendor before what is known of it.
fn extend_vendor(vendor: Vendor, section: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vendor {
    let mut hosts = section.get("hosts").map_or_else(Vec::new, |value| parse_hosts(value, problems));
    let mut marks = section.get("marks").map_or_else(Vec::new, |value| parse_texts("marks", value, problems));
    let mut langs = section.get("langs").map_or_else(Vec::new, |value| parse_langs(value, problems));
    let mut headers = section.get("headers").map_or_else(Vec::new, |value| parse_headers(value, problems));
    hosts.extend(vendor.hosts);
    marks.extend(vendor.marks);
    langs.extend(vendor.langs);
    headers.extend(vendor.headers);
    let prefer_embedded = section.get("prefer_embedded").map(|value| boolean("prefer_embedded", value, problems));
    let prefer_embedded = prefer_embedded.unwrap_or(vendor.prefer_embedded);
    Vendor { name: vendor.name, hosts, marks, langs, headers, prefer_embedded }
}

fn parse_hosts(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let mut hosts = Vec::new();
    for host in parse_texts("hosts", value, problems) {
        match host_name(&host).filter(|name| !name.contains(':')) {
            Some(name) => hosts.push(name),
            None => problems.add(
                &value.span(),
                format!("`{}` in `hosts` is no host: write it without scheme and port", host.escape_debug()),
            ),
        }
    }
    hosts
}

fn parse_langs(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(String, Lang)> {
    parse_tables("langs", value, problems).iter().filter_map(|value| parse_lang(value, problems)).collect()
}

/// Parses `{ part = "/en/", lang = "en" }`.
fn parse_lang(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<(String, Lang)> {
    let section = Section::new("`langs`", value, &LANG_KEYS, problems)?;
    let part = section.required("part", "a part of the URL, as \"/en/\"", problems);
    let part = part.and_then(|value| text("part", value, problems));
    let lang = section.required("lang", "the language that it promises, \"zh\" or \"en\"", problems);
    let names = Lang::ALL.map(|lang| (lang.as_str(), lang));
    let lang = lang.and_then(|value| parse_choice("language", "lang", value, &names, problems));
    Some((part?.to_owned(), lang?))
}

fn parse_headers(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(Role, Vec<String>)> {
    let roles = Role::ALL.map(Role::as_str);
    let Some(section) = Section::new("`headers`", value, &roles, problems) else { return Vec::new() };
    let words = Role::ALL.into_iter().filter_map(|role| {
        let value = section.get(role.as_str())?;
        Some((role, parse_texts(&format!("headers.{}", role.as_str()), value, problems)))
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Lang, Role, vendor_of_page};

    use super::{BUILTIN_FILES, Problems, builtin_vendors, parse_builtin};
    use crate::parse::config;

    const SOURCE: &str = r#"
        [[source]]
        vendor = "acme"
        service = "vault"
        name = { en = "Vault" }
        pages = { en = "https://docs.acme.test/en/errors" }
        licence = "their own"
    "#;

    #[test]
    fn every_file_of_the_folder_parses_and_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vendors");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        assert_eq!(BUILTIN_FILES.map(|(name, _)| format!("{name}.toml")).as_slice(), names);
        for (name, file) in BUILTIN_FILES {
            let mut problems = Problems::of(file);
            let vendor = parse_builtin(name, file, &mut problems).unwrap();
            assert_eq!(problems.sorted(), [], "{name}");
            assert!(!vendor.hosts.is_empty() && !vendor.marks.is_empty() && !vendor.langs.is_empty(), "{name}");
        }
    }

    #[test]
    fn builtin_vendors_know_their_urls() {
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
        let vendors = config(&text).unwrap().vendors;
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
        assert_eq!(config(SOURCE).unwrap().vendors, builtin_vendors());
    }

    #[test]
    fn each_mistake_and_its_line() {
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
            let problems = config(&format!("{text}\n{SOURCE}")).unwrap_err();
            let shown = problems.iter().map(|problem| {
                let (line, column) = problem.at.unwrap();
                format!("{line}:{column}: {}", problem.message)
            });
            let shown: Vec<String> = shown.collect();
            assert!(shown.len() == 1 && shown[0].starts_with(expected), "{text}\n{shown:?}");
        }
    }
}
