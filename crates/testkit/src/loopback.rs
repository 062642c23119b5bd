//! A server on one loopback port whose replies a function chooses.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

use crate::{
    reply::{End, Reply},
    request::ReceivedRequest,
    wire::{read_head, send_reply},
};

/// A running server on loopback. It records every request, and stops when it is dropped.
pub struct LoopbackServer {
    /// The port it listens on.
    pub port: u16,
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
}

/// What all connections share.
struct Shared {
    requests: Mutex<Vec<ReceivedRequest>>,
    respond: Box<dyn Fn(&ReceivedRequest) -> Reply + Send + Sync>,
}

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Vec<ReceivedRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, head: String) -> ReceivedRequest {
        let mut requests = self.requests();
        let count_earlier = |path: &str| requests.iter().filter(|earlier| earlier.path == path).count();
        let request = ReceivedRequest::from_head(head, |path| count_earlier(path) + 1);
        requests.push(request.clone());
        request
    }
}

impl LoopbackServer {
    /// Starts a server on a free port. `respond` may block: it runs on a thread of its own.
    ///
    /// # Panics
    /// When no port or thread is to be had.
    pub fn start(respond: impl Fn(&ReceivedRequest) -> Reply + Send + Sync + 'static) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let port = listener.local_addr().expect("the listener is bound").port();
        let shared = Arc::new(Shared { requests: Mutex::default(), respond: Box::new(respond) });
        runtime.spawn(listen(listener, Arc::clone(&shared)));
        Self { port, shared, runtime: Some(runtime) }
    }

    /// The address of a path over plain HTTP.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// All requests so far, in order.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.requests().clone()
    }

    /// The paths of all requests so far, in order.
    pub fn paths(&self) -> Vec<String> {
        self.shared.requests().iter().map(|request| request.path.clone()).collect()
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    while let Some(head) = read_head(&mut stream).await {
        let request = shared.record(head);
        let chooser = Arc::clone(&shared);
        let Ok(reply) = tokio::task::spawn_blocking(move || (chooser.respond)(&request)).await else { return };
        match send_reply(&mut stream, &reply).await {
            End::Keep => {}
            End::Close => return,
            End::Reset => {
                // A stream that cannot be reset is closed.
                let _ = stream.set_zero_linger();
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
    };

    use super::{LoopbackServer, Reply};

    #[test]
    fn requests_are_answered_and_recorded() {
        let server = LoopbackServer::start(|request| match request.attempt {
            1 => Reply::status("503 Later", ""),
            _ => Reply::last_response("200 OK", "", &request.path),
        });
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        let mut answers = String::new();
        stream.write_all(b"GET /a?b HTTP/1.1\r\n\r\n").unwrap();
        let mut first = [0; "HTTP/1.1 503 Later\r\ncontent-length: 0\r\n\r\n".len()];
        stream.read_exact(&mut first).unwrap();
        stream.write_all(b"GET /a HTTP/1.1\r\nx: y\r\n\r\n").unwrap();
        stream.read_to_string(&mut answers).unwrap();
        assert_eq!(answers, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n/a");
        assert_eq!(server.paths(), ["/a", "/a"]);
        assert_eq!(server.requests()[1].header("X"), Some("y"));
    }
}
