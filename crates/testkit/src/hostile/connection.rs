//! One HTTP/1.1 connection to a route.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::{
    hostile::{
        page::english_page,
        route::{Endpoint, Route, RouteRequest},
        site::Site,
    },
    reply::{End, HTML, Reply, Step},
    wire::{read_head, send_reply},
};

/// A connection of a client to a route.
pub(crate) struct Connection<'a> {
    pub(crate) site: &'a Arc<Site>,
    /// The route's index in the site.
    pub(crate) route: usize,
    /// The loopback port of the route.
    pub(crate) port: u16,
    /// The public host that the client asks for; empty on loopback.
    pub(crate) host: &'a str,
}

impl Connection<'_> {
    /// Answers requests until either side ends the connection.
    pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut S) -> End {
        loop {
            let Some(head) = read_head(stream).await else { return End::Close };
            let reply = self.reply_to(self.log_request(head)).await;
            let end = send_reply(stream, &reply).await;
            self.site.log.log_contact(self.route);
            if end != End::Keep {
                return end;
            }
        }
    }

    /// Adds a request to the log.
    pub(crate) fn log_request(&self, head: String) -> RouteRequest {
        RouteRequest {
            received: self.site.log.log_request(self.route, head),
            host: self.host.to_owned(),
            port: self.port,
            forbidden_port: self.site.forbidden_port,
        }
    }

    async fn reply_to(&self, request: RouteRequest) -> Reply {
        let (site, route) = (Arc::clone(self.site), self.route);
        let path = request.received.path.clone();
        // Some replies are compressed first, which takes a while.
        let chosen = tokio::task::spawn_blocking(move || choose_reply(&site, route, &request)).await;
        let reply = chosen.unwrap_or_else(|_| Reply::silent(End::Close));
        if let Some(Step::Send(bytes)) = reply.steps.first() {
            let line = bytes.iter().take_while(|byte| **byte != b'\r').copied().collect();
            let line = String::from_utf8(line).unwrap_or_default();
            self.site.log.log_status(self.route, &path, line.split(' ').nth(1).unwrap_or_default());
        }
        reply
    }
}

/// The route's own reply while it misbehaves, otherwise the good one.
fn choose_reply(site: &Site, route: usize, request: &RouteRequest) -> Reply {
    let Some(route) = site.routes.get(route) else { return Reply::silent(End::Close) };
    let is_own = request.is_page() || route.has_robots || !request.received.head.starts_with("GET ");
    match route.endpoint {
        Endpoint::Http(respond) | Endpoint::Https(_, respond) | Endpoint::Public(respond)
            if site.misbehaves() && is_own =>
        {
            respond(request)
        }
        _ => good_reply(route, request),
    }
}

/// The good page, or 304 to a client that has it. There is no robots.txt.
fn good_reply(route: &Route, request: &RouteRequest) -> Reply {
    if !request.is_page() {
        return Reply::status("404 Not Found", "");
    }
    let has_page = request.received.header("if-none-match") == Some("\"good\"");
    if has_page && !route.headers.is_empty() {
        return Reply::raw(format!("HTTP/1.1 304 Not Modified\r\n{}\r\n", route.headers)).ending(End::Keep);
    }
    Reply::response("200 OK", &format!("{HTML}{}", route.headers), english_page())
}
