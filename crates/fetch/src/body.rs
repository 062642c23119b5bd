//! The body of a response: decompressed while it is received, and limited before and after, so that neither a huge body
//! nor a small one that decompresses into a huge one costs more than the limit.

use std::io;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Response;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};
use tokio::time::timeout;
use tokio_util::io::StreamReader;

use crate::attempt_error::{AttemptError, Retry};
use crate::content_encoding::decode;
use crate::failure::FailureKind;
use crate::reqwest_error::{from_body_error, response_too_slow};
use crate::session::host::RequestPermit;
use crate::settings::Settings;

/// A decompressed body.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Whether `bytes` is all of it.
    pub(crate) is_complete: bool,
}

/// Reads the first `max_size` bytes of the decompressed body. Fails where that takes longer than `time_left`.
pub(crate) async fn read(
    response: Response,
    permit: &RequestPermit,
    max_size: usize,
    time_left: Duration,
    settings: &Settings,
) -> Result<Body, AttemptError> {
    let read = timeout(time_left, read_decoded(response, permit, max_size, settings)).await;
    read.unwrap_or_else(|_| Err(response_too_slow(settings)))
}

/// Returns the error of a page that is larger than the settings allow.
pub(crate) fn page_too_large(settings: &Settings) -> AttemptError {
    AttemptError::new(FailureKind::TooLarge, format!("the page is larger than {} bytes", settings.max_body))
}

async fn read_decoded(
    response: Response,
    permit: &RequestPermit,
    max_size: usize,
    settings: &Settings,
) -> Result<Body, AttemptError> {
    let headers = response.headers().clone();
    let chunks = response.bytes_stream().map(|chunk| {
        let chunk = chunk.map_err(|error| io::Error::other(from_body_error(&error, settings)))?;
        if permit.record_body_bytes(chunk.len()) > settings.max_body as u64 {
            return Err(io::Error::other(page_too_large(settings)));
        }
        Ok(chunk)
    });
    let mut encoded = StreamReader::new(Box::pin(chunks));
    let mut bytes = Vec::new();
    // Some servers declare an encoding for an empty body, which no decoder accepts.
    if encoded.fill_buf().await.map_err(|error| from_io_error(&error))?.is_empty() {
        return Ok(Body { bytes, is_complete: true });
    }
    decode(&headers, &mut encoded)?
        .take(max_size as u64 + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(|error| from_io_error(&error))?;
    let is_complete = bytes.len() <= max_size;
    if is_complete {
        drain(&mut encoded).await.map_err(|error| from_io_error(&error))?;
    }
    bytes.truncate(max_size);
    Ok(Body { bytes, is_complete })
}

/// Reads what follows the end of the compressed data. Without it a body that is cut there would pass for complete, and
/// its connection could not be used again.
async fn drain(encoded: &mut (impl AsyncBufRead + Unpin)) -> io::Result<()> {
    loop {
        let count = encoded.fill_buf().await?.len();
        if count == 0 {
            return Ok(());
        }
        encoded.consume(count);
    }
}

/// Returns the attempt error inside `error`, or that of data which cannot be decompressed.
fn from_io_error(error: &io::Error) -> AttemptError {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<AttemptError>()) {
        return error.clone();
    }
    let detail = format!("the page cannot be decompressed ({error})");
    AttemptError::new(FailureKind::Truncated, detail).with_retry(Retry::Backoff)
}
