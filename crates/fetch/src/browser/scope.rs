//! What a page may reach while it is rendered.

use std::net::SocketAddr;
use std::slice;

use reqwest::dns::{Name, Resolve as _};
use url::{Host, Url};

use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::policy::{RedirectPolicy, check_redirect};
use crate::request::Request;
use crate::resolver::Resolver;

/// The site of a page: the hosts that it could have been redirected to.
pub(super) struct Scope<'a> {
    pub(super) url: &'a Url,
    request: &'a Request,
}

impl<'a> Scope<'a> {
    pub(super) fn new(url: &'a Url, request: &'a Request) -> Self {
        Self { url, request }
    }

    /// Whether the page, having come by way of `previous`, may lead to `next`.
    pub(super) fn check(&self, previous: &[Url], next: &Url) -> Result<(), AttemptError> {
        check_redirect(
            previous,
            next,
            self.request.local,
            RedirectPolicy::SameSite { other_hosts: &self.request.redirect_hosts },
        )
    }

    /// The addresses behind `target`, whose port is one of the web and whose host one of the site. It is these that are
    /// to be connected to: the name is not to be looked up again.
    pub(super) async fn addresses(&self, target: &Url) -> Result<Vec<SocketAddr>, AttemptError> {
        self.check(slice::from_ref(self.url), target)?;
        let port = target.port_or_known_default().filter(|port| self.has_port(*port));
        let (Some(port), Some(host)) = (port, target.host()) else {
            return Err(AttemptError::new(
                FailureKind::Refused,
                format!("{target} is at a port that pages are not asked at"),
            ));
        };
        match host {
            Host::Ipv4(address) => Ok(vec![(address, port).into()]),
            Host::Ipv6(address) => Ok(vec![(address, port).into()]),
            Host::Domain(name) => self.resolve(name, port).await,
        }
    }

    fn has_port(&self, port: u16) -> bool {
        port == 443 || (port == 80 && self.request.local) || Some(port) == self.url.port_or_known_default()
    }

    async fn resolve(&self, name: &str, port: u16) -> Result<Vec<SocketAddr>, AttemptError> {
        let unknown = || AttemptError::new(FailureKind::Unreachable(Cause::Dns), format!("{name} has no address"));
        // The proxies of the environment are not asked here, so that none of them is excepted.
        let resolver = if self.request.local { Resolver::Local } else { Resolver::public(std::iter::empty()) };
        let host: Name = name.parse().map_err(|_| unknown())?;
        match resolver.resolve(host).await {
            Ok(found) => Ok(found.map(|address| SocketAddr::new(address.ip(), port)).collect()),
            Err(error) => Err(error.downcast::<AttemptError>().map_or_else(|_| unknown(), |miss| *miss)),
        }
    }
}
