//! Refreshes over the network: with a local server, and without any server.

use std::{net::TcpListener, path::Path};

use docdrift_testkit::{LoopbackServer, ReceivedRequest, Reply};

use crate::site::{DemoPage, Site, assert_untouched, demo_pages, demo_sources};

/// Returns a port without a listener.
fn find_closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Serves the first edition of the built-in site.
fn serve_demo_pages() -> LoopbackServer {
    let pages = demo_pages();
    LoopbackServer::start(move |request| reply_to(request, &pages))
}

fn reply_to(request: &ReceivedRequest, pages: &[DemoPage]) -> Reply {
    let path = request.path.trim_start_matches('/');
    let (status, body) = match pages.iter().find(|page| page.path == path) {
        Some(page) => ("200 OK", page.read_edition(1)),
        None => ("404 Not Found", b"no such page".to_vec()),
    };
    let kind = if Path::new(path).extension().is_some_and(|ending| ending == "html") { "html" } else { "plain" };
    Reply::last_response(status, &format!("content-type: text/{kind}; charset=utf-8\r\n"), body)
}

#[test]
fn fetched_pages_are_read_again_offline() {
    let server = serve_demo_pages();
    let site = Site::new(&demo_sources(server.port));
    site.run("refresh").exits_with(0).prints(&["6 sources: 6 new"]);
    let before = site.data();
    site.run("refresh --offline").exits_with(0).prints(&["no drift", "6 unchanged", "0 file(s) written"]);
    site.run("check").exits_with(0).prints(&["no drift", "6 unchanged"]);
    assert_untouched(&before, &site.data(), "");

    let saved = Site::refreshed_demo();
    let codes = |site: &Site| std::fs::read_to_string(site.root().join("output/nimbus/object-vault.json")).unwrap();
    let entries = |json: String| serde_json::from_str::<serde_json::Value>(&json).unwrap()["entries"].clone();
    assert_eq!(entries(codes(&site)), entries(codes(&saved)), "a page reads the same, saved or fetched");
}

#[test]
fn a_missing_page_fails_its_source_and_changes_no_data() {
    let server = serve_demo_pages();
    let site = Site::new(&demo_sources(server.port));
    site.run("refresh").exits_with(0);
    let before = site.data();
    let moved = demo_sources(server.port).replace("en-us/trace-lens/error-codes.txt", "en-us/trace-lens/gone.txt");
    crate::site::write(&site.root().join("sources.toml"), moved);
    site.run("refresh").exits_with(3).prints(&[
        "FAILED quarrystone/trace-lens",
        "gone.txt",
        "404",
        "5 unchanged, 1 failed",
    ]);
    assert_untouched(&before, &site.data(), "");
}

#[test]
fn no_data_changes_without_a_network() {
    let closed = find_closed_port();
    let site = Site::new(&demo_sources(closed));
    site.put_edition(1);
    site.run("refresh --pages ../pages").exits_with(0);
    let nowhere = demo_sources(closed)
        .replacen(&format!("http://127.0.0.1:{closed}/borealis/"), "https://nonexistent.invalid/", 1)
        .replacen("local = true\n", "", 1);
    crate::site::write(&site.root().join("sources.toml"), nowhere);
    let before = site.data();

    for command in ["refresh", "check --fail-on none"] {
        let run = site.run(command).exits_with(3).prints(&["6 sources: 6 failed", "nonexistent.invalid"]);
        for page in demo_pages() {
            assert!(run.out.contains(&format!("FAILED {}: nothing of it was changed", page.source)), "{}", run.out);
        }
        assert_untouched(&before, &site.data(), command);
    }
    site.run("refresh --offline").exits_with(0).prints(&["no drift"]);
}
