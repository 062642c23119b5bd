//! The body of an answer: unpacked as it comes, and counted before and after, so that neither a huge answer nor a
//! small one that unfolds into a huge one costs more than the cap.

use std::io;
use std::time::Duration;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use futures_util::StreamExt as _;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _};
use tokio::time::timeout;
use tokio_util::io::StreamReader;

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::FailureKind;
use crate::host::Turn;
use crate::settings::Settings;
use crate::trouble::{too_slow, while_reading};

/// The packings that are asked for.
pub(crate) const ENCODINGS: &str = "gzip, br, zstd, deflate";

/// The largest window of a zstd body, 8 MiB, as a power of two: RFC 9659 allows no larger one on the web.
const ZSTD_WINDOW: u32 = 23;

/// A body, unpacked.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Whether that is all of it.
    pub(crate) whole: bool,
}

/// The first `most` bytes of the body, if they come within `left`.
pub(crate) async fn read(
    response: Response,
    turn: &Turn,
    most: usize,
    left: Duration,
    settings: &Settings,
) -> Result<Body, AttemptError> {
    let read = timeout(left, unpacked(response, turn, most, settings)).await;
    read.unwrap_or_else(|_| Err(too_slow(settings)))
}

/// The failure of a body that is larger than allowed.
pub(crate) fn too_large(settings: &Settings) -> AttemptError {
    AttemptError::new(FailureKind::TooLarge, format!("the page is larger than {} bytes", settings.max_body))
}

async fn unpacked(response: Response, turn: &Turn, most: usize, settings: &Settings) -> Result<Body, AttemptError> {
    let encoding = encoding(response.headers());
    let chunks = response.bytes_stream().map(|chunk| {
        let chunk = chunk.map_err(|error| io::Error::other(while_reading(&error, settings)))?;
        if turn.received(chunk.len()) > settings.max_body as u64 {
            return Err(io::Error::other(too_large(settings)));
        }
        Ok(chunk)
    });
    let mut packed = StreamReader::new(Box::pin(chunks));
    let mut bytes = Vec::new();
    // Nothing is packed as nothing by some servers, which no packing knows.
    if packed.fill_buf().await.map_err(|error| broken(&error))?.is_empty() {
        return Ok(Body { bytes, whole: true });
    }
    unpack(&encoding, &mut packed)?
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(|error| broken(&error))?;
    let whole = bytes.len() <= most;
    if whole {
        drain(&mut packed).await.map_err(|error| broken(&error))?;
    }
    bytes.truncate(most);
    Ok(Body { bytes, whole })
}

/// What is left once the unpacked body is complete. Without the end of the answer it may still have been cut, and its
/// connection could not be used again.
async fn drain(packed: &mut (impl AsyncBufRead + Unpin)) -> io::Result<()> {
    loop {
        let left = packed.fill_buf().await?.len();
        if left == 0 {
            return Ok(());
        }
        packed.consume(left);
    }
}

fn unpack<'a, R>(encoding: &str, packed: R) -> Result<Box<dyn AsyncRead + Unpin + 'a>, AttemptError>
where
    R: AsyncBufRead + Unpin + 'a,
{
    match encoding {
        "" | "identity" => Ok(Box::new(packed)),
        "gzip" | "x-gzip" => {
            let mut decoder = GzipDecoder::new(packed);
            decoder.multiple_members(true);
            Ok(Box::new(decoder))
        }
        "br" => Ok(Box::new(BrotliDecoder::new(packed))),
        "zstd" => Ok(Box::new(ZstdDecoder::with_params(packed, &[DParameter::window_log_max(ZSTD_WINDOW)]))),
        "deflate" => Ok(Box::new(ZlibDecoder::new(packed))),
        other => {
            let detail = format!("the server packed the page as {other}, which was not asked for");
            Err(AttemptError::new(FailureKind::WrongType, detail))
        }
    }
}

fn encoding(headers: &HeaderMap) -> String {
    let values = headers.get_all(CONTENT_ENCODING).into_iter();
    let values: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase()).collect();
    values.join(",").trim().to_owned()
}

fn broken(error: &io::Error) -> AttemptError {
    if let Some(miss) = error.get_ref().and_then(|inner| inner.downcast_ref::<AttemptError>()) {
        return miss.clone();
    }
    AttemptError::new(FailureKind::Truncated, format!("the page cannot be unpacked ({error})"))
        .with_retry(Retry::Backoff)
}
