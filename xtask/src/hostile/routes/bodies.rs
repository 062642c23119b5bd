//! Bodies that are not as long as their heads say, or break off.

use crate::hostile::{
    answer::{Answer, End, HTML},
    page::english,
    route::{
        Expected::{Failed, Quarantined, Unchanged},
        Route,
    },
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = lengths();
    routes.extend(breaks());
    routes.extend(chunks());
    routes
}

/// Lengths that are not those of the page.
fn lengths() -> Vec<Route> {
    let (truncated, dropped) = (Failed("truncated"), Failed("unreachable-dropped"));
    vec![
        Route::new("length-too-long", "announces more bytes than it sends", truncated, |_| {
            sized(&(english().len() + 100).to_string(), &english()).ending(End::Close)
        }),
        Route::new("length-too-short", "announces half of the page that it sends", Quarantined, |_| {
            sized(&(english().len() / 2).to_string(), &english()).ending(End::Close)
        }),
        Route::new("length-negative", "announces a length below zero", dropped, |_| sized("-1", &english())),
        Route::new("length-twice", "announces two lengths", dropped, |_| {
            sized(&format!("5\r\ncontent-length: {}", english().len()), &english())
        }),
        Route::new("length-huge", "announces 8 EB and sends the page", Failed("too-large"), |_| {
            sized("9000000000000000000", &english())
        }),
        Route::new("large-page", "sends a page of 20 MB", Failed("too-large"), |_| {
            Answer::page(english() + &"<p>low tide</p>\n".repeat(1_310_720))
        }),
    ]
}

/// Pages that break off.
fn breaks() -> Vec<Route> {
    vec![
        Route::new("cut-page", "sends half a page and closes, with no length to tell by", Quarantined, |_| {
            let page = english();
            let half = &page[..page.len() / 2];
            Answer::raw(format!("HTTP/1.1 200 OK\r\n{HTML}connection: close\r\n\r\n{half}"))
        }),
        Route::new("reset-in-body", "resets the connection in the middle of the page", Failed("truncated"), |_| {
            let page = english();
            sized(&page.len().to_string(), &page[..page.len() / 2]).ending(End::Reset)
        }),
        Route::new("cut-twice", "breaks off twice, then sends the whole page", Unchanged, |asked| {
            let page = english();
            match asked.nth {
                1 | 2 => sized(&page.len().to_string(), &page[..page.len() / 2]).ending(End::Close),
                _ => Answer::page(page),
            }
        }),
    ]
}

/// Chunks that are none, and bytes beside those that count.
fn chunks() -> Vec<Route> {
    let truncated = Failed("truncated");
    vec![
        Route::new("chunk-size-broken", "sends a chunk whose size is no number", truncated, |_| {
            chunked(&format!("10\r\n{}\r\nZZ\r\n", &english()[..16]))
        }),
        Route::new("chunk-size-overflow", "sends a chunk whose size does not fit 64 bits", truncated, |_| {
            chunked(&format!("fffffffffffffffff\r\n{}", &english()))
        }),
        Route::new("chunk-end-missing", "closes before the last chunk", truncated, |_| {
            chunked(&format!("{:x}\r\n{}\r\n", english().len(), &english()))
        }),
        Route::new("chunk-extension-flood", "hangs 64 KB of extensions on each chunk", truncated, |_| {
            let extension = "tide=high;".repeat(6_500);
            chunked(&format!("1;{extension}\r\n<\r\n").repeat(8))
        }),
        Route::new("trailer-flood", "sends 1 MB of trailers after the page", truncated, |_| {
            let trailers = "x-tide: high\r\n".repeat(70_000);
            chunked(&format!("{:x}\r\n{}\r\n0\r\n{trailers}\r\n", english().len(), &english()))
        }),
        Route::new("length-and-chunks", "announces a length and sends chunks", Unchanged, |_| {
            let body = format!("{:x}\r\n{}\r\n0\r\n\r\n", english().len(), &english());
            let head = format!("HTTP/1.1 200 OK\r\n{HTML}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n");
            Answer::raw(head + &body)
        }),
        Route::new("extra-answer", "sends a second answer that nobody asked for", Unchanged, |_| {
            let second = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n<b>own</b";
            Answer::raw(format!(
                "HTTP/1.1 200 OK\r\n{HTML}content-length: {}\r\n\r\n{}{second}",
                english().len(),
                english()
            ))
        }),
    ]
}

/// A page under this `content-length`.
fn sized(length: &str, body: &str) -> Answer {
    Answer::raw(format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {length}\r\n\r\n{body}"))
}

/// A page in chunks as they stand on the wire.
fn chunked(chunks: &str) -> Answer {
    Answer::raw(format!("HTTP/1.1 200 OK\r\n{HTML}transfer-encoding: chunked\r\n\r\n{chunks}"))
}
