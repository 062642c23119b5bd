//! What is known of single vendors: data, a file each. Nothing here is needed to read a page; it adds spellings that all
//! pages are read with, and tells whose page it is and which language its URL promises.

mod alibabacloud;
mod aws;
mod azure;
mod baiducloud;
mod googlecloud;
mod huaweicloud;
mod otc;
mod tencentcloud;
mod volcengine;

use docdrift_model::{Lang, Role};

/// One vendor.
pub(crate) struct Vendor {
    /// Its name in source ids.
    pub(crate) name: &'static str,
    /// The hosts of its documentation; subdomains count.
    pub(crate) hosts: &'static [&'static str],
    /// Words in the markup that tell its pages where the URL is lost.
    pub(crate) marks: &'static [&'static str],
    /// Parts of URLs and the language they promise, the first that fits counts; `$` is the end of the path.
    pub(crate) langs: &'static [(&'static str, Lang)],
    /// Header spellings seen on its pages alone.
    pub(crate) headers: &'static [(Role, &'static [&'static str])],
}

/// All vendors, a line each.
pub(crate) const VENDORS: &[Vendor] = &[
    alibabacloud::VENDOR,
    aws::VENDOR,
    azure::VENDOR,
    baiducloud::VENDOR,
    googlecloud::VENDOR,
    huaweicloud::VENDOR,
    otc::VENDOR,
    tencentcloud::VENDOR,
    volcengine::VENDOR,
];

/// The vendor of a page, told from its URL, or from the text of its source where the URL is a file's path.
pub(crate) fn of_page(url: &str, source: &str) -> Option<&'static Vendor> {
    if let Some(host) = host(url) {
        return VENDORS.iter().find(|vendor| vendor.hosts.iter().any(|known| is_within(host, known)));
    }
    // Pages link to other vendors too, so the one that is named most often is it.
    let counted = VENDORS.iter().map(|vendor| {
        let count: usize = vendor.marks.iter().map(|mark| source.matches(mark).count()).sum();
        (count, vendor)
    });
    counted.filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count).map(|(_, vendor)| vendor)
}

impl Vendor {
    /// The language that a URL of this vendor promises.
    pub(crate) fn promised_lang(&self, url: &str) -> Option<Lang> {
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let fits = |part: &str| part.strip_suffix('$').map_or_else(|| url.contains(part), |end| path.ends_with(end));
        self.langs.iter().find(|(part, _)| fits(part)).map(|(_, lang)| *lang)
    }
}

fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#', ':']).next()
}

fn is_within(host: &str, known: &str) -> bool {
    host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{VENDORS, of_page};
    use docdrift_model::Lang;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "it reads this crate's own sources")]
    fn the_list_names_every_file() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/vendors");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        let names: Vec<&str> = VENDORS.iter().map(|vendor| vendor.name).collect();
        assert_eq!(names, files, "one file and one line in VENDORS for each vendor, both in order");
    }

    #[test]
    fn whose_page_and_in_which_language() {
        for (url, vendor, lang) in [
            ("https://support.huaweicloud.com/intl/en-us/api-ecs/ErrorCode.html", "huaweicloud", Some(Lang::En)),
            ("https://support.huaweicloud.com/api-ecs/ErrorCode.html", "huaweicloud", Some(Lang::Zh)),
            ("https://cloud.tencent.com/document/api/1441/75532", "tencentcloud", Some(Lang::Zh)),
            ("https://www.tencentcloud.com/document/product/1148/49317", "tencentcloud", Some(Lang::En)),
            ("https://docs.aws.amazon.com/zh_cn/kms/latest/APIReference/CommonErrors.html", "aws", Some(Lang::Zh)),
            ("https://intl.cloud.baidu.com/doc/BOS/s/x-en", "baiducloud", Some(Lang::En)),
            ("https://docs.otc.t-systems.com/x/error_codes.html", "otc", Some(Lang::En)),
            ("https://cloud.google.com/storage/docs/reference-status?hl=zh-cn", "googlecloud", Some(Lang::Zh)),
        ] {
            let found = of_page(url, "").unwrap();
            assert_eq!((found.name, found.promised_lang(url)), (vendor, lang), "{url}");
        }
        assert!(of_page("https://example.com/huaweicloud.com", "").is_none());
        assert_eq!(of_page("saved/en.txt", "see https://support.huaweicloud.com/x").unwrap().name, "huaweicloud");
    }
}
