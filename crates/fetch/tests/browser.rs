//! Pages built by scripts, rendered by an installed browser and by programs that are not browsers.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "the tests write stub programs in place of a browser, and print why they are skipped"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use docdrift_fetch::{Answer, Cause, Failure, FailureKind, Request, Settings, fetch};
use docdrift_testkit::{LoopbackServer, ReceivedRequest, Reply, Step};
use tempfile::TempDir;

const HTML: &str = "200 OK\r\ncontent-type: text/html; charset=utf-8";
const JSON: &str = "200 OK\r\ncontent-type: application/json";
const TIMEOUT: FailureKind = FailureKind::Unreachable(Cause::Timeout);

fn serve() -> LoopbackServer {
    LoopbackServer::start(reply_to)
}

fn reply_to(request: &ReceivedRequest) -> Reply {
    let path = request.path.as_str();
    let (status, body) = routes(path, &request.query);
    let length = if matches!(path, "/cut" | "/hang") { body.len() + 1 } else { body.len() };
    let reply = Reply::raw(format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"));
    if path == "/hang" { reply.then(Step::Hang) } else { reply }
}

fn script(text: &str) -> (&'static str, String) {
    (HTML, format!("<!DOCTYPE html><title>Codes</title><body><div id=out></div><script>{text}</script>"))
}

/// Builds a table from rows that it fetches.
const BUILD: &str = "const build = async () => {
    const rows = await (await fetch('/rows')).json();
    out.innerHTML = '<table>' + rows.map(row => `<tr><td>${row}</td></tr>`).join('') + '</table>';
};";

/// The status with the headers, and the body of a page or of its data.
fn routes(path: &str, query: &str) -> (&'static str, String) {
    match path {
        "/built" => script(&format!("{BUILD} setTimeout(build, 2000);")),
        "/redirected" => ("302 Found\r\nlocation: /built", String::new()),
        "/moved-by-script" => script("location = '/built';"),
        "/reaching" => script(&format!(
            "{BUILD} (async () => {{
                const others = ['http://127.0.0.1:{query}', 'http://localhost:{query}', 'https://codes.invalid'];
                for (const other of others) {{
                    try {{ await fetch(other + '/stolen', {{ mode: 'no-cors' }}); }} catch {{}}
                    try {{ new WebSocket(other.replace('http', 'ws')); }} catch {{}}
                    document.body.append(Object.assign(new Image(), {{ src: other + '/image' }}));
                    document.body.append(Object.assign(document.createElement('iframe'), {{ src: other + '/frame' }}));
                }}
                try {{ new RTCPeerConnection({{ iceServers: [{{ urls: 'stun:127.0.0.1:{query}' }}] }}); }} catch {{}}
                navigator.sendBeacon('http://127.0.0.1:{query}/beacon');
                window.open('http://127.0.0.1:{query}/window');
                await build();
            }})();"
        )),
        "/listening" => script(&format!("{BUILD} new EventSource('/hang'); build();")),
        "/asking" => script(&format!("{BUILD} alert('a'); confirm('b'); prompt('c'); build();")),
        "/rows" => (JSON, r#"["OR.1 错误", "OR.2"]"#.to_owned()),
        "/looping" => script("for (;;) {}"),
        "/waiting" => script("out.append('OR.1'); fetch('/hang').then(r => r.text());"),
        "/huge" => script("out.hidden = true; for (let i = 0; i < 100; i++) out.append('x'.repeat(1 << 20));"),
        "/greedy" => script("const next = () => fetch('/mega').then(r => r.text()).then(next); next();"),
        "/mega" => (JSON, "x".repeat(1 << 20)),
        "/nothing" => script("out.hidden = true;"),
        "/away" => script("location = 'https://docs.vendor.example/';"),
        "/half-1" => script("out.append('OR.1'); fetch('/fails');"),
        "/half-2" => script("out.append('OR.1'); fetch('/cut').then(r => r.text());"),
        "/half-3" => script("out.append('OR.1'); fetch('http://127.0.0.1:443/dead');"),
        "/fails" => ("503 Later", String::new()),
        "/cut" => (JSON, "[".to_owned()),
        "/hang" => ("200 OK\r\ncontent-type: text/event-stream", String::new()),
        "/image" => ("200 OK\r\ncontent-type: image/png", "x".to_owned()),
        "/denied" => ("403 Forbidden", "no".to_owned()),
        _ => ("404 Not Found", "gone".to_owned()),
    }
}

