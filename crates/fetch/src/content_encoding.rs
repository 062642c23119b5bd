//! The compression of bodies.

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncBufRead, AsyncRead};

use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;

/// The encodings that requests accept.
pub(crate) const ACCEPTED_ENCODINGS: &str = "gzip, br, zstd, deflate";

/// The largest window of a zstd body as a power of two, 8 MiB: RFC 9659 allows no larger one on the web.
const MAX_ZSTD_WINDOW_LOG: u32 = 23;

/// Returns a reader of the decompressed `body` of a response with these headers.
pub(crate) fn decode<'a, R>(headers: &HeaderMap, body: R) -> Result<Box<dyn AsyncRead + Unpin + 'a>, AttemptError>
where
    R: AsyncBufRead + Unpin + 'a,
{
    match content_encoding(headers).as_str() {
        "" | "identity" => Ok(Box::new(body)),
        "gzip" | "x-gzip" => {
            let mut decoder = GzipDecoder::new(body);
            decoder.multiple_members(true);
            Ok(Box::new(decoder))
        }
        "br" => Ok(Box::new(BrotliDecoder::new(body))),
        "zstd" => Ok(Box::new(ZstdDecoder::with_params(body, &[DParameter::window_log_max(MAX_ZSTD_WINDOW_LOG)]))),
        "deflate" => Ok(Box::new(ZlibDecoder::new(body))),
        other => {
            let detail =
                format!("the server sent the page with the encoding {other}, which the request did not accept");
            Err(AttemptError::new(FailureKind::WrongType, detail))
        }
    }
}

/// All values of the header, in lower case and separated by commas.
fn content_encoding(headers: &HeaderMap) -> String {
    let values = headers.get_all(CONTENT_ENCODING).into_iter();
    let values: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase()).collect();
    values.join(",").trim().to_owned()
}
