//! Redirects.

use crate::{
    hostile::{
        page::english_page,
        route::{
            Endpoint,
            Expected::{Failed, Unchanged},
            PAGE_PATH, Route, RouteRequest,
        },
    },
    reply::Reply,
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = chains();
    routes.extend(targets());
    routes.extend(public());
    routes
}

/// Redirects to further pages of the same server.
fn chains() -> Vec<Route> {
    let moved = Failed("moved");
    vec![
        Route::new("redirect-loop", "redirects to itself", moved, |_| Reply::redirect(PAGE_PATH)),
        Route::new("redirect-circle", "redirects in a circle of three", moved, |request| {
            Reply::redirect(match request.received.path.as_str() {
                "/one" => "/two",
                "/two" => PAGE_PATH,
                _ => "/one",
            })
        }),
        Route::new("redirect-chain-long", "redirects twenty times", moved, |request| chain(request, 20)),
        Route::new("redirect-chain-short", "redirects three times, then has the page", Unchanged, |request| {
            chain(request, 3)
        }),
        Route::new("redirect-relative", "redirects to a relative address", Unchanged, |request| {
            if request.received.path == PAGE_PATH {
                Reply::redirect("../moved/./page.html?edition=2#top")
            } else {
                Reply::page(english_page())
            }
        }),
        Route::new("redirect-utf8", "redirects to an address in bare UTF-8", Unchanged, |request| {
            if request.received.path == PAGE_PATH {
                Reply::redirect("/潮汐/错误码.html")
            } else {
                Reply::page(english_page())
            }
        }),
    ]
}

/// Redirects to nowhere, or to what is no page of the server.
fn targets() -> Vec<Route> {
    let (moved, refused) = (Failed("moved"), Failed("refused"));
    vec![
        Route::new("redirect-nowhere", "redirects without saying where", moved, |_| Reply::status("302 Found", "")),
        Route::new("redirect-nonsense", "redirects to no address at all", moved, |_| Reply::redirect("https://[/")),
        Route::new("redirect-huge", "redirects to an address of 60 KB", moved, |request| {
            let padding = "~".repeat(60_000);
            if request.received.path == PAGE_PATH {
                Reply::redirect(&format!("/{padding}"))
            } else {
                Reply::redirect("")
            }
        }),
        Route::new("redirect-file", "redirects to a file of this machine", refused, |_| {
            Reply::redirect("file:///etc/hosts")
        }),
        Route::new("redirect-script", "redirects to a script", refused, |_| Reply::redirect("javascript:alert(1)")),
        Route::new("redirect-data", "redirects to a page within the address", refused, |_| {
            Reply::redirect("data:text/html,<table></table>")
        }),
        Route::new("redirect-credentials", "redirects to an address with a password", refused, |request| {
            Reply::redirect(&format!("http://crew:secret@127.0.0.1:{}/", request.forbidden_port))
        }),
        Route::new("redirect-other-name", "redirects a local page to another name", moved, |request| {
            Reply::redirect(&format!("http://localhost:{}{PAGE_PATH}", request.forbidden_port))
        }),
        Route::new("redirect-private", "redirects a local page into another private network", moved, |_| {
            Reply::redirect("http://10.255.255.1/")
        }),
        Route::new(
            "redirect-dead",
            "redirects to a port that nothing listens on",
            Failed("unreachable-connect"),
            |_| Reply::redirect("http://127.0.0.1:1/"),
        ),
        Route::new("refresh-header", "redirects by a refresh header on an empty page", Failed("empty"), |_| {
            Reply::page_with("refresh: 0; url=/moved.html\r\n", "")
        }),
    ]
}

/// Redirects of public sources, which are reached through the proxy.
fn public() -> Vec<Route> {
    let (moved, refused) = (Failed("moved"), Failed("refused"));
    vec![
        Route::at(
            Endpoint::Public(|request| Reply::redirect(&format!("https://127.0.0.1:{}/", request.forbidden_port))),
            "public-to-loopback",
            "redirects a public page to this machine",
            refused,
        ),
        Route::at(
            Endpoint::Public(|_| Reply::redirect("https://169.254.169.254/latest/meta-data/")),
            "public-to-metadata",
            "redirects a public page to the cloud's secrets",
            refused,
        ),
        Route::at(
            Endpoint::Public(|_| Reply::redirect("https://[::ffff:10.0.0.1]/")),
            "public-to-mapped",
            "redirects a public page to a private address in disguise",
            refused,
        ),
        Route::at(
            Endpoint::Public(|request| Reply::redirect(&format!("http://{}{PAGE_PATH}", request.host))),
            "public-to-http",
            "redirects from https to plain http",
            refused,
        ),
        Route::at(
            Endpoint::Public(|_| Reply::redirect("https://docs.stranger.example/en/errors.html")),
            "public-to-stranger",
            "redirects to another owner's domain",
            moved,
        ),
        Route::at(
            Endpoint::Public(|request| {
                if request.host.starts_with("sibling-") {
                    Reply::page(english_page())
                } else {
                    Reply::redirect(&format!("https://sibling-{}{PAGE_PATH}", request.host))
                }
            }),
            "public-to-sibling",
            "redirects to another host of its own domain, where the page is",
            Unchanged,
        ),
        Route::at(
            Endpoint::Elsewhere { url: "https://100.100.100.200/latest/meta-data/", is_local: false },
            "metadata-address",
            "is a public source at an address of the cloud's secrets",
            refused,
        ),
    ]
}

/// Redirects from `/hop-N` to `/hop-(N-1)`; the page is at the end.
fn chain(request: &RouteRequest, hops: usize) -> Reply {
    let left = request.received.path.strip_prefix("/hop-").and_then(|left| left.parse().ok()).unwrap_or(hops);
    match left {
        0 => Reply::page(english_page()),
        left => Reply::redirect(&format!("/hop-{}", left - 1)),
    }
}
