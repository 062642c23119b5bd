//! A route: one misbehaviour, and what must become of a source that meets it.

use crate::hostile::answer::Answer;

/// One misbehaviour of a documentation server. Each has a source of its own, and a port or a host of its own.
pub(crate) struct Route {
    /// The service of its source.
    pub(crate) name: &'static str,
    /// What the server does.
    pub(crate) what: &'static str,
    /// Where it is served.
    pub(crate) place: Place,
    /// Headers of the page while the server behaves, each ended by a line break.
    pub(crate) headers: &'static str,
    /// Whether it is about robots.txt too; those of the others are missing.
    pub(crate) has_robots: bool,
    /// How a run over it must end.
    pub(crate) expected: Expected,
}

/// Where and how a route is served.
pub(crate) enum Place {
    /// Plain HTTP on its own loopback port.
    Http(Serve),
    /// TLS on its own loopback port; while the server misbehaves, with this certificate.
    Https(Identity, Serve),
    /// A public host, `NAME.hostile.example`, reached through the proxy of the run.
    Public(Serve),
    /// HTTP/2 on its own loopback port.
    Http2(StreamFault),
    /// A loopback port that nothing listens on once the server misbehaves.
    Closed,
    /// An address that the source has once the server misbehaves, in place of its port.
    Elsewhere { url: &'static str, local: bool },
}

/// What the server sends for a request while it misbehaves.
pub(crate) type Serve = fn(&Asked) -> Answer;

/// Who a TLS server says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Identity {
    /// Itself, as the trusted authority certifies.
    Good,
    /// Itself, until a date in the past.
    Expired,
    /// Itself, from a date in the future on.
    NotYet,
    /// Another host.
    OtherHost,
    /// Itself, as only itself certifies.
    SelfSigned,
    /// Nobody: what it sends is no TLS.
    None,
}

/// A misbehaviour within an HTTP/2 connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StreamFault {
    /// Each connection ends with GOAWAY at its first request; the third connection behaves.
    GoAwayTwice,
    /// GOAWAY on every connection.
    GoAway,
    /// The stream is reset in place of an answer.
    Reset,
    /// The stream is reset in the middle of the page.
    ResetMidBody,
    /// The stream stays open without an answer.
    Silent,
    /// Pages of headers before the page.
    HeaderFlood,
    /// A page without an end.
    Endless,
}

/// A request, as far as answers depend on it.
pub(crate) struct Asked {
    /// The path.
    pub(crate) path: String,
    /// The request's lines up to the empty one.
    pub(crate) head: String,
    /// How often this path was asked for since the server misbehaves, this time included.
    pub(crate) nth: usize,
    /// The host asked, as a public source names it; empty on loopback.
    pub(crate) host: String,
    /// The loopback port of the route.
    pub(crate) port: u16,
    /// A loopback port that nobody has any business with.
    pub(crate) forbidden: u16,
}

impl Asked {
    /// Whether the page is asked for, and not robots.txt.
    pub(crate) fn is_page(&self) -> bool {
        self.path != "/robots.txt"
    }
}

/// How a run over a route must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The page is had after all, and says what it said.
    Unchanged,
    /// The page is a page, and says something new.
    Changed,
    /// The page is had and looks wrong.
    Quarantined,
    /// The page cannot be had; the kind of failure.
    Failed(&'static str),
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expected::Unchanged => f.write_str("unchanged"),
            Expected::Changed => f.write_str("changed"),
            Expected::Quarantined => f.write_str("quarantined"),
            Expected::Failed(kind) => write!(f, "failed: {kind}"),
        }
    }
}

impl Route {
    /// A route over plain HTTP.
    pub(crate) fn new(name: &'static str, what: &'static str, expected: Expected, serve: Serve) -> Self {
        Self::at(Place::Http(serve), name, what, expected)
    }

    /// A route at any place.
    pub(crate) fn at(place: Place, name: &'static str, what: &'static str, expected: Expected) -> Self {
        Self { name, what, place, headers: VALIDATORS, has_robots: false, expected }
    }

    /// The same with a page that has no validator while the server behaves.
    pub(crate) fn without_validators(self) -> Self {
        Self { headers: "", ..self }
    }

    /// The same with a robots.txt of its own.
    pub(crate) fn with_robots(self) -> Self {
        Self { has_robots: true, ..self }
    }

    /// The host of a route that is reached through the proxy.
    pub(crate) fn host(&self) -> String {
        format!("{}.{PUBLIC_DOMAIN}", self.name)
    }

    /// The address of its page, at a port of its own where it has one.
    pub(crate) fn url(&self, port: u16, misbehaves: bool) -> String {
        match &self.place {
            Place::Elsewhere { url, .. } if misbehaves => (*url).to_owned(),
            Place::Http(_) | Place::Closed | Place::Elsewhere { .. } => format!("http://127.0.0.1:{port}{PAGE}"),
            Place::Https(..) | Place::Http2(_) => format!("https://localhost:{port}{PAGE}"),
            Place::Public(_) => format!("https://{}{PAGE}", self.host()),
        }
    }

    /// Whether its source is marked as one of this machine.
    pub(crate) fn is_local(&self, misbehaves: bool) -> bool {
        match self.place {
            Place::Public(_) => false,
            Place::Elsewhere { local, .. } => local || !misbehaves,
            _ => true,
        }
    }
}

/// What a page is known again by.
pub(crate) const VALIDATORS: &str = "etag: \"good\"\r\nlast-modified: Mon, 06 Jul 2026 08:00:00 GMT\r\n";
/// The path of every page.
pub(crate) const PAGE: &str = "/en/errors.html";
/// The domain of all public hosts.
pub(crate) const PUBLIC_DOMAIN: &str = "hostile.example";
