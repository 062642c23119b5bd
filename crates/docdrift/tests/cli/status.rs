//! `status`, conditional requests, secrets and logs of a refresh over the network.

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

/// Stands for a login form with status 200.
const WALL: usize = 0;

/// A server with one page that has an entity tag. Any `status` other than 200 replaces the page.
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

    /// Returns the head of the last request for the page, in lower case.
    fn last_request(&self) -> String {
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
fn a_304_answer_leaves_the_data_unchanged() {
    let server = Server::start();
    let site = server.site("");
    site.run("refresh").exits_with(0).prints(&["1 new"]);
    let before = site.data();
    site.run("refresh").exits_with(0).prints(&["not modified", "1 unchanged", "1 not modified", "0 file(s) written"]);
    assert!(server.last_request().contains("if-none-match: \"one\""), "{}", server.last_request());
    site.run("check").exits_with(0).prints(&["no drift"]);
    crate::site::assert_untouched(&before, &site.data(), "");
    site.run("refresh --offline").exits_with(0).prints(&["1 unchanged"]);
}

#[test]
fn status_reports_the_last_success_and_the_failures() {
    let server = Server::start();
    let site = server.site("");
    site.run("status")
        .exits_with(0)
        .prints_exactly("source      last success  last change  failing since\nacme/lamps  never         never\n", "");
    site.run("refresh").exits_with(0);
    let fresh = site.run("status --format json").exits_with(0).json()["sources"][0].clone();
    assert!(fresh["last_success"].is_string() && fresh["failing"].is_null(), "{fresh}");
    server.status.store(404, Ordering::SeqCst);
    site.run("refresh").exits_with(3);
    let failing = site.run("status --format json").exits_with(0).json()["sources"][0].clone();
    assert_eq!(failing["last_success"], fresh["last_success"]);
    let since = failing["failing"]["since"].clone();
    assert!(failing["failing"]["reasons"][0].as_str().unwrap().contains("gone"), "{failing}");
    site.run("refresh").exits_with(3);
    assert_eq!(site.run("status --format json").exits_with(0).json()["sources"][0]["failing"]["since"], since);
    site.run("status --format markdown").exits_with(0).prints(&["| --- |", "acme/lamps"]);
    server.status.store(200, Ordering::SeqCst);
    site.run("refresh").exits_with(0);
    assert!(site.run("status --format json").exits_with(0).json()["sources"][0]["failing"].is_null());
}

#[test]
fn secrets_are_sent_to_their_host_and_written_nowhere() {
    let server = Server::start();
    let site = server.site(&format!(
        "[hosts.\"127.0.0.1:{}\"]\nheaders = {{ x-key = \"k-${{DOCDRIFT_HEADER_LAMP}}\" }}",
        server.port
    ));
    site.run("refresh").exits_with(2).prints(&["`x-key`", "`DOCDRIFT_HEADER_LAMP`, which is not set"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_docdrift"));
    let run = command.current_dir(site.root()).env("DOCDRIFT_HEADER_LAMP", "s3cr3t").args([
        "-vv",
        "--log-format=json",
        "refresh",
    ]);
    let output = run.output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(server.last_request().contains("x-key: k-s3cr3t"));
    let logged = err.lines().filter(|line| line.starts_with('{')).count();
    assert!(logged > 0, "{err}");
    for file in site.files() {
        let text = String::from_utf8_lossy(&file.1.0).into_owned();
        assert!(!text.contains("s3cr3t"), "{}", file.0.display());
    }
    assert!(!format!("{out}{err}").contains("s3cr3t"));
    assert!(err.lines().filter(|line| line.starts_with('{')).all(|line| !line.contains("key=hidden")), "{err}");
}

/// The login form has the entity tag of the page. When the page is back, the server would answer a conditional request
/// with 304.
#[test]
fn a_failing_source_is_fetched_without_conditions() {
    let server = Server::start();
    let site = server.site("");
    site.run("refresh").exits_with(0);
    server.status.store(WALL, Ordering::SeqCst);
    site.run("refresh").exits_with(3).prints(&["QUARANTINED"]);
    server.status.store(200, Ordering::SeqCst);
    site.run("refresh").exits_with(0).prints(&["1 unchanged"]);
    assert!(!server.last_request().contains("if-none-match"), "{}", server.last_request());
    site.run("refresh").exits_with(0).prints(&["not modified"]);
}

#[test]
fn status_verify_and_archive_answer_in_chinese() {
    let site = Site::refreshed_demo();
    for (command, expected) in [
        ("status --lang zh", "最近成功"),
        ("status --lang zh --format markdown", "| 来源 | 最近成功 | 最近变更 | 失败自 |"),
        ("verify --lang zh", "：全部一致"),
        ("archive ls --lang zh", "首次出现"),
        ("archive verify --lang zh", "：没有损坏"),
    ] {
        site.run(command).exits_with(0).prints(&[expected]);
    }
}