fn settings() -> Settings {
    Settings {
        interval: Duration::ZERO,
        max_body: 1 << 20,
        retries: 0,
        run_deadline: Duration::from_mins(10),
        ..Settings::default()
    }
}

fn render(port: u16, path: &str, settings: &Settings) -> Result<String, Failure> {
    let url = format!("http://127.0.0.1:{port}{path}");
    let request = Request { local: true, rendered: true, obey_robots: false, ..Request::new(url) };
    match fetch(&[request], settings, |_, _| ()).answers.remove(0)? {
        Answer::Fresh { page, .. } => {
            assert_eq!((page.status, page.headers[0].1.as_str()), (Some(200), "text/html; charset=utf-8"));
            Ok(String::from_utf8(page.body).unwrap())
        }
        Answer::NotModified { .. } => panic!("a rendered page is always fresh"),
    }
}

/// The gate sets this variable where a browser is installed: the tests must not skip there.
const NEEDS_BROWSER: &str = "DOCDRIFT_NEEDS_BROWSER";

/// Whether a browser can be used here. Prints why not.
fn has_browser(port: u16) -> bool {
    match render(port, "/built", &settings()) {
        Err(failure) if failure.kind == FailureKind::NoBrowser => {
            assert!(std::env::var_os(NEEDS_BROWSER).is_none(), "{NEEDS_BROWSER} is set: {failure}");
            eprintln!("skipped: {failure}");
            false
        }
        _ => true,
    }
}

#[test]
fn pages_built_by_scripts_are_rendered_without_foreign_requests() {
    let (server, other) = (serve(), serve());
    if !has_browser(server.port) {
        return;
    }
    let reaching = format!("/reaching?{}", other.port);
    for path in ["/built", "/redirected", "/moved-by-script", "/listening", "/asking", &reaching] {
        let html = render(server.port, path, &settings()).unwrap_or_else(|failure| panic!("{failure}"));
        assert!(html.starts_with("<!DOCTYPE html>"), "{path}: {html}");
        assert!(html.contains("<tr><td>OR.1 错误</td></tr><tr><td>OR.2</td></tr>"), "{path}: {html}");
    }
    assert_eq!(other.paths(), Vec::<String>::new());
}

#[test]
fn incomplete_pages_are_failures() {
    use FailureKind::{Blocked, Empty, Gone, Moved, ServerError, TooLarge, Truncated, Unreachable, WrongType};
    let server = serve();
    if !has_browser(server.port) {
        return;
    }
    for (path, kind) in [
        ("/nothing", Empty),
        ("/gone", Gone),
        ("/denied", Blocked),
        ("/fails", ServerError),
        ("/image", WrongType),
        ("/cut", WrongType),
        ("/away", Moved),
        ("/half-1", ServerError),
        ("/half-2", Truncated),
        ("/half-3", Unreachable(Cause::Connect)),
        ("/huge", TooLarge),
        ("/greedy", TooLarge),
    ] {
        let found = render(server.port, path, &settings());
        assert_eq!(found.as_ref().err().map(|failure| failure.kind), Some(kind), "{path}: {found:?}");
    }
    let impatient = Settings { request_timeout: Duration::from_secs(6), ..settings() };
    for path in ["/looping", "/waiting"] {
        let found = render(server.port, path, &impatient);
        assert_eq!(found.as_ref().err().map(|failure| failure.kind), Some(TIMEOUT), "{path}: {found:?}");
    }
}

