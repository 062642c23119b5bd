//! What may be asked: pure rules over URLs.

use std::net::IpAddr;

use url::{Host, Url};

use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;
use crate::resolver::is_public;

/// The most redirects that are followed for one request.
const MAX_REDIRECTS: usize = 5;

/// The URL in `text`, if it may be asked: https (or http where it is local), no credentials, and a literal address
/// only if it is public or local.
pub(crate) fn parse(text: &str, local: bool) -> Result<Url, AttemptError> {
    let url = Url::parse(text).map_err(|error| refused(format!("this is no URL ({error})")))?;
    check(&url, local)?;
    Ok(url)
}

/// Where redirects may lead to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach<'a> {
    /// To the same host or registrable domain, or one of these hosts.
    Site(&'a [String]),
    /// Anywhere.
    Anywhere,
}

impl Reach<'_> {
    fn covers(self, from: &Url, to: &Url) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Site(others) => {
                let listed = |host: &String| to.host_str().is_some_and(|to| to.eq_ignore_ascii_case(host));
                same_site(from, to) || others.iter().any(listed)
            }
        }
    }
}

/// Whether the redirect from the last of `previous` (the first is what was asked for) to `next` may be followed: not
/// too many, still allowed by itself, within reach, and not from https back to http.
pub(crate) fn check_redirect(previous: &[Url], next: &Url, local: bool, reach: Reach<'_>) -> Result<(), AttemptError> {
    check(next, local)?;
    let (Some(first), Some(last)) = (previous.first(), previous.last()) else { return Ok(()) };
    if previous.len() > MAX_REDIRECTS {
        return Err(moved(format!("the page redirects more than {MAX_REDIRECTS} times, at last to {next}")));
    }
    if last.scheme() == "https" && next.scheme() != "https" {
        return Err(refused(format!("the page redirects from https to {next}")));
    }
    if !reach.covers(first, next) {
        return Err(moved(format!("the page redirects to another site, {next}")));
    }
    Ok(())
}

fn check(url: &Url, local: bool) -> Result<(), AttemptError> {
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        "http" => return Err(refused("the URL is plain http, only https is asked".to_owned())),
        other => return Err(refused(format!("the URL is {other}:, only https: is asked"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("the URL holds a user name or password".to_owned()));
    }
    match literal_address(url) {
        Some(address) if !local && !is_public(address) => Err(refused(format!("{address} is no public address"))),
        _ => Ok(()),
    }
}

fn literal_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    }
}

fn same_site(a: &Url, b: &Url) -> bool {
    match (a.host(), b.host()) {
        (Some(Host::Domain(a)), Some(Host::Domain(b))) => registrable_domain(a) == registrable_domain(b),
        (a, b) => a == b,
    }
}

/// Returns the domain that one owner registered: the public suffix of `host` and the label before it. The public suffix
/// list has two parts and both count here: registries (`com.cn`) and platforms that give subdomains to their customers
/// (`github.io`). A host that is itself a public suffix, or has one label, stands for itself.
fn registrable_domain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    psl::domain_str(host).unwrap_or(host)
}

fn refused(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::Refused, detail)
}

fn moved(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::Moved, detail)
}

#[cfg(test)]
mod tests {
    use std::slice;

    use url::Url;

    use super::{Reach, check_redirect, parse, registrable_domain};
    use crate::failure::FailureKind;

    #[test]
    fn what_may_be_asked() {
        for (url, public, local) in [
            ("https://docs.example.com/a", true, true),
            ("http://docs.example.com/a", false, true),
            ("https://1.1.1.1/", true, true),
            ("https://127.0.0.1/", false, true),
            ("https://0x7f.1/", false, true),
            ("https://2130706433/", false, true),
            ("https://10.0.0.1/", false, true),
            ("https://169.254.169.254/latest", false, true),
            ("https://100.100.100.200/", false, true),
            ("https://[::1]/", false, true),
            ("https://[::ffff:10.0.0.1]/", false, true),
            ("https://me:pw@docs.example.com/", false, false),
            ("https://me@docs.example.com/", false, false),
            ("file:///etc/hosts", false, false),
            ("ftp://docs.example.com/", false, false),
            ("data:text/html,x", false, false),
            ("docs.example.com/a", false, false),
            ("https://", false, false),
            ("", false, false),
        ] {
            assert_eq!(parse(url, false).is_ok(), public, "{url}");
            assert_eq!(parse(url, true).is_ok(), local, "{url}, local");
        }
    }

