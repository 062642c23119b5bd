//! HTTP/1.1 at the level of bytes: reads the heads of requests and sends replies step by step.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::sleep,
};

use crate::{
    reply::{End, Reply, Step},
    request::TLS_GREETING,
};

/// The longest head of a request that is read, in bytes: far above the heads of real clients.
const MAX_HEAD: usize = 1 << 20;

/// Reads up to the empty line, or the beginning of a TLS greeting. `None` when the client leaves before.
pub(crate) async fn read_head<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.ends_with(b"\r\n\r\n") && head.first() != Some(&TLS_GREETING) && head.len() < MAX_HEAD {
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        head.extend_from_slice(buffer.get(..count)?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Sends a reply. Returns what happens to the connection: [`End::Keep`] only if the client is still there.
pub(crate) async fn send_reply<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, reply: &Reply) -> End {
    let sent = send_steps(stream, &reply.steps).await;
    match reply.end {
        End::Keep if sent.is_ok() => End::Keep,
        End::Reset => End::Reset,
        End::Keep | End::Close => {
            // The client may be gone already.
            let _ = stream.shutdown().await;
            End::Close
        }
    }
}

async fn send_steps<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, steps: &[Step]) -> io::Result<()> {
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
            Step::Hang => wait_for_leave(stream).await?,
        }
        stream.flush().await?;
    }
    Ok(())
}

async fn wait_for_leave<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}
