//! What is known of vendors: the built-in files of `vendors/`, and the `[vendor.NAME]` tables of `sources.toml`.

use docdrift_model::{Lang, Role, SourceId, vendor::Vendor};

use crate::{
    fetching::parse_host,
    fields::{Problems, Section, Value, parse_choice, parse_list, parse_texts, wrong_type},
};

/// The built-in vendors' files by name, in order.
pub(crate) const BUILTIN_FILES: [(&str, &str); 9] = [
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

/// Returns the vendors that docdrift knows, sorted by name.
pub fn builtin_vendors() -> Vec<Vendor> {
    // A test parses every file, so none is left out here.
    BUILTIN_FILES.iter().filter_map(|(name, file)| parse_builtin(name, file, &mut Problems::new(file))).collect()
}

pub(crate) fn parse_builtin(name: &str, file: &str, problems: &mut Problems<'_>) -> Option<Vendor> {
    Section::read_file(&format!("{name}.toml"), file, problems, |section, problems| {
        Some(extend_vendor(new_vendor(name), section, problems))
    })
}

/// Reads `[vendor]`: the vendors of the file, sorted by name, then the built-in ones. A table with the name of a built-in
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
        let known = builtin.iter_mut().find(|vendor| vendor.name == name);
        if known.is_none() && !is_vendor_name(name) {
            let message = format!("`{}` is no vendor name: only a-z 0-9 - _ . and no dot first", name.escape_debug());
            problems.add(&key.span(), message);
        }
        let before = known.as_deref().cloned().unwrap_or_else(|| new_vendor(name));
        let section_name = format!("[vendor.{}]", name.escape_debug());
        let vendor = Section::read_value(&section_name, value, problems, |section, problems| {
            Some(extend_vendor(before, section, problems))
        });
        match (known, vendor) {
            (Some(known), Some(vendor)) => *known = vendor,
            (None, vendor) => vendors.extend(vendor),
            (Some(_), None) => {}
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

/// Puts the values of a table before those of the vendor. A vendor without hosts needs some.
fn extend_vendor(vendor: Vendor, section: &Section<'_, '_>, problems: &mut Problems<'_>) -> Vendor {
    let key = "hosts";
    let hosts = if vendor.hosts.is_empty() {
        section.required(key, "the hosts of its documentation, as [\"docs.example.com\"]", problems)
    } else {
        section.get(key)
    };
    let mut hosts = hosts.map_or_else(Vec::new, |value| parse_hosts(key, value, problems));
    let mut marks = section.texts("marks", problems);
    let mut langs = section.get("langs").map_or_else(Vec::new, |value| parse_langs(value, problems));
    let mut headers = section.get("headers").map_or_else(Vec::new, |value| parse_headers(value, problems));
    let prefer_embedded = section.boolean("prefer_embedded", problems).unwrap_or(vendor.prefer_embedded);
    hosts.extend(vendor.hosts);
    marks.extend(vendor.marks);
    langs.extend(vendor.langs);
    headers.extend(vendor.headers);
    Vendor { name: vendor.name, hosts, marks, langs, headers, prefer_embedded }
}

fn parse_hosts(key: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let mut hosts = Vec::new();
    for host in parse_texts(key, value, problems) {
        match parse_host(&host).filter(|name| !name.contains(':')) {
            Some(name) => hosts.push(name),
            None => problems.add(
                &value.span(),
                format!("`{}` in `{key}` is no host: write it without scheme and port", host.escape_debug()),
            ),
        }
    }
    hosts
}

fn parse_langs(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(String, Lang)> {
    let list = parse_list("langs", "a list of tables", value, problems);
    list.iter().filter_map(|value| parse_lang(value, problems)).collect()
}

/// Reads `{ part = "/en/", lang = "en" }`.
fn parse_lang(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<(String, Lang)> {
    Section::read_value("`langs`", value, problems, |section, problems| {
        let part = section.required_text("part", "a part of the URL, as \"/en/\"", problems);
        let lang = section.required("lang", "the language that it promises, \"zh\" or \"en\"", problems);
        let choices = Lang::ALL.map(|lang| (lang.as_str(), lang));
        let lang = lang.and_then(|value| parse_choice("language", "lang", value, &choices, problems));
        Some((part?, lang?))
    })
}

fn parse_headers(value: &Value<'_>, problems: &mut Problems<'_>) -> Vec<(Role, Vec<String>)> {
    let headers = Section::read_value("`headers`", value, problems, |section, problems| {
        let words = Role::ALL.into_iter().filter_map(|role| {
            let value = section.get(role.as_str())?;
            Some((role, parse_texts(&format!("headers.{}", role.as_str()), value, problems)))
        });
        Some(words.collect())
    });
    headers.unwrap_or_default()
}
