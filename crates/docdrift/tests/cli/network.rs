//! Pages from the network: a server on this machine, and none at all.

use std::{net::TcpListener, path::Path};

use docdrift_testkit::{LoopbackServer, ReceivedRequest, Reply};

use crate::site::{DemoPage, Site, assert_untouched, demo_pages, demo_sources};

/// A port that nobody listens on.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Serves the first edition of the built-in site.
fn serve() -> LoopbackServer {
    let pages = demo_pages();
    LoopbackServer::start(move |request| reply_to(request, &pages))
}

fn reply_to(request: &ReceivedRequest, pages: &[DemoPage]) -> Reply {
    let path = request.path.trim_start_matches('/');
    let (status, body) = match pages.iter().find(|page| page.path == path) {
        Some(page) => ("200 OK", page.in_edition(1)),
        None => ("404 Not Found", b"no such page".to_vec()),
    };
    let kind = if Path::new(path).extension().is_some_and(|ending| ending == "html") { "html" } else { "plain" };
    Reply::last_response(status, &format!("content-type: text/{kind}; charset=utf-8\r\n"), body)
}

#[test]
fn fetched_pages_replay_offline() {
    let server = serve();
    let site = Site::new(&demo_sources(server.port));
    site.run("refresh").ends(0).says(&["6 sources: 6 new"]);
    let before = site.data();
    site.run("refresh --offline").ends(0).says(&["no drift", "6 unchanged", "0 file(s) written"]);
    site.run("check").ends(0).says(&["no drift", "6 unchanged"]);
    assert_untouched(&before, &site.data(), "");

    let saved = Site::refreshed_demo();
    let codes = |site: &Site| std::fs::read_to_string(site.root().join("output/nimbus/object-vault.json")).unwrap();
    let entries = |json: String| serde_json::from_str::<serde_json::Value>(&json).unwrap()["entries"].clone();
    assert_eq!(entries(codes(&site)), entries(codes(&saved)), "a page reads the same, saved or fetched");
}

#[test]
fn a_page_that_is_gone_leaves_its_source_alone() {
    let server = serve();
    let site = Site::new(&demo_sources(server.port));
    site.run("refresh").ends(0);
    let before = site.data();
    let moved = demo_sources(server.port).replace("en-us/trace-lens/error-codes.txt", "en-us/trace-lens/gone.txt");
    crate::site::write(&site.root().join("sources.toml"), moved);
    site.run("refresh").ends(3).says(&["FAILED quarrystone/trace-lens", "gone.txt", "404", "5 unchanged, 1 failed"]);
    assert_untouched(&before, &site.data(), "");
}

#[test]
fn without_a_network_all_is_kept() {
    let closed = closed_port();
    let site = Site::new(&demo_sources(closed));
    site.put_edition(1);
    site.run("refresh --pages ../pages").ends(0);
    let nowhere = demo_sources(closed)
        .replacen(&format!("http://127.0.0.1:{closed}/borealis/"), "https://nonexistent.invalid/", 1)
        .replacen("local = true\n", "", 1);
    crate::site::write(&site.root().join("sources.toml"), nowhere);
    let before = site.data();

    for command in ["refresh", "check --fail-on none"] {
        let run = site.run(command).ends(3).says(&["6 sources: 6 failed", "nonexistent.invalid"]);
        for page in demo_pages() {
            assert!(run.out.contains(&format!("FAILED {}: nothing of it was changed", page.source)), "{}", run.out);
        }
        assert_untouched(&before, &site.data(), command);
    }
    site.run("refresh --offline").ends(0).says(&["no drift"]);
}
