//! TLS and HTTP/2.

use crate::{
    hostile::{
        page::english_page,
        route::{
            CertificateKind, Endpoint,
            Expected::{self, Failed, Unchanged},
            Route, StreamFault,
        },
    },
    reply::{End, Reply},
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = certificates();
    routes.extend(streams());
    routes
}

fn certificates() -> Vec<Route> {
    let untrusted = Failed("unreachable-tls");
    let identity = |identity, name, description, expected| {
        Route::at(Endpoint::Https(identity, |_| Reply::page(english_page())), name, description, expected)
    };
    let silent: Endpoint = Endpoint::Https(CertificateKind::None, |_| Reply::hang());
    vec![
        identity(CertificateKind::Good, "tls-good", "has a certificate of an authority that is trusted", Unchanged),
        identity(CertificateKind::Expired, "tls-expired", "has a certificate of the year 2001", untrusted),
        identity(CertificateKind::NotYetValid, "tls-not-yet", "has a certificate of the year 2900", untrusted),
        identity(CertificateKind::OtherHost, "tls-other-host", "has a certificate of another host", untrusted),
        identity(CertificateKind::SelfSigned, "tls-self-signed", "has a certificate that it made itself", untrusted),
        identity(CertificateKind::None, "tls-none", "speaks plain HTTP where TLS is meant", untrusted),
        Route::at(silent, "tls-silent", "never answers the TLS greeting", Failed("unreachable-connect")),
        Route::at(
            Endpoint::Https(CertificateKind::None, |_| Reply::silent(End::Reset)),
            "tls-reset",
            "resets the connection at the TLS greeting",
            Failed("unreachable-connect"),
        ),
        Route::at(
            Endpoint::Https(CertificateKind::Good, |_| Reply::redirect("http://localhost:1/")),
            "tls-to-http",
            "redirects a local https page to plain http",
            Failed("refused"),
        ),
    ]
}

fn streams() -> Vec<Route> {
    let stream =
        |fault, name, description, expected: Expected| Route::at(Endpoint::Http2(fault), name, description, expected);
    let dropped = Failed("unreachable-dropped");
    vec![
        stream(
            StreamFault::GoAwayTwice,
            "h2-goaway-twice",
            "ends two HTTP/2 connections (GOAWAY), then behaves",
            Unchanged,
        ),
        stream(StreamFault::GoAway, "h2-goaway", "ends every HTTP/2 connection at once (GOAWAY)", dropped),
        stream(StreamFault::Reset, "h2-reset", "resets the HTTP/2 stream in place of an answer", dropped),
        stream(
            StreamFault::ResetMidBody,
            "h2-reset-in-body",
            "resets the HTTP/2 stream within the page",
            Failed("truncated"),
        ),
        stream(
            StreamFault::Silent,
            "h2-silent",
            "keeps the HTTP/2 stream open in silence",
            Failed("unreachable-timeout"),
        ),
        stream(StreamFault::HeaderFlood, "h2-header-flood", "sends 1 MB of headers over HTTP/2", dropped),
        stream(StreamFault::Endless, "h2-endless", "sends a page without an end over HTTP/2", Failed("too-large")),
    ]
}
