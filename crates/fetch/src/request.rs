/// One page to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The address, `https://…`; `http://…` for a local page only.
    pub url: String,
    /// Whether the page is on this machine or network: plain http and addresses that are not public are allowed, and no
    /// proxy is used.
    pub local: bool,
    /// The `ETag` of the copy at hand, word for word. With it or `last_modified` an unchanged page costs a response
    /// without a body.
    pub etag: Option<String>,
    /// The `Last-Modified` of the copy at hand, word for word.
    pub last_modified: Option<String>,
    /// Whether the robots.txt of the host is obeyed.
    pub obey_robots: bool,
    /// Whether scripts build the page, so that a browser has to render it.
    pub rendered: bool,
    /// Hosts outside the registrable domain that a redirect may lead to.
    pub redirect_hosts: Vec<String>,
}

impl Request {
    /// Creates a request for a public page of which there is no copy. It obeys robots.txt and needs no browser.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            local: false,
            etag: None,
            last_modified: None,
            obey_robots: true,
            rendered: false,
            redirect_hosts: Vec::new(),
        }
    }
}
