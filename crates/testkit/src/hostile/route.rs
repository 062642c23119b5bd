//! A route: one misbehaviour, and what must become of a source that meets it.

use crate::{reply::Reply, request::ReceivedRequest};

/// The validators of a good page.
pub(crate) const VALIDATORS: &str = "etag: \"good\"\r\nlast-modified: Mon, 06 Jul 2026 08:00:00 GMT\r\n";
/// The path of every page.
pub(crate) const PAGE_PATH: &str = "/en/errors.html";
/// The domain of all public hosts.
pub(crate) const PUBLIC_DOMAIN: &str = "hostile.example";

/// One misbehaviour of a documentation server. Each has a source of its own, and a port or a host of its own.
pub(crate) struct Route {
    /// The service of its source.
    pub(crate) name: &'static str,
    /// What the server does, as the end of a sentence.
    pub(crate) description: &'static str,
    pub(crate) endpoint: Endpoint,
    /// Headers of the page while the server behaves, each ended by a line break.
    pub(crate) headers: &'static str,
    /// Whether the route answers requests for robots.txt too; other routes have none.
    pub(crate) has_robots: bool,
    /// How a run over it must end.
    pub(crate) expected: Expected,
}

/// Where and how a route is served.
pub(crate) enum Endpoint {
    /// Plain HTTP on a loopback port.
    Http(Responder),
    /// TLS on a loopback port; while the server misbehaves, with this certificate.
    Https(CertificateKind, Responder),
    /// A public host, `NAME.hostile.example`, behind the proxy.
    Public(Responder),
    /// HTTP/2 on a loopback port.
    Http2(StreamFault),
    /// A loopback port that is closed while the server misbehaves.
    Closed,
    /// An address that replaces the route's own while the server misbehaves.
    Elsewhere { url: &'static str, is_local: bool },
}

/// What the server sends for a request while it misbehaves.
pub(crate) type Responder = fn(&RouteRequest) -> Reply;

/// The certificate that a TLS server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CertificateKind {
    /// Valid, and signed by the trusted authority.
    Good,
    /// Valid until a date in the past.
    Expired,
    /// Valid from a date in the future.
    NotYetValid,
    /// Valid for another host.
    OtherHost,
    /// Signed by itself.
    SelfSigned,
    /// No certificate: the server does not speak TLS.
    None,
}

/// A misbehaviour within an HTTP/2 connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StreamFault {
    /// Each connection ends with GOAWAY at its first request; the third connection behaves.
    GoAwayTwice,
    /// Every connection ends with GOAWAY.
    GoAway,
    /// The stream is reset before an answer.
    Reset,
    /// The stream is reset in the middle of the page.
    ResetMidBody,
    /// The stream stays open without an answer.
    Silent,
    /// 1 MB of headers comes before the page.
    HeaderFlood,
    /// The page has no end.
    Endless,
}

/// A request as the answers of routes depend on it. Attempts are counted since the log was last cleared.
pub(crate) struct RouteRequest {
    pub(crate) received: ReceivedRequest,
    /// The public host that is asked; empty on loopback.
    pub(crate) host: String,
    /// The loopback port of the route.
    pub(crate) port: u16,
    /// A loopback port that docdrift must never contact.
    pub(crate) forbidden_port: u16,
}

impl RouteRequest {
    /// Whether the request is for a page, not for robots.txt.
    pub(crate) fn is_page(&self) -> bool {
        self.received.path != "/robots.txt"
    }
}

/// How a run over a route must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The page is fetched and says what it said before.
    Unchanged,
    /// The page is fetched and says something new.
    Changed,
    /// The page is fetched and looks wrong.
    Quarantined,
    /// The page cannot be fetched; the kind of failure.
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
    pub(crate) fn new(name: &'static str, description: &'static str, expected: Expected, respond: Responder) -> Self {
        Self::at(Endpoint::Http(respond), name, description, expected)
    }

    /// A route at any endpoint.
    pub(crate) fn at(endpoint: Endpoint, name: &'static str, description: &'static str, expected: Expected) -> Self {
        Self { name, description, endpoint, headers: VALIDATORS, has_robots: false, expected }
    }

    /// The same route with a page that has no validators while the server behaves.
    pub(crate) fn without_validators(self) -> Self {
        Self { headers: "", ..self }
    }

    /// The same route with a robots.txt of its own.
    pub(crate) fn with_robots(self) -> Self {
        Self { has_robots: true, ..self }
    }

    /// The host of a route behind the proxy.
    pub(crate) fn host(&self) -> String {
        format!("{}.{PUBLIC_DOMAIN}", self.name)
    }

    /// The address of its page. `port` is the route's loopback port.
    pub(crate) fn url(&self, port: u16, misbehaves: bool) -> String {
        match &self.endpoint {
            Endpoint::Elsewhere { url, .. } if misbehaves => (*url).to_owned(),
            Endpoint::Http(_) | Endpoint::Closed | Endpoint::Elsewhere { .. } => {
                format!("http://127.0.0.1:{port}{PAGE_PATH}")
            }
            Endpoint::Https(..) | Endpoint::Http2(_) => format!("https://localhost:{port}{PAGE_PATH}"),
            Endpoint::Public(_) => format!("https://{}{PAGE_PATH}", self.host()),
        }
    }

    /// Whether its source is marked as one on this machine.
    pub(crate) fn is_local(&self, misbehaves: bool) -> bool {
        match self.endpoint {
            Endpoint::Public(_) => false,
            Endpoint::Elsewhere { is_local, .. } => is_local || !misbehaves,
            _ => true,
        }
    }
}
