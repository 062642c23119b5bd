//! Writes a page as a gzipped WARC/1.1 record (ISO 28500:2017) and reads it back.

use std::{
    io::{Read as _, Write as _},
    path::Path,
};

use docdrift_files::{Result, StorageError};
use docdrift_model::{Page, text::digest};
use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use url::Url;

/// The largest record that is read. `sources.toml` allows pages of up to 256 MiB; the rest is for headers. A damaged file
/// cannot fill the memory.
const MAX_RECORD_BYTES: u64 = 260 * 1024 * 1024;

const OCTETS: &str = "application/octet-stream";
const HTTP_RESPONSE: &str = "application/http;msgtype=response";
/// The standard's name for a visit that found the same body.
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
/// The end of each record.
const END: &[u8] = b"\r\n\r\n";

/// The content of a record. `status` is `None` in a `resource` record, which is made of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A field of a record's header.
pub(crate) type Field = (&'static str, String);

/// Writes a page as a record. Same page, same bytes.
pub(crate) fn write(page: &Page) -> Result<Vec<u8>> {
    let digest = page.digest();
    let id = record_id(&[&page.url, &page.fetched_at, &digest]);
    page_record(page, &digest, &id, &[])
}

/// Writes a page as a `response` record, or a file as a `resource` record, with additional header fields.
pub(crate) fn page_record(page: &Page, digest: &str, id: &str, fields: &[Field]) -> Result<Vec<u8>> {
    let (kind, content_type, mut block) = match page.status {
        Some(status) => ("response", HTTP_RESPONSE, http_head(page, status).into_bytes()),
        None => ("resource", OCTETS, Vec::new()),
    };
    block.extend(&page.body);
    record(kind, id, &[&page_fields(page, digest), fields].concat(), content_type, &block)
}

/// Writes a page as a `revisit` record. Its body is in an earlier record, to which `fields` refer.
pub(crate) fn revisit_record(page: &Page, digest: &str, id: &str, fields: &[Field]) -> Result<Vec<u8>> {
    let (content_type, block) = match page.status {
        Some(status) => (HTTP_RESPONSE, http_head(page, status).into_bytes()),
        None => (OCTETS, Vec::new()),
    };
    let profile = [("WARC-Profile", SAME_PAYLOAD.to_owned())];
    record("revisit", id, &[&page_fields(page, digest), profile.as_slice(), fields].concat(), content_type, &block)
}

fn page_fields(page: &Page, digest: &str) -> [Field; 3] {
    [
        ("WARC-Date", one_line(&page.fetched_at)),
        ("WARC-Target-URI", target_uri(&page.url)),
        ("WARC-Payload-Digest", digest.to_owned()),
    ]
}

/// Writes a record as a gzip member of its own.
pub(crate) fn record(kind: &str, id: &str, fields: &[Field], content_type: &str, block: &[u8]) -> Result<Vec<u8>> {
    let mut head = format!("WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\n");
    for (name, value) in fields {
        head.extend([*name, ": ", value.as_str(), "\r\n"]);
    }
    let (digest, length) = (digest(block), block.len().to_string());
    for (name, value) in
        [("WARC-Block-Digest", digest.as_str()), ("Content-Type", content_type), ("Content-Length", &length)]
    {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let parts = [head.as_bytes(), block, END].iter().try_for_each(|part| gzip.write_all(part));
    let finish = parts.and_then(|()| gzip.finish());
    finish.map_err(|error| StorageError::invalid("the record cannot be compressed").caused_by(error))
}

/// Formats status line and headers. The body is stored decoded, so headers about its encoding are left out.
fn http_head(page: &Page, status: u16) -> String {
    let mut head = format!("HTTP/1.1 {status} \r\n");
    for (name, value) in &page.headers {
        let value = match name.as_str() {
            "content-encoding" | "transfer-encoding" => continue,
            "content-length" => page.body.len().to_string(),
            _ => one_line(value),
        };
        head.extend([one_line(name).as_str(), ": ", value.as_str(), "\r\n"]);
    }
    head.push_str("\r\n");
    head
}

pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Returns a URL as it is, and the path of a file as a `file:` URL.
pub(crate) fn target_uri(url: &str) -> String {
    let file = || Url::from_file_path(Path::new("/").join(url)).map_or_else(|()| one_line(url), String::from);
    Url::parse(url).map_or_else(|_| file(), String::from)
}

/// Makes a record id from what distinguishes the record: a UUID of version 8 (RFC 9562: vendor-specific).
pub(crate) fn record_id(parts: &[&str]) -> String {
    let named = digest(parts.join("\n").as_bytes());
    let hex = named.rsplit(':').next().unwrap_or_default();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("<urn:uuid:{}-{}-8{}-8{}-{}>", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}

/// Reads a record. An error when it is damaged, cut, or holds another body than its digest says.
pub(crate) fn read(gzipped: &[u8]) -> Result<Record> {
    let bytes = unpack(gzipped)?;
    let (head, block) = split_head(&bytes).ok_or_else(|| damaged("it holds no WARC record"))?;
    check(head.starts_with("WARC/1.1\r\n"), "it holds no WARC/1.1 record")?;
    let length = field(head, "Content-Length").and_then(|n| n.parse::<usize>().ok());
    let length = length.ok_or_else(|| damaged("it has no length"))?;
    let (block, end) = block.split_at_checked(length).ok_or_else(|| damaged("it ends too early"))?;
    check(end == END, "something else follows its record")?;
    // Records of versions that did not write block digests have none.
    let expected = field(head, "WARC-Block-Digest");
    check(expected.is_none_or(|expected| digest(block) == expected), "its content is not what its digest says")?;
    let record = match field(head, "WARC-Type") {
        Some("resource") => Record { status: None, headers: Vec::new(), body: block.to_vec() },
        Some("response") => parse_response(block)?,
        _ => return Err(damaged("it holds no response or resource record")),
    };
    let expected = field(head, "WARC-Payload-Digest").ok_or_else(|| damaged("it has no digest"))?;
    check(digest(&record.body) == expected, "its content is not what its digest says")?;
    Ok(record)
}

/// Unpacks the only gzip member, up to the limit of a record.
fn unpack(gzipped: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut limited = GzDecoder::new(gzipped).take(MAX_RECORD_BYTES);
    let unpacked = limited.read_to_end(&mut bytes);
    unpacked.map_err(|error| damaged("it cannot be unpacked").caused_by(error))?;
    check(limited.into_inner().into_inner().is_empty(), "something else follows its record, or it is too large")?;
    Ok(bytes)
}

fn parse_response(block: &[u8]) -> Result<Record> {
    let (head, body) = split_head(block).ok_or_else(|| damaged("it holds no HTTP response"))?;
    let (status_line, lines) = head.split_once("\r\n").unwrap_or((head, ""));
    let status = status_line.split(' ').nth(1).and_then(|n| n.parse().ok());
    let status = status.ok_or_else(|| damaged("it holds no HTTP status"))?;
    let headers = lines.split("\r\n").filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(Record { status: Some(status), headers, body: body.to_vec() })
}

fn damaged(message: &str) -> StorageError {
    StorageError::damaged(message)
}

fn check(is_intact: bool, message: &str) -> Result<()> {
    if is_intact { Ok(()) } else { Err(damaged(message)) }
}

/// Splits bytes at the first empty line into text and the rest.
fn split_head(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(head).ok()?, rest.get(4..)?))
}

fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split("\r\n").filter_map(|line| line.split_once(": ")).find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use docdrift_model::Page;
    use proptest::prelude::*;

    use super::{Record, read, write};

    fn page() -> Page {
        Page {
            url: "https://docs.acme.test/zh/errors".into(),
            fetched_at: "2024-05-06T07:08:09Z".into(),
            status: Some(200),
            headers: vec![
                ("content-type".into(), "text/html; charset=utf-8".into()),
                ("content-encoding".into(), "gzip".into()),
                ("content-length".into(), "7".into()),
                ("x-odd".into(), "a\r\nx-forged: b".into()),
            ],
            body: "<p>错误</p>".into(),
        }
    }

    #[test]
    fn a_response_record() {
        let mut text = String::new();
        let bytes = write(&page()).unwrap();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        insta::assert_snapshot!(text.replace('\r', "").replace(" \n", "·\n"), @r"
        WARC/1.1
        WARC-Type: response
        WARC-Record-ID: <urn:uuid:67c014aa-9f96-89e8-8ebc-68dd46bc3b4b>
        WARC-Date: 2024-05-06T07:08:09Z
        WARC-Target-URI: https://docs.acme.test/zh/errors
        WARC-Payload-Digest: sha256:82f36add440d846cb326d06055a582ec362ebf02b696854f32fb9ddc96508a47
        WARC-Block-Digest: sha256:729bf9d5523916d5e5f99cdfc42d7a04da49758f6f4e4a7a3fd8dc2e64c19f78
        Content-Type: application/http;msgtype=response
        Content-Length: 113

        HTTP/1.1 200·
        content-type: text/html; charset=utf-8
        content-length: 13
        x-odd: a  x-forged: b

        <p>错误</p>
        ");
    }

    #[test]
    fn a_written_page_reads_back() {
        let record = read(&write(&page()).unwrap()).unwrap();
        assert_eq!((record.status, record.body), (Some(200), page().body));
        let names: Vec<&str> = record.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-type", "content-length", "x-odd"]);
        let file = Page { status: None, headers: Vec::new(), url: "saved/zh.html".into(), ..page() };
        assert_eq!(
            read(&write(&file).unwrap()).unwrap(),
            Record { status: None, headers: Vec::new(), body: file.body }
        );
    }

    proptest! {
        #[test]
        fn any_body_and_headers_round_trip(body: Vec<u8>, value in "[ -~]{0,40}", status in 100u16..600) {
            let headers = vec![("x-any".to_owned(), value)];
            let page = Page { status: Some(status), headers: headers.clone(), body: body.clone(), ..page() };
            prop_assert_eq!(read(&write(&page).unwrap()).unwrap(), Record { status: Some(status), headers, body });
        }

        #[test]
        fn a_damaged_record_is_an_error_or_the_same(at: prop::sample::Index, bit in 0u8..8, cut: prop::sample::Index) {
            let bytes = write(&page()).unwrap();
            let whole = read(&bytes).unwrap();
            let mut flipped = bytes.clone();
            flipped[at.index(bytes.len())] ^= 1 << bit;
            // Some bits of the gzip header, such as the file system, do not affect the content.
            if let Ok(record) = read(&flipped) {
                prop_assert_eq!(record, whole);
            }
            prop_assert!(read(&bytes[..cut.index(bytes.len())]).is_err());
        }
    }
}
