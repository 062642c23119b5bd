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

/// The scope of a page: the hosts that it may be redirected to.
pub(super) struct Scope<'a> {
    pub(super) url: &'a Url,
    request: &'a Request,
}

impl<'a> Scope<'a> {
    pub(super) fn new(url: &'a Url, request: &'a Request) -> Self {
        Self { url, request }
    }

    /// Checks that the page may lead to `next` after the URLs in `previous`.
    pub(super) fn check(&self, previous: &[Url], next: &Url) -> Result<(), AttemptError> {
        check_redirect(
            previous,
            next,
            self.request.local,
            RedirectPolicy::SameSite { other_hosts: &self.request.redirect_hosts },
        )
    }

    /// Checks the host and the port of `target` and returns its addresses. The caller must connect to these and must not
    /// look the name up again.
    pub(super) async fn addresses(&self, target: &Url) -> Result<Vec<SocketAddr>, AttemptError> {
        self.check(slice::from_ref(self.url), target)?;
        let port = target.port_or_known_default().filter(|port| self.allows_port(*port));
        let (Some(port), Some(host)) = (port, target.host()) else {
            return Err(AttemptError::new(
                FailureKind::Refused,
                format!("{target} has a port that pages are not loaded from"),
            ));
        };
        match host {
            Host::Ipv4(address) => Ok(vec![(address, port).into()]),
            Host::Ipv6(address) => Ok(vec![(address, port).into()]),
            Host::Domain(name) => self.resolve(name, port).await,
        }
    }

    fn allows_port(&self, port: u16) -> bool {
        port == 443 || (port == 80 && self.request.local) || Some(port) == self.url.port_or_known_default()
    }

    async fn resolve(&self, name: &str, port: u16) -> Result<Vec<SocketAddr>, AttemptError> {
        let no_address = || AttemptError::new(FailureKind::Unreachable(Cause::Dns), format!("{name} has no address"));
        // The browser uses no proxy of the environment, so none of them may have a private address.
        let resolver = if self.request.local { Resolver::Local } else { Resolver::public(std::iter::empty()) };
        let host: Name = name.parse().map_err(|_| no_address())?;
        match resolver.resolve(host).await {
            Ok(found) => Ok(found.map(|address| SocketAddr::new(address.ip(), port)).collect()),
            Err(error) => Err(error.downcast::<AttemptError>().map_or_else(|_| no_address(), |error| *error)),
        }
    }
}
