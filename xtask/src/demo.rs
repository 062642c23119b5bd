//! `cargo xtask demo`: refreshes from the built-in site, over real HTTP on a loopback port.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use anyhow::{Context as _, ensure};

use crate::output::print_line;

/// Serves the site, refreshes from edition 1 and then from edition 2, renders a page where there is a browser, and
/// prints where everything lies.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let site = Site { folder: root.join("demo"), edition: Arc::new(AtomicUsize::new(1)) };
    let folder = root.join("target").join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("could not clear {}", folder.display()))?;
    }
    let port = serve(site.clone())?;
    write_sources(&site.folder.join("sources.toml"), &folder, port)?;

    print_line(&format!("The built-in site is served on 127.0.0.1:{port}.\n\n== Edition 1: the first refresh ==\n"));
    ensure!(refresh(&folder) == ExitCode::SUCCESS, "edition 1 should refresh completely");
    site.edition.store(2, Ordering::SeqCst);
    print_line("\n== Edition 2: some time later ==\n");
    // One page of edition 2 is a login wall: its source is quarantined, which is exit code 3.
    ensure!(refresh(&folder) == ExitCode::from(3), "edition 2 should leave one source as it was");
    print_line("\n== A page that a script builds, in a browser ==\n");
    let scripted = folder.join("scripted");
    write_sources(&site.folder.join("scripted/sources.toml"), &scripted, port)?;
    if refresh(&scripted) != ExitCode::SUCCESS {
        let report = std::fs::read_to_string(scripted.join(".docdrift/report/report.json"))?;
        ensure!(report.contains("no-browser"), "the page should be rendered where there is a browser");
        print_line("skipped: no browser can be run here; docs/rendering.md tells what it needs");
    }
    print_line(&format!(
        "\ndataset    {0}/output\nsnapshots  {0}/snapshots\nreport     {0}/.docdrift/report/report.md",
        folder.display()
    ));
    Ok(())
}

/// Copies a sources.toml of the site into a new root, with the port of the server.
fn write_sources(from: &Path, folder: &Path, port: u16) -> anyhow::Result<()> {
    let sources = std::fs::read_to_string(from)?.replace("{port}", &port.to_string());
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(folder.join("sources.toml"), sources)?)
}

fn refresh(folder: &Path) -> ExitCode {
    docdrift::run(["docdrift", "refresh"].map(Into::into), Some(folder))
}

/// The built-in site. A page that edition 2 lacks comes from edition 1.
#[derive(Clone)]
struct Site {
    folder: PathBuf,
    edition: Arc<AtomicUsize>,
}

impl Site {
    /// Reads the page at a path below the root of the site.
    fn read_page(&self, path: &str) -> Option<Vec<u8>> {
        if !path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')) {
            return None;
        }
        let editions = (1..=self.edition.load(Ordering::SeqCst)).rev().map(|number| format!("edition-{number}"));
        let mut folders = editions.chain(["scripted".to_owned()]);
        folders.find_map(|name| std::fs::read(self.folder.join(name).join(path)).ok())
    }
}

/// Serves the site until the process ends. Returns its port.
fn serve(site: Site) -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = site.clone();
            // A client that leaves early needs no answer.
            thread::spawn(move || answer(&stream, &site).ok());
        }
    });
    Ok(port)
}

/// Answers one request, and closes the connection.
fn answer(mut stream: &TcpStream, site: &Site) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
    let target = request.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default().trim_start_matches('/');
    let (status, content_type, body) = match site.read_page(path) {
        Some(body) => ("200 OK", content_type(path), body),
        None => ("404 Not Found", "text/plain; charset=utf-8", b"no such page".to_vec()),
    };
    let headers = format!("content-type: {content_type}\r\ncontent-length: {}\r\nconnection: close", body.len());
    stream.write_all(&[format!("HTTP/1.1 {status}\r\n{headers}\r\n\r\n").as_bytes(), &body].concat())
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("md") => "text/markdown; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
