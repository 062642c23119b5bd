//! Visits → one WARC file that other programs read.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::Path,
};

use anyhow::Result;
use docdrift_model::Page;

use super::{index::Visit, objects};
use crate::warc::{self, Field};

/// What an exported file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records of pages with their bodies.
    pub bodies: usize,
    /// Records of visits that found a body again.
    pub revisits: usize,
    /// The length of the file.
    pub bytes: u64,
}

/// Where a body stands in the file, as records about it name that.
struct First {
    id: String,
    url: String,
    date: String,
}

/// Writes `visits` in their order to `out`, each body once; `name` is what the file is called. Same visits, same bytes.
/// Of two visits that tell the same only one is written. An error where an object is damaged or gone.
pub(crate) fn export(folder: &Path, visits: &[Visit], name: &str, out: &mut dyn Write) -> Result<Exported> {
    let mut file = WarcFile { out, done: Exported::default(), firsts: BTreeMap::new(), info: String::new() };
    file.put_info(visits, name)?;
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
            file.put_page(&objects::needed_page(folder, visit)?, &visit.digest, id)?;
        }
    }
    Ok(file.done)
}

struct WarcFile<'a> {
    out: &'a mut dyn Write,
    done: Exported,
    /// The bodies that were written, by digest.
    firsts: BTreeMap<String, First>,
    /// The id of the first record, which tells of the file.
    info: String,
}

impl WarcFile<'_> {
    /// No clock is asked: the file is dated as its last visit.
    fn put_info(&mut self, visits: &[Visit], name: &str) -> Result<()> {
        let date = visits.iter().map(|visit| visit.fetched_at.as_str()).max().unwrap_or("1970-01-01T00:00:00Z");
        self.info = warc::record_id(&["warcinfo", name, date, &visits.len().to_string()]);
        let block = format!(
            "software: docdrift/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let fields = [("WARC-Date", warc::one_line(date)), ("WARC-Filename", warc::one_line(name))];
        let record = warc::record("warcinfo", &self.info, &fields, "application/warc-fields", block.as_bytes())?;
        self.put(&record)
    }

    fn put_page(&mut self, page: &Page, digest: &str, id: String) -> Result<()> {
        let mut fields: Vec<Field> = vec![("WARC-Warcinfo-ID", self.info.clone())];
        let Some(first) = self.firsts.get(digest) else {
            self.done.bodies += 1;
            self.put(&warc::page_record(page, digest, &id, &fields)?)?;
            let (url, date) = (warc::target_uri(&page.url), warc::one_line(&page.fetched_at));
            self.firsts.insert(digest.to_owned(), First { id, url, date });
            return Ok(());
        };
        fields.extend([
            ("WARC-Refers-To", first.id.clone()),
            ("WARC-Refers-To-Target-URI", first.url.clone()),
            ("WARC-Refers-To-Date", first.date.clone()),
        ]);
        self.done.revisits += 1;
        self.put(&warc::revisit_record(page, digest, &id, &fields)?)
    }

    fn put(&mut self, record: &[u8]) -> Result<()> {
        self.out.write_all(record)?;
        self.done.bytes += u64::try_from(record.len())?;
        Ok(())
    }
}
