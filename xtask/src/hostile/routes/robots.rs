//! What robots.txt says, and how. The page itself is as it should be.

use crate::hostile::{
    answer::{Answer, ENDLESS, End, Step},
    page::english,
    route::{
        Asked,
        Expected::{self, Failed, Unchanged},
        Route, Serve,
    },
};

pub(super) fn routes() -> Vec<Route> {
    let kept_out = Failed("robots");
    vec![
        route("robots-all", "lets no robot in", kept_out, |asked| text(asked, "User-agent: *\nDisallow: /\n")),
        route("robots-us", "lets all robots in but this one", kept_out, |asked| {
            text(asked, "User-agent: *\nAllow: /\n\nUser-agent: docdrift\nDisallow: /en/\n")
        }),
        route("robots-others", "keeps all robots out but this one", Unchanged, |asked| {
            text(asked, "User-agent: *\nDisallow: /\n\nUser-Agent: DocDrift\nAllow: /\n")
        }),
        route("robots-pattern", "keeps robots from such pages by a pattern", kept_out, |asked| {
            text(asked, "User-agent: *\nDisallow: /*/err*.html$\n")
        }),
        route("robots-longest", "forbids the folder and allows the page in it", Unchanged, |asked| {
            text(asked, "User-agent: *\nDisallow: /en/\nAllow: /en/errors\n")
        }),
        route("robots-marked", "writes robots.txt with a byte-order mark and odd line ends", kept_out, |asked| {
            text(asked, "\u{feff}user-agent : *\r\rDISALLOW:/ # all\r\n")
        }),
        route("robots-garbage", "has random bytes for robots.txt", Unchanged, |asked| {
            serve(asked, || Answer::whole("200 OK", "", [0_u8, 255, 13, 7].repeat(2000)))
        }),
        route("robots-page", "has a page for robots.txt", Unchanged, |asked| serve(asked, || Answer::page(english()))),
        route("robots-403", "keeps robots.txt to itself, which forbids nothing", Unchanged, |asked| {
            serve(asked, || Answer::status("403 Forbidden", ""))
        }),
        route("robots-500", "fails at robots.txt, so that nobody knows what is allowed", kept_out, |asked| {
            serve(asked, || Answer::status("500 Internal Server Error", ""))
        }),
        route("robots-hangs", "never answers for robots.txt", kept_out, |asked| {
            serve(asked, || Answer::nothing(End::Close).then(Step::Hang))
        }),
        route("robots-endless", "forbids all in a robots.txt without an end", kept_out, |asked| {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nUser-agent: *\nDisallow: /\n";
            serve(asked, || Answer::raw(head).then(Step::Repeat(b"# and so on\n".repeat(100), ENDLESS)))
        }),
        route("robots-redirect", "has robots.txt elsewhere, where it forbids all", kept_out, |asked| {
            match asked.path.as_str() {
                "/robots.txt" => Answer::to("/rules.txt"),
                "/rules.txt" => Answer::whole("200 OK", "", "User-agent: *\nDisallow: /\n"),
                _ => Answer::page(english()),
            }
        }),
        route("robots-loop", "redirects robots.txt to itself, which is as good as none", Unchanged, |asked| {
            serve(asked, || Answer::to("/robots.txt"))
        }),
    ]
}

fn route(name: &'static str, what: &'static str, expected: Expected, serve: Serve) -> Route {
    Route::new(name, what, expected, serve).with_robots()
}

/// The good page, and this in place of robots.txt.
fn serve(asked: &Asked, robots: impl Fn() -> Answer) -> Answer {
    if asked.is_page() { Answer::page(english()) } else { robots() }
}

fn text(asked: &Asked, rules: &str) -> Answer {
    serve(asked, || Answer::whole("200 OK", "content-type: text/plain\r\n", rules))
}
