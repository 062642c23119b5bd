//! The server: each route on a loopback port of its own, and a proxy to the routes with public hosts.

use std::{net::Ipv4Addr, sync::Arc};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    task::JoinHandle,
};

use crate::{
    hostile::{
        connection::Connection,
        http2, proxy,
        route::{CertificateKind, Endpoint, Route},
        site::Site,
    },
    reply::End,
};

/// A running server. It behaves until [`Server::set_misbehaves`].
pub(crate) struct Server {
    pub(crate) site: Arc<Site>,
    /// The port of each route.
    pub(crate) ports: Vec<u16>,
    /// The port of the proxy.
    pub(crate) proxy_port: u16,
    runtime: Runtime,
    /// The listener of each route.
    listeners: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts to serve the routes.
    pub(crate) fn start(routes: Vec<Route>) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (forbidden, forbidden_port) = runtime.block_on(bind(0))?;
        let (proxy, proxy_port) = runtime.block_on(bind(0))?;
        let site = Arc::new(Site::new(routes, forbidden_port)?);
        let (mut ports, mut listeners) = (Vec::new(), Vec::new());
        for route in 0..site.routes.len() {
            let (listener, port) = runtime.block_on(bind(0))?;
            ports.push(port);
            listeners.push(runtime.spawn(listen(Arc::clone(&site), route, listener, port)));
        }
        runtime.spawn(log_forbidden_contacts(Arc::clone(&site), forbidden));
        runtime.spawn(proxy::listen(Arc::clone(&site), proxy));
        Ok(Self { site, ports, proxy_port, runtime, listeners })
    }

    /// Makes every route misbehave, or behave again, and clears the log.
    pub(crate) fn set_misbehaves(&mut self, misbehaves: bool) -> anyhow::Result<()> {
        self.site.set_misbehaves(misbehaves);
        for (index, route) in self.site.routes.iter().enumerate() {
            let (Endpoint::Closed, Some(listener), Some(port)) =
                (&route.endpoint, self.listeners.get_mut(index), self.ports.get(index).copied())
            else {
                continue;
            };
            if misbehaves {
                listener.abort();
                // Joined, so that the port is closed when this returns.
                let _ = self.runtime.block_on(listener);
            } else if listener.is_finished() {
                let (reopened, port) = self.runtime.block_on(bind(port))?;
                *listener = self.runtime.spawn(listen(Arc::clone(&self.site), index, reopened, port));
            }
        }
        self.site.log.clear();
        Ok(())
    }

    /// Ends all connections.
    pub(crate) fn stop(self) {
        self.runtime.shutdown_background();
    }
}

async fn bind(port: u16) -> anyhow::Result<(TcpListener, u16)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

async fn log_forbidden_contacts(site: Arc<Site>, listener: TcpListener) {
    while listener.accept().await.is_ok() {
        site.log.log_forbidden("the forbidden port");
    }
}

async fn listen(site: Arc<Site>, route: usize, listener: TcpListener, port: u16) {
    while let Ok((stream, _)) = listener.accept().await {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            site.log.log_contact(route);
            serve(&site, route, port, stream).await;
        });
    }
}

/// Serves one connection. How it fails is for the client to handle; nothing is left to do here.
async fn serve(site: &Arc<Site>, route: usize, port: u16, mut stream: TcpStream) {
    let Some(endpoint) = site.routes.get(route).map(|route| &route.endpoint) else { return };
    let connection = Connection { site, route, port, host: "" };
    match endpoint {
        Endpoint::Https(kind, _) => {
            let kind = if site.misbehaves() { *kind } else { CertificateKind::Good };
            match site.certificates.acceptor(kind) {
                Some(acceptor) => {
                    let accepted = acceptor.accept(stream).await;
                    site.log.log_contact(route);
                    if let Ok(mut stream) = accepted {
                        connection.serve(&mut stream).await;
                    }
                }
                None => serve_plain(&connection, &mut stream).await,
            }
        }
        Endpoint::Http2(fault) => {
            if let Ok(stream) = site.certificates.http2().accept(stream).await {
                // These routes are about HTTP/2 connections that end badly.
                let _ = http2::serve(&connection, *fault, stream).await;
            }
        }
        _ => serve_plain(&connection, &mut stream).await,
    }
}

async fn serve_plain(connection: &Connection<'_>, stream: &mut TcpStream) {
    if connection.serve(stream).await == End::Reset {
        // A stream that cannot be reset is closed.
        let _ = stream.set_zero_linger();
    }
}
