//! `cargo xtask demo`: the main job on the built-in site, over real HTTP on a loopback port.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context as _, ensure};
use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::say;

/// Serves the site, refreshes from edition 1 and then from edition 2, renders a page where there is a browser, and says
/// where everything lies.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let site = Site { folder: root.join("demo"), edition: Arc::new(AtomicUsize::new(1)) };
    let folder = root.join("target").join("demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("could not clear {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)?;

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let port = listener.local_addr()?.port();
    let router = Router::new().route("/{*path}", get(page)).with_state(site.clone());
    runtime.spawn(async move { axum::serve(listener, router).await });

    let put_sources = |from: &Path, folder: &Path| -> anyhow::Result<()> {
        let sources = std::fs::read_to_string(from)?.replace("{port}", &port.to_string());
        std::fs::create_dir_all(folder)?;
        Ok(std::fs::write(folder.join("sources.toml"), sources)?)
    };
    put_sources(&site.folder.join("sources.toml"), &folder)?;

    say(&format!("The built-in site is served on 127.0.0.1:{port}.\n\n== Edition 1: the first refresh ==\n"));
    ensure!(refresh(&folder) == ExitCode::SUCCESS, "edition 1 should refresh whole");
    site.edition.store(2, Ordering::SeqCst);
    say("\n== Edition 2: some time later ==\n");
    // One page of edition 2 is a login wall: its source is quarantined, which is exit code 3.
    ensure!(refresh(&folder) == ExitCode::from(3), "edition 2 should leave one source as it was");
    let scripted = folder.join("scripted");
    put_sources(&site.folder.join("scripted/sources.toml"), &scripted)?;
    say("\n== A page that a script builds, in a browser ==\n");
    if refresh(&scripted) != ExitCode::SUCCESS {
        let report = std::fs::read_to_string(scripted.join(".docdrift/report/report.json"))?;
        ensure!(report.contains("no-browser"), "the page should be rendered where there is a browser");
        say("skipped: no browser can be run here; docs/rendering.md tells what it needs");
    }
    runtime.shutdown_background();
    say(&format!(
        "\ndataset    {0}/output\nsnapshots  {0}/snapshots\nreport     {0}/.docdrift/report/report.md",
        folder.display()
    ));
    Ok(())
}

fn refresh(folder: &Path) -> ExitCode {
    docdrift::run(["docdrift", "refresh"].map(Into::into), Some(folder))
}

/// The built-in site: a page that edition 2 lacks is the one of edition 1.
#[derive(Clone)]
struct Site {
    folder: PathBuf,
    edition: Arc<AtomicUsize>,
}

async fn page(State(site): State<Site>, UrlPath(path): UrlPath<String>) -> Response {
    let is_plain = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    let editions = (1..=site.edition.load(Ordering::SeqCst)).rev();
    let folders = editions.map(|n| format!("edition-{n}")).chain(["scripted".to_owned()]);
    let found = folders.filter(|_| is_plain).find_map(|name| std::fs::read(site.folder.join(name).join(&path)).ok());
    match found {
        Some(body) => ([(header::CONTENT_TYPE, content_type(&path))], body).into_response(),
        None => (StatusCode::NOT_FOUND, "no such page").into_response(),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("md") => "text/markdown; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
