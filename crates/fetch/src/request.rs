/// One page to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its address, `https://…`; `http://…` only where it is local.
    pub url: String,
    /// Whether it lies on this machine or network: plain http and addresses that are not public are fine, and no
    /// proxy is asked.
    pub local: bool,
    /// What is known of the page as it was last received: with it an unchanged page costs an answer without a body.
    pub known: Option<Known>,
    /// Whether the host's robots.txt is obeyed.
    pub obey_robots: bool,
    /// Whether scripts make the page, so that a browser has to render it.
    pub rendered: bool,
    /// Hosts besides those of its registrable domain that a redirect may lead to.
    pub redirect_hosts: Vec<String>,
}

impl Request {
    /// A public page of which nothing is known; robots.txt is obeyed and no browser needed.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            local: false,
            known: None,
            obey_robots: true,
            rendered: false,
            redirect_hosts: Vec::new(),
        }
    }
}

/// What a server said of the page that we have of it, word for word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its `ETag` header.
    pub etag: Option<String>,
    /// Its `Last-Modified` header.
    pub last_modified: Option<String>,
}
