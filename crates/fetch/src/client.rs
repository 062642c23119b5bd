//! The HTTP clients of a run: for public pages and for local ones, with HTTP/2 and without.

use std::cell::OnceCell;
use std::env;
use std::iter;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};

use crate::attempt_error::AttemptError;
use crate::body::ENCODINGS;
use crate::failure::{Cause, FailureKind};
use crate::resolver::Resolver;
use crate::settings::Settings;
use crate::trouble::no_trust;

const ACCEPTED: &str = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5";

/// The clients of a run, each made when it is first needed, or why there is none: the requests that needed it fail by
/// that.
pub(crate) struct Clients<'a> {
    settings: &'a Settings,
    made: [OnceCell<Result<Client, AttemptError>>; 4],
}

impl<'a> Clients<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self { settings, made: Default::default() }
    }

    pub(crate) fn get(&self, local: bool, http1: bool) -> Result<&Client, AttemptError> {
        let [public, public_http1, local_any, local_http1] = &self.made;
        let client = match (local, http1) {
            (false, false) => public,
            (false, true) => public_http1,
            (true, false) => local_any,
            (true, true) => local_http1,
        };
        client.get_or_init(|| build(self.settings, local, http1)).as_ref().map_err(Clone::clone)
    }
}

fn build(settings: &Settings, local: bool, http1: bool) -> Result<Client, AttemptError> {
    let Ok(name) = HeaderValue::from_str(&settings.user_agent) else {
        return Err(AttemptError::new(FailureKind::Refused, "the user agent in the settings is no header value"));
    };
    let builder = || {
        let builder = builder(settings, &name, local);
        if http1 { builder.http1_only() } else { builder }
    };
    let built = match builder().build() {
        // Plain http on this machine needs no trust, so it must work where no CA certificates are installed.
        Err(_) if local => builder().tls_certs_only(iter::empty::<Certificate>()).build(),
        built => built,
    };
    built.map_err(|error| AttemptError::new(FailureKind::Unreachable(Cause::Tls), no_trust(&error)))
}

fn builder(settings: &Settings, name: &HeaderValue, local: bool) -> ClientBuilder {
    let headers = [(ACCEPT, ACCEPTED), (ACCEPT_ENCODING, ENCODINGS)];
    let builder = Client::builder()
        .user_agent(name)
        .default_headers(HeaderMap::from_iter(headers.map(|(name, value)| (name, HeaderValue::from_static(value)))))
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .redirect(Policy::none())
        // `body` unpacks, because only there it can be counted before and after.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    if local {
        builder.no_proxy().dns_resolver(Resolver::Local)
    } else {
        let environment =
            env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        builder.dns_resolver(Resolver::public(environment))
    }
}
