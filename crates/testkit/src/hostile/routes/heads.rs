//! Malformed and oversized heads.

use crate::{
    hostile::{
        page::english_page,
        route::{
            Expected::{Failed, Unchanged},
            Route,
        },
    },
    reply::{ENDLESS, End, HTML, Reply, Step},
};

pub(super) fn routes() -> Vec<Route> {
    let dropped = Failed("unreachable-dropped");
    vec![
        Route::new("no-head", "sends the page alone, as HTTP/0.9 did", dropped, |_| Reply::raw(english_page())),
        Route::new("garbage", "sends random bytes in place of HTTP", dropped, |_| Reply::raw(noise(4096))),
        Route::new("other-protocol", "greets as a mail server", dropped, |_| {
            Reply::raw("220 harbour.example ESMTP ready\r\n")
        }),
        Route::new("close-at-once", "closes the connection without a word", dropped, |_| Reply::silent(End::Close)),
        Route::new("reset-at-once", "resets the connection without a word", dropped, |_| Reply::silent(End::Reset)),
        Route::new("reset-in-head", "resets the connection within the head", dropped, |_| {
            Reply::raw("HTTP/1.1 200 OK\r\ncontent-ty").ending(End::Reset)
        }),
        Route::new("reset-twice", "resets two connections, then behaves", Unchanged, |request| {
            match request.received.attempt {
                1 | 2 => Reply::silent(End::Reset),
                _ => Reply::page(english_page()),
            }
        }),
        Route::new("endless-head", "sends headers without an end", Failed("too-large"), |_| {
            Reply::raw("HTTP/1.1 200 OK\r\n").then(Step::Repeat(b"x-tide: high\r\n".repeat(100), ENDLESS))
        }),
        Route::new("endless-header", "sends one header without an end", Failed("too-large"), |_| {
            Reply::raw("HTTP/1.1 200 OK\r\nx-tide: ").then(Step::Repeat(vec![b'~'; 4096], ENDLESS))
        }),
        Route::new("huge-header", "sends a header of 2 MB", Failed("too-large"), |_| {
            Reply::page_with(&format!("x-tide: {}\r\n", "~".repeat(2 << 20)), english_page())
        }),
        Route::new("many-headers", "sends 10,000 headers", Failed("too-large"), |_| {
            let headers = write_headers(10_000, |n| format!("x-tide-{n}: high\r\n"));
            Reply::page_with(&headers, english_page())
        }),
        Route::new("cookie-flood", "sets 80 cookies, which nobody wants back", Unchanged, |_| {
            let cookies = write_headers(80, |n| format!("set-cookie: crew{n}=ashore; path=/\r\n"));
            Reply::page_with(&cookies, english_page())
        }),
        Route::new("split-header", "sends a header with control characters", dropped, |_| {
            Reply::page_with("x-tide: high\u{1b}[2J\u{0}low\r\n", english_page())
        }),
        Route::new("folded-header", "breaks a header over two lines", dropped, |_| {
            Reply::page_with("x-tide: high\r\n  and low\r\n", english_page())
        }),
        Route::new("reason-escapes", "has terminal commands in its reason phrase", dropped, |_| {
            Reply::status("404 \u{1b}]0;owned\u{7}\u{1b}[31mNo", HTML)
        }),
        Route::new("binary-header", "sends headers that are no text", Unchanged, |_| {
            let head =
                [b"HTTP/1.1 200 OK\r\nx-tide: \xff\xfe\xe9\r\netag: \"\xff\xfe\"\r\n".as_slice(), HTML.as_bytes()];
            let length = format!("content-length: {}\r\n\r\n{}", english_page().len(), english_page());
            Reply::raw([head.concat(), length.into_bytes()].concat())
        }),
        Route::new("wrong-version", "answers as HTTP/7.3", dropped, |_| {
            Reply::raw(format!("HTTP/7.3 200 OK\r\n{HTML}content-length: 2\r\n\r\nhi"))
        }),
        Route::new("wrong-status", "answers with status 99999", dropped, |_| Reply::status("99999 Flood", HTML)),
    ]
}

/// Writes `count` headers.
fn write_headers(count: usize, header: fn(usize) -> String) -> String {
    (0..count).map(header).collect()
}

/// Bytes without a pattern, the same in each run.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..count).map(|_| next()).collect()
}
