//! Redirects, to everywhere.

use crate::hostile::{
    answer::Answer,
    page::english,
    route::{
        Asked,
        Expected::{Failed, Unchanged},
        PAGE, Place, Route,
    },
};

pub(super) fn routes() -> Vec<Route> {
    let (moved, refused) = (Failed("moved"), Failed("refused"));
    let mut routes = vec![
        Route::new("redirect-loop", "redirects to itself", moved, |_| Answer::to(PAGE)),
        Route::new("redirect-circle", "redirects in a circle of three", moved, |asked| {
            Answer::to(match asked.path.as_str() {
                "/one" => "/two",
                "/two" => PAGE,
                _ => "/one",
            })
        }),
        Route::new("redirect-chain-long", "redirects twenty times", moved, |asked| chain(asked, 20)),
        Route::new("redirect-chain-short", "redirects three times, then has the page", Unchanged, |asked| {
            chain(asked, 3)
        }),
        Route::new("redirect-relative", "redirects to a relative address", Unchanged, |asked| {
            if asked.path == PAGE { Answer::to("../moved/./page.html?edition=2#top") } else { Answer::page(english()) }
        }),
        Route::new("redirect-utf8", "redirects to an address in bare UTF-8", Unchanged, |asked| {
            if asked.path == PAGE { Answer::to("/潮汐/错误码.html") } else { Answer::page(english()) }
        }),
        Route::new("redirect-nowhere", "redirects without saying where", moved, |_| Answer::status("302 Found", "")),
        Route::new("redirect-nonsense", "redirects to no address at all", moved, |_| Answer::to("https://[/")),
        Route::new("redirect-huge", "redirects to an address of 60 KB", moved, |asked| {
            let padding = "~".repeat(60_000);
            if asked.path == PAGE { Answer::to(&format!("/{padding}")) } else { Answer::to("") }
        }),
        Route::new("redirect-file", "redirects to a file of this machine", refused, |_| {
            Answer::to("file:///etc/hosts")
        }),
        Route::new("redirect-script", "redirects to a script", refused, |_| Answer::to("javascript:alert(1)")),
        Route::new("redirect-data", "redirects to a page within the address", refused, |_| {
            Answer::to("data:text/html,<table></table>")
        }),
        Route::new("redirect-credentials", "redirects to an address with a password", refused, |asked| {
            Answer::to(&format!("http://crew:secret@127.0.0.1:{}/", asked.forbidden))
        }),
        Route::new("redirect-other-name", "redirects a local page to another name", moved, |asked| {
            Answer::to(&format!("http://localhost:{}{PAGE}", asked.forbidden))
        }),
        Route::new("redirect-private", "redirects a local page into another private network", moved, |_| {
            Answer::to("http://10.255.255.1/")
        }),
        Route::new(
            "redirect-dead",
            "redirects to a port that nothing listens on",
            Failed("unreachable-connect"),
            |_| Answer::to("http://127.0.0.1:1/"),
        ),
        Route::new("refresh-header", "redirects by a refresh header on an empty page", Failed("empty"), |_| {
            Answer::page_with("refresh: 0; url=/moved.html\r\n", "")
        }),
    ];
    routes.extend(public());
    routes
}

/// Redirects of public sources, which reach this server through the proxy.
fn public() -> Vec<Route> {
    let (moved, refused) = (Failed("moved"), Failed("refused"));
    vec![
        Route::at(
            Place::Public(|asked| Answer::to(&format!("https://127.0.0.1:{}/", asked.forbidden))),
            "public-to-loopback",
            "redirects a public page to this machine",
            refused,
        ),
        Route::at(
            Place::Public(|_| Answer::to("https://169.254.169.254/latest/meta-data/")),
            "public-to-metadata",
            "redirects a public page to the cloud's secrets",
            refused,
        ),
        Route::at(
            Place::Public(|_| Answer::to("https://[::ffff:10.0.0.1]/")),
            "public-to-mapped",
            "redirects a public page to a private address in disguise",
            refused,
        ),
        Route::at(
            Place::Public(|asked| Answer::to(&format!("http://{}{PAGE}", asked.host))),
            "public-to-http",
            "redirects from https to plain http",
            refused,
        ),
        Route::at(
            Place::Public(|_| Answer::to("https://docs.stranger.example/en/errors.html")),
            "public-to-stranger",
            "redirects to another owner's domain",
            moved,
        ),
        Route::at(
            Place::Public(|asked| {
                if asked.host.starts_with("sibling-") {
                    Answer::page(english())
                } else {
                    Answer::to(&format!("https://sibling-{}{PAGE}", asked.host))
                }
            }),
            "public-to-sibling",
            "redirects to another host of its own domain, where the page is",
            Unchanged,
        ),
        Route::at(
            Place::Elsewhere { url: "https://100.100.100.200/latest/meta-data/", local: false },
            "metadata-address",
            "is a public source at an address of the cloud's secrets",
            refused,
        ),
    ]
}

/// Redirects from `/hop-n` to `/hop-n-1` and has the page at the end.
fn chain(asked: &Asked, hops: usize) -> Answer {
    let left = asked.path.strip_prefix("/hop-").and_then(|left| left.parse().ok()).unwrap_or(hops);
    match left {
        0 => Answer::page(english()),
        left => Answer::to(&format!("/hop-{}", left - 1)),
    }
}
