//! The server: every route on its own loopback port, and a proxy to those that seem public.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    task::JoinHandle,
};

use crate::hostile::{
    answer::End,
    http1::{Talk, talk},
    http2,
    log::Log,
    proxy,
    route::{Identity, Place, Route},
    tls::Certificates,
};

/// A running server. It behaves until it is told otherwise.
pub(crate) struct Server {
    pub(crate) site: Arc<Site>,
    /// The port of each route.
    pub(crate) ports: Vec<u16>,
    /// The port of the proxy.
    pub(crate) proxy: u16,
    runtime: Runtime,
    /// Who listens at each route's port.
    listeners: Vec<JoinHandle<()>>,
}

/// What all connections share.
pub(crate) struct Site {
    pub(crate) routes: Vec<Route>,
    pub(crate) certificates: Certificates,
    pub(crate) log: Log,
    /// A port that nobody has any business with.
    pub(crate) forbidden: u16,
    misbehaves: AtomicBool,
}

impl Site {
    pub(crate) fn misbehaves(&self) -> bool {
        self.misbehaves.load(Ordering::SeqCst)
    }
}

impl Server {
    /// Starts to serve the routes, all of them in good order.
    pub(crate) fn start(routes: Vec<Route>) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (forbidden, forbidden_port) = runtime.block_on(bind(0))?;
        let (proxy, proxy_port) = runtime.block_on(bind(0))?;
        let site = Arc::new(Site {
            routes,
            certificates: Certificates::new()?,
            log: Log::default(),
            forbidden: forbidden_port,
            misbehaves: AtomicBool::new(false),
        });
        let (mut ports, mut listeners) = (Vec::new(), Vec::new());
        for route in 0..site.routes.len() {
            let (listener, port) = runtime.block_on(bind(0))?;
            ports.push(port);
            listeners.push(runtime.spawn(listen(Arc::clone(&site), route, listener, port)));
        }
        runtime.spawn(watch(Arc::clone(&site), forbidden));
        runtime.spawn(proxy::listen(Arc::clone(&site), proxy));
        Ok(Self { site, ports, proxy: proxy_port, runtime, listeners })
    }

    /// Lets every route misbehave, or behave again, and forgets what was asked before.
    pub(crate) fn misbehave(&mut self, misbehaves: bool) -> anyhow::Result<()> {
        self.site.misbehaves.store(misbehaves, Ordering::SeqCst);
        for (index, route) in self.site.routes.iter().enumerate() {
            let (Place::Closed, Some(listener), Some(port)) =
                (&route.place, self.listeners.get_mut(index), self.ports.get(index).copied())
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

/// Notes every contact with a port that nobody should know.
async fn watch(site: Arc<Site>, listener: TcpListener) {
    while listener.accept().await.is_ok() {
        site.log.stray("the forbidden port");
    }
}

async fn listen(site: Arc<Site>, route: usize, listener: TcpListener, port: u16) {
    while let Ok((stream, _)) = listener.accept().await {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            site.log.contact(route);
            connection(&site, route, port, stream).await;
        });
    }
}

/// One connection. How it fails is the client's affair: here nothing is left to do.
async fn connection(site: &Arc<Site>, route: usize, port: u16, mut stream: TcpStream) {
    let Some(place) = site.routes.get(route).map(|route| &route.place) else { return };
    let asked = Talk { site, route, port, host: "" };
    match place {
        Place::Https(identity, _) => {
            let identity = if site.misbehaves() { *identity } else { Identity::Good };
            match site.certificates.acceptor(identity) {
                Some(acceptor) => {
                    let accepted = acceptor.accept(stream).await;
                    site.log.contact(route);
                    if let Ok(mut stream) = accepted {
                        talk(&asked, &mut stream).await;
                    }
                }
                None => plain(&asked, &mut stream).await,
            }
        }
        Place::Http2(fault) => {
            if let Ok(stream) = site.certificates.http2().accept(stream).await {
                // An HTTP/2 connection that ends badly is what its route is about.
                let _ = http2::connection(&asked, *fault, stream).await;
            }
        }
        _ => plain(&asked, &mut stream).await,
    }
}

async fn plain(asked: &Talk<'_>, stream: &mut TcpStream) {
    if talk(asked, stream).await == End::Reset {
        let _ = stream.set_zero_linger();
    }
}
