//! HTTP/1.1 at the level of bytes: requests in, steps out.

use std::{sync::Arc, time::Instant};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::sleep,
};

use crate::hostile::{
    answer::{Answer, End, HTML, Step},
    log::Visit,
    page::english,
    route::{Asked, Place, Route},
    server::Site,
};

/// The longest head of a request that is read.
const MAX_HEAD: usize = 1 << 20;
/// What a TLS greeting begins with.
const TLS_GREETING: u8 = 22;

/// What a conversation is about.
pub(crate) struct Talk<'a> {
    pub(crate) site: &'a Arc<Site>,
    /// The route's place in the list.
    pub(crate) route: usize,
    /// The loopback port of the route.
    pub(crate) port: u16,
    /// The public host that was asked for; empty on loopback.
    pub(crate) host: &'a str,
}

/// Answers requests until one side ends it.
pub(crate) async fn talk<S: AsyncRead + AsyncWrite + Unpin>(about: &Talk<'_>, stream: &mut S) -> End {
    loop {
        let Some(head) = read_head(stream).await else { return End::Close };
        let asked = about.asked(head);
        let answer = about.answer(asked).await;
        let played = play(stream, &answer.steps).await;
        about.site.log.contact(about.route);
        if played.is_err() || answer.end != End::Keep {
            if answer.end == End::Close {
                // The client may be gone already.
                let _ = stream.shutdown().await;
            }
            return answer.end;
        }
    }
}

impl Talk<'_> {
    /// Notes a request in the log.
    pub(crate) fn asked(&self, head: String) -> Asked {
        let path = head.split(' ').nth(1).unwrap_or_default().split(['?', '#']).next().unwrap_or_default().to_owned();
        let (at, status) = (Instant::now(), String::new());
        let nth = self.site.log.visit(Visit { route: self.route, path: path.clone(), head: head.clone(), at, status });
        Asked { path, head, nth, host: self.host.to_owned(), port: self.port, forbidden: self.site.forbidden }
    }

    async fn answer(&self, asked: Asked) -> Answer {
        let (site, route) = (Arc::clone(self.site), self.route);
        let path = asked.path.clone();
        // Some answers are packed first, which takes a while.
        let made = tokio::task::spawn_blocking(move || made(&site, route, &asked)).await;
        let answer = made.unwrap_or_else(|_| Answer::nothing(End::Close));
        if let Some(Step::Send(bytes)) = answer.steps.first() {
            let line = bytes.iter().take_while(|byte| **byte != b'\r').copied().collect();
            let line = String::from_utf8(line).unwrap_or_default();
            self.site.log.answered(self.route, &path, line.split(' ').nth(1).unwrap_or_default());
        }
        answer
    }
}

/// The answer to a request: the route's own while it misbehaves.
fn made(site: &Site, route: usize, asked: &Asked) -> Answer {
    let Some(route) = site.routes.get(route) else { return Answer::nothing(End::Close) };
    let is_own = asked.is_page() || route.has_robots || !asked.head.starts_with("GET ");
    match route.place {
        Place::Http(serve) | Place::Https(_, serve) | Place::Public(serve) if site.misbehaves() && is_own => {
            serve(asked)
        }
        _ => good(route, asked),
    }
}

/// The page, or word that it is the same still; nothing else is there.
pub(crate) fn good(route: &Route, asked: &Asked) -> Answer {
    if asked.path == "/robots.txt" {
        return Answer::status("404 Not Found", "");
    }
    let knows = asked.head.lines().any(|line| line.to_lowercase() == "if-none-match: \"good\"");
    if knows && !route.headers.is_empty() {
        return Answer::raw(format!("HTTP/1.1 304 Not Modified\r\n{}\r\n", route.headers)).ending(End::Keep);
    }
    Answer::whole("200 OK", &format!("{HTML}{}", route.headers), english())
}

async fn play<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, steps: &[Step]) -> std::io::Result<()> {
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(bytes).await?,
            Step::Repeat(bytes, times) => {
                for _ in 0..*times {
                    stream.write_all(bytes).await?;
                }
            }
            Step::Drip(bytes, pause) => {
                for byte in bytes {
                    sleep(*pause).await;
                    stream.write_all(&[*byte]).await?;
                    stream.flush().await?;
                }
            }
            Step::Pause(pause) => sleep(*pause).await,
            Step::Hang => hang(stream).await?,
        }
        stream.flush().await?;
    }
    Ok(())
}

/// Waits until the client leaves.
async fn hang<S: AsyncRead + Unpin>(stream: &mut S) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// All up to the empty line, or the beginning of a TLS greeting.
pub(crate) async fn read_head<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.ends_with(b"\r\n\r\n") && head.first() != Some(&TLS_GREETING) && head.len() < MAX_HEAD {
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        head.extend_from_slice(buffer.get(..count)?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}
