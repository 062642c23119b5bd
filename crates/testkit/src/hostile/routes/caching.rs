//! Validators that contradict the page.

use crate::{
    hostile::{
        page::{Lang, english_page, good_rows, render_page},
        route::{
            Expected::{Changed, Failed, Unchanged},
            Route, VALIDATORS,
        },
    },
    reply::Reply,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new("not-modified", "says 304 to who knows the page", Unchanged, |_| not_modified(VALIDATORS)),
        Route::new("304-unasked", "says 304 to who knows nothing of the page", Failed("empty"), |_| not_modified(""))
            .without_validators(),
        Route::new("304-though-changed", "says 304 with a new ETag, as if the page were another", Unchanged, |_| {
            not_modified("etag: \"new\"\r\n")
        }),
        Route::new("304-with-body", "says 304 and sends a page nevertheless", Unchanged, |_| {
            Reply::raw(format!("HTTP/1.1 304 Not Modified\r\n{VALIDATORS}\r\n{}", longer()))
        }),
        Route::new("etag-lies", "has the old ETag on a page with one row more", Changed, |_| {
            Reply::page_with(VALIDATORS, longer())
        }),
        Route::new("etag-changes", "has a new ETag on the same page each time", Unchanged, |request| {
            Reply::page_with(&format!("etag: \"{}-{}\"\r\n", request.port, request.received.attempt), english_page())
        }),
        Route::new("etag-huge", "has an ETag of 60 KB", Unchanged, |_| {
            Reply::page_with(&format!("etag: \"{}\"\r\n", "~".repeat(60_000)), english_page())
        }),
        Route::new("etag-nonsense", "has an ETag with quotes and commas within", Unchanged, |_| {
            Reply::page_with("etag: W/\"a\", \"b\r\n", english_page())
        }),
        Route::new("modified-tomorrow", "was last modified in the year 2999", Unchanged, |_| {
            Reply::page_with("last-modified: Tue, 01 Jan 2999 00:00:00 GMT\r\n", english_page())
        }),
        Route::new("modified-nonsense", "was last modified at high tide", Unchanged, |_| {
            Reply::page_with("last-modified: at high tide\r\n", english_page())
        }),
    ]
}

fn not_modified(headers: &str) -> Reply {
    Reply::raw(format!("HTTP/1.1 304 Not Modified\r\n{headers}\r\n"))
}

/// The good page with one row more.
fn longer() -> String {
    let mut rows = good_rows(Lang::En);
    let new =
        ["429", "Tide.TooManyCalls", "Too many calls.", "More calls came than the observatory answers.", "Call less."];
    rows.push(new.map(str::to_owned));
    render_page(Lang::En, &rows)
}
