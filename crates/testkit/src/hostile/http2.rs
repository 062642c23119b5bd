//! HTTP/2 connections that end badly.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use h2::{
    Reason, SendStream,
    server::{self, SendResponse},
};
use http::{HeaderName, HeaderValue, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::hostile::{
    connection::Connection,
    page::english_page,
    route::{StreamFault, VALIDATORS},
};

/// The time for half a page to arrive before its stream is reset.
const ARRIVAL_TIME: Duration = Duration::from_millis(100);

/// Answers the requests of one connection.
pub(crate) async fn serve<S>(connection: &Connection<'_>, fault: StreamFault, stream: S) -> anyhow::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut http2 = server::handshake(stream).await?;
    while let Some(accepted) = http2.accept().await {
        let (request, response) = accepted?;
        let logged = connection.log_request(head(&request));
        if !logged.is_page() {
            send_status(response, 404)?;
        } else if !connection.site.misbehaves() {
            send_good(&request, response)?;
        } else if let StreamFault::GoAwayTwice | StreamFault::GoAway = fault {
            if matches!(fault, StreamFault::GoAwayTwice) && logged.received.attempt > 2 {
                send_good(&request, response)?;
            } else {
                http2.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
            }
        } else {
            let (site, route) = (Arc::clone(connection.site), connection.route);
            tokio::spawn(async move {
                // How it fails is for the client to handle.
                let _ = misbehave(fault, response).await;
                site.log.log_contact(route);
            });
        }
        connection.site.log.log_contact(connection.route);
    }
    Ok(())
}

/// The request in the form of HTTP/1.1.
fn head(request: &Request<h2::RecvStream>) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        [name.as_str(), ": ", &String::from_utf8_lossy(value.as_bytes()), "\r\n"].concat()
    };
    let lines = request.headers().iter().map(line).collect::<String>();
    format!("{} {} HTTP/2\r\n{lines}\r\n", request.method(), request.uri().path())
}

fn send_good(request: &Request<h2::RecvStream>, response: SendResponse<Bytes>) -> anyhow::Result<()> {
    if request.headers().get("if-none-match").is_some_and(|tag| tag == "\"good\"") {
        return send_status(response, 304);
    }
    send_head(response)?.send_data(Bytes::from(english_page()), true)?;
    Ok(())
}

fn send_status(mut response: SendResponse<Bytes>, code: u16) -> anyhow::Result<()> {
    response.send_response(validated().status(code).body(())?, true)?;
    Ok(())
}

/// Sends the head of a page. The page is sent through the returned stream.
fn send_head(mut response: SendResponse<Bytes>) -> anyhow::Result<SendStream<Bytes>> {
    let head = validated().header("content-type", "text/html; charset=utf-8").body(())?;
    Ok(response.send_response(head, false)?)
}

/// A response with the validators of the good page.
fn validated() -> http::response::Builder {
    let headers = VALIDATORS.lines().filter_map(|line| line.split_once(": "));
    headers.fold(Response::builder(), |builder, (name, value)| builder.header(name, value))
}

async fn misbehave(fault: StreamFault, mut response: SendResponse<Bytes>) -> anyhow::Result<()> {
    match fault {
        StreamFault::GoAway | StreamFault::GoAwayTwice => {}
        StreamFault::Reset => response.send_reset(Reason::INTERNAL_ERROR),
        StreamFault::ResetMidBody => {
            let page = english_page();
            let mut body = send_head(response)?;
            body.send_data(Bytes::copy_from_slice(&page.as_bytes()[..page.len() / 2]), false)?;
            tokio::time::sleep(ARRIVAL_TIME).await;
            body.send_reset(Reason::INTERNAL_ERROR);
        }
        StreamFault::Silent => {
            // Until the client resets the stream.
            std::future::poll_fn(|context| response.poll_reset(context)).await?;
        }
        StreamFault::HeaderFlood => {
            let flood = (0..1000).fold(validated(), |head, n| head.header(format!("x-tide-{n}"), "~".repeat(1000)));
            response.send_response(flood.body(())?, false)?;
        }
        StreamFault::Endless => send_endless(send_head(response)?).await?,
    }
    Ok(())
}

async fn send_endless(mut body: SendStream<Bytes>) -> anyhow::Result<()> {
    /// Bytes sent at once.
    const PIECE: usize = 16 << 10;
    loop {
        body.reserve_capacity(PIECE);
        let Some(free) = std::future::poll_fn(|context| body.poll_capacity(context)).await.transpose()? else {
            return Ok(());
        };
        body.send_data(Bytes::from(vec![b' '; free]), false)?;
    }
}
