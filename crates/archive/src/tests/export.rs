use std::{io::Read as _, path::Path};

use docdrift_model::{Lang, Page, SourceId};
use flate2::bufread::GzDecoder;
use proptest::prelude::*;

use super::{add, add_all, add_unchanged, add_zh, id, object_path, page};
use crate::{
    contents::Contents,
    export::{ExportSummary, export},
    index::{Index, Visit},
    objects::read_page,
};

fn visits(folder: &Path) -> Vec<Visit> {
    Contents::open(folder, &mut Index::default()).unwrap().visits().good.clone()
}

fn exported(folder: &Path) -> (ExportSummary, Vec<u8>) {
    let mut out = Vec::new();
    let summary = export(folder, &visits(folder), "all.warc.gz", &mut out).unwrap();
    (summary, out)
}

/// Unpacks the records of a file, each of which is a gzip member.
fn records(file: &[u8]) -> Vec<Vec<u8>> {
    let (mut rest, mut all) = (file, Vec::new());
    while !rest.is_empty() {
        let (mut record, mut decoder) = (Vec::new(), GzDecoder::new(rest));
        decoder.read_to_end(&mut record).unwrap();
        rest = decoder.into_inner();
        all.push(record);
    }
    all
}

/// Returns the records of pages as text. The id of the first record, which depends on docdrift's version, is replaced.
fn page_records(file: &[u8]) -> String {
    let text: Vec<String> = records(file).into_iter().map(|record| String::from_utf8(record).unwrap()).collect();
    let (info, pages) = text.split_first().unwrap();
    let id = info.split("<urn:uuid:").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
    pages.concat().replace(id, "ID-OF-THE-FIRST").replace('\r', "").replace(" \n", "·\n")
}

#[test]
fn the_first_record_describes_the_file() {
    let dir = tempfile::tempdir().unwrap();
    add_zh(dir.path(), &page("one", 1));
    let (summary, out) = exported(dir.path());
    assert_eq!((summary.body_count, summary.revisit_count, summary.bytes), (1, 0, out.len() as u64));
    assert_eq!(exported(dir.path()).1, out, "same visits, same bytes");
    let info = String::from_utf8(records(&out).remove(0)).unwrap();
    for line in
        ["WARC-Type: warcinfo", "WARC-Filename: all.warc.gz", "WARC-Date: 2024-05-01T07:08:09Z", "software: docdrift/"]
    {
        assert!(info.contains(line), "{line} in {info}");
    }
}

