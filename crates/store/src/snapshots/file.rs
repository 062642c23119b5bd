//! The file of one snapshot. Its first line tells what the file is and how many entries follow, one a line.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use docdrift_model::{Accepted, Bilingual, Entry, Field, PageFacts, Publish, Snapshot, SourceId, text::digest};
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::is_date;
use crate::files;

/// The shape of the snapshot files that this version writes; it reads this one and those before, which lack the digest.
pub(crate) const SCHEMA: u32 = 2;

/// The first schema whose header has the digest of the entries.
const WITH_DIGEST: u32 = 2;

/// The first line of a snapshot file.
#[derive(Clone, Serialize, Deserialize)]
struct Header {
    schema: u32,
    source: SourceId,
    date: String,
    reader: u32,
    pages: Bilingual<Option<PageFacts>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    publish: Option<Vec<Field>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted>,
    entries: usize,
    /// Of the file as it would be without this key, so that what was edited by hand or damaged is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

/// What even a file of a newer version tells.
#[derive(Deserialize)]
struct SchemaOnly {
    schema: u32,
}

/// Refuses what a docdrift wrote that is newer than one which writes `newest`.
pub(crate) fn check_schema(json: &str, newest: u32) -> Result<()> {
    let SchemaOnly { schema } = serde_json::from_str(json).context("it tells no `schema`")?;
    ensure!(schema > 0, "there is no schema 0");
    ensure!(schema <= newest, "it has schema {schema}, this docdrift reads up to {newest}: update docdrift");
    Ok(())
}

/// Refuses an entry whose dates are none; it may have none yet.
pub(crate) fn check_dates(entry: &Entry) -> Result<()> {
    for (name, date) in [("first_seen", &entry.first_seen), ("last_changed", &entry.last_changed)] {
        ensure!(date.is_empty() || is_date(date), "{name}: `{}` is no date YYYY-MM-DD", date.escape_debug());
    }
    Ok(())
}

/// The text of a snapshot file.
pub(crate) fn render(snapshot: &Snapshot, publish: &Publish) -> Result<String> {
    let mut header = Header {
        schema: SCHEMA,
        source: snapshot.source.clone(),
        date: snapshot.date.clone(),
        reader: snapshot.reader,
        pages: snapshot.pages.clone(),
        publish: (*publish != Publish::all()).then(|| publish.fields().collect()),
        accepted: snapshot.accepted.clone(),
        entries: snapshot.entries.len(),
        digest: None,
    };
    let mut entries = String::new();
    for entry in &snapshot.entries {
        entries.push('\n');
        entries += &serde_json::to_string(entry)?;
    }
    entries.push('\n');
    let unsealed = serde_json::to_string(&header)? + &entries;
    header.digest = Some(digest(unsealed.as_bytes()));
    Ok(serde_json::to_string(&header)? + &entries)
}

/// A whole snapshot file of which nothing but the header was read.
pub(crate) struct Unread<'t> {
    name: &'t str,
    header: Header,
    text: &'t str,
}

impl<'t> Unread<'t> {
    /// An error where the header is damaged or the file holds more or fewer lines than it tells.
    pub(crate) fn new(name: &'t str, text: &'t str) -> Result<Self> {
        let Some(first) = text.split_terminator('\n').next() else {
            bail!("{name} is empty: a snapshot starts with a header line")
        };
        let broken = || format!("{name}:1 is no header line of a snapshot");
        check_schema(first, SCHEMA).with_context(broken)?;
        let header: Header = serde_json::from_str(first).with_context(broken)?;
        ensure!(
            header.digest.is_some() == (header.schema >= WITH_DIGEST),
            "{name}:1: a header of schema {} {}: it was edited or damaged after it was written, restore it from git",
            header.schema,
            if header.digest.is_some() { "has no `digest` yet" } else { "needs its `digest`" }
        );
        ensure!(is_date(&header.date), "{name}:1: `{}` is no date YYYY-MM-DD", header.date.escape_debug());
        let whole = text.bytes().filter(|byte| *byte == b'\n').count().saturating_sub(1);
        ensure!(
            whole == header.entries && text.ends_with('\n'),
            "{name}:{}: the file ends after {whole} of {} entries: it was cut or damaged, restore it",
            whole + 1,
            header.entries
        );
        Ok(Self { name, header, text })
    }

