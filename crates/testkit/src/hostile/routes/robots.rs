//! robots.txt. The pages themselves are good.

use crate::{
    hostile::{
        page::english_page,
        route::{
            Expected::{self, Failed, Unchanged},
            Responder, Route, RouteRequest,
        },
    },
    reply::{ENDLESS, Reply, Step},
};

pub(super) fn routes() -> Vec<Route> {
    let kept_out = Failed("robots");
    vec![
        route("robots-all", "lets no robot in", kept_out, |request| rules(request, "User-agent: *\nDisallow: /\n")),
        route("robots-us", "lets all robots in but this one", kept_out, |request| {
            rules(request, "User-agent: *\nAllow: /\n\nUser-agent: docdrift\nDisallow: /en/\n")
        }),
        route("robots-others", "keeps all robots out but this one", Unchanged, |request| {
            rules(request, "User-agent: *\nDisallow: /\n\nUser-Agent: DocDrift\nAllow: /\n")
        }),
        route("robots-pattern", "keeps robots from such pages by a pattern", kept_out, |request| {
            rules(request, "User-agent: *\nDisallow: /*/err*.html$\n")
        }),
        route("robots-longest", "forbids the folder and allows the page in it", Unchanged, |request| {
            rules(request, "User-agent: *\nDisallow: /en/\nAllow: /en/errors\n")
        }),
        route("robots-marked", "writes robots.txt with a byte-order mark and odd line ends", kept_out, |request| {
            rules(request, "\u{feff}user-agent : *\r\rDISALLOW:/ # all\r\n")
        }),
        route("robots-garbage", "has random bytes for robots.txt", Unchanged, |request| {
            with_robots(request, || Reply::response("200 OK", "", [0_u8, 255, 13, 7].repeat(2000)))
        }),
        route("robots-page", "has a page for robots.txt", Unchanged, |request| {
            with_robots(request, || Reply::page(english_page()))
        }),
        route("robots-403", "keeps robots.txt to itself, which forbids nothing", Unchanged, |request| {
            with_robots(request, || Reply::status("403 Forbidden", ""))
        }),
        route("robots-500", "fails at robots.txt, so that nobody knows what is allowed", kept_out, |request| {
            with_robots(request, || Reply::status("500 Internal Server Error", ""))
        }),
        route("robots-hangs", "never answers for robots.txt", kept_out, |request| with_robots(request, Reply::hang)),
        route("robots-endless", "forbids all in a robots.txt without an end", kept_out, |request| {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nUser-agent: *\nDisallow: /\n";
            with_robots(request, || Reply::raw(head).then(Step::Repeat(b"# and so on\n".repeat(100), ENDLESS)))
        }),
        route("robots-redirect", "has robots.txt elsewhere, where it forbids all", kept_out, |request| {
            match request.received.path.as_str() {
                "/robots.txt" => Reply::redirect("/rules.txt"),
                "/rules.txt" => Reply::response("200 OK", "", "User-agent: *\nDisallow: /\n"),
                _ => Reply::page(english_page()),
            }
        }),
        route("robots-loop", "redirects robots.txt to itself, which is as good as none", Unchanged, |request| {
            with_robots(request, || Reply::redirect("/robots.txt"))
        }),
    ]
}

fn route(name: &'static str, description: &'static str, expected: Expected, respond: Responder) -> Route {
    Route::new(name, description, expected, respond).with_robots()
}

/// Answers with the good page, or with this robots.txt.
fn with_robots(request: &RouteRequest, robots: impl Fn() -> Reply) -> Reply {
    if request.is_page() { Reply::page(english_page()) } else { robots() }
}

fn rules(request: &RouteRequest, text: &str) -> Reply {
    with_robots(request, || Reply::response("200 OK", "content-type: text/plain\r\n", text))
}
