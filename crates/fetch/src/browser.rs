//! Pages made by scripts, rendered by an installed Chromium. It is told what to do over a pipe (`devtools`), runs with
//! a profile of its own (`launch`) and reaches the network through a proxy of ours alone (`proxy`), which knows the
//! hosts of the page (`scope`). `visit` opens the page and judges what came of it.

mod devtools;
mod find;
mod launch;
mod proxy;
mod scope;
mod visit;

use std::env;

use docdrift_model::Page;
use jiff::Timestamp;
use tokio::time::sleep;
use url::Url;

use self::launch::Browser;
use self::proxy::Proxy;
use self::scope::Scope;
use crate::attempt_error::AttemptError;
use crate::failure::{Cause, FailureKind};
use crate::request::Request;
use crate::settings::Settings;

/// The page at `url` as a browser shows it once its scripts are done.
pub(crate) async fn render(url: &Url, request: &Request, settings: &Settings) -> Result<Page, AttemptError> {
    let html = open(&Scope::new(url, request), settings).await?;
    Ok(Page {
        url: request.url.clone(),
        fetched_at: format!("{:.0}", Timestamp::now()),
        status: Some(200),
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: html.into_bytes(),
    })
}

async fn open(scope: &Scope<'_>, settings: &Settings) -> Result<String, AttemptError> {
    let program = find::browser(settings.browser.as_deref(), |name| env::var_os(name))?;
    let proxy = Proxy::open(scope, settings).await?;
    let arguments = launch::arguments(settings, proxy.port(), launch::sandboxed());
    let mut browser = Browser::launch(&program, &arguments, settings)?;
    let rendered = tokio::select! {
        biased;
        miss = proxy.serve() => Err(miss),
        () = sleep(settings.request_timeout) => Err(too_slow(settings)),
        rendered = browser.visit(&proxy, scope, settings) => rendered,
    };
    browser.close().await;
    rendered
}

fn too_slow(settings: &Settings) -> AttemptError {
    let detail = format!("the page was not rendered after {:?}", settings.request_timeout);
    AttemptError::new(FailureKind::Unreachable(Cause::Timeout), detail)
}
