//! Whether an answer is a page: by its status, by the type it claims, and by its first bytes.

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::attempt_error::{AttemptError, Retry};
use crate::failure::FailureKind;
use crate::limits;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How UTF-8 and UTF-16 texts may start.
const TEXT_MARKS: [&[u8]; 3] = [BYTE_ORDER_MARK, b"\xff\xfe", b"\xfe\xff"];

/// How far into a body its kind is looked for.
const SNIFFED: usize = 1024;

/// How files start that are no text, whatever they claim to be.
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

/// What an answer claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// A text page.
    Page,
    /// Nothing in particular: it is taken for a page unless it looks like none.
    Nothing,
    /// Just bytes: it has to look like a page.
    Bytes,
}

/// The failure that a status other than 200 and 304 stands for: the other 2xx mean that the page comes later (202, which
/// some protections answer with), that there is none (204, 205) or a part of it (206).
pub(crate) fn bad_status(status: u16, headers: &HeaderMap) -> AttemptError {
    let (kind, again) = match status {
        204 | 205 => (FailureKind::Empty, false),
        206 => (FailureKind::Truncated, false),
        300..=399 => (FailureKind::Moved, false),
        404 | 410 => (FailureKind::Gone, false),
        429 => (FailureKind::Blocked, true),
        500..=599 => (FailureKind::ServerError, true),
        _ => (FailureKind::Blocked, false),
    };
    let retry = match limits::retry_after(headers, Timestamp::now()) {
        _ if !again => Retry::Never,
        None => Retry::Backoff,
        Some(wait) => Retry::After(wait),
    };
    let detail = match kind {
        FailureKind::Moved => format!("the server answered {status} without an address that can be followed"),
        _ => format!("the server answered {status}"),
    };
    AttemptError::new(kind, detail).with_retry(retry)
}

/// What the headers claim, if that can be a page.
pub(crate) fn claim(headers: &HeaderMap) -> Result<Claim, AttemptError> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(Claim::Nothing) };
    let value = String::from_utf8_lossy(value.as_bytes());
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "" | "text/plain" => Ok(Claim::Nothing),
        "application/octet-stream" | "binary/octet-stream" => Ok(Claim::Bytes),
        "application/xhtml+xml" | "application/markdown" | "application/x-markdown" => Ok(Claim::Page),
        kind if kind.starts_with("text/") => Ok(Claim::Page),
        kind => Err(wrong_type(format!("the server answered with {kind}, no text page"))),
    }
}

/// Whether the body can be the page that the answer claims to be.
pub(crate) fn judge_body(claim: Claim, body: &[u8]) -> Result<(), AttemptError> {
    if is_blank(body) {
        return Err(AttemptError::new(FailureKind::Empty, "the server answered 200 with an empty page"));
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| body.starts_with(magic)) {
        return Err(wrong_type(format!("the server answered with {what}, no text page")));
    }
    let looks_right = match claim {
        Claim::Page => true,
        Claim::Nothing => is_text(body),
        Claim::Bytes => is_html(body),
    };
    if looks_right {
        Ok(())
    } else {
        Err(wrong_type("the server answered with bytes that are no text page".to_owned()))
    }
}

fn is_blank(body: &[u8]) -> bool {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    body.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
}

fn is_marked(body: &[u8]) -> bool {
    TEXT_MARKS.iter().any(|mark| body.starts_with(mark))
}

/// No text but UTF-16 holds zero bytes.
fn is_text(body: &[u8]) -> bool {
    is_marked(body) || !body.iter().take(SNIFFED).any(|byte| *byte == 0)
}

fn is_html(body: &[u8]) -> bool {
    let start = &body[..body.len().min(SNIFFED)];
    let start = String::from_utf8_lossy(start).trim_start().to_ascii_lowercase();
    is_marked(body)
        || ["<!doctype html", "<html", "<head", "<body", "<!--", "<?xml"].iter().any(|tag| start.starts_with(tag))
}

fn wrong_type(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::WrongType, detail)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

    use super::{Claim, claim, judge_body};
    use crate::failure::FailureKind;

    #[test]
    fn what_content_types_claim() {
        for (kind, expected) in [
            (None, Some(Claim::Nothing)),
            (Some(""), Some(Claim::Nothing)),
            (Some("text/html"), Some(Claim::Page)),
            (Some(" Text/HTML ; charset=gbk"), Some(Claim::Page)),
            (Some("text/markdown"), Some(Claim::Page)),
            (Some("text/plain;charset=utf-8"), Some(Claim::Nothing)),
            (Some("application/xhtml+xml"), Some(Claim::Page)),
            (Some("application/octet-stream"), Some(Claim::Bytes)),
            (Some("application/json"), None),
            (Some("image/png"), None),
            (Some("nonsense"), None),
        ] {
            let headers = kind.map(|kind| (CONTENT_TYPE, HeaderValue::from_static(kind)));
            let found = claim(&headers.into_iter().collect::<HeaderMap>()).ok();
            assert_eq!(found, expected, "{kind:?}");
        }
    }

    #[test]
    fn which_bodies_pass() {
        use Claim::{Bytes, Nothing, Page};
        use FailureKind::{Empty, WrongType};
        let all = [Page, Nothing, Bytes];
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
            let found = all.map(|claim| judge_body(claim, body).err().map(|miss| miss.kind));
            assert_eq!(found, expected, "{}", body.escape_ascii());
        }
    }
}
