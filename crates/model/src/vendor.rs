//! What is known about a vendor.

use crate::{Lang, Role};

/// Facts about the documentation pages of one vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vendor {
    /// The vendor's name in source ids.
    pub name: String,
    /// The hosts of its documentation; subdomains count.
    pub hosts: Vec<String>,
    /// Words in the markup that tell its pages where the URL is lost.
    pub marks: Vec<String>,
    /// Parts of URLs and the language that each promises; the first that fits counts, `$` is the end of the path.
    pub langs: Vec<(String, Lang)>,
    /// Header words and their roles, as its pages print them.
    pub headers: Vec<(Role, Vec<String>)>,
    /// Whether a document embedded in a script's data wins over the visible tables.
    pub prefer_embedded: bool,
}

impl Vendor {
    /// Returns the language that a URL of this vendor promises.
    pub fn promised_lang(&self, url: &str) -> Option<Lang> {
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let fits = |part: &str| part.strip_suffix('$').map_or_else(|| url.contains(part), |end| path.ends_with(end));
        self.langs.iter().find(|(part, _)| fits(part)).map(|(_, lang)| *lang)
    }

    fn has_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| is_within(host, known))
    }
}

/// Finds the vendor of a page by its URL, or by the text of its source where the URL is a file's path.
pub fn vendor_of_page<'a>(vendors: &'a [Vendor], url: &str, source: &str) -> Option<&'a Vendor> {
    if let Some(host) = parse_host(url) {
        return vendors.iter().find(|vendor| vendor.has_host(host));
    }
    // Pages link to other vendors too, so the one that is named most often is it.
    let counted = vendors.iter().map(|vendor| {
        let mark_count: usize = vendor.marks.iter().map(|mark| source.matches(mark.as_str()).count()).sum();
        (mark_count, vendor)
    });
    counted.filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count).map(|(_, vendor)| vendor)
}

fn parse_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#', ':']).next()
}

fn is_within(host: &str, known: &str) -> bool {
    host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{Vendor, vendor_of_page};
    use crate::Lang;

    fn vendor(name: &str, hosts: &[&str], marks: &[&str], langs: &[(&str, Lang)]) -> Vendor {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Vendor {
            name: name.to_owned(),
            hosts: owned(hosts),
            marks: owned(marks),
            langs: langs.iter().map(|(part, lang)| ((*part).to_owned(), *lang)).collect(),
            ..Vendor::default()
        }
    }

    fn vendors() -> [Vendor; 2] {
        [
            vendor("acme", &["acme.test"], &["acme.test/docs"], &[("/en/", Lang::En), ("acme.test/", Lang::Zh)]),
            vendor("zeta", &["docs.zeta.test"], &["docs.zeta.test"], &[("-en$", Lang::En)]),
        ]
    }

    #[test]
    fn finds_the_vendor_and_the_language_by_the_url() {
        let vendors = vendors();
        for (url, name, lang) in [
            ("https://acme.test/vault", "acme", Some(Lang::Zh)),
            ("http://docs.acme.test:8080/en/vault", "acme", Some(Lang::En)),
            ("https://docs.zeta.test/vault-en?x=1#top", "zeta", Some(Lang::En)),
            ("https://docs.zeta.test/vault-en/more", "zeta", None),
        ] {
            let found = vendor_of_page(&vendors, url, "").unwrap();
            assert_eq!((found.name.as_str(), found.promised_lang(url)), (name, lang), "{url}");
        }
        for url in ["https://notacme.test/", "https://zeta.test/", "https://example.com/acme.test"] {
            assert!(vendor_of_page(&vendors, url, "acme.test/docs").is_none(), "{url}");
        }
    }

    #[test]
    fn finds_the_vendor_of_a_saved_page_by_the_most_marks() {
        let vendors = vendors();
        let source = "docs.zeta.test acme.test/docs docs.zeta.test";
        assert_eq!(vendor_of_page(&vendors, "saved/en.txt", source).unwrap().name, "zeta");
        assert!(vendor_of_page(&vendors, "saved/en.txt", "nobody").is_none());
    }
}
