//! One page in the browser: opened, left to its scripts, judged by what was loaded for it, and taken as text.

use std::collections::BTreeMap;

use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use url::Url;

use super::devtools::DevTools;
use super::proxy::Proxy;
use super::scope::Scope;
use crate::attempt_error::{AttemptError, Retry};
use crate::classify::{error_for_status, parse_content_type};
use crate::failure::{Cause, FailureKind};

/// How long the page's own clock runs, in its milliseconds. That clock stands still while something is being loaded and
/// is put forward while the page waits for nothing but time.
const PAGE_TIME: u32 = 10_000;

/// The most requests a page may make.
const MAX_REQUESTS: usize = 2000;

/// What is not loaded, because no table is made of it. An event source besides never ends, and the page's clock would
/// wait for it.
const UNLOADED: [&str; 5] = ["EventSource", "Font", "Image", "Media", "Ping"];

/// What a page is made by: where one of these fails, rows may be missing.
const ESSENTIAL: [&str; 4] = ["Document", "Fetch", "Script", "XHR"];

/// How the browser names what was cut off on its way.
const HALF_LOADED: [&str; 7] = [
    "net::ERR_CERT_",
    "net::ERR_CONNECTION_",
    "net::ERR_CONTENT_",
    "net::ERR_EMPTY_",
    "net::ERR_HTTP2_",
    "net::ERR_INCOMPLETE_",
    "net::ERR_SSL_",
];

/// Takes the page's text, or nothing where that is too much, in a world of its own that the page's scripts have no
/// part in. A page on which nothing is to be read has no text.
const TAKE: &str = "(() => {
    const root = document.documentElement;
    if (!root) return { at: document.URL, html: '' };
    const html = (document.doctype ? '<!DOCTYPE html>\\n' : '') + root.outerHTML;
    if (html.length > MOST) return { at: document.URL };
    const shown = document.body && document.body.innerText.trim();
    return { at: document.URL, html: shown ? html.toWellFormed() : '' };
})()";

/// Opens the page and takes its text once its clock has run out.
pub(super) async fn visit(
    tools: &mut DevTools,
    proxy: &Proxy<'_>,
    scope: &Scope<'_>,
    max_body: usize,
) -> Result<String, AttemptError> {
    tools.open_tab().await?;
    for domain in ["Network.enable", "Page.enable", "Inspector.enable"] {
        tools.call(domain, json!({})).await?;
    }
    let unloaded = UNLOADED.map(|kind| json!({ "resourceType": kind }));
    tools.call("Fetch.enable", json!({ "patterns": unloaded })).await?;
    let opening = tools.tell("Page.navigate", json!({ "url": scope.url.as_str() })).await?;
    let mut visit = Visit { proxy, scope, frame: String::new(), addresses: Vec::new(), requests: BTreeMap::new() };
    let mut stopped = false;
    loop {
        let message = tools.next().await?;
        if message["id"] == opening {
            start_clock(tools, &message["result"]).await?;
        }
        match message["method"].as_str() {
            Some("Emulation.virtualTimeBudgetExpired") if visit.is_whole() => break,
            // The clock does not wait for the end of an answer that has begun. It is wound up once more after that.
            Some("Emulation.virtualTimeBudgetExpired") => stopped = true,
            Some(event) => {
                if let Some((method, parameters)) = visit.heed(event, &message["params"])? {
                    tools.tell(method, parameters).await?;
                }
                if stopped && visit.is_whole() {
                    stopped = false;
                    start_clock(tools, &Value::Null).await?;
                }
            }
            None => {}
        }
    }
    visit.take(tools, max_body).await
}

async fn start_clock(tools: &mut DevTools, opened: &Value) -> Result<(), AttemptError> {
    if let Some(error) = opened["errorText"].as_str() {
        return Err(unloaded(error));
    }
    let clock = json!({
        "policy": "pauseIfNetworkFetchesPending",
        "budget": PAGE_TIME,
        "maxVirtualTimeTaskStarvationCount": 9999,
    });
    tools.tell("Emulation.setVirtualTimePolicy", clock).await.map(|_| ())
}

