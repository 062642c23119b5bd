//! The proxy of a run: it leads to the public hosts of the routes, and nowhere else.

use std::sync::Arc;

use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};

use crate::{
    hostile::{
        connection::Connection,
        route::{CertificateKind, Endpoint},
        site::Site,
    },
    wire::read_head,
};

/// Serves tunnels.
pub(crate) async fn listen(site: Arc<Site>, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve_tunnel(Arc::clone(&site), stream));
    }
}

async fn serve_tunnel(site: Arc<Site>, mut stream: TcpStream) {
    let Some(head) = read_head(&mut stream).await else { return };
    let host = head.strip_prefix("CONNECT ").and_then(|rest| rest.split_once(":443 ")).map(|(host, _)| host.to_owned());
    let route = host.as_deref().and_then(|host| find_route(&site, host));
    let (Some(host), Some(route)) = (host, route) else {
        site.log.log_forbidden(head.lines().next().unwrap_or_default());
        // The client may hang up first.
        let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
        return;
    };
    site.log.log_contact(route);
    if stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.is_ok()
        && let Some(acceptor) = site.certificates.acceptor(CertificateKind::Good)
        && let Ok(mut stream) = acceptor.accept(stream).await
    {
        Connection { site: &site, route, port: 443, host: &host }.serve(&mut stream).await;
    }
}

/// The route of a public host, or of its sibling.
fn find_route(site: &Site, host: &str) -> Option<usize> {
    let own = host.strip_prefix("sibling-").unwrap_or(host);
    site.routes.iter().position(|route| matches!(route.endpoint, Endpoint::Public(_)) && route.host() == own)
}
