//! What may be fetched: pure rules over URLs and addresses.

mod address;
mod domain;

use std::net::IpAddr;

use url::{Host, Url};

pub(crate) use self::address::is_public;
use self::domain::is_same_site;
use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;

/// The most redirects that are followed for one request. RFC 9309 asks crawlers to follow five for robots.txt; pages of
/// documentation need one or two.
const MAX_REDIRECTS: usize = 5;

/// Where redirects may lead to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RedirectPolicy<'a> {
    /// To the same host, the same registrable domain or one of the other hosts.
    SameSite { other_hosts: &'a [String] },
    /// To any site.
    AnySite,
}

impl RedirectPolicy<'_> {
    fn allows(self, from: &Url, to: &Url) -> bool {
        match self {
            Self::AnySite => true,
            Self::SameSite { other_hosts } => {
                let is_target = |host: &String| to.host_str().is_some_and(|to| to.eq_ignore_ascii_case(host));
                is_same_site(from, to) || other_hosts.iter().any(is_target)
            }
        }
    }
}

/// Parses `text` and checks that the URL may be fetched: https (or http where it is local), no credentials, and an IP
/// address only if it is public or local.
pub(crate) fn parse_url(text: &str, is_local: bool) -> Result<Url, AttemptError> {
    let url = Url::parse(text).map_err(|error| refused(format!("the URL is invalid ({error})")))?;
    check_url(&url, is_local)?;
    Ok(url)
}

/// Checks that the redirect from the last of `previous` to `next` may be followed. The first of `previous` is the
/// requested URL. The target must be allowed by itself, within the limit and within `policy`, and https must not lead
/// back to http.
pub(crate) fn check_redirect(
    previous: &[Url],
    next: &Url,
    is_local: bool,
    policy: RedirectPolicy<'_>,
) -> Result<(), AttemptError> {
    check_url(next, is_local)?;
    let (Some(first), Some(last)) = (previous.first(), previous.last()) else { return Ok(()) };
    if previous.len() > MAX_REDIRECTS {
        return Err(moved(format!("the page redirects more than {MAX_REDIRECTS} times, the last time to {next}")));
    }
    if last.scheme() == "https" && next.scheme() != "https" {
        return Err(refused(format!("the page redirects from https to {next}")));
    }
    if !policy.allows(first, next) {
        return Err(moved(format!("the page redirects to another site, {next}")));
    }
    Ok(())
}

fn check_url(url: &Url, is_local: bool) -> Result<(), AttemptError> {
    match url.scheme() {
        "https" => {}
        "http" if is_local => {}
        "http" => return Err(refused("the URL is plain http, and only https is fetched".to_owned())),
        other => return Err(refused(format!("the URL is {other}:, and only https: is fetched"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("the URL contains a user name or password".to_owned()));
    }
    match ip_address(url) {
        Some(address) if !is_local && !is_public(address) => Err(refused(format!("{address} is not a public address"))),
        _ => Ok(()),
    }
}

fn ip_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    }
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

    use super::{RedirectPolicy, check_redirect, parse_url};
    use crate::failure::FailureKind;

    #[test]
    fn urls_that_may_be_fetched() {
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
            assert_eq!(parse_url(url, false).is_ok(), public, "{url}");
            assert_eq!(parse_url(url, true).is_ok(), local, "{url}, local");
        }
    }

    #[test]
    fn redirects_that_may_be_followed() {
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
                check_redirect(slice::from_ref(&from), &to, local, RedirectPolicy::SameSite { other_hosts: &[] })
                    .err()
                    .map(|error| error.kind);
            assert_eq!(found, expected, "{from} -> {to}");
        }
    }

    #[test]
    fn redirects_to_listed_hosts_may_be_followed() {
        use FailureKind::{Moved, Refused};
        let other_hosts = ["Help.Partner.example".to_owned()];
        let listed = RedirectPolicy::SameSite { other_hosts: &other_hosts };
        for (to, policy, expected) in [
            ("https://help.partner.example/b", listed, None),
            ("https://www.vendor.com/b", listed, None),
            ("https://partner.example/b", listed, Some(Moved)),
            ("https://a.help.partner.example/b", listed, Some(Moved)),
            ("http://help.partner.example/b", listed, Some(Refused)),
            ("https://anyone.example/b", RedirectPolicy::AnySite, None),
            ("https://10.0.0.1/b", RedirectPolicy::AnySite, Some(Refused)),
        ] {
            let (from, to) = (Url::parse("https://docs.vendor.com/a").unwrap(), Url::parse(to).unwrap());
            let found = check_redirect(slice::from_ref(&from), &to, false, policy).err().map(|error| error.kind);
            assert_eq!(found, expected, "{to} {policy:?}");
        }
    }

    #[test]
    fn five_redirects_may_be_followed_but_not_six() {
        let url = Url::parse("https://docs.vendor.com/").unwrap();
        assert!(check_redirect(&vec![url.clone(); 5], &url, false, RedirectPolicy::AnySite).is_ok());
        let error = check_redirect(&vec![url.clone(); 6], &url, false, RedirectPolicy::AnySite).unwrap_err();
        assert_eq!(error.kind, FailureKind::Moved);
    }
}
