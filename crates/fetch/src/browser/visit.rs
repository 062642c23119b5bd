//! One page in the browser: opens it, lets its scripts run, checks that everything it is built from was loaded, and takes
//! its HTML.

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

/// How long the clock of the page runs, in milliseconds. The clock stops while something is loaded, and jumps ahead while
/// the page only waits for time to pass.
const PAGE_CLOCK_MS: u32 = 10_000;

/// The most requests of a page. It limits the memory that a page can take.
const MAX_REQUESTS: usize = 2000;

/// The resource types that are not loaded, because tables are not built from them. An event source would also stop the
/// clock of the page, because it never ends.
const BLOCKED_TYPES: [&str; 5] = ["EventSource", "Font", "Image", "Media", "Ping"];

/// The resource types that a page is built from. Where one of these fails, rows may be missing.
const ESSENTIAL_TYPES: [&str; 4] = ["Document", "Fetch", "Script", "XHR"];

/// How the names of network errors start that mean an incomplete or failed transfer.
const TRANSFER_ERRORS: [&str; 7] = [
    "net::ERR_CERT_",
    "net::ERR_CONNECTION_",
    "net::ERR_CONTENT_",
    "net::ERR_EMPTY_",
    "net::ERR_HTTP2_",
    "net::ERR_INCOMPLETE_",
    "net::ERR_SSL_",
];

/// Returns the URL and the HTML of the page, without HTML where it is too large, and with empty HTML where no text is
/// visible. It runs in an isolated world, which the scripts of the page cannot change.
const EXTRACT_HTML: &str = "(() => {
    const root = document.documentElement;
    if (!root) return { url: document.URL, html: '' };
    const html = (document.doctype ? '<!DOCTYPE html>\\n' : '') + root.outerHTML;
    if (html.length > MAX_LENGTH) return { url: document.URL };
    const shown = document.body && document.body.innerText.trim();
    return { url: document.URL, html: shown ? html.toWellFormed() : '' };
})()";

/// A command to the browser: its method and its parameters.
type Command = (&'static str, Value);

/// Opens the page and returns its HTML when its clock has run out.
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
    let patterns = BLOCKED_TYPES.map(|kind| json!({ "resourceType": kind }));
    tools.call("Fetch.enable", json!({ "patterns": patterns })).await?;
    let navigation_id = tools.send("Page.navigate", json!({ "url": scope.url.as_str() })).await?;
    let mut visit = Visit::new(proxy, scope);
    let mut is_clock_over = false;
    loop {
        let message = tools.next_message().await?;
        if message["id"] == navigation_id {
            start_clock(tools, &message["result"]).await?;
        }
        match message["method"].as_str() {
            Some("Emulation.virtualTimeBudgetExpired") if visit.is_loaded() => break,
            // The clock does not wait for a response that has begun. It is started once more after that.
            Some("Emulation.virtualTimeBudgetExpired") => is_clock_over = true,
            Some(event) => {
                if let Some((method, parameters)) = visit.handle_event(event, &message["params"])? {
                    tools.send(method, parameters).await?;
                }
                if is_clock_over && visit.is_loaded() {
                    is_clock_over = false;
                    start_clock(tools, &Value::Null).await?;
                }
            }
            None => {}
        }
    }
    visit.extract_html(tools, max_body).await
}

/// Starts the clock of the page, unless the result of its navigation is an error.
async fn start_clock(tools: &mut DevTools, navigation: &Value) -> Result<(), AttemptError> {
    if let Some(error) = navigation["errorText"].as_str() {
        return Err(loading_error(error));
    }
    let clock = json!({
        "policy": "pauseIfNetworkFetchesPending",
        "budget": PAGE_CLOCK_MS,
        "maxVirtualTimeTaskStarvationCount": 9999,
    });
    tools.send("Emulation.setVirtualTimePolicy", clock).await.map(|_| ())
}

/// What is known of a page while it loads.
struct Visit<'a> {
    proxy: &'a Proxy<'a>,
    scope: &'a Scope<'a>,
    /// The frame of the page itself.
    frame: String,
    /// The URLs of the page: the requested one, then each one that a redirect or a script led to.
    urls: Vec<Url>,
    /// The requests that the page is built from, by their id.
    requests: BTreeMap<String, EssentialRequest>,
}