    pub(crate) fn source(&self) -> &SourceId {
        &self.header.source
    }

    pub(crate) fn schema(&self) -> u32 {
        self.header.schema
    }

    /// Whether its entries were settled to carry that field as it is.
    pub(crate) fn carries(&self, field: Field) -> bool {
        self.header.publish.as_ref().is_none_or(|fields| fields.contains(&field))
    }

    /// Its snapshot without the entries.
    pub(crate) fn head(&self) -> Snapshot {
        let Header { source, date, reader, pages, accepted, .. } = self.header.clone();
        Snapshot { source, date, reader, pages, accepted, entries: Vec::new() }
    }

    /// Refuses a file that is not as it was written. Not told by [`new`](Self::new): whoever reads a few lines of hundreds
    /// of files cannot wait for it.
    pub(crate) fn check_digest(&self) -> Result<()> {
        let Some(written) = &self.header.digest else { return Ok(()) };
        let unsealed = self.text.replacen(&format!(",\"digest\":\"{written}\""), "", 1);
        ensure!(
            digest(unsealed.as_bytes()) == *written,
            "{} is not what its digest tells of: it was edited or damaged after it was written, restore it from git",
            self.name
        );
        Ok(())
    }

    /// The entries as they stand, one a line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'t>> {
        let mut start = 0;
        let lines = self.text.split_terminator('\n').map(move |text| {
            let line = Line { start, text };
            start += text.len() + 1;
            line
        });
        lines.skip(1)
    }

    /// The entries whose lines the pattern fits somewhere.
    pub(crate) fn lines_with(&self, pattern: &Regex) -> impl Iterator<Item = Line<'t>> {
        let text = self.text;
        let mut next = text.find('\n').map_or(text.len(), |end| end + 1);
        std::iter::from_fn(move || {
            let found = (next < text.len()).then(|| pattern.find_at(text, next)).flatten()?.start();
            let start = text.get(..found)?.rfind('\n').map_or(0, |end| end + 1);
            let end = text.get(found..)?.find('\n').map_or(text.len(), |length| found + length);
            next = end + 1;
            Some(Line { start, text: text.get(start..end)? })
        })
    }

    /// The entry of a line.
    pub(crate) fn entry(&self, line: Line<'_>) -> Result<Entry> {
        let broken = || {
            let before = self.text.get(..line.start).unwrap_or_default();
            format!("{}:{} is no entry", self.name, before.matches('\n').count() + 1)
        };
        let entry = serde_json::from_str(line.text).with_context(broken)?;
        check_dates(&entry).with_context(broken)?;
        Ok(entry)
    }

    /// All of it.
    fn read(self) -> Result<Snapshot> {
        // Lines first: where one is broken, its number says more than the digest.
        let entries = self.lines().map(|line| self.entry(line)).collect::<Result<_>>()?;
        self.check_digest()?;
        Ok(Snapshot { entries, ..self.head() })
    }
}

/// An entry in a snapshot file, not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    start: usize,
    pub(crate) text: &'t str,
}

impl<'t> Line<'t> {
    /// The id; `None` where only reading the line can tell.
    pub(crate) fn id(self) -> Option<&'t str> {
        plain(self.text.strip_prefix("{\"id\":\"")?)
    }

    /// The code; `None` where only reading the line can tell.
    pub(crate) fn code(self) -> Option<&'t str> {
        // A text has no bare quotation mark in it, so this is a name; before it no other object was opened.
        let (before, code) = self.text.split_once("\"code\":\"")?;
        (!before.contains(":{")).then(|| plain(code)).flatten()
    }
}

/// What stands before the quotation mark that ends a JSON text, if nothing of it is escaped.
fn plain(rest: &str) -> Option<&str> {
    let (text, _) = rest.split_once('"')?;
    (!text.contains('\\')).then_some(text)
}

/// Reads the text of a snapshot file; `name` names it in errors.
pub fn parse_snapshot(name: &str, text: &str) -> Result<Snapshot> {
    Unread::new(name, text)?.read()
}

/// Reads a snapshot file.
pub fn read_snapshot(path: &Path) -> Result<Snapshot> {
    parse_snapshot(&path.display().to_string(), &files::read_text(path)?)
}