/// Writes a shell script with `lines` to `folder` and returns its path.
fn stub(folder: &Path, lines: &str) -> PathBuf {
    let path = folder.join("browser");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn programs_that_are_not_browsers_are_failures() {
    let folder = TempDir::new().unwrap();
    let server = serve();
    let impatient = Settings { request_timeout: Duration::from_millis(300), ..settings() };
    for (lines, settings, kind, message) in [
        ("exit 3", settings(), FailureKind::NoBrowser, "ended before it could be used;"),
        ("echo no display >&2; exit 1", settings(), FailureKind::NoBrowser, "(no display)"),
        ("echo 'No usable sandbox!' >&2; kill -9 $$", settings(), FailureKind::NoBrowser, "NO_SANDBOX=1"),
        (
            "head -c 9 <&3; printf '{\"id\":1}' >&4",
            settings(),
            FailureKind::NoBrowser,
            "ended before it could be used;",
        ),
        (
            "head -c 9 <&3; printf '{\"id\":1,\"result\":{}}\\0' >&4; read x <&3",
            impatient.clone(),
            TIMEOUT,
            "was not rendered within 300ms",
        ),
        (
            "head -c 9 <&3; printf '{\"id\":1,\"result\":{}}\\0nonsense\\0{}\\0' >&4; exit 0",
            settings(),
            FailureKind::Unreachable(Cause::Dropped),
            "ended before the page was rendered",
        ),
        (
            "head -c 9 <&3; printf '{\"id\":1,\"result\":{}}\\0' >&4; exec yes >&4",
            settings(),
            FailureKind::TooLarge,
            "larger than the largest page",
        ),
        ("exec sleep 1000", impatient, TIMEOUT, "was not rendered within 300ms"),
    ] {
        let browser = Some(stub(folder.path(), lines));
        let failure = render(server.port, "/built", &Settings { browser, ..settings }).unwrap_err();
        assert_eq!(failure.kind, kind, "{lines}: {failure}");
        assert!(failure.to_string().contains(message), "{lines}: {failure}");
    }
    assert_eq!(server.paths(), Vec::<String>::new());
}

#[test]
fn a_configured_browser_must_exist() {
    let browser = Some(PathBuf::from("/nowhere/chromium"));
    let failure = render(9, "/", &Settings { browser, ..settings() }).unwrap_err();
    assert_eq!(failure.kind, FailureKind::NoBrowser);
    assert!(failure.to_string().contains("there is no browser /nowhere/chromium"), "{failure}");
}

#[test]
fn a_browser_leaves_nothing_behind_and_gets_no_secrets() {
    let folder = TempDir::new().unwrap();
    let report = folder.path().join("report");
    let lines = format!("{{ echo $$; echo $HOME; env; }} > {0}.new; mv {0}.new {0}; exec sleep 1000", report.display());
    let browser = Some(stub(folder.path(), &lines));
    let server = serve();
    let settings = Settings { browser, request_timeout: Duration::from_secs(3), ..settings() };
    assert_eq!(render(server.port, "/built", &settings).unwrap_err().kind, TIMEOUT);
    let report = fs::read_to_string(&report).expect("the stub was started");
    let mut lines = report.lines();
    let (process, profile) = (lines.next().unwrap(), lines.next().unwrap());
    assert!(!Command::new("kill").args(["-0", process]).output().unwrap().status.success(), "{process} still runs");
    assert!(!Path::new(profile).exists(), "{profile} is still there");
    let allowed = [
        "PATH",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "FONTCONFIG",
        "HOME",
        "TMPDIR",
        "XDG_",
        "PWD",
        "_=",
        "SHLVL",
        "OLDPWD",
    ];
    assert!(lines.all(|line| allowed.iter().any(|name| line.starts_with(name))), "{report}");
}