/// A request that the page is built from.
struct EssentialRequest {
    url: String,
    /// Whether it is for the page itself and not for something that the page loads.
    is_page: bool,
    /// Whether its response is complete or has failed.
    is_finished: bool,
}

impl<'a> Visit<'a> {
    fn new(proxy: &'a Proxy<'a>, scope: &'a Scope<'a>) -> Self {
        Self { proxy, scope, frame: String::new(), urls: Vec::new(), requests: BTreeMap::new() }
    }

    /// Handles an event of the browser and returns the command to send in response, if any.
    fn handle_event(&mut self, event: &str, parameters: &Value) -> Result<Option<Command>, AttemptError> {
        match event {
            "Network.requestWillBeSent" => self.add_request(parameters)?,
            "Network.responseReceived" => self.check_response(parameters)?,
            "Network.loadingFailed" => {
                self.finish_request(parameters);
                self.check_failure(parameters)?;
            }
            "Network.loadingFinished" => self.finish_request(parameters),
            "Inspector.targetCrashed" => return Err(page_error("the page crashed the browser")),
            "Fetch.requestPaused" => return Ok(Some(resume_or_block(parameters))),
            "Page.javascriptDialogOpening" => {
                return Ok(Some(("Page.handleJavaScriptDialog", json!({ "accept": false }))));
            }
            _ => {}
        }
        Ok(None)
    }

    fn add_request(&mut self, event: &Value) -> Result<(), AttemptError> {
        let kind = text(&event["type"]);
        let url = text(&event["request"]["url"]);
        if !ESSENTIAL_TYPES.contains(&kind) {
            return Ok(());
        }
        if self.requests.len() >= MAX_REQUESTS {
            let detail = format!("the page makes more than {MAX_REQUESTS} requests");
            return Err(AttemptError::new(FailureKind::TooLarge, detail));
        }
        let frame = text(&event["frameId"]);
        let is_page = kind == "Document" && (self.frame.is_empty() || self.frame == frame);
        if kind == "Document" && !is_page {
            // The content of other frames is not part of the HTML of the page.
            return Ok(());
        }
        if is_page {
            frame.clone_into(&mut self.frame);
            let next = Url::parse(url).map_err(|_| page_error("the page leads to an invalid URL"))?;
            self.scope.check(&self.urls, &next)?;
            self.urls.push(next);
        }
        let request = EssentialRequest { url: url.to_owned(), is_page, is_finished: false };
        self.requests.insert(text(&event["requestId"]).to_owned(), request);
        Ok(())
    }

