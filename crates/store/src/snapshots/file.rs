//! The file of one snapshot. Its first line is a header with the number of entries; each further line is an entry.

use std::path::Path;

use docdrift_files::{Context as _, Result, StorageError, StorageErrorKind, read_text};
use docdrift_model::{
    Bilingual, Entry, Field, PageFacts, Publish, Snapshot, SourceId, snapshot::Accepted, text::digest,
};
use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize};

/// The schema version of the snapshot files that this version writes. It also reads all earlier ones.
pub(crate) const SCHEMA: u32 = 2;

/// The first schema version whose header has a digest.
const FIRST_SCHEMA_WITH_DIGEST: u32 = 2;

/// The first line of a snapshot file.
#[derive(Clone, Serialize, Deserialize)]
struct Header {
    schema: u32,
    source: SourceId,
    #[serde(deserialize_with = "docdrift_model::date::deserialize")]
    date: Date,
    reader: u32,
    pages: Bilingual<Option<PageFacts>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    publish: Option<Vec<Field>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted>,
    entries: usize,
    /// The digest of the file without this key. It reveals edits and damage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

/// The key that files of every version have.
#[derive(Deserialize)]
struct SchemaOnly {
    schema: u32,
}

/// Refuses JSON of a schema version after `newest`.
pub(crate) fn check_schema(json: &str, newest: u32) -> Result<()> {
    let parsed = serde_json::from_str(json);
    let SchemaOnly { schema } = parsed.map_err(|error| StorageError::damaged("it has no `schema`").caused_by(error))?;
    if schema == 0 {
        return Err(StorageError::damaged("there is no schema 0"));
    }
    if schema > newest {
        let message = format!("it has schema {schema}, this docdrift reads up to {newest}: update docdrift");
        return Err(StorageError::new(StorageErrorKind::NewerFormat, message));
    }
    Ok(())
}

/// Renders the text of a snapshot file.
pub(crate) fn render(snapshot: &Snapshot, publish: &Publish) -> Result<String> {
    let mut header = Header {
        schema: SCHEMA,
        source: snapshot.source.clone(),
        date: snapshot.date,
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

/// A snapshot file whose header is parsed and whose entries are not.
pub(crate) struct SnapshotFile<'t> {
    name: &'t str,
    header: Header,
    text: &'t str,
}

impl<'t> SnapshotFile<'t> {
    /// Parses the header. An error when it is damaged or the file has another number of lines than it says.
    pub(crate) fn parse(name: &'t str, text: &'t str) -> Result<Self> {
        let damaged = |message: String| StorageError::damaged(message).at(Path::new(name));
        let Some(first) = text.split_terminator('\n').next() else {
            return Err(damaged(format!("{name} is empty: a snapshot starts with a header line")));
        };
        let file = Self { name, header: parse_header(name, first)?, text };
        let Header { digest, schema, entries, .. } = &file.header;
        if digest.is_some() != (*schema >= FIRST_SCHEMA_WITH_DIGEST) {
            let problem = if digest.is_some() { "has no `digest` yet" } else { "needs its `digest`" };
            return Err(damaged(format!(
                "{name}:1: a header of schema {schema} {problem}: it was edited or damaged after it was written, restore \
                 it from git"
            )));
        }
        let complete = text.bytes().filter(|byte| *byte == b'\n').count().saturating_sub(1);
        if complete != *entries || !text.ends_with('\n') {
            return Err(damaged(format!(
                "{name}:{}: the file ends after {complete} of {entries} entries: it was cut or damaged, restore it",
                complete + 1
            )));
        }
        Ok(file)
    }

    pub(crate) fn source(&self) -> &SourceId {
        &self.header.source
    }

    pub(crate) fn schema(&self) -> u32 {
        self.header.schema
    }

    /// Returns whether its entries carry the texts of a field, rather than their digests.
    pub(crate) fn carries(&self, field: Field) -> bool {
        self.header.publish.as_ref().is_none_or(|fields| fields.contains(&field))
    }

    /// Returns the snapshot without its entries.
    pub(crate) fn without_entries(&self) -> Snapshot {
        let Header { source, date, reader, pages, accepted, .. } = self.header.clone();
        Snapshot { source, date, reader, pages, accepted, entries: Vec::new() }
    }

    /// Refuses a file that was changed after it was written. [`parse`](Self::parse) does not check this: it is too slow
    /// for a search that needs a few lines of hundreds of files.
    pub(crate) fn check_digest(&self) -> Result<()> {
        let Some(written) = &self.header.digest else { return Ok(()) };
        let unsealed = self.text.replacen(&format!(",\"digest\":\"{written}\""), "", 1);
        if digest(unsealed.as_bytes()) == *written {
            return Ok(());
        }
        let message = format!(
            "{} is not what its digest tells of: it was edited or damaged after it was written, restore it from git",
            self.name
        );
        Err(StorageError::damaged(message).at(Path::new(self.name)))
    }

    /// Returns the lines of the entries.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'t>> {
        let mut start = 0;
        let lines = self.text.split_terminator('\n').map(move |text| {
            let line = Line { start, text };
            start += text.len() + 1;
            line
        });
        lines.skip(1)
    }

    /// Returns the lines of the entries that match the pattern.
    pub(crate) fn matching_lines(&self, pattern: &Regex) -> impl Iterator<Item = Line<'t>> {
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

    /// Parses the entry of a line.
    pub(crate) fn parse_entry(&self, line: Line<'_>) -> Result<Entry> {
        let entry: serde_json::Result<Entry> = serde_json::from_str(line.text);
        entry.map_err(|error| self.entry_error(line).caused_by(error))
    }

    fn entry_error(&self, line: Line<'_>) -> StorageError {
        let before = self.text.get(..line.start).unwrap_or_default();
        let number = before.matches('\n').count() + 1;
        StorageError::damaged(format!("{}:{number} is no entry", self.name)).at(Path::new(self.name))
    }

    /// Parses all entries.
    fn parse_snapshot(self) -> Result<Snapshot> {
        // Lines first: the number of a broken line says more than the digest.
        let entries = self.lines().map(|line| self.parse_entry(line)).collect::<Result<_>>()?;
        self.check_digest()?;
        Ok(Snapshot { entries, ..self.without_entries() })
    }
}

fn parse_header(name: &str, line: &str) -> Result<Header> {
    let broken = || format!("{name}:1 is no header line of a snapshot");
    check_schema(line, SCHEMA).map_err(|error| error.at(Path::new(name))).with_context(broken)?;
    serde_json::from_str(line).map_err(|error| StorageError::damaged(broken()).at(Path::new(name)).caused_by(error))
}

/// The line of an entry in a snapshot file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    start: usize,
    pub(crate) text: &'t str,
}

impl<'t> Line<'t> {
    /// Returns the id. `None` when only parsing the line can tell it.
    pub(crate) fn id(self) -> Option<&'t str> {
        unescaped(self.text.strip_prefix("{\"id\":\"")?)
    }

    /// Returns the code. `None` when only parsing the line can tell it.
    pub(crate) fn code(self) -> Option<&'t str> {
        // JSON texts have no bare quotation mark, so this is a key. No object was opened before it.
        let (before, code) = self.text.split_once("\"code\":\"")?;
        (!before.contains(":{")).then(|| unescaped(code)).flatten()
    }
}

/// Returns the rest of a JSON text up to its end, when nothing in it is escaped.
fn unescaped(rest: &str) -> Option<&str> {
    let (text, _) = rest.split_once('"')?;
    (!text.contains('\\')).then_some(text)
}

/// Parses the text of a snapshot file. `name` names the file in errors.
pub fn parse_snapshot(name: &str, text: &str) -> Result<Snapshot> {
    SnapshotFile::parse(name, text)?.parse_snapshot()
}

/// Reads a snapshot file.
pub fn read_snapshot(path: &Path) -> Result<Snapshot> {
    parse_snapshot(&path.display().to_string(), &read_text(path)?)
}