struct Visit<'a> {
    proxy: &'a Proxy<'a>,
    scope: &'a Scope<'a>,
    /// The frame of the page itself.
    frame: String,
    /// Where the page has been: what was asked for, then each address that a redirect or a script led to.
    addresses: Vec<Url>,
    /// The requests that the page is made by, by their number.
    requests: BTreeMap<String, Asked>,
}

/// A request that the page is made by.
struct Asked {
    address: String,
    /// Whether it is for the page itself and not for what it loads.
    is_page: bool,
    /// Whether all of its answer is there, or will not come.
    is_over: bool,
}

impl Visit<'_> {
    /// What an event calls for, if anything.
    fn heed(&mut self, event: &str, told: &Value) -> Result<Option<(&'static str, Value)>, AttemptError> {
        match event {
            "Network.requestWillBeSent" => self.asked(told)?,
            "Network.responseReceived" => self.answered(told)?,
            "Network.loadingFailed" => {
                self.over(told);
                self.failed(told)?;
            }
            "Network.loadingFinished" => self.over(told),
            "Inspector.targetCrashed" => return Err(dropped("the page brought the browser down")),
            "Fetch.requestPaused" => return Ok(Some(pass(told))),
            "Page.javascriptDialogOpening" => {
                return Ok(Some(("Page.handleJavaScriptDialog", json!({ "accept": false }))));
            }
            _ => {}
        }
        Ok(None)
    }

    fn asked(&mut self, told: &Value) -> Result<(), AttemptError> {
        let kind = text(&told["type"]);
        let address = text(&told["request"]["url"]);
        if !ESSENTIAL.contains(&kind) {
            return Ok(());
        }
        if self.requests.len() >= MAX_REQUESTS {
            let detail = format!("the page makes more than {MAX_REQUESTS} requests");
            return Err(AttemptError::new(FailureKind::TooLarge, detail));
        }
        let frame = text(&told["frameId"]);
        let is_page = kind == "Document" && (self.frame.is_empty() || self.frame == frame);
        if kind == "Document" && !is_page {
            // What stands in frames is no part of the page's text.
            return Ok(());
        }
        if is_page {
            frame.clone_into(&mut self.frame);
            let next = Url::parse(address).map_err(|_| dropped("the page leads to what is no address"))?;
            self.scope.check(&self.addresses, &next)?;
            self.addresses.push(next);
        }
        let asked = Asked { address: address.to_owned(), is_page, is_over: false };
        self.requests.insert(text(&told["requestId"]).to_owned(), asked);
        Ok(())
    }

    fn answered(&self, told: &Value) -> Result<(), AttemptError> {
        let Some(Asked { address, is_page, .. }) = self.requests.get(text(&told["requestId"])) else { return Ok(()) };
        let headers = headers(&told["response"]);
        let status = told["response"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        match status.unwrap_or_default() {
            200 if *is_page => parse_content_type(&headers).map(|_| ()),
            status if *is_page => Err(self.missed(address).unwrap_or_else(|| error_for_status(status, &headers))),
            status @ (429 | 500..) => Err(self.missed(address).unwrap_or_else(|| {
                let detail = format!("the page is made with {address}, for which the server answered {status}");
                AttemptError::new(FailureKind::ServerError, detail).with_retry(Retry::Backoff)
            })),
            _ => Ok(()),
        }
    }

    fn over(&mut self, told: &Value) {
        if let Some(asked) = self.requests.get_mut(text(&told["requestId"])) {
            asked.is_over = true;
        }
    }

    /// Whether nothing that the page is made by is still to come.
    fn is_whole(&self) -> bool {
        self.requests.values().all(|asked| asked.is_over)
    }

    fn failed(&self, told: &Value) -> Result<(), AttemptError> {
        let Some(Asked { address, is_page, .. }) = self.requests.get(text(&told["requestId"])) else { return Ok(()) };
        let error = text(&told["errorText"]);
        let missed = self.missed(address);
        let down = missed.as_ref().is_some_and(|miss| miss.kind == FailureKind::Unreachable(Cause::Connect));
        let miss = missed.unwrap_or_else(|| unloaded(error));
        if *is_page {
            return Err(miss);
        }
        // The rest is what the page asks of others or nowhere, gives up itself, or must not read: any browser lacks it.
        if down || HALF_LOADED.iter().any(|half| error.starts_with(half)) {
            let detail = format!("the page is made with {address}: {}", miss.detail);
            return Err(AttemptError { detail, ..miss }.with_retry(Retry::Backoff));
        }
        Ok(())
    }

    /// Why the proxy did not connect to the host of `address`.
    fn missed(&self, address: &str) -> Option<AttemptError> {
        self.proxy.miss(&Url::parse(address).ok()?)
    }

    async fn take(&self, tools: &mut DevTools, max_body: usize) -> Result<String, AttemptError> {
        let world = tools.call("Page.createIsolatedWorld", json!({ "frameId": self.frame })).await?;
        let take = json!({
            "contextId": world["executionContextId"],
            "expression": TAKE.replace("MOST", &max_body.to_string()),
            "returnByValue": true,
        });
        let taken = tools.call("Runtime.evaluate", take).await?;
        let taken = &taken["result"]["value"];
        let at = Url::parse(text(&taken["at"])).map_err(|_| dropped("the page cannot be taken"))?;
        self.scope.check(&self.addresses, &at)?;
        match taken["html"].as_str() {
            Some("") => Err(AttemptError::new(FailureKind::Empty, "the page is empty, even after its scripts")),
            Some(html) if html.len() <= max_body => Ok(html.to_owned()),
            _ => Err(AttemptError::new(FailureKind::TooLarge, format!("the page is larger than {max_body} bytes"))),
        }
    }
}