    fn check_response(&self, event: &Value) -> Result<(), AttemptError> {
        let Some(EssentialRequest { url, is_page, .. }) = self.request(event) else { return Ok(()) };
        let headers = parse_headers(&event["response"]);
        let status = event["response"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        match status.unwrap_or_default() {
            200 if *is_page => parse_content_type(&headers).map(|_| ()),
            // A status of the proxy stands for the error of its connection.
            status if *is_page => Err(self.connect_error(url).unwrap_or_else(|| error_for_status(status, &headers))),
            status @ (429 | 500..) => Err(self.connect_error(url).unwrap_or_else(|| {
                let detail = format!("the page is built from {url}, for which the server answered {status}");
                AttemptError::new(FailureKind::ServerError, detail).with_retry(Retry::Backoff)
            })),
            _ => Ok(()),
        }
    }

    fn finish_request(&mut self, event: &Value) {
        if let Some(request) = self.requests.get_mut(text(&event["requestId"])) {
            request.is_finished = true;
        }
    }

    /// Whether all requests that the page is built from are finished.
    fn is_loaded(&self) -> bool {
        self.requests.values().all(|request| request.is_finished)
    }

    fn check_failure(&self, event: &Value) -> Result<(), AttemptError> {
        let Some(EssentialRequest { url, is_page, .. }) = self.request(event) else { return Ok(()) };
        let error_name = text(&event["errorText"]);
        let connect_error = self.connect_error(url);
        let has_no_connection =
            connect_error.as_ref().is_some_and(|error| error.kind == FailureKind::Unreachable(Cause::Connect));
        let error = connect_error.unwrap_or_else(|| loading_error(error_name));
        if *is_page {
            return Err(error);
        }
        // Any browser lacks the others: requests to foreign hosts, cancelled ones, and those that the page may not read.
        if has_no_connection || TRANSFER_ERRORS.iter().any(|prefix| error_name.starts_with(prefix)) {
            let detail = format!("the page is built from {url}: {}", error.detail);
            return Err(AttemptError { detail, ..error }.with_retry(Retry::Backoff));
        }
        Ok(())
    }

    fn request(&self, event: &Value) -> Option<&EssentialRequest> {
        self.requests.get(text(&event["requestId"]))
    }

    /// Returns the error of the connection from the proxy to the host of `url`.
    fn connect_error(&self, url: &str) -> Option<AttemptError> {
        self.proxy.connect_error(&Url::parse(url).ok()?)
    }

    async fn extract_html(&self, tools: &mut DevTools, max_body: usize) -> Result<String, AttemptError> {
        let world = tools.call("Page.createIsolatedWorld", json!({ "frameId": self.frame })).await?;
        let script = json!({
            "contextId": world["executionContextId"],
            "expression": EXTRACT_HTML.replace("MAX_LENGTH", &max_body.to_string()),
            "returnByValue": true,
        });
        let result = tools.call("Runtime.evaluate", script).await?;
        let page = &result["result"]["value"];
        let url = Url::parse(text(&page["url"])).map_err(|_| page_error("the HTML of the page cannot be read"))?;
        self.scope.check(&self.urls, &url)?;
        match page["html"].as_str() {
            Some("") => Err(AttemptError::new(FailureKind::Empty, "the page is empty, even after its scripts")),
            Some(html) if html.len() <= max_body => Ok(html.to_owned()),
            _ => Err(AttemptError::new(FailureKind::TooLarge, format!("the page is larger than {max_body} bytes"))),
        }
    }
}

/// Converts a network error of the browser, given by its name.
fn loading_error(name: &str) -> AttemptError {
    let has_prefix = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    let kind = if has_prefix(&["net::ERR_CERT_", "net::ERR_SSL_"]) {
        FailureKind::Unreachable(Cause::Tls)
    } else if has_prefix(&["net::ERR_CONTENT_", "net::ERR_INCOMPLETE_"]) {
        FailureKind::Truncated
    } else if has_prefix(&["net::ERR_TOO_MANY_REDIRECTS"]) {
        FailureKind::Moved
    } else if has_prefix(&["net::ERR_ABORTED"]) {
        FailureKind::WrongType
    } else {
        FailureKind::Unreachable(Cause::Dropped)
    };
    let retry = if has_prefix(&TRANSFER_ERRORS) { Retry::Backoff } else { Retry::Never };
    AttemptError::new(kind, format!("the browser could not load it ({name})")).with_retry(retry)
}

/// Returns the command that blocks or resumes a paused request. Only its `Accept` header tells an event source from the
/// data requests that are paused with it.
fn resume_or_block(event: &Value) -> Command {
    let id = &event["requestId"];
    let is_event_source = event["request"]["headers"]["Accept"] == "text/event-stream";
    if is_event_source || BLOCKED_TYPES.contains(&text(&event["resourceType"])) {
        return ("Fetch.failRequest", json!({ "requestId": id, "errorReason": "BlockedByClient" }));
    }
    ("Fetch.continueRequest", json!({ "requestId": id }))
}

fn page_error(detail: &str) -> AttemptError {
    AttemptError::new(FailureKind::Unreachable(Cause::Dropped), detail).with_retry(Retry::Backoff)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns the headers of a response, without invalid ones.
fn parse_headers(response: &Value) -> HeaderMap {
    let headers = response["headers"].as_object().into_iter().flatten();
    let parse =
        |(name, value): (&String, &Value)| Some((name.parse().ok()?, HeaderValue::from_str(value.as_str()?).ok()?));
    headers.filter_map(parse).collect()
}
