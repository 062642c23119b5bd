//! `status`, conditional requests, secrets and logs: a refresh over a network seen from outside.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use docdrift_testkit::{LoopbackServer, ReceivedRequest, Reply};

use crate::site::Site;

const PAGE: &str = "<html lang=en><body><h1>Error Codes</h1><table><tr><th>Status Code</th><th>Error Code</th><th>Error Message</th></tr>\
<tr><td>400</td><td>Lamp.0001</td><td>Bulb {0} is broken.</td></tr>\
<tr><td>404</td><td>Lamp.0002</td><td>No such lamp.</td></tr>\
<tr><td>409</td><td>Lamp.0003</td><td>Somebody holds the switch.</td></tr></table></body></html>";

/// Not a status: a login form with status 200.
const WALL: usize = 0;

/// A server of one page with an entity tag. It answers with `status` once that is no longer 200.
struct Server {
    port: u16,
    status: Arc<AtomicUsize>,
    loopback: LoopbackServer,
}

impl Server {
    fn start() -> Self {
        let status = Arc::new(AtomicUsize::new(200));
        let current = Arc::clone(&status);
        let loopback = LoopbackServer::start(move |request| reply_to(request, current.load(Ordering::SeqCst)));
        Self { port: loopback.port, status, loopback }
    }

    fn site(&self, more: &str) -> Site {
        Site::new(&format!(
            "{more}\n[[source]]\nvendor = \"acme\"\nservice = \"lamps\"\nname = {{ en = \"Lamps\" }}\nlocal = true\n\
             pages = {{ en = \"http://127.0.0.1:{}/lamps?key=hidden\" }}\nlicence = \"Written for this test.\"\n",
            self.port
        ))
    }

    /// The head of the last request for the page, in lower case.
    fn last_seen(&self) -> String {
        let requests = self.loopback.requests();
        let last = requests.iter().rfind(|request| request.path == "/lamps");
        last.map(|request| request.head.to_lowercase()).unwrap_or_default()
    }
}

fn reply_to(request: &ReceivedRequest, status: usize) -> Reply {
    let html =
        |status: &str, body: &str| Reply::last_response(status, "content-type: text/html\r\netag: \"one\"\r\n", body);
    match status {
        _ if request.path != "/lamps" => html("404 Not Found", "nothing here"),
        200 if request.header("if-none-match") == Some("\"one\"") => {
            Reply::raw("HTTP/1.1 304 Not Modified\r\netag: \"one\"\r\nconnection: close\r\n\r\n")
        }
        200 => html("200 OK", PAGE),
        WALL => html("200 OK", "<html><body><h1>Sign in to continue</h1><form></form></body></html>"),
        status => html(&format!("{status} Sorry"), "sorry"),
    }
}

#[test]
fn an_unchanged_page_costs_a_304_and_no_data_is_written() {
    let server = Server::start();
    let site = server.site("");
    site.run("refresh").ends(0).says(&["1 new"]);
    let before = site.data();
    site.run("refresh").ends(0).says(&["not modified", "1 unchanged", "1 not modified", "0 file(s) written"]);
    assert!(server.last_seen().contains("if-none-match: \"one\""), "{}", server.last_seen());
    site.run("check").ends(0).says(&["no drift"]);
    crate::site::assert_untouched(&before, &site.data(), "");
    site.run("refresh --offline").ends(0).says(&["1 unchanged"]);
}

#[test]
fn status_tells_success_change_and_failure() {
    let server = Server::start();
    let site = server.site("");
    site.run("status").ends(0).says(&["acme/lamps  never", "never"]);
    site.run("refresh").ends(0);
    let fresh = site.run("status --format json").ends(0).json()["sources"][0].clone();
    assert!(fresh["last_success"].is_string() && fresh["failing"].is_null(), "{fresh}");
    server.status.store(404, Ordering::SeqCst);
    site.run("refresh").ends(3);
    let failing = site.run("status --format json").ends(0).json()["sources"][0].clone();
    assert_eq!(failing["last_success"], fresh["last_success"]);
    let since = failing["failing"]["since"].clone();
    assert!(failing["failing"]["reasons"][0].as_str().unwrap().contains("gone"), "{failing}");
    site.run("refresh").ends(3);
    assert_eq!(site.run("status --format json").ends(0).json()["sources"][0]["failing"]["since"], since);
    site.run("status --format markdown").ends(0).says(&["| --- |", "acme/lamps"]);
    server.status.store(200, Ordering::SeqCst);
    site.run("refresh").ends(0);
    assert!(site.run("status --format json").ends(0).json()["sources"][0]["failing"].is_null());
}

#[test]
fn secrets_reach_their_host_and_nothing_else() {
    let server = Server::start();
    let site = server.site(&format!(
        "[hosts.\"127.0.0.1:{}\"]\nheaders = {{ x-key = \"k-${{DOCDRIFT_HEADER_LAMP}}\" }}",
        server.port
    ));
    site.run("refresh").ends(2).says(&["`x-key`", "`DOCDRIFT_HEADER_LAMP`, which is not set"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_docdrift"));
    let run = command.current_dir(site.root()).env("DOCDRIFT_HEADER_LAMP", "s3cr3t").args([
        "-vv",
        "--log-format=json",
        "refresh",
    ]);
    let output = run.output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(server.last_seen().contains("x-key: k-s3cr3t"));
    let logged = err.lines().filter(|line| line.starts_with('{')).count();
    assert!(logged > 0, "{err}");
    for file in site.files() {
        let text = String::from_utf8_lossy(&file.1.0).into_owned();
        assert!(!text.contains("s3cr3t"), "{}", file.0.display());
    }
    assert!(!format!("{out}{err}").contains("s3cr3t"));
    assert!(err.lines().filter(|line| line.starts_with('{')).all(|line| !line.contains("key=hidden")), "{err}");
}

/// A login form under the entity tag of the page that it stands for: once the page is back, its server calls that unchanged.
#[test]
fn a_source_that_fails_is_asked_for_the_whole_page() {
    let server = Server::start();
    let site = server.site("");
    site.run("refresh").ends(0);
    server.status.store(WALL, Ordering::SeqCst);
    site.run("refresh").ends(3).says(&["QUARANTINED"]);
    server.status.store(200, Ordering::SeqCst);
    site.run("refresh").ends(0).says(&["1 unchanged"]);
    assert!(!server.last_seen().contains("if-none-match"), "{}", server.last_seen());
    site.run("refresh").ends(0).says(&["not modified"]);
}