/// The failure that an error of the browser's network stands for.
fn unloaded(error: &str) -> AttemptError {
    let named = |names: &[&str]| names.iter().any(|name| error.starts_with(name));
    let kind = if named(&["net::ERR_CERT_", "net::ERR_SSL_"]) {
        FailureKind::Unreachable(Cause::Tls)
    } else if named(&["net::ERR_CONTENT_", "net::ERR_INCOMPLETE_"]) {
        FailureKind::Truncated
    } else if named(&["net::ERR_TOO_MANY_REDIRECTS"]) {
        FailureKind::Moved
    } else if named(&["net::ERR_ABORTED"]) {
        FailureKind::WrongType
    } else {
        FailureKind::Unreachable(Cause::Dropped)
    };
    let retry = if named(&HALF_LOADED) { Retry::Backoff } else { Retry::Never };
    AttemptError::new(kind, format!("the browser could not load it ({error})")).with_retry(retry)
}

/// Whether a held request may go on. An event source is told apart from the data that it is held together with by what
/// it accepts alone.
fn pass(held: &Value) -> (&'static str, Value) {
    let request = &held["requestId"];
    let listens = held["request"]["headers"]["Accept"] == "text/event-stream";
    if listens || UNLOADED.contains(&text(&held["resourceType"])) {
        return ("Fetch.failRequest", json!({ "requestId": request, "errorReason": "BlockedByClient" }));
    }
    ("Fetch.continueRequest", json!({ "requestId": request }))
}

fn dropped(detail: &str) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Dropped), detail).with_retry(Retry::Backoff)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The headers of an answer; those that are none are left out.
fn headers(response: &Value) -> HeaderMap {
    let told = response["headers"].as_object().into_iter().flatten();
    told.filter_map(|(name, value)| Some((name.parse().ok()?, HeaderValue::from_str(value.as_str()?).ok()?))).collect()
}
