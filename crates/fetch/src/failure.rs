use std::error::Error;
use std::fmt;

use docdrift_model::text::is_invisible;
use url::Url;

/// The longest URL or detail in a failure, in characters: a few lines of a terminal.
const MAX_QUOTE: usize = 300;

/// Why no response came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The host name has no address.
    Dns,
    /// No connection could be made, or none in time.
    Connect,
    /// The TLS handshake or the certificate failed, or this machine has no CA certificates.
    Tls,
    /// The response did not arrive in time, or not completely.
    Timeout,
    /// The connection was lost before a response.
    Dropped,
}

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureKind {
    /// The server says that the page does not exist: 404 or 410.
    Gone,
    /// The server denies access: 401, 403, 429 after all retries, another 4xx, or a 2xx without the page; or it asks for
    /// a longer pause than the settings allow.
    Blocked,
    /// The server failed: 5xx after all retries.
    ServerError,
    /// The page redirects to another site, too often, or without a valid target.
    Moved,
    /// Not requested, because docdrift does not connect to this URL or its address.
    Refused,
    /// No response came.
    Unreachable(Cause),
    /// The response has no visible content, or is "not modified" although the request was unconditional.
    Empty,
    /// The body is incomplete, after all retries.
    Truncated,
    /// The body is larger than the settings allow.
    TooLarge,
    /// The response is not a text page.
    WrongType,
    /// Not requested, because the robots.txt of the host disallows it.
    Robots,
    /// Not requested, because the budget of the host or the time of the run is used up.
    OverBudget,
    /// Not completed, because the user ended the run.
    Interrupted,
    /// Scripts build the page, and there is no usable browser to run them.
    NoBrowser,
}

impl FailureKind {
    /// The name used in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureKind::Gone => "gone",
            FailureKind::Blocked => "blocked",
            FailureKind::ServerError => "server-error",
            FailureKind::Moved => "moved",
            FailureKind::Refused => "refused",
            FailureKind::Unreachable(Cause::Dns) => "unreachable-dns",
            FailureKind::Unreachable(Cause::Connect) => "unreachable-connect",
            FailureKind::Unreachable(Cause::Tls) => "unreachable-tls",
            FailureKind::Unreachable(Cause::Timeout) => "unreachable-timeout",
            FailureKind::Unreachable(Cause::Dropped) => "unreachable-dropped",
            FailureKind::Empty => "empty",
            FailureKind::Truncated => "truncated",
            FailureKind::TooLarge => "too-large",
            FailureKind::WrongType => "wrong-type",
            FailureKind::Robots => "robots",
            FailureKind::OverBudget => "over-budget",
            FailureKind::Interrupted => "interrupted",
            FailureKind::NoBrowser => "no-browser",
        }
    }

    /// Whether the server sent a response, even if it was an error.
    pub(crate) fn has_response(self) -> bool {
        !matches!(
            self,
            FailureKind::Unreachable(_)
                | FailureKind::Refused
                | FailureKind::Robots
                | FailureKind::OverBudget
                | FailureKind::Interrupted
                | FailureKind::NoBrowser
        )
    }

    fn advice(self) -> &'static str {
        match self {
            FailureKind::Gone => "find the page's new address",
            FailureKind::Blocked => "try later or from another network, and open the page in a browser",
            FailureKind::ServerError
            | FailureKind::Truncated
            | FailureKind::Unreachable(Cause::Timeout | Cause::Dropped) => "try later",
            FailureKind::Moved => "use the new address if it is the right page",
            FailureKind::Refused => "correct the address, or mark a page on this machine or network as local",
            FailureKind::Unreachable(Cause::Dns) => "check the spelling of the host and the network",
            FailureKind::Unreachable(Cause::Connect) => "check the network and its proxy",
            FailureKind::Unreachable(Cause::Tls) => "check the clock and the CA certificates of this machine",
            FailureKind::Empty => "open the page in a browser",
            FailureKind::TooLarge | FailureKind::WrongType => "check that the address is that of a page",
            FailureKind::Robots => {
                "ask the owner of the site, or find another page; sources.toml can override this with a reason"
            }
            FailureKind::OverBudget => "raise the budget in sources.toml, or fetch fewer pages",
            FailureKind::Interrupted => "run again",
            FailureKind::NoBrowser => "install Chromium, or set a browser in sources.toml",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a page was not fetched. Prints as one line: the URL, what happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind of the failure.
    pub kind: FailureKind,
    /// The requested URL, without user name and password and with invisible characters escaped.
    pub url: String,
    /// What happened, safe to print.
    pub detail: String,
}

impl Failure {
    pub(crate) fn new(url: &str, kind: FailureKind, detail: &str) -> Self {
        Self { kind, url: without_credentials(url), detail: printable(detail) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.url, self.detail, self.kind.advice())
    }
}

impl Error for Failure {}

/// Escapes control and invisible characters as `\u{…}`, and cuts the text to the longest quotation.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(MAX_QUOTE) {
        if c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    if text.chars().nth(MAX_QUOTE).is_some() {
        out.push('…');
    }
    out
}

fn without_credentials(url: &str) -> String {
    match Url::parse(url) {
        // Removing credentials fails only for URLs that cannot have any.
        Ok(mut parsed) if !parsed.username().is_empty() || parsed.password().is_some() => {
            let _ = parsed.set_username("");
            let _ = parsed.set_password(None);
            printable(parsed.as_str())
        }
        _ => printable(url),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Failure, FailureKind};

    #[test]
    fn a_failure_prints_url_detail_and_advice() {
        let failure = Failure::new("https://docs.example/a", FailureKind::Gone, "the server answered 404");
        assert_eq!(failure.to_string(), "https://docs.example/a: the server answered 404; find the page's new address");
    }

    #[test]
    fn a_failure_never_prints_passwords_or_control_characters() {
        for (url, shown) in [
            ("https://docs.example/it's?a=b", "https://docs.example/it's?a=b"),
            ("https://me:secret@docs.example/a", "https://docs.example/a"),
            ("https://me@docs.example/a", "https://docs.example/a"),
            ("no url\u{1b}[31m\n\u{202e}", "no url\\u{1b}[31m\\u{a}\\u{202e}"),
        ] {
            assert_eq!(Failure::new(url, FailureKind::Refused, "").url, shown);
        }
        let detail = Failure::new("u", FailureKind::WrongType, &"x\u{7}".repeat(10_000)).detail;
        assert!(detail.starts_with("x\\u{7}x") && detail.ends_with('…') && detail.len() < 2000, "{detail}");
    }

    #[test]
    fn kinds_have_distinct_kebab_case_names() {
        let unreachable = [Cause::Dns, Cause::Connect, Cause::Tls, Cause::Timeout, Cause::Dropped];
        let mut names: Vec<_> = unreachable.into_iter().map(|cause| FailureKind::Unreachable(cause).as_str()).collect();
        names.extend([
            FailureKind::Gone.as_str(),
            FailureKind::Blocked.as_str(),
            FailureKind::ServerError.as_str(),
            FailureKind::Moved.as_str(),
            FailureKind::Refused.as_str(),
            FailureKind::Empty.as_str(),
            FailureKind::Truncated.as_str(),
            FailureKind::TooLarge.as_str(),
            FailureKind::WrongType.as_str(),
            FailureKind::Robots.as_str(),
            FailureKind::OverBudget.as_str(),
            FailureKind::Interrupted.as_str(),
            FailureKind::NoBrowser.as_str(),
        ]);
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')), "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 18);
    }
}
