//! TLS and HTTP/2.

use crate::hostile::{
    answer::{Answer, End, Step},
    page::english,
    route::{
        Expected::{self, Failed, Unchanged},
        Identity, Place, Route, StreamFault,
    },
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = certificates();
    routes.extend(streams());
    routes
}

fn certificates() -> Vec<Route> {
    let untrusted = Failed("unreachable-tls");
    let identity = |identity, name, what, expected| {
        Route::at(Place::Https(identity, |_| Answer::page(english())), name, what, expected)
    };
    let silent: Place = Place::Https(Identity::None, |_| Answer::nothing(End::Close).then(Step::Hang));
    vec![
        identity(Identity::Good, "tls-good", "has a certificate of an authority that is trusted", Unchanged),
        identity(Identity::Expired, "tls-expired", "has a certificate of the year 2001", untrusted),
        identity(Identity::NotYet, "tls-not-yet", "has a certificate of the year 2900", untrusted),
        identity(Identity::OtherHost, "tls-other-host", "has a certificate of another host", untrusted),
        identity(Identity::SelfSigned, "tls-self-signed", "has a certificate that it made itself", untrusted),
        identity(Identity::None, "tls-none", "speaks plain HTTP where TLS is meant", untrusted),
        Route::at(silent, "tls-silent", "never answers the TLS greeting", Failed("unreachable-connect")),
        Route::at(
            Place::Https(Identity::None, |_| Answer::nothing(End::Reset)),
            "tls-reset",
            "resets the connection at the TLS greeting",
            Failed("unreachable-connect"),
        ),
        Route::at(
            Place::Https(Identity::Good, |_| Answer::to("http://localhost:1/")),
            "tls-to-http",
            "redirects a local https page to plain http",
            Failed("refused"),
        ),
    ]
}

fn streams() -> Vec<Route> {
    let stream = |fault, name, what, expected: Expected| Route::at(Place::Http2(fault), name, what, expected);
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
