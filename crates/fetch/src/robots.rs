//! What a host's robots.txt allows (RFC 9309).

use std::time::Duration;

use robotxt::{BYTE_LIMIT, Robots};
use url::{Position, Url};

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::FailureKind;

/// The name of docdrift in robots.txt.
const AGENT: &str = "docdrift";

/// The most bytes of a robots.txt that are read: what the parser looks at, and one more that tells it that the last
/// line may be cut.
pub(crate) const MAX_FILE_SIZE: usize = BYTE_LIMIT + 1;

/// What a host allows to fetch.
#[derive(Debug)]
pub(crate) enum RobotsRules {
    /// The rules of its robots.txt.
    Loaded(Robots),
    /// Nothing, because robots.txt could not be loaded; with the reason.
    Unavailable(String),
}

impl RobotsRules {
    /// Loads the robots.txt of the host of `page`. `fetch` returns the start of the file, or `None` where the host has
    /// none.
    pub(crate) async fn load(
        page: &Url,
        fetch: impl AsyncFnOnce(&Url) -> Result<Option<Vec<u8>>, AttemptError>,
    ) -> Result<Self, AttemptError> {
        let mut url = page.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        url.set_fragment(None);
        match fetch(&url).await {
            Ok(Some(file)) => Ok(Self::parse(&file)),
            Ok(None) => Ok(Self::Loaded(Robots::allow_all())),
            Err(error) => Self::without_file(error),
        }
    }

    /// Checks that the rules allow to fetch `url`.
    pub(crate) fn check(&self, url: &Url) -> Result<(), AttemptError> {
        match self {
            Self::Loaded(robots) if robots.is_url_allowed(url) => Ok(()),
            Self::Loaded(robots) => Err(AttemptError::new(FailureKind::Robots, describe_match(robots, url))),
            Self::Unavailable(reason) => {
                let detail = format!("robots.txt could not be loaded, so nothing may be fetched: {reason}");
                Err(AttemptError::new(FailureKind::Robots, detail))
            }
        }
    }

    /// The interval between two requests that the host asks for.
    pub(crate) fn crawl_delay(&self) -> Option<Duration> {
        match self {
            Self::Loaded(robots) => robots.crawl_delay(),
            Self::Unavailable(_) => None,
        }
    }

    fn parse(file: &[u8]) -> Self {
        Self::Loaded(Robots::parse(file, AGENT))
    }

    /// Returns the rules of a host whose robots.txt could not be fetched.
    fn without_file(error: AttemptError) -> Result<Self, AttemptError> {
        match error.kind {
            // RFC 9309, 2.3.1.2: too many redirects count as no robots.txt.
            FailureKind::Moved => Ok(Self::Loaded(Robots::allow_all())),
            FailureKind::ServerError | FailureKind::Truncated | FailureKind::TooLarge | FailureKind::WrongType => {
                Ok(Self::Unavailable(error.detail))
            }
            FailureKind::Unreachable(_) if !error.is_host_down => Ok(Self::Unavailable(error.detail)),
            // The problem is not specific to robots.txt, so the page would fail as well.
            _ => Err(error.with_retry(Retry::Never)),
        }
    }
}

/// Says which rule forbids `url`.
fn describe_match(robots: &Robots, url: &Url) -> String {
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let pattern = robots.matching_rule(path).map_or("/", robotxt::Rule::pattern);
    format!("robots.txt disallows it ({pattern:?}, for user agent {:?})", robots.user_agent())
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::RobotsRules;
    use crate::attempt_error::AttemptError;
    use crate::failure::{Cause, FailureKind};

    fn denial(rules: &RobotsRules, path: &str) -> Option<String> {
        let url = Url::parse(&format!("https://docs.vendor.example{path}")).unwrap();
        rules.check(&url).err().map(|error| {
            assert_eq!(error.kind, FailureKind::Robots);
            error.detail
        })
    }

    #[test]
    fn rules_allow_and_disallow_pages() {
        const ALL: &str = "user-agent: *\n";
        const OWN: &str = "User-Agent: DocDrift\n";
        for (text, path, rule) in [
            (String::new(), "/a", None),
            ("disallow: /".to_owned(), "/a", None),
            (format!("{ALL}disallow: /"), "/a", Some(("/", "*"))),
            (format!("{ALL}disallow: /private"), "/a", None),
            (format!("{ALL}disallow: /private"), "/private/a", Some(("/private", "*"))),
            (format!("{ALL}disallow: /p\nallow: /public"), "/public", None),
            (format!("{ALL}disallow: /*.pdf$"), "/a.pdf", Some(("/*.pdf$", "*"))),
            (format!("{ALL}disallow: /*.pdf$"), "/a.pdf?x", None),
            (format!("{ALL}disallow: /*?page="), "/a?page=2", Some(("/*?page=", "*"))),
            (format!("{ALL}disallow: /\n{OWN}allow: /"), "/a", None),
            (format!("{ALL}allow: /\n{OWN}disallow: /a"), "/a", Some(("/a", "docdrift"))),
            (format!("user-agent: otherbot\ndisallow: /\n{ALL}disallow:"), "/a", None),
            ("<html><p>Not found</html>".to_owned(), "/a", None),
        ] {
            let rules = RobotsRules::parse(text.as_bytes());
            let expected =
                rule.map(|(pattern, agent)| format!("robots.txt disallows it ({pattern:?}, for user agent {agent:?})"));
            assert_eq!(denial(&rules, path), expected, "{text:?} {path}");
        }
    }

    #[test]
    fn hosts_without_a_robots_txt() {
        use FailureKind::{Blocked, Interrupted, Moved, Refused, ServerError, Truncated, Unreachable};
        for (kind, is_host_down, allowed) in [
            (Moved, false, Ok(true)),
            (ServerError, false, Ok(false)),
            (Truncated, false, Ok(false)),
            (Unreachable(Cause::Timeout), false, Ok(false)),
            (Unreachable(Cause::Dropped), false, Ok(false)),
            (Unreachable(Cause::Connect), false, Ok(false)),
            (Unreachable(Cause::Connect), true, Err(())),
            (Refused, false, Err(())),
            (Blocked, false, Err(())),
            (Interrupted, false, Err(())),
        ] {
            let found = RobotsRules::without_file(AttemptError { is_host_down, ..AttemptError::new(kind, "seen") });
            let found = found.map(|rules| denial(&rules, "/a").is_none()).map_err(|_| ());
            assert_eq!(found, allowed, "{kind} {is_host_down}");
        }
    }
}