#[test]
fn pages_from_servers_become_responses_and_revisits() {
    let dir = tempfile::tempdir().unwrap();
    add_zh(dir.path(), &page("<p>错误</p>", 1));
    add_unchanged(dir.path(), &id(), Lang::Zh, "2024-05-09T00:00:00Z").unwrap();
    insta::assert_snapshot!(page_records(&exported(dir.path()).1), @r#"
    WARC/1.1
    WARC-Type: response
    WARC-Record-ID: <urn:uuid:455c486d-c6e5-88f6-87f0-3c47de32bc44>
    WARC-Date: 2024-05-01T07:08:09Z
    WARC-Target-URI: https://docs.acme.test/zh/errors
    WARC-Payload-Digest: sha256:82f36add440d846cb326d06055a582ec362ebf02b696854f32fb9ddc96508a47
    WARC-Warcinfo-ID: <urn:uuid:ID-OF-THE-FIRST>
    WARC-Block-Digest: sha256:edfd8648b3c3abb3cc9eb8a9e4d97f4cb50f6405595323d924659d3b21709f27
    Content-Type: application/http;msgtype=response
    Content-Length: 66

    HTTP/1.1 200·
    content-type: text/html
    etag: "1"

    <p>错误</p>

    WARC/1.1
    WARC-Type: revisit
    WARC-Record-ID: <urn:uuid:83b78c73-88fc-849b-89b3-2e9a234d3215>
    WARC-Date: 2024-05-09T00:00:00Z
    WARC-Target-URI: https://docs.acme.test/zh/errors
    WARC-Payload-Digest: sha256:82f36add440d846cb326d06055a582ec362ebf02b696854f32fb9ddc96508a47
    WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest
    WARC-Warcinfo-ID: <urn:uuid:ID-OF-THE-FIRST>
    WARC-Refers-To: <urn:uuid:455c486d-c6e5-88f6-87f0-3c47de32bc44>
    WARC-Refers-To-Target-URI: https://docs.acme.test/zh/errors
    WARC-Refers-To-Date: 2024-05-01T07:08:09Z
    WARC-Block-Digest: sha256:c4d14706fede27260c8616355abfb4db96309ef59ee2c3b6695e163dea9c7499
    Content-Type: application/http;msgtype=response
    Content-Length: 53

    HTTP/1.1 200·
    content-type: text/html
    etag: "1"
    "#);
}

#[test]
fn pages_from_files_become_resources_and_revisits() {
    let dir = tempfile::tempdir().unwrap();
    let saved = Page { url: "pages/en.html".into(), status: None, headers: Vec::new(), ..page("saved", 2) };
    add(dir.path(), &id(), Lang::En, &saved).unwrap();
    add(dir.path(), &id(), Lang::En, &Page { fetched_at: "2024-05-10T00:00:00Z".into(), ..saved }).unwrap();
    insta::assert_snapshot!(page_records(&exported(dir.path()).1), @r"
    WARC/1.1
    WARC-Type: resource
    WARC-Record-ID: <urn:uuid:e2e5dfe9-e660-86d9-8ccc-95ccff92894f>
    WARC-Date: 2024-05-02T07:08:09Z
    WARC-Target-URI: file:///pages/en.html
    WARC-Payload-Digest: sha256:d81c55f49c5bb0d36bc11e3966ec4efab66f8dfefbbc1761161ca9d230e5466a
    WARC-Warcinfo-ID: <urn:uuid:ID-OF-THE-FIRST>
    WARC-Block-Digest: sha256:d81c55f49c5bb0d36bc11e3966ec4efab66f8dfefbbc1761161ca9d230e5466a
    Content-Type: application/octet-stream
    Content-Length: 5

    saved

    WARC/1.1
    WARC-Type: revisit
    WARC-Record-ID: <urn:uuid:52c24acc-e436-8bf3-82f8-c7fc60902e19>
    WARC-Date: 2024-05-10T00:00:00Z
    WARC-Target-URI: file:///pages/en.html
    WARC-Payload-Digest: sha256:d81c55f49c5bb0d36bc11e3966ec4efab66f8dfefbbc1761161ca9d230e5466a
    WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest
    WARC-Warcinfo-ID: <urn:uuid:ID-OF-THE-FIRST>
    WARC-Refers-To: <urn:uuid:e2e5dfe9-e660-86d9-8ccc-95ccff92894f>
    WARC-Refers-To-Target-URI: file:///pages/en.html
    WARC-Refers-To-Date: 2024-05-02T07:08:09Z
    WARC-Block-Digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    Content-Type: application/octet-stream
    Content-Length: 0
    ");
}

#[test]
fn equal_visits_are_written_once() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    add_zh(folder, &page("one", 1));
    add_zh(folder, &page("one", 1));
    assert_eq!(visits(folder).len(), 2);
    assert_eq!((exported(folder).0.body_count, exported(folder).0.revisit_count), (1, 0));
}

#[test]
fn a_damaged_object_is_not_exported() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    add_zh(folder, &page("one", 1));
    std::fs::write(object_path(folder, &page("one", 1).digest()).unwrap(), "x").unwrap();
    let error = export(folder, &visits(folder), "x", &mut Vec::new()).unwrap_err();
    assert!(format!("{error:#}").contains("archived zh page of acme/vault is lost"), "{error:#}");
}

/// Reads date, digest, whether the body is in another record, and body of a record.
fn read_back(record: &[u8]) -> (String, String, bool, Vec<u8>) {
    let end = record.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&record[..end]).unwrap();
    let field = |name: &str| {
        let found = head.split("\r\n").filter_map(|line| line.split_once(": ")).find(|(key, _)| *key == name);
        found.unwrap_or_else(|| panic!("no {name} in {head}")).1.to_owned()
    };
    let is_revisit = field("WARC-Type") == "revisit";
    let block = &record[end + 4..record.len() - 4];
    assert_eq!(field("Content-Length"), block.len().to_string());
    assert_eq!(field("WARC-Block-Digest"), docdrift_model::text::digest(block));
    let body = block.windows(4).position(|window| window == b"\r\n\r\n").map_or(&block[..0], |end| &block[end + 4..]);
    (field("WARC-Date"), field("WARC-Payload-Digest"), is_revisit, body.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The file has every visit, with the body that the archive has for it.
    #[test]
    fn an_export_holds_every_visit(bodies in prop::collection::vec(0u8..4, 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        let other: SourceId = "acme/queue".parse().unwrap();
        let pages: Vec<Page> = (1..).zip(&bodies).map(|(day, body)| page(&format!("body {body}"), day)).collect();
        let whose = |body: &u8| if body.is_multiple_of(2) { id() } else { other.clone() };
        let whose: Vec<SourceId> = bodies.iter().map(whose).collect();
        add_all(folder, whose.iter().zip(&pages).map(|(id, page)| (id, Lang::Zh, page)));
        let records = records(&exported(folder).1);
        prop_assert_eq!(records.len(), 1 + bodies.len());
        let mut known = std::collections::BTreeMap::new();
        for (visit, record) in visits(folder).iter().zip(&records[1..]) {
            let (date, digest, is_revisit, body) = read_back(record);
            let archived = read_page(folder, visit).unwrap();
            prop_assert_eq!((&date, &digest), (&archived.fetched_at, &archived.digest()));
            prop_assert_eq!(is_revisit, known.contains_key(&digest));
            let body = if is_revisit { &known[&digest] } else { known.entry(digest).or_insert(body) };
            prop_assert_eq!(body, &archived.body);
        }
    }
}
