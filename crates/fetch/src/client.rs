//! The two HTTP clients of a run: one for public pages, one for local ones.

use std::env;
use std::error::Error;
use std::iter;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};

use crate::failure::{Cause, FailureKind, Miss};
use crate::resolver::Resolver;
use crate::settings::Settings;

const ACCEPTED: &str = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5";

/// The longest quotation of an error from below, in characters: a certificate may name hundreds of hosts.
const QUOTE: usize = 160;

/// The clients of a run, or why there is none: the requests that needed it fail by that.
pub(crate) struct Clients {
    public: Result<Client, Miss>,
    local: Result<Client, Miss>,
}

impl Clients {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { public: build(settings, false), local: build(settings, true) }
    }

    pub(crate) fn get(&self, local: bool) -> Result<&Client, Miss> {
        let client = if local { &self.local } else { &self.public };
        client.as_ref().map_err(Clone::clone)
    }
}

/// The words of what first caused an error; those around it say only which layer passed it on.
pub(crate) fn told(error: &reqwest::Error) -> String {
    let cause = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    cause.chars().take(QUOTE).collect()
}

/// What to say where TLS fails, before or while connecting.
pub(crate) fn no_trust(error: &reqwest::Error) -> String {
    format!("no secure connection ({})", told(error))
}

/// What caused an error, the nearest first.
pub(crate) fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next = error.source();
    iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

fn build(settings: &Settings, local: bool) -> Result<Client, Miss> {
    let Ok(name) = HeaderValue::from_str(&settings.user_agent) else {
        return Err(Miss::new(FailureKind::Refused, "the user agent in the settings is no header value"));
    };
    let built = match builder(settings, &name, local).build() {
        // Plain http on this machine needs no trust, so it must work where no CA certificates are installed.
        Err(_) if local => builder(settings, &name, local).tls_certs_only(iter::empty::<Certificate>()).build(),
        built => built,
    };
    built.map_err(|error| Miss::new(FailureKind::Unreachable(Cause::Tls), no_trust(&error)))
}

fn builder(settings: &Settings, name: &HeaderValue, local: bool) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(name)
        .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(ACCEPTED))]))
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .redirect(Policy::none());
    if local {
        builder.no_proxy().dns_resolver(Resolver::Local)
    } else {
        let environment =
            env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        builder.dns_resolver(Resolver::public(environment))
    }
}
