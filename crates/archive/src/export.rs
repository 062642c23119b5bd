//! Writes visits to one WARC file that other programs read.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::Path,
};

use docdrift_files::{IoContext as _, Result};
use docdrift_model::Page;

use crate::{
    index::Visit,
    objects,
    warc::{self, Field},
};

/// What an exported file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportSummary {
    /// The records of pages with their bodies.
    pub body_count: usize,
    /// The records of visits that found a body again.
    pub revisit_count: usize,
    /// The length of the file in bytes.
    pub bytes: u64,
}

/// The first record of a body, as later records refer to it.
struct FirstRecord {
    id: String,
    url: String,
    date: String,
}

/// Writes `visits` in their order to `out`, each body once. `name` is the name of the file. Same visits, same bytes. Of
/// two equal visits only one is written. An error when an object is damaged or missing.
pub(crate) fn export(folder: &Path, visits: &[Visit], name: &str, out: &mut dyn Write) -> Result<ExportSummary> {
    let mut file =
        WarcFile { name, out, summary: ExportSummary::default(), firsts: BTreeMap::new(), info: String::new() };
    file.write_info(visits)?;
    let mut ids = BTreeSet::new();
    for visit in visits {
        let id = warc::record_id(&[
            &visit.source.to_string(),
            visit.lang.as_str(),
            &visit.url,
            &visit.fetched_at,
            &visit.digest,
        ]);
        if ids.insert(id.clone()) {
            file.write_page(&objects::read_page(folder, visit)?, &visit.digest, id)?;
        }
    }
    Ok(file.summary)
}

struct WarcFile<'a> {
    name: &'a str,
    out: &'a mut dyn Write,
    summary: ExportSummary,
    /// The first record of each written body, by digest.
    firsts: BTreeMap<String, FirstRecord>,
    /// The id of the first record, which describes the file.
    info: String,
}

impl WarcFile<'_> {
    /// Writes the record that describes the file. Its date is that of the last visit, so the bytes do not depend on a clock.
    fn write_info(&mut self, visits: &[Visit]) -> Result<()> {
        let date = visits.iter().map(|visit| visit.fetched_at.as_str()).max().unwrap_or("1970-01-01T00:00:00Z");
        self.info = warc::record_id(&["warcinfo", self.name, date, &visits.len().to_string()]);
        let block = format!(
            "software: docdrift/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let fields = [("WARC-Date", warc::one_line(date)), ("WARC-Filename", warc::one_line(self.name))];
        let record = warc::record("warcinfo", &self.info, &fields, "application/warc-fields", block.as_bytes())?;
        self.write_record(&record)
    }

    fn write_page(&mut self, page: &Page, digest: &str, id: String) -> Result<()> {
        let mut fields: Vec<Field> = vec![("WARC-Warcinfo-ID", self.info.clone())];
        let Some(first) = self.firsts.get(digest) else {
            self.summary.body_count += 1;
            self.write_record(&warc::page_record(page, digest, &id, &fields)?)?;
            let (url, date) = (warc::target_uri(&page.url), warc::one_line(&page.fetched_at));
            self.firsts.insert(digest.to_owned(), FirstRecord { id, url, date });
            return Ok(());
        };
        fields.extend([
            ("WARC-Refers-To", first.id.clone()),
            ("WARC-Refers-To-Target-URI", first.url.clone()),
            ("WARC-Refers-To-Date", first.date.clone()),
        ]);
        self.summary.revisit_count += 1;
        self.write_record(&warc::revisit_record(page, digest, &id, &fields)?)
    }

    fn write_record(&mut self, record: &[u8]) -> Result<()> {
        self.out.write_all(record).io_context("write", Path::new(self.name))?;
        self.summary.bytes += u64::try_from(record.len()).unwrap_or_default();
        Ok(())
    }
}
