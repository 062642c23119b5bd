//! HTTP/2 that ends badly.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use h2::{
    Reason, SendStream,
    server::{self, SendResponse},
};
use http::{HeaderName, HeaderValue, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::hostile::{
    http1::Talk,
    page::english,
    route::{StreamFault, VALIDATORS},
};

/// Bytes sent at once.
const PIECE: usize = 16 << 10;

/// Answers the requests of one connection.
pub(crate) async fn connection<S>(about: &Talk<'_>, fault: StreamFault, stream: S) -> anyhow::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut connection = server::handshake(stream).await?;
    while let Some(request) = connection.accept().await {
        let (request, answer) = request?;
        let asked = about.asked(head(&request));
        if !asked.is_page() {
            status(answer, 404)?;
        } else if !about.site.misbehaves() {
            good(&request, answer)?;
        } else if let StreamFault::GoAwayTwice | StreamFault::GoAway = fault {
            if matches!(fault, StreamFault::GoAwayTwice) && asked.nth > 2 {
                good(&request, answer)?;
            } else {
                connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
            }
        } else {
            let (site, route) = (Arc::clone(about.site), about.route);
            tokio::spawn(async move {
                // How it fails is the client's affair.
                let _ = misbehave(fault, answer).await;
                site.log.contact(route);
            });
        }
        about.site.log.contact(about.route);
    }
    Ok(())
}

/// The request as HTTP/1.1 would have it.
fn head(request: &Request<h2::RecvStream>) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        [name.as_str(), ": ", &String::from_utf8_lossy(value.as_bytes()), "\r\n"].concat()
    };
    let lines = request.headers().iter().map(line).collect::<String>();
    format!("{} {} HTTP/2\r\n{lines}\r\n", request.method(), request.uri().path())
}

fn good(request: &Request<h2::RecvStream>, answer: SendResponse<Bytes>) -> anyhow::Result<()> {
    if request.headers().get("if-none-match").is_some_and(|known| known == "\"good\"") {
        return status(answer, 304);
    }
    begin(answer)?.send_data(Bytes::from(english()), true)?;
    Ok(())
}

fn status(mut answer: SendResponse<Bytes>, code: u16) -> anyhow::Result<()> {
    answer.send_response(validated().status(code).body(())?, true)?;
    Ok(())
}

/// The head of a page; the page is to follow.
fn begin(mut answer: SendResponse<Bytes>) -> anyhow::Result<SendStream<Bytes>> {
    let head = validated().header("content-type", "text/html; charset=utf-8").body(())?;
    Ok(answer.send_response(head, false)?)
}

fn validated() -> http::response::Builder {
    let headers = VALIDATORS.lines().filter_map(|line| line.split_once(": "));
    headers.fold(Response::builder(), |builder, (name, value)| builder.header(name, value))
}

async fn misbehave(fault: StreamFault, mut answer: SendResponse<Bytes>) -> anyhow::Result<()> {
    match fault {
        StreamFault::GoAway | StreamFault::GoAwayTwice => {}
        StreamFault::Reset => answer.send_reset(Reason::INTERNAL_ERROR),
        StreamFault::ResetMidBody => {
            let page = english();
            let mut body = begin(answer)?;
            body.send_data(Bytes::copy_from_slice(&page.as_bytes()[..page.len() / 2]), false)?;
            // The half page is to arrive first.
            tokio::time::sleep(Duration::from_millis(100)).await;
            body.send_reset(Reason::INTERNAL_ERROR);
        }
        StreamFault::Silent => {
            // Until the client gives the stream up.
            std::future::poll_fn(|context| answer.poll_reset(context)).await?;
        }
        StreamFault::HeaderFlood => {
            let flood = (0..1000).fold(validated(), |head, n| head.header(format!("x-tide-{n}"), "~".repeat(1000)));
            answer.send_response(flood.body(())?, false)?;
        }
        StreamFault::Endless => endless(begin(answer)?).await?,
    }
    Ok(())
}

async fn endless(mut body: SendStream<Bytes>) -> anyhow::Result<()> {
    loop {
        body.reserve_capacity(PIECE);
        let Some(free) = std::future::poll_fn(|context| body.poll_capacity(context)).await.transpose()? else {
            return Ok(());
        };
        body.send_data(Bytes::from(vec![b' '; free]), false)?;
    }
}
