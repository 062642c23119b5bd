//! Bodies whose length is not the announced one, or that break off.

use crate::{
    hostile::{
        page::english_page,
        route::{
            Expected::{Failed, Quarantined, Unchanged},
            Route,
        },
    },
    reply::{End, HTML, Reply},
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = lengths();
    routes.extend(breaks());
    routes.extend(chunks());
    routes
}

/// Wrong lengths.
fn lengths() -> Vec<Route> {
    let (truncated, dropped) = (Failed("truncated"), Failed("unreachable-dropped"));
    vec![
        Route::new("length-too-long", "announces more bytes than it sends", truncated, |_| {
            sized(&(english_page().len() + 100).to_string(), &english_page()).ending(End::Close)
        }),
        Route::new("length-too-short", "announces half of the page that it sends", Quarantined, |_| {
            sized(&(english_page().len() / 2).to_string(), &english_page()).ending(End::Close)
        }),
        Route::new("length-negative", "announces a length below zero", dropped, |_| sized("-1", &english_page())),
        Route::new("length-twice", "announces two lengths", dropped, |_| {
            sized(&format!("5\r\ncontent-length: {}", english_page().len()), &english_page())
        }),
        Route::new("length-huge", "announces 8 EB and sends the page", Failed("too-large"), |_| {
            sized("9000000000000000000", &english_page())
        }),
        Route::new("large-page", "sends a page of 20 MB", Failed("too-large"), |_| {
            Reply::page(english_page() + &"<p>low tide</p>\n".repeat(1_310_720))
        }),
    ]
}

/// Pages that break off.
fn breaks() -> Vec<Route> {
    vec![
        Route::new("cut-page", "sends half a page and closes, with no length to tell by", Quarantined, |_| {
            let page = english_page();
            let half = &page[..page.len() / 2];
            Reply::raw(format!("HTTP/1.1 200 OK\r\n{HTML}connection: close\r\n\r\n{half}"))
        }),
        Route::new("reset-in-body", "resets the connection in the middle of the page", Failed("truncated"), |_| {
            let page = english_page();
            sized(&page.len().to_string(), &page[..page.len() / 2]).ending(End::Reset)
        }),
        Route::new("cut-twice", "breaks off twice, then sends the whole page", Unchanged, |request| {
            let page = english_page();
            match request.received.attempt {
                1 | 2 => sized(&page.len().to_string(), &page[..page.len() / 2]).ending(End::Close),
                _ => Reply::page(page),
            }
        }),
    ]
}

/// Malformed chunks, and bytes after the page.
fn chunks() -> Vec<Route> {
    let truncated = Failed("truncated");
    vec![
        Route::new("chunk-size-broken", "sends a chunk whose size is no number", truncated, |_| {
            chunked(&format!("10\r\n{}\r\nZZ\r\n", &english_page()[..16]))
        }),
        Route::new("chunk-size-overflow", "sends a chunk whose size does not fit 64 bits", truncated, |_| {
            chunked(&format!("fffffffffffffffff\r\n{}", &english_page()))
        }),
        Route::new("chunk-end-missing", "closes before the last chunk", truncated, |_| {
            chunked(&format!("{:x}\r\n{}\r\n", english_page().len(), &english_page()))
        }),
        Route::new("chunk-extension-flood", "hangs 64 KB of extensions on each chunk", truncated, |_| {
            let extension = "tide=high;".repeat(6_500);
            chunked(&format!("1;{extension}\r\n<\r\n").repeat(8))
        }),
        Route::new("trailer-flood", "sends 1 MB of trailers after the page", truncated, |_| {
            let trailers = "x-tide: high\r\n".repeat(70_000);
            chunked(&format!("{:x}\r\n{}\r\n0\r\n{trailers}\r\n", english_page().len(), &english_page()))
        }),
        Route::new("length-and-chunks", "announces a length and sends chunks", Unchanged, |_| {
            let body = format!("{:x}\r\n{}\r\n0\r\n\r\n", english_page().len(), &english_page());
            let head = format!("HTTP/1.1 200 OK\r\n{HTML}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n");
            Reply::raw(head + &body)
        }),
        Route::new("extra-answer", "sends a second answer that nobody asked for", Unchanged, |_| {
            let second = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n<b>own</b";
            Reply::raw(format!(
                "HTTP/1.1 200 OK\r\n{HTML}content-length: {}\r\n\r\n{}{second}",
                english_page().len(),
                english_page()
            ))
        }),
    ]
}

/// A page with this `content-length`.
fn sized(length: &str, body: &str) -> Reply {
    Reply::raw(format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {length}\r\n\r\n{body}"))
}

/// A page with this chunked body, already encoded.
fn chunked(chunks: &str) -> Reply {
    Reply::raw(format!("HTTP/1.1 200 OK\r\n{HTML}transfer-encoding: chunked\r\n\r\n{chunks}"))
}
