//! From host names to addresses. The addresses are checked here and handed to the connection directly. A name that is
//! looked up once for the check and once for the connection could have a public address the first time only.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::{Cause, FailureKind};
use crate::policy::is_public;

/// Resolves names with the resolver of the system.
pub(crate) enum Resolver {
    /// Allows any address.
    Local,
    /// Allows public addresses only. The names in `proxies` may have any address, because users choose the proxy of
    /// their network themselves.
    Public { proxies: Arc<BTreeSet<String>> },
}

impl Resolver {
    /// Creates a resolver for public pages. Its proxies are those that the variables in `environment` name for reqwest.
    pub(crate) fn public(environment: impl Iterator<Item = (String, String)>) -> Self {
        let variables = environment.filter(|(name, _)| is_proxy_variable(name));
        let proxies = variables.filter_map(|(_, value)| proxy_host(&value)).collect();
        Self::Public { proxies: Arc::new(proxies) }
    }

    fn allows_any_address(&self, name: &str) -> bool {
        match self {
            Self::Local => true,
            Self::Public { proxies } => proxies.contains(name),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allows_any_address = self.allows_any_address(name.as_str());
        Box::pin(async move { Ok(resolve(name.as_str(), allows_any_address).await?) })
    }
}

async fn resolve(name: &str, allows_any_address: bool) -> Result<Addrs, AttemptError> {
    let found: Vec<SocketAddr> = match tokio::net::lookup_host((name, 0)).await {
        Ok(found) => found.collect(),
        Err(error) => return Err(no_address(format!("{name} has no address ({error})"))),
    };
    let Some(first) = found.first().copied() else { return Err(no_address(format!("{name} has no address"))) };
    let is_allowed = |address: &SocketAddr| allows_any_address || is_public(address.ip());
    let allowed: Vec<SocketAddr> = found.into_iter().filter(is_allowed).collect();
    if allowed.is_empty() {
        let detail = format!("{name} has the address {}, which is not public", first.ip());
        return Err(AttemptError::new(FailureKind::Refused, detail));
    }
    Ok(Box::new(allowed.into_iter()))
}

fn no_address(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Dns), detail).with_retry(Retry::Backoff)
}

fn is_proxy_variable(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "http_proxy" | "https_proxy" | "all_proxy")
}

/// Returns the host in the address of a proxy, which may have no scheme.
fn proxy_host(proxy: &str) -> Option<String> {
    let text = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    Url::parse(&text).ok()?.host_str().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{Resolver, proxy_host, resolve};
    use crate::failure::FailureKind;

    #[tokio::test]
    async fn a_name_with_a_private_address_is_refused_unless_all_are_allowed() {
        let error = resolve("localhost", false).await.err().unwrap();
        assert_eq!(error.kind, FailureKind::Refused);
        assert!(error.detail.starts_with("localhost has the address "), "{error}");
        assert!(resolve("localhost", true).await.unwrap().all(|found| found.ip().is_loopback()));
    }

    #[test]
    fn proxies_may_have_any_address() {
        let environment = [
            ("HTTPS_PROXY", "http://user:pw@Proxy.corp:3128"),
            ("http_proxy", "gate.corp:80"),
            ("ALL_PROXY", ""),
            ("NO_PROXY", "docs.corp"),
            ("PATH", "bin.corp"),
        ];
        let resolver = Resolver::public(environment.into_iter().map(|(name, value)| (name.into(), value.into())));
        for (name, allowed) in [("proxy.corp", true), ("gate.corp", true), ("docs.corp", false), ("bin.corp", false)] {
            assert_eq!(resolver.allows_any_address(name), allowed, "{name}");
        }
        assert!(Resolver::Local.allows_any_address("docs.corp"));
        assert_eq!(proxy_host("socks5://[::1]:1080").as_deref(), Some("[::1]"));
    }
}
