//! What a host lets crawlers ask for: robots.txt (RFC 9309), asked for once per host and run.

use robotxt::{BYTE_LIMIT, Robots};
use url::{Position, Url};

use crate::attempt_error::{AttemptError, Retry};
use crate::body;
use crate::failure::FailureKind;
use crate::host::Host;
use crate::judge;
use crate::policy::Reach;
use crate::retry::tries;
use crate::run::Run;
use crate::walk::{Arrival, Errand, walk};

/// What docdrift is called in robots.txt.
const AGENT: &str = "docdrift";

/// What a host lets us ask for.
#[derive(Debug)]
pub(crate) enum Rules {
    Told(Robots),
    /// Nothing, because we could not learn the rules.
    Unknown(String),
}

impl Rules {
    fn check(&self, url: &Url) -> Result<(), AttemptError> {
        match self {
            Self::Told(robots) if robots.is_url_allowed(url) => Ok(()),
            Self::Told(robots) => Err(AttemptError::new(FailureKind::Robots, rule(robots, url))),
            Self::Unknown(why) => {
                let detail = format!("robots.txt cannot be had, and without it nothing may be asked: {why}");
                Err(AttemptError::new(FailureKind::Robots, detail))
            }
        }
    }
}

/// Whether the host's robots.txt lets us ask for `url`.
pub(crate) async fn check(run: &Run<'_>, host: &Host, url: &Url, local: bool) -> Result<(), AttemptError> {
    // Asking for robots.txt is asking for a page that needs no permission; the box ends that circle for the compiler.
    let rules = host.rules.get_or_try_init(|| Box::pin(learn(run, host, url, local))).await?;
    rules.check(url)
}

async fn learn(run: &Run<'_>, host: &Host, page: &Url, local: bool) -> Result<Rules, AttemptError> {
    let mut url = page.clone();
    url.set_path("/robots.txt");
    url.set_query(None);
    url.set_fragment(None);
    let errand = Errand { url: &url, local, known: None, obey_robots: false, reach: Reach::Anywhere };
    let robots = match tries(run, host, async || ask(run, &errand).await).await {
        Ok(robots) => robots,
        Err(miss) => return without(miss),
    };
    if let Some(delay) = robots.crawl_delay() {
        host.pace.widen(delay);
    }
    Ok(Rules::Told(robots))
}

async fn ask(run: &Run<'_>, errand: &Errand<'_>) -> Result<Robots, AttemptError> {
    let Arrival { response, turn, left, .. } = walk(run, errand).await?;
    match response.status().as_u16() {
        200..=299 => {
            // One byte more tells the parser that a line may be cut.
            let body = body::read(response, &turn, BYTE_LIMIT + 1, left, run.settings).await?;
            Ok(Robots::parse(&body.bytes, AGENT))
        }
        status @ 500.. => Err(judge::bad_status(status, response.headers())),
        _ => Ok(Robots::allow_all()),
    }
}

/// What follows where robots.txt could not be had.
fn without(miss: AttemptError) -> Result<Rules, AttemptError> {
    match miss.kind {
        // Too many redirects count as no robots.txt.
        FailureKind::Moved => Ok(Rules::Told(Robots::allow_all())),
        FailureKind::ServerError | FailureKind::Truncated | FailureKind::TooLarge | FailureKind::WrongType => {
            Ok(Rules::Unknown(miss.detail))
        }
        FailureKind::Unreachable(_) if !miss.is_host_down => Ok(Rules::Unknown(miss.detail)),
        // There is more amiss than robots.txt, and the page would fare no better.
        _ => Err(miss.with_retry(Retry::Never)),
    }
}

fn rule(robots: &Robots, url: &Url) -> String {
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let pattern = robots.matching_rule(path).map_or("/", robotxt::Rule::pattern);
    format!("robots.txt disallows it ({pattern:?}, for user agent {:?})", robots.user_agent())
}

#[cfg(test)]
mod tests {
    use robotxt::Robots;
    use url::Url;

    use super::{AGENT, Rules, without};
    use crate::attempt_error::AttemptError;
    use crate::failure::{Cause, FailureKind};

    fn denied(rules: &Rules, path: &str) -> Option<String> {
        let url = Url::parse(&format!("https://docs.vendor.example{path}")).unwrap();
        rules.check(&url).err().map(|miss| {
            assert_eq!(miss.kind, FailureKind::Robots);
            miss.detail
        })
    }

    #[test]
    fn which_pages_the_rules_allow() {
        const ALL: &str = "user-agent: *\n";
        const OURS: &str = "User-Agent: DocDrift\n";
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
            (format!("{ALL}disallow: /\n{OURS}allow: /"), "/a", None),
            (format!("{ALL}allow: /\n{OURS}disallow: /a"), "/a", Some(("/a", "docdrift"))),
            (format!("user-agent: otherbot\ndisallow: /\n{ALL}disallow:"), "/a", None),
            ("<html><p>Not found</html>".to_owned(), "/a", None),
        ] {
            let rules = Rules::Told(Robots::parse(text.as_bytes(), AGENT));
            let expected =
                rule.map(|(pattern, agent)| format!("robots.txt disallows it ({pattern:?}, for user agent {agent:?})"));
            assert_eq!(denied(&rules, path), expected, "{text:?} {path}");
        }
    }

    #[test]
    fn what_follows_without_robots_txt() {
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
            let found = without(AttemptError { is_host_down, ..AttemptError::new(kind, "seen") });
            let found = found.map(|rules| denied(&rules, "/a").is_none()).map_err(|_| ());
            assert_eq!(found, allowed, "{kind} {is_host_down}");
        }
    }
}
