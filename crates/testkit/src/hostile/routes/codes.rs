//! Statuses, and the waits that they demand.

use jiff::{SignedDuration, Timestamp};

use crate::{
    hostile::{
        page::english_page,
        route::{
            Expected::{Failed, Unchanged},
            Route,
        },
    },
    reply::{HTML, Reply},
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = refusals();
    routes.extend(waits());
    routes.extend(others());
    routes
}

/// Statuses that refuse the page.
fn refusals() -> Vec<Route> {
    let (blocked, gone) = (Failed("blocked"), Failed("gone"));
    vec![
        Route::new("status-401", "asks who we are", blocked, |_| {
            Reply::status("401 Unauthorized", "www-authenticate: Basic realm=\"harbour\"\r\n")
        }),
        Route::new("status-402", "asks for money", blocked, |_| Reply::status("402 Payment Required", "")),
        Route::new("status-403", "keeps us out, with the good page as body", blocked, |_| {
            Reply::response("403 Forbidden", HTML, english_page())
        }),
        Route::new("status-404", "has the page no longer", gone, |_| {
            Reply::response("404 Not Found", HTML, english_page())
        }),
        Route::new("status-410", "gave the page up", gone, |_| Reply::status("410 Gone", "")),
        Route::new("status-418", "is a teapot", blocked, |_| Reply::status("418 I'm a teapot", "")),
        Route::new("status-451", "may not show the page", blocked, |_| {
            Reply::status("451 Unavailable For Legal Reasons", "")
        }),
        Route::new("status-999", "keeps robots out with a status of its own", blocked, |_| {
            Reply::response("999 Denied", HTML, "no")
        }),
    ]
}

/// Temporary statuses, with and without a wait.
fn waits() -> Vec<Route> {
    let (blocked, failing) = (Failed("blocked"), Failed("server-error"));
    vec![
        Route::new("busy-seconds", "wants a second's rest (429), then behaves", Unchanged, |request| {
            if request.received.attempt == 1 { busy("retry-after: 1\r\n") } else { Reply::page(english_page()) }
        }),
        Route::new("busy-date", "wants rest until a date (429), then behaves", Unchanged, |request| {
            let until = Timestamp::now() + SignedDuration::from_secs(1);
            let date = until.strftime("%a, %d %b %Y %H:%M:%S GMT");
            if request.received.attempt == 1 {
                busy(&format!("retry-after: {date}\r\n"))
            } else {
                Reply::page(english_page())
            }
        }),
        Route::new("busy-always", "is busy (429) however often it is asked", blocked, |_| busy("")),
        Route::new("busy-for-a-year", "wants a year's rest (429)", blocked, |_| busy("retry-after: 31536000\r\n")),
        Route::new("busy-overflow", "wants rest for longer than numbers go", blocked, |_| {
            busy("retry-after: 99999999999999999999999999\r\n")
        }),
        Route::new("busy-nonsense", "wants rest until the cows come home (429)", blocked, |_| {
            busy("retry-after: until the cows come home\r\n")
        }),
        Route::new("limit-spent", "says that its rate limit is spent for a second, with the page", Unchanged, |_| {
            Reply::page_with("ratelimit-limit: 1\r\nratelimit-remaining: 0\r\nratelimit-reset: 1\r\n", english_page())
        }),
        Route::new("storm-heals", "fails twice (503), then behaves", Unchanged, |request| {
            match request.received.attempt {
                1 | 2 => Reply::status("503 Service Unavailable", ""),
                _ => Reply::page(english_page()),
            }
        }),
        Route::new("storm-mixed", "fails with 502, then with 504, then behaves", Unchanged, |request| {
            match request.received.attempt {
                1 => Reply::status("502 Bad Gateway", ""),
                2 => Reply::status("504 Gateway Timeout", ""),
                _ => Reply::page(english_page()),
            }
        }),
        Route::new("status-500", "fails however often it is asked", failing, |_| {
            Reply::response("500 Internal Server Error", HTML, english_page())
        }),
        Route::new("status-503-long", "is closed for an hour (503)", failing, |_| {
            Reply::status("503 Service Unavailable", "retry-after: 3600\r\n")
        }),
    ]
}

/// Statuses of success or of choice without a page.
fn others() -> Vec<Route> {
    let blocked = Failed("blocked");
    vec![
        Route::new("status-202", "promises the page for later", blocked, |_| {
            Reply::response("202 Accepted", HTML, english_page())
        }),
        Route::new("status-203", "has the page from somebody else", blocked, |_| {
            Reply::response("203 Non-Authoritative Information", HTML, english_page())
        }),
        Route::new("status-204", "has nothing to say", Failed("empty"), |_| {
            Reply::raw("HTTP/1.1 204 No Content\r\n\r\n")
        }),
        Route::new("status-206", "sends a part that nobody asked for", Failed("truncated"), |_| {
            let half = english_page().len() / 2;
            let headers = format!("{HTML}content-range: bytes 0-{}/{}\r\n", half - 1, english_page().len());
            Reply::response("206 Partial Content", &headers, &english_page()[..half])
        }),
        Route::new("status-300", "offers a choice of pages and names none", Failed("moved"), |_| {
            Reply::response("300 Multiple Choices", HTML, "choose")
        }),
    ]
}

fn busy(headers: &str) -> Reply {
    Reply::status("429 Too Many Requests", headers)
}
