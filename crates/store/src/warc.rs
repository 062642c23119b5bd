//! One page as a gzip'd WARC/1.1 record (ISO 28500:2017), and back.

use std::{
    io::{Read as _, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result, bail, ensure};
use docdrift_model::{Page, text::digest};
use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use url::Url;

/// More than the largest page that `sources.toml` lets through may take with its headers, so that a damaged file cannot
/// fill the memory.
const MAX_RECORD_BYTES: u64 = 260 * 1024 * 1024;

const OCTETS: &str = "application/octet-stream";
const HTTP_RESPONSE: &str = "application/http;msgtype=response";
/// What the standard calls a visit that found the same body.
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
/// What stands behind the block of each record.
const END: &[u8] = b"\r\n\r\n";

/// What a record holds of a page: its status is `None` in a `resource` record, that is of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A field of a record's head.
pub(crate) type Field = (&'static str, String);

/// The page as a record of its own. Same page, same bytes.
pub(crate) fn write(page: &Page) -> Result<Vec<u8>> {
    let digest = page.digest();
    let id = record_id(&[&page.url, &page.fetched_at, &digest]);
    page_record(page, &digest, &id, &[])
}

/// The page as a `response` record, or a `resource` record for a file, with `fields` beside its own.
pub(crate) fn page_record(page: &Page, digest: &str, id: &str, fields: &[Field]) -> Result<Vec<u8>> {
    let (kind, content_type, mut block) = match page.status {
        Some(status) => ("response", HTTP_RESPONSE, http_head(page, status).into_bytes()),
        None => ("resource", OCTETS, Vec::new()),
    };
    block.extend(&page.body);
    record(kind, id, &[&page_fields(page, digest), fields].concat(), content_type, &block)
}

/// The page as a `revisit` record: its body is that of an earlier record, which `fields` tell.
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

/// A record, which is a gzip member of its own.
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
    for part in [head.as_bytes(), block, END] {
        gzip.write_all(part)?;
    }
    Ok(gzip.finish()?)
}

/// Status line and headers. The body is kept decoded, so headers that tell of its encoding would be wrong.
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

/// A URL as it is, a file's path as a `file:` URL.
pub(crate) fn target_uri(url: &str) -> String {
    let file = || Url::from_file_path(Path::new("/").join(url)).map_or_else(|()| one_line(url), String::from);
    Url::parse(url).map_or_else(|_| file(), String::from)
}

/// A UUID (version 8 of RFC 9562: by a rule of one's own) made of what tells this record from others.
pub(crate) fn record_id(parts: &[&str]) -> String {
    let named = digest(parts.join("\n").as_bytes());
    let hex = named.rsplit(':').next().unwrap_or_default();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("<urn:uuid:{}-{}-8{}-8{}-{}>", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}

/// Reads a record back. An error where the file is damaged, cut, or holds another body than it says.
pub(crate) fn read(gzipped: &[u8]) -> Result<Record> {
    let bytes = unpack(gzipped)?;
    let (head, block) = split_head(&bytes).context("it holds no WARC record")?;
    ensure!(head.starts_with("WARC/1.1\r\n"), "it holds no WARC/1.1 record");
    let length: usize = field(head, "Content-Length").and_then(|n| n.parse().ok()).context("it tells no length")?;
    let (block, end) = block.split_at_checked(length).context("it ends too early")?;
    ensure!(end == END, "something else follows its record");
    // Records from before block digests were written have none.
    let told = field(head, "WARC-Block-Digest");
    ensure!(told.is_none_or(|told| digest(block) == told), "its content is not what its digest says");
    let record = match field(head, "WARC-Type") {
        Some("resource") => Record { status: None, headers: Vec::new(), body: block.to_vec() },
        Some("response") => response(block)?,
        _ => bail!("it holds no response or resource record"),
    };
    let told = field(head, "WARC-Payload-Digest").context("it tells no digest")?;
    ensure!(digest(&record.body) == told, "its content is not what its digest says");
    Ok(record)
}

/// What the one gzip member holds, as far as a record may be long.
fn unpack(gzipped: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut limited = GzDecoder::new(gzipped).take(MAX_RECORD_BYTES);
    limited.read_to_end(&mut bytes).context("it cannot be unpacked")?;
    ensure!(limited.into_inner().into_inner().is_empty(), "something else follows its record, or it is too large");
    Ok(bytes)
}

fn response(block: &[u8]) -> Result<Record> {
    let (head, body) = split_head(block).context("it holds no HTTP response")?;
    let (status_line, lines) = head.split_once("\r\n").unwrap_or((head, ""));
    let status = status_line.split(' ').nth(1).and_then(|n| n.parse().ok()).context("it holds no HTTP status")?;
    let headers = lines.split("\r\n").filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(Record { status: Some(status), headers, body: body.to_vec() })
}

/// What stands before and after the first empty line.
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
    fn what_is_written_is_read() {
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
            // Bits of the gzip header, such as the file system it was made on, say nothing about the content.
            if let Ok(record) = read(&flipped) {
                prop_assert_eq!(record, whole);
            }
            prop_assert!(read(&bytes[..cut.index(bytes.len())]).is_err());
        }
    }
}
