//! Pages built by scripts, rendered by an installed Chromium. `devtools` controls it over a pipe, `launch` runs it with a
//! profile of its own, and its only way to the network is our `proxy`, which allows the hosts in the `scope` of the page.
//! `visit` opens the page and decides whether it loaded completely. Of the rest of the crate this folder uses only the
//! request, the settings, the error and the pure rules.

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

/// Renders the page at `url`, the parsed URL of `request`, and returns it as it is when its scripts are done.
pub(crate) async fn render(url: &Url, request: &Request, settings: &Settings) -> Result<Page, AttemptError> {
    let html = render_html(&Scope::new(url, request), settings).await?;
    Ok(Page {
        url: request.url.clone(),
        fetched_at: format!("{:.0}", Timestamp::now()),
        status: Some(200),
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: html.into_bytes(),
    })
}

async fn render_html(scope: &Scope<'_>, settings: &Settings) -> Result<String, AttemptError> {
    let program = find::find_browser(settings.browser.as_deref(), |name| env::var_os(name))?;
    let proxy = Proxy::open(scope, settings).await?;
    let arguments = launch::arguments(settings, proxy.port(), launch::is_sandboxed());
    let mut browser = Browser::launch(&program, &arguments, settings)?;
    let rendered = tokio::select! {
        biased;
        error = proxy.serve() => Err(error),
        () = sleep(settings.request_timeout) => Err(rendering_too_slow(settings)),
        rendered = browser.visit(&proxy, scope, settings) => rendered,
    };
    browser.close().await;
    rendered
}

fn rendering_too_slow(settings: &Settings) -> AttemptError {
    let detail = format!("the page was not rendered within {:?}", settings.request_timeout);
    AttemptError::new(FailureKind::Unreachable(Cause::Timeout), detail)
}
