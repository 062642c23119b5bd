//! The HTTP clients of a run: for public pages and for local ones, with HTTP/2 and without.

use std::cell::OnceCell;
use std::env;
use std::iter;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};

use crate::attempt_error::AttemptError;
use crate::content_encoding::ACCEPTED_ENCODINGS;
use crate::failure::{Cause, FailureKind};
use crate::reqwest_error::describe_tls_error;
use crate::resolver::Resolver;
use crate::settings::Settings;

/// HTML and Markdown first, then plain text, then anything.
const ACCEPTED_TYPES: &str = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5";

/// The clients of a run. Each is built when it is first needed; where that fails, every request that needs it fails with
/// the same error.
pub(crate) struct Clients<'a> {
    settings: &'a Settings,
    public: OnceCell<Result<Client, AttemptError>>,
    public_http1: OnceCell<Result<Client, AttemptError>>,
    local: OnceCell<Result<Client, AttemptError>>,
    local_http1: OnceCell<Result<Client, AttemptError>>,
}

impl<'a> Clients<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            public: OnceCell::new(),
            public_http1: OnceCell::new(),
            local: OnceCell::new(),
            local_http1: OnceCell::new(),
        }
    }

    pub(crate) fn get(&self, is_local: bool, http1_only: bool) -> Result<&Client, AttemptError> {
        let client = match (is_local, http1_only) {
            (false, false) => &self.public,
            (false, true) => &self.public_http1,
            (true, false) => &self.local,
            (true, true) => &self.local_http1,
        };
        client.get_or_init(|| build(self.settings, is_local, http1_only)).as_ref().map_err(Clone::clone)
    }
}

fn build(settings: &Settings, is_local: bool, http1_only: bool) -> Result<Client, AttemptError> {
    let Ok(user_agent) = HeaderValue::from_str(&settings.user_agent) else {
        let detail = "the user agent in the settings is not a valid header value";
        return Err(AttemptError::new(FailureKind::Refused, detail));
    };
    let builder = || {
        let builder = builder(settings, &user_agent, is_local);
        if http1_only { builder.http1_only() } else { builder }
    };
    let built = match builder().build() {
        // Plain http on this machine needs no certificates, so it must work where none are installed.
        Err(_) if is_local => builder().tls_certs_only(iter::empty::<Certificate>()).build(),
        built => built,
    };
    built.map_err(|error| AttemptError::new(FailureKind::Unreachable(Cause::Tls), describe_tls_error(&error)))
}

fn builder(settings: &Settings, user_agent: &HeaderValue, is_local: bool) -> ClientBuilder {
    let headers = [(ACCEPT, ACCEPTED_TYPES), (ACCEPT_ENCODING, ACCEPTED_ENCODINGS)];
    let builder = Client::builder()
        .user_agent(user_agent)
        .default_headers(HeaderMap::from_iter(headers.map(|(name, value)| (name, HeaderValue::from_static(value)))))
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .redirect(Policy::none())
        // `body` decompresses, so that it can count the bytes before and after.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    if is_local {
        builder.no_proxy().dns_resolver(Resolver::Local)
    } else {
        let environment =
            env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        builder.dns_resolver(Resolver::public(environment))
    }
}