    #[test]
    fn registrable_domains() {
        for (host, domain) in [
            // The common case: the last two labels.
            ("support.vendor.com", "vendor.com"),
            ("vendor.com", "vendor.com"),
            ("docs.vendor.io", "vendor.io"),
            ("a.b.vendor.com.cn", "vendor.com.cn"),
            ("docs.vendor.co.uk.", "vendor.co.uk"),
            // A province of China, as `com.cn`, is a registry with many owners.
            ("docs.vendor.bj.cn", "vendor.bj.cn"),
            // Registries with other second labels than the usual ones.
            ("docs.vendor.ltd.uk", "vendor.ltd.uk"),
            ("docs.vendor.idv.tw", "vendor.idv.tw"),
            ("docs.vendor.tokyo.jp", "vendor.tokyo.jp"),
            // A wildcard rule (`*.ck`) and its exception (`!www.ck`).
            ("docs.vendor.anything.ck", "vendor.anything.ck"),
            ("docs.www.ck", "www.ck"),
            // Hosting platforms: each label below the suffix has its own owner.
            ("vendor.github.io", "vendor.github.io"),
            ("docs.vendor.gitlab.io", "vendor.gitlab.io"),
            ("vendor.pages.dev", "vendor.pages.dev"),
            ("vendor.netlify.app", "vendor.netlify.app"),
            ("vendor.readthedocs.io", "vendor.readthedocs.io"),
            ("bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"),
            ("bucket.s3.cn-north-1.amazonaws.com.cn", "bucket.s3.cn-north-1.amazonaws.com.cn"),
            // A platform that its owner has not put on the list counts as one site.
            ("bucket.obs.cn-north-4.myhuaweicloud.com", "myhuaweicloud.com"),
            // An internationalised suffix, as URLs carry it.
            ("docs.vendor.xn--55qx5d.cn", "vendor.xn--55qx5d.cn"),
            // A suffix without an owner stands for itself.
            ("com.cn", "com.cn"),
            ("github.io", "github.io"),
            ("cn", "cn"),
            // A top-level domain that the list does not know counts as a suffix of one label.
            ("docs.vendor.example", "vendor.example"),
            ("localhost", "localhost"),
            ("", ""),
        ] {
            assert_eq!(registrable_domain(host), domain, "{host}");
        }
    }

    #[test]
    fn which_redirects_are_followed() {
        use FailureKind::{Moved, Refused};
        for (from, to, local, expected) in [
            ("https://docs.vendor.com/a", "https://docs.vendor.com/b", false, None),
            ("https://docs.vendor.com/a", "https://www.vendor.com/b", false, None),
            ("https://docs.vendor.com.cn/a", "https://www.vendor.com.cn/b", false, None),
            ("http://127.0.0.1:1/a", "http://127.0.0.1:2/b", true, None),
            ("http://127.0.0.1/a", "https://127.0.0.1/b", true, None),
            ("https://docs.vendor.com.cn/a", "https://other.com.cn/b", false, Some(Moved)),
            ("https://vendor.github.io/a", "https://vendor.github.io/b", false, None),
            ("https://vendor.github.io/a", "https://other.github.io/b", false, Some(Moved)),
            ("https://docs.vendor.bj.cn/a", "https://docs.other.bj.cn/b", false, Some(Moved)),
            ("https://docs.vendor.com/a", "https://vendor.com.evil.example/b", false, Some(Moved)),
            ("https://docs.vendor.com/a", "https://evilvendor.com/b", false, Some(Moved)),
            ("http://127.0.0.1/a", "http://localhost/b", true, Some(Moved)),
            ("http://127.0.0.1/a", "http://127.0.0.2/b", true, Some(Moved)),
            ("https://docs.vendor.com/a", "http://docs.vendor.com/b", false, Some(Refused)),
            ("https://127.0.0.1/a", "http://127.0.0.1/b", true, Some(Refused)),
            ("https://docs.vendor.com/a", "https://me:pw@docs.vendor.com/b", false, Some(Refused)),
            ("https://docs.vendor.com/a", "https://169.254.169.254/", false, Some(Refused)),
            ("https://docs.vendor.com/a", "file:///etc/hosts", false, Some(Refused)),
        ] {
            let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
            let found =
                check_redirect(slice::from_ref(&from), &to, local, Reach::Site(&[])).err().map(|miss| miss.kind);
            assert_eq!(found, expected, "{from} -> {to}");
        }
    }

    #[test]
    fn redirects_to_listed_hosts_are_followed() {
        use FailureKind::{Moved, Refused};
        let listed = ["Help.Partner.example".to_owned()];
        for (to, reach, expected) in [
            ("https://help.partner.example/b", Reach::Site(&listed), None),
            ("https://www.vendor.com/b", Reach::Site(&listed), None),
            ("https://partner.example/b", Reach::Site(&listed), Some(Moved)),
            ("https://a.help.partner.example/b", Reach::Site(&listed), Some(Moved)),
            ("http://help.partner.example/b", Reach::Site(&listed), Some(Refused)),
            ("https://anyone.example/b", Reach::Anywhere, None),
            ("https://10.0.0.1/b", Reach::Anywhere, Some(Refused)),
        ] {
            let (from, to) = (Url::parse("https://docs.vendor.com/a").unwrap(), Url::parse(to).unwrap());
            let found = check_redirect(slice::from_ref(&from), &to, false, reach).err().map(|miss| miss.kind);
            assert_eq!(found, expected, "{to} {reach:?}");
        }
    }

    #[test]
    fn five_redirects_are_followed_not_six() {
        let url = Url::parse("https://docs.vendor.com/").unwrap();
        assert!(check_redirect(&vec![url.clone(); 5], &url, false, Reach::Anywhere).is_ok());
        let miss = check_redirect(&vec![url.clone(); 6], &url, false, Reach::Anywhere).unwrap_err();
        assert_eq!(miss.kind, FailureKind::Moved);
    }
}
