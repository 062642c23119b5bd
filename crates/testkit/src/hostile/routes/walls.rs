//! Pages that replace the documentation page, with status 200. The texts were written for this suite.

use crate::{
    hostile::{
        page::{Lang, wrap_page},
        route::{
            Expected::{Failed, Quarantined},
            Responder, Route, VALIDATORS,
        },
    },
    reply::{HTML, Reply},
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = refusals();
    routes.extend(gates());
    routes.extend(shells());
    routes
}

/// Refusals of CDNs and firewalls.
fn refusals() -> Vec<Route> {
    vec![
        wall("cdn-ray", "is a CDN's page about a check of the browser", |_| {
            notice("Just a moment", "We look whether your browser is one. This takes a few seconds. Ray 77aa00ff.")
        }),
        wall("cdn-reference", "is a CDN's refusal with a reference number", |_| {
            notice("Access Denied", "You have no permission to see this on this server. Reference #18.2d.1730.5f")
        }),
        wall("cdn-origin", "is a CDN's page about a server that it cannot reach", |_| {
            notice("Error 522", "The edge is fine, the network is fine, the harbour's server did not answer in time.")
        }),
        wall("cdn-zh", "is a firewall's refusal in Chinese", |_| {
            Reply::page(wrap_page(
                Lang::Zh,
                "访问受限",
                "<p>您的请求存在安全风险，已被防火墙拦截。事件编号：9f3e77。</p>",
            ))
        }),
    ]
}

/// Tests and logins in front of the page.
fn gates() -> Vec<Route> {
    vec![
        wall("captcha", "is a captcha", |_| {
            notice("One more step", "Please complete the CAPTCHA to prove that you are a sailor and not a machine.")
        }),
        wall("slider-zh", "is a slider puzzle in Chinese", |_| {
            Reply::page(wrap_page(Lang::Zh, "安全验证", "<p>请拖动滑块完成拼图，以继续访问。</p>"))
        }),
        wall("login", "is a login form", |_| {
            let form = "<form><p>Please sign in to your harbour account.</p><input name=\"crew\"><input type=\"password\"></form>";
            Reply::page(wrap_page(Lang::En, "Sign in", form))
        }),
        wall("login-redirect", "redirects to a login form", |request| {
            if request.received.path == "/login" {
                return notice("Sign in", "Please sign in to your harbour account to read on.");
            }
            Reply::redirect("/login?next=errors")
        }),
        wall("captcha-with-etag", "is a captcha under the ETag of the good page", |_| {
            let puzzle = wrap_page(Lang::En, "One more step", "<p>Please complete the CAPTCHA.</p>");
            Reply::page_with(VALIDATORS, puzzle)
        }),
        wall("cookie-wall", "is a cookie notice", |_| {
            notice("Your privacy", "We use cookies to count the waves. Accept all cookies to read on.")
        }),
        Route::new("login-forbidden", "is a login form under status 403", Failed("blocked"), |_| {
            Reply::response("403 Forbidden", HTML, wrap_page(Lang::En, "Sign in", "<p>Please sign in.</p>"))
        }),
    ]
}

/// Pages without documentation.
fn shells() -> Vec<Route> {
    vec![
        wall("script-shell", "is a shell that scripts fill", |_| {
            let shell = "<div id=\"app\"></div><noscript>You need to enable JavaScript to run this harbour.</noscript>";
            Reply::page(format!("<!DOCTYPE html><html><head><title>Harbour</title></head><body>{shell}</body></html>"))
        }),
        wall("script-shell-empty", "is a shell that scripts fill, without a word", |_| {
            Reply::page(
                "<!DOCTYPE html><html><body><div id=\"root\"></div><script src=\"/app.js\"></script></body></html>",
            )
        }),
        wall("maintenance", "is a notice of maintenance", |_| {
            notice("We are painting the hull", "The documentation is back on Monday. Thank you for waiting.")
        }),
        wall("soft-404", "says in a page with status 200 that there is no page", |_| {
            notice("Page not found", "The page that you look for sank or never was. Try the search.")
        }),
        wall("parked", "is a domain for sale", |_| {
            notice("This harbour is for sale", "Make an offer for this domain today. Related: boats, ropes, insurance.")
        }),
        wall("bare-refresh", "is nothing but a jump to another page", |_| {
            Reply::page("<html><head><meta http-equiv=\"refresh\" content=\"0;url=/login\"></head><body></body></html>")
        }),
        wall("frame", "is a frame around the page", |_| {
            Reply::page("<html><body><iframe src=\"/inner/errors.html\"></iframe></body></html>")
        }),
        wall("json-error", "is an API's error as JSON under text/html", |_| {
            Reply::page("{\"error\":{\"code\":\"Tide.Forbidden\",\"message\":\"no\"}}")
        }),
        Route::new("json-typed", "is an API's error as JSON", Failed("wrong-type"), |_| {
            let body = "{\"error\":{\"code\":\"Tide.Forbidden\"}}";
            Reply::response("200 OK", "content-type: application/json\r\n", body)
        }),
    ]
}

fn wall(name: &'static str, description: &'static str, respond: Responder) -> Route {
    Route::new(name, description, Quarantined, respond)
}

fn notice(title: &str, text: &str) -> Reply {
    Reply::page(wrap_page(Lang::En, title, &format!("<p>{text}</p>\n")))
}
