//! Bodies that are no page, and pages with odd bytes or odd markup.

use crate::{
    hostile::{
        page::{Lang, english_page, good_page, good_rows, render_table, wrap_page},
        route::{
            Expected::{Changed, Failed, Quarantined, Unchanged},
            Route,
        },
    },
    reply::{HTML, Reply},
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = bytes();
    routes.extend(marks());
    routes
}

/// Bytes that are no text, or not the announced text.
fn bytes() -> Vec<Route> {
    let (empty, wrong_type) = (Failed("empty"), Failed("wrong-type"));
    vec![
        Route::new("empty", "is an empty page with status 200", empty, |_| Reply::page("")),
        Route::new("blank", "is nothing but white space", empty, |_| Reply::page(" \r\n\t\n".repeat(500))),
        Route::new("nul", "is nothing but NUL bytes", empty, |_| Reply::page([0; 4096])),
        Route::new("nul-between", "has a NUL byte in every cell", Quarantined, |_| {
            Reply::page(english_page().replace("<td>", "<td>\0"))
        }),
        Route::new("charset-declared-wrong", "is UTF-8 and says that it is GBK", Unchanged, |_| {
            Reply::response("200 OK", "content-type: text/html; charset=gbk\r\n", good_page(Lang::En))
        }),
        Route::new("charset-unknown", "names a charset that nobody knows", Unchanged, |_| {
            Reply::response("200 OK", "content-type: text/html; charset=tidal-7\r\n", english_page())
        }),
        Route::new("utf16-bare", "is UTF-16 without a byte-order mark, said to be UTF-8", Unchanged, |_| {
            Reply::page(utf16(&english_page()))
        }),
        Route::new("mojibake", "is Latin text with bytes of GBK within", Unchanged, |_| {
            let (tail, ..) = encoding_rs::GBK.encode("<!-- 潮汐观测站的旧注释 -->");
            Reply::page([english_page().as_bytes(), &tail].concat())
        }),
        Route::new("png", "is a picture under text/html", wrong_type, |_| {
            Reply::page([b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[1, 2, 0, 255].repeat(500)].concat())
        }),
        Route::new("pdf", "is a PDF under text/html", wrong_type, |_| {
            Reply::page([b"%PDF-1.7\n1 0 obj\n<<>>\nstream\n".as_slice(), &[200, 3, 0, 150].repeat(500)].concat())
        }),
        Route::new("zip", "is a ZIP archive under text/html", wrong_type, |_| {
            Reply::page([b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(), &[9, 180, 0, 77].repeat(500)].concat())
        }),
        Route::new("pdf-typed", "is a PDF, and says so", wrong_type, |_| {
            Reply::response("200 OK", "content-type: application/pdf\r\n", "%PDF-1.7\n")
        }),
        Route::new("octet-stream", "is the good page as application/octet-stream", Unchanged, |_| {
            Reply::response("200 OK", "content-type: application/octet-stream\r\n", english_page())
        }),
        Route::new("type-nonsense", "is the good page under a type of the server's own", wrong_type, |_| {
            Reply::response("200 OK", "content-type: harbour;;=\"\r\n", english_page())
        }),
        Route::new("type-twice", "is a page under two types", Unchanged, |_| {
            Reply::response("200 OK", &format!("{HTML}content-type: text/plain\r\n"), english_page())
        }),
        Route::new("type-missing", "is the good page without a type", Unchanged, |_| {
            Reply::response("200 OK", "", english_page())
        }),
    ]
}

/// Markup that is excessive or meant to break its reader.
fn marks() -> Vec<Route> {
    vec![
        Route::new("deep", "nests 100,000 boxes", Quarantined, |_| {
            Reply::page("<div>".repeat(100_000) + &english_page())
        }),
        Route::new("one-line", "has 1 MB of the page in one line", Unchanged, |_| {
            let lines = english_page().replace('\n', "");
            Reply::page(lines.replace("<main>", &format!("<!-- {} --><main>", "~".repeat(1 << 20))))
        }),
        Route::new("script-bomb", "has 4 MB of scripts around the page", Unchanged, |_| {
            let script = "<script>while(1){document.write('<table><tr><td>500</td></tr></table>')}</script>\n";
            Reply::page(english_page().replace("<main>", &format!("{}<main>", script.repeat(50_000))))
        }),
        Route::new("wide", "has a table of 20,000 columns before its own", Quarantined, |_| {
            let wide = format!("<table><tr>{}</tr></table>", "<td>~</td>".repeat(20_000));
            Reply::page(english_page().replace("<main>", &format!("<main>{wide}")))
        }),
        Route::new("spans", "has cells that claim to span a billion rows", Quarantined, |_| {
            let spans = "<table><tr><td rowspan=\"1000000000\" colspan=\"1000000000\">~</td></tr></table>";
            Reply::page(english_page().replace("<main>", &format!("<main>{}", spans.repeat(50))))
        }),
        Route::new("unclosed", "never closes a tag, a quote or a comment", Quarantined, |_| {
            let page = english_page();
            Reply::page(format!("{}<td title=\"{}", &page[..page.len() / 3], &page[page.len() / 3..]))
        }),
        Route::new("entities", "has 200,000 entities that name nothing", Unchanged, |_| {
            Reply::page(
                english_page().replace("<main>", &format!("<main><p>{}</p>", "&tide;&#99999999;".repeat(100_000))),
            )
        }),
        Route::new("terminal-text", "has terminal commands and hidden letters in a new row", Changed, |_| {
            let mut rows = good_rows(Lang::En);
            let text = "\u{1b}[2J\u{202e}::error::own the job\n| a | <script>alert(1)</script> =cmd()";
            rows.push(["400", "Tide.Escape", "Mind the gap.", text, "Close your eyes."].map(str::to_owned));
            Reply::page(wrap_page(Lang::En, "Error Codes of the Tidal Observatory", &render_table(Lang::En, &rows)))
        }),
        Route::new("links", "has 50,000 links to everywhere, which nobody follows", Unchanged, |request| {
            let link = format!("<a href=\"http://127.0.0.1:{}/x\">harbour</a>\n", request.forbidden_port);
            Reply::page(english_page().replace("<nav>", &format!("<nav>{}", link.repeat(50_000))))
        }),
        Route::new(
            "resources",
            "has pictures, frames and styles of this machine, which nobody loads",
            Unchanged,
            |request| {
                let port = request.forbidden_port;
                let parts = format!(
                    "<img src=\"http://127.0.0.1:{port}/a\"><iframe src=\"http://127.0.0.1:{port}/b\"></iframe>"
                );
                Reply::page(english_page().replace("<main>", &format!("<main>{parts}")))
            },
        ),
    ]
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
