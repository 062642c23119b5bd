//! What may be asked: pure rules over URLs.

use std::net::IpAddr;

use url::{Host, Url};

use crate::failure::{FailureKind, Miss};
use crate::resolver::is_public;

/// The most redirects that are followed for one request.
const MAX_REDIRECTS: usize = 5;

/// Second labels under which a two-letter top-level domain hands out names: `example.com.cn` is one owner's, `com.cn`
/// nobody's. Not the whole public suffix list: the price of a name missed is that a redirect between two owners under
/// it is followed, and the page then still has to pass for the old one.
const SHARED_SECOND_LABELS: [&str; 12] =
    ["ac", "co", "com", "edu", "go", "gob", "gov", "mil", "ne", "net", "or", "org"];

/// The URL in `text`, if it may be asked: https (or http where it is local), no credentials, and a literal address
/// only if it is public or local.
pub(crate) fn parse(text: &str, local: bool) -> Result<Url, Miss> {
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
pub(crate) fn check_redirect(previous: &[Url], next: &Url, local: bool, reach: Reach<'_>) -> Result<(), Miss> {
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

fn check(url: &Url, local: bool) -> Result<(), Miss> {
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

/// The last two labels of `host`, or the last three where the second-last is shared under a two-letter top-level
/// domain.
fn registrable_domain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    let mut labels = host.rsplit('.');
    let (Some(top), Some(second)) = (labels.next(), labels.next()) else { return host };
    let count = if top.len() == 2 && SHARED_SECOND_LABELS.contains(&second) { 3 } else { 2 };
    let start = host.rmatch_indices('.').nth(count - 1).map_or(0, |(dot, _)| dot + 1);
    host.get(start..).unwrap_or(host)
}

fn refused(detail: String) -> Miss {
    Miss::new(FailureKind::Refused, detail)
}

fn moved(detail: String) -> Miss {
    Miss::new(FailureKind::Moved, detail)
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
            ("support.vendor.com", "vendor.com"),
            ("vendor.com", "vendor.com"),
            ("a.b.vendor.com.cn", "vendor.com.cn"),
            ("vendor.com.cn", "vendor.com.cn"),
            ("com.cn", "com.cn"),
            ("docs.vendor.co.uk.", "vendor.co.uk"),
            ("docs.vendor.io", "vendor.io"),
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
