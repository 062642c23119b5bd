//! Servers that are slow or never answer.

use std::time::Duration;

use crate::{
    hostile::{
        page::english_page,
        route::{
            Endpoint,
            Expected::{Failed, Unchanged},
            Route,
        },
    },
    reply::{ENDLESS, End, HTML, Reply, Step},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new("blackhole", "takes the request and never answers", Failed("unreachable-timeout"), |_| {
            Reply::hang()
        }),
        Route::new("slow-head", "sends one byte of the head every 300 ms", Failed("unreachable-timeout"), |_| {
            let head = format!("HTTP/1.1 200 OK\r\n{HTML}\r\n");
            Reply::silent(End::Close).then(Step::Drip(head.into(), Duration::from_millis(300)))
        }),
        Route::new("slow-body", "sends one byte of the page every 300 ms", Failed("unreachable-timeout"), |_| {
            good_head().then(Step::Drip(english_page().into(), Duration::from_millis(300)))
        }),
        Route::new(
            "stalled-body",
            "stops in the middle of the page and keeps silent",
            Failed("unreachable-timeout"),
            |_| good_head().then(Step::Send(b"<table>".to_vec())).then(Step::Hang),
        ),
        Route::new("stalled-end", "sends the page but for its last byte", Failed("unreachable-timeout"), |_| {
            let page = english_page();
            good_head().then(Step::Send(page.as_bytes()[..page.len() - 1].to_vec())).then(Step::Hang)
        }),
        Route::new("late-head", "answers after 800 ms", Unchanged, |_| {
            let mut answer = Reply::page(english_page());
            answer.steps.insert(0, Step::Pause(Duration::from_millis(800)));
            answer
        }),
        Route::new("continues", "sends interim answers without an end", Failed("unreachable-timeout"), |_| {
            Reply::silent(End::Close)
                .then(Step::Drip("HTTP/1.1 100 Continue\r\n\r\n".repeat(200).into(), Duration::from_millis(5)))
                .then(Step::Hang)
        }),
        Route::new("endless-body", "sends a page without an end, as fast as it is read", Failed("too-large"), |_| {
            let head = format!("HTTP/1.1 200 OK\r\n{HTML}\r\n<table>");
            Reply::raw(head).then(Step::Repeat(b"<tr><td>500</td><td>Tide.Again</td></tr>\n".repeat(100), ENDLESS))
        }),
        Route::new("endless-chunks", "sends chunks of one byte without an end", Failed("unreachable-timeout"), |_| {
            let head = format!("HTTP/1.1 200 OK\r\n{HTML}transfer-encoding: chunked\r\n\r\n");
            Reply::raw(head).then(Step::Drip(b"1\r\nx\r\n".repeat(10_000), Duration::from_millis(10)))
        }),
        Route::at(Endpoint::Closed, "closed-port", "listens no longer", Failed("unreachable-connect")),
        Route::at(
            Endpoint::Elsewhere { url: "http://no-such-host.invalid/en/errors.html", is_local: true },
            "no-such-host",
            "has a host name without an address",
            Failed("unreachable-dns"),
        ),
    ]
}

/// The head of the good page.
fn good_head() -> Reply {
    Reply::raw(format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {}\r\n\r\n", english_page().len()))
}
