//! Whether a response is a page: by its status, its content type and its first bytes.

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::FailureKind;
use crate::rate_limit;

const UTF8_BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The byte-order marks of UTF-8 and UTF-16.
const BYTE_ORDER_MARKS: [&[u8]; 3] = [UTF8_BYTE_ORDER_MARK, b"\xff\xfe", b"\xfe\xff"];

/// How many bytes of a body are looked at to tell text from other data. Browsers look at 1445 (the WHATWG standard for
/// MIME sniffing); binary files have a zero byte long before that.
const SNIFFED_LENGTH: usize = 1024;

/// The first bytes of files that are not text, whatever type the server declares.
const MAGIC: [(&[u8], &str); 13] = [
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
];

/// What the `Content-Type` header declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentType {
    /// A text page.
    Text,
    /// No type, or the one that servers send for any file. The body is a page unless it looks like other data.
    Unspecific,
    /// Arbitrary bytes. The body is a page only if it looks like one.
    Binary,
}

/// Returns the error for a status other than 200 and 304. The other 2xx mean that the page comes later (202, which some
/// bot protections send), that there is none (204, 205), or that this is a part of it (206).
pub(crate) fn error_for_status(status: u16, headers: &HeaderMap) -> AttemptError {
    let (kind, is_temporary) = match status {
        204 | 205 => (FailureKind::Empty, false),
        206 => (FailureKind::Truncated, false),
        300..=399 => (FailureKind::Moved, false),
        404 | 410 => (FailureKind::Gone, false),
        429 => (FailureKind::Blocked, true),
        500..=599 => (FailureKind::ServerError, true),
        _ => (FailureKind::Blocked, false),
    };
    let retry = match rate_limit::retry_after(headers, Timestamp::now()) {
        _ if !is_temporary => Retry::Never,
        None => Retry::Backoff,
        Some(wait) => Retry::After(wait),
    };
    let detail = match kind {
        FailureKind::Moved => format!("the server answered {status} without an address that can be followed"),
        _ => format!("the server answered {status}"),
    };
    AttemptError::new(kind, detail).with_retry(retry)
}

/// Returns the declared type, or an error where that cannot be a page.
pub(crate) fn parse_content_type(headers: &HeaderMap) -> Result<ContentType, AttemptError> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(ContentType::Unspecific) };
    let value = String::from_utf8_lossy(value.as_bytes());
    let media_type = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "" | "text/plain" => Ok(ContentType::Unspecific),
        "application/octet-stream" | "binary/octet-stream" => Ok(ContentType::Binary),
        "application/xhtml+xml" | "application/markdown" | "application/x-markdown" => Ok(ContentType::Text),
        text if text.starts_with("text/") => Ok(ContentType::Text),
        other => Err(wrong_type(format!("the server answered with {other}, which is not a text page"))),
    }
}

/// Checks that `body` can be a page of the declared type.
pub(crate) fn check_page_body(content_type: ContentType, body: &[u8]) -> Result<(), AttemptError> {
    if is_blank(body) {
        return Err(AttemptError::new(FailureKind::Empty, "the server answered 200 with an empty page"));
    }
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| body.starts_with(magic)) {
        return Err(wrong_type(format!("the server answered with {name} instead of a text page")));
    }
    let is_page = match content_type {
        ContentType::Text => true,
        ContentType::Unspecific => is_text(body),
        ContentType::Binary => is_html(body),
    };
    if is_page { Ok(()) } else { Err(wrong_type("the server answered with bytes that are not a text page".to_owned())) }
}

fn is_blank(body: &[u8]) -> bool {
    let body = body.strip_prefix(UTF8_BYTE_ORDER_MARK).unwrap_or(body);
    body.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
}

fn has_byte_order_mark(body: &[u8]) -> bool {
    BYTE_ORDER_MARKS.iter().any(|mark| body.starts_with(mark))
}

/// Only text in UTF-16 contains zero bytes.
fn is_text(body: &[u8]) -> bool {
    has_byte_order_mark(body) || !body.iter().take(SNIFFED_LENGTH).any(|byte| *byte == 0)
}

fn is_html(body: &[u8]) -> bool {
    let start = &body[..body.len().min(SNIFFED_LENGTH)];
    let start = String::from_utf8_lossy(start).trim_start().to_ascii_lowercase();
    has_byte_order_mark(body)
        || ["<!doctype html", "<html", "<head", "<body", "<!--", "<?xml"].iter().any(|tag| start.starts_with(tag))
}

fn wrong_type(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::WrongType, detail)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

    use super::{ContentType, check_page_body, parse_content_type};
    use crate::failure::FailureKind;

    #[test]
    fn content_types() {
        for (kind, expected) in [
            (None, Some(ContentType::Unspecific)),
            (Some(""), Some(ContentType::Unspecific)),
            (Some("text/html"), Some(ContentType::Text)),
            (Some(" Text/HTML ; charset=gbk"), Some(ContentType::Text)),
            (Some("text/markdown"), Some(ContentType::Text)),
            (Some("text/plain;charset=utf-8"), Some(ContentType::Unspecific)),
            (Some("application/xhtml+xml"), Some(ContentType::Text)),
            (Some("application/octet-stream"), Some(ContentType::Binary)),
            (Some("application/json"), None),
            (Some("image/png"), None),
            (Some("nonsense"), None),
        ] {
            let headers = kind.map(|kind| (CONTENT_TYPE, HeaderValue::from_static(kind)));
            let found = parse_content_type(&headers.into_iter().collect::<HeaderMap>()).ok();
            assert_eq!(found, expected, "{kind:?}");
        }
    }

    #[test]
    fn bodies_by_content_type() {
        use ContentType::{Binary, Text, Unspecific};
        use FailureKind::{Empty, WrongType};
        let all = [Text, Unspecific, Binary];
        for (body, expected) in [
            (b"<!DOCTYPE html><p>x".as_slice(), [None, None, None]),
            (b"\r\n <HTML lang=zh>", [None, None, None]),
            (b"\xef\xbb\xbfcode", [None, None, None]),
            (b"\xff\xfe<\0p\0>\0", [None, None, None]),
            (b"# Error codes", [None, None, Some(WrongType)]),
            (b"a\0b", [None, Some(WrongType), Some(WrongType)]),
            (b"", [Some(Empty); 3]),
            (b"\xef\xbb\xbf \r\n\0", [Some(Empty); 3]),
            (b"%PDF-1.7", [Some(WrongType); 3]),
            (b"\x89PNG\r\n\x1a\n", [Some(WrongType); 3]),
            (b"PK\x03\x04", [Some(WrongType); 3]),
            (b"\x1f\x8b\x08", [Some(WrongType); 3]),
        ] {
            let found = all.map(|content_type| check_page_body(content_type, body).err().map(|error| error.kind));
            assert_eq!(found, expected, "{}", body.escape_ascii());
        }
    }
}
