//! Names to addresses. The addresses are checked here, where they go straight to the connection: a name that is
//! looked up once to be checked and once to be connected to could be public the first time only.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::{Cause, FailureKind};

/// Resolves names with the system's resolver.
pub(crate) enum Resolver {
    /// Any address will do.
    Local,
    /// Only public addresses pass; `proxies` are names that may have others, because the proxy of a network is its
    /// user's own choice.
    Public { proxies: Arc<BTreeSet<String>> },
}

impl Resolver {
    /// A resolver for public pages that lets through the proxies named in `environment`, in the variables that
    /// reqwest reads.
    pub(crate) fn public(environment: impl Iterator<Item = (String, String)>) -> Self {
        let proxies = environment.filter(|(name, _)| is_proxy_variable(name)).filter_map(|(_, value)| host(&value));
        Self::Public { proxies: Arc::new(proxies.collect()) }
    }

    fn lets_all_through(&self, name: &str) -> bool {
        match self {
            Self::Local => true,
            Self::Public { proxies } => proxies.contains(name),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let all = self.lets_all_through(name.as_str());
        Box::pin(async move { Ok(resolve(name.as_str(), all).await?) })
    }
}

async fn resolve(name: &str, all: bool) -> Result<Addrs, AttemptError> {
    let found: Vec<SocketAddr> = match tokio::net::lookup_host((name, 0)).await {
        Ok(found) => found.collect(),
        Err(error) => return Err(unknown(format!("{name} has no address ({error})"))),
    };
    let Some(first) = found.first().copied() else { return Err(unknown(format!("{name} has no address"))) };
    let passed: Vec<SocketAddr> = found.into_iter().filter(|found| all || is_public(found.ip())).collect();
    if passed.is_empty() {
        let detail = format!("{name} is at {}, which is no public address", first.ip());
        return Err(AttemptError::new(FailureKind::Refused, detail));
    }
    Ok(Box::new(passed.into_iter()))
}

fn unknown(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Dns), detail).with_retry(Retry::Backoff)
}

fn is_proxy_variable(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "http_proxy" | "https_proxy" | "all_proxy")
}

/// The host of a proxy's address, which may be written without a scheme.
fn host(proxy: &str) -> Option<String> {
    let text = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    Url::parse(&text).ok()?.host_str().map(str::to_ascii_lowercase)
}

/// Whether `address` is one of the open internet: in none of the blocks that IANA's special-purpose registries list as
/// not globally reachable, and not the one that a cloud serves its machines' secrets from out of its public space.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, loopback, private, multicast and reserved.
        [0 | 10 | 127 | 224..=255, ..]
        // Carrier-grade NAT, and in it Alibaba Cloud's metadata.
        | [100, 64..=127, ..]
        // Link-local, and in it most clouds' metadata.
        | [169, 254, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        // Protocol assignments, documentation, the 6to4 relays, benchmarks.
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        // Azure's metadata.
        | [168, 63, 129, 16] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64 carries an IPv4 address: what matters is where that leads.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))),
        // Protocol assignments (Teredo among them), documentation, 6to4.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Only 2000::/3 is given out as global unicast; loopback, mapped, unique-local, link-local lie outside.
        [first, ..] => first >> 13 == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{Resolver, host, is_public, resolve};
    use crate::failure::FailureKind;

    #[test]
    fn public_addresses() {
        for (address, public) in [
            ("1.1.1.1", true),
            ("100.63.255.255", true),
            ("100.128.0.0", true),
            ("172.15.0.1", true),
            ("172.32.0.1", true),
            ("192.0.1.1", true),
            ("2400:cb00::1", true),
            ("2001:4860::8888", true),
            ("64:ff9b::101:101", true),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("100.100.100.200", false),
            ("127.0.0.1", false),
            ("168.63.129.16", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.0.0.192", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:1.1.1.1", false),
            ("::127.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("64:ff9b:1::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2002:a00:1::", false),
            ("3fff::1", false),
            ("fc00::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_at_a_private_address_is_refused_unless_all_pass() {
        let miss = resolve("localhost", false).await.err().unwrap();
        assert_eq!(miss.kind, FailureKind::Refused);
        assert!(miss.detail.starts_with("localhost is at "), "{miss}");
        assert!(resolve("localhost", true).await.unwrap().all(|found| found.ip().is_loopback()));
    }

    #[test]
    fn proxies_may_be_anywhere() {
        let environment = [
            ("HTTPS_PROXY", "http://user:pw@Proxy.corp:3128"),
            ("http_proxy", "gate.corp:80"),
            ("ALL_PROXY", ""),
            ("NO_PROXY", "docs.corp"),
            ("PATH", "bin.corp"),
        ];
        let resolver = Resolver::public(environment.into_iter().map(|(name, value)| (name.into(), value.into())));
        for (name, all) in [("proxy.corp", true), ("gate.corp", true), ("docs.corp", false), ("bin.corp", false)] {
            assert_eq!(resolver.lets_all_through(name), all, "{name}");
        }
        assert!(Resolver::Local.lets_all_through("docs.corp"));
        assert_eq!(host("socks5://[::1]:1080").as_deref(), Some("[::1]"));
    }
}
