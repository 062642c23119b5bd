//! `index.jsonl`: one line per visit, in the order they were made. Runs only append lines; `prune` rewrites the file.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use docdrift_files::{IoContext as _, Result, StorageError, read_optional};
use docdrift_model::{Lang, Page, SourceId, text::is_digest};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub(crate) const FILE_NAME: &str = "index.jsonl";

/// One visit of a page: the server sent the page, or said that it is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Whose page it is.
    pub source: SourceId,
    /// In which language.
    pub lang: Lang,
    /// The requested URL, or the path of a file.
    pub url: String,
    /// When it was received or said to be unchanged, RFC 3339 in UTC.
    pub fetched_at: String,
    /// `sha256:…` of the body.
    pub digest: String,
    /// The HTTP status; `None` for a file.
    pub status: Option<u16>,
    /// The length of the body. `None` in lines of versions that did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    // The same body may have other headers at the next visit.
    /// The header `Content-Type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The header `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The header `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Visit {
    /// Returns the day of the visit, in UTC. `None` when its time is not valid.
    pub fn day(&self) -> Option<Date> {
        let at: Timestamp = self.fetched_at.parse().ok()?;
        Some(at.to_zoned(TimeZone::UTC).date())
    }

    pub(crate) fn new(id: &SourceId, lang: Lang, page: &Page) -> Self {
        let header = |name| page.header(name).map(str::to_owned);
        Self {
            source: id.clone(),
            lang,
            url: page.url.clone(),
            fetched_at: page.fetched_at.clone(),
            digest: page.digest(),
            status: page.status,
            bytes: u64::try_from(page.body.len()).ok(),
            content_type: header("content-type"),
            etag: header("etag"),
            last_modified: header("last-modified"),
        }
    }

    /// Returns a visit of the same page at another time.
    pub(crate) fn repeated_at(&self, at: &str) -> Self {
        Self { fetched_at: at.to_owned(), ..self.clone() }
    }

    /// Replaces the headers that the body was first stored with by those of this visit.
    pub(crate) fn update_headers(&self, page: &mut Page) {
        let now = [("content-type", &self.content_type), ("etag", &self.etag), ("last-modified", &self.last_modified)];
        for (name, value) in now {
            if page.header(name) != value.as_deref() {
                page.headers.retain(|(other, _)| other != name);
                page.headers.extend(value.clone().map(|value| (name.to_owned(), value)));
            }
        }
    }

    /// Parses a line of the index, or says what is wrong with it.
    fn parse(line: &[u8]) -> std::result::Result<Self, String> {
        let visit: Self = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        if is_digest(&visit.digest) {
            Ok(visit)
        } else {
            Err(format!("`{}` is no digest", visit.digest.escape_debug()))
        }
    }
}

/// A line of the index that is not a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedLine {
    /// The number of the line, from one.
    pub number: usize,
    /// What is wrong with it.
    pub why: String,
    text: Vec<u8>,
}

impl DamagedLine {
    /// Returns whether the line still contains the name of that source.
    fn mentions(&self, id: &SourceId) -> bool {
        let named = format!("\"{id}\"");
        self.text.windows(named.len()).any(|window| window == named.as_bytes())
    }
}

/// The content of the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// The visits, in the order they were made.
    pub good: Vec<Visit>,
    /// The lines that are not visits.
    pub damaged: Vec<DamagedLine>,
    /// Whether a killed run left an incomplete line at the end. It counts as never written.
    pub is_torn: bool,
}

/// The index as it was read last, with the positions of each page's visits.
#[derive(Debug, Default)]
pub(crate) struct Index {
    path: PathBuf,
    stamp: Option<Stamp>,
    visits: Visits,
    /// The number of each visit's line, from one.
    numbers: Vec<usize>,
    pages: BTreeMap<(SourceId, Lang), Vec<usize>>,
    /// The length of the complete lines in bytes. A line is complete once its line break is there.
    complete_bytes: u64,
    line_count: usize,
}

/// Length and time of the file: whether it changed since it was read.
type Stamp = (u64, Option<SystemTime>);

impl Index {
    /// Reads the index of the archive `folder`, unless it is unchanged since it was read.
    pub(crate) fn refresh(&mut self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE_NAME);
        let stamp = stamp(&path)?;
        if self.path != path || self.stamp != stamp {
            let bytes = read_optional(&path)?.unwrap_or_default();
            *self = Self { path, stamp, ..Self::default() };
            self.parse_lines(&bytes);
        }
        Ok(())
    }

    fn parse_lines(&mut self, bytes: &[u8]) {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if !line.ends_with(b"\n") {
                self.visits.is_torn = true;
                break;
            }
            self.line_count += 1;
            self.complete_bytes += u64::try_from(line.len()).unwrap_or_default();
            match Visit::parse(line) {
                Ok(visit) => self.push(visit),
                Err(why) => {
                    let number = self.line_count;
                    self.visits.damaged.push(DamagedLine { number, why, text: line.to_vec() });
                }
            }
        }
    }

    /// Records the visit of the last line.
    fn push(&mut self, visit: Visit) {
        let page = (visit.source.clone(), visit.lang);
        self.pages.entry(page).or_default().push(self.visits.good.len());
        self.numbers.push(self.line_count);
        self.visits.good.push(visit);
    }

    pub(crate) fn visits(&self) -> &Visits {
        &self.visits
    }

    /// Returns the visits with their line numbers.
    pub(crate) fn numbered_visits(&self) -> impl Iterator<Item = (usize, &Visit)> {
        self.numbers.iter().copied().zip(&self.visits.good)
    }

    /// Returns the visits of each page with their line numbers.
    pub(crate) fn pages(&self) -> impl Iterator<Item = Vec<(usize, &Visit)>> {
        self.pages.values().map(|positions| self.visits_at(positions).collect())
    }

    /// Returns the visits of one page with their line numbers.
    pub(crate) fn page_visits(&self, id: &SourceId, lang: Lang) -> impl DoubleEndedIterator<Item = (usize, &Visit)> {
        self.visits_at(self.pages.get(&(id.clone(), lang)).map_or(&[][..], Vec::as_slice))
    }

    fn visits_at(&self, positions: &[usize]) -> impl DoubleEndedIterator<Item = (usize, &Visit)> {
        positions.iter().filter_map(|at| Some((*self.numbers.get(*at)?, self.visits.good.get(*at)?)))
    }

    /// Returns the last visit of a page.
    ///
    /// A damaged line may be about any source, but must not stop all of them. It is an error for the source that it
    /// mentions, unless a good line of that source follows, and for every source without a good line.
    pub(crate) fn last_visit(&self, id: &SourceId, lang: Lang) -> Result<Option<&Visit>> {
        let last = self.page_visits(id, lang).next_back();
        let after = last.map_or(0, |(number, _)| number);
        let mentioning = self.visits.damaged.iter().rfind(|line| line.number > after && line.mentions(id));
        match mentioning.or_else(|| self.visits.damaged.first().filter(|_| last.is_none())) {
            Some(line) => Err(self.damaged_line_error(line, id)),
            None => Ok(last.map(|(_, visit)| visit)),
        }
    }

    fn damaged_line_error(&self, line: &DamagedLine, id: &SourceId) -> StorageError {
        let place = format!("{}:{}", self.path.display(), line.number);
        let advice = format!("{place} is damaged and may be about {id}: fetch its pages again, or remove that line");
        StorageError::damaged(line.why.clone()).at(&self.path).context(advice)
    }

    /// Appends visits to the complete lines; an incomplete line behind them is overwritten. Synced when this returns.
    pub(crate) fn append(&mut self, visits: Vec<Visit>) -> Result<()> {
        if visits.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        for visit in &visits {
            text += &serde_json::to_string(visit)?;
            text.push('\n');
        }
        let write = || -> io::Result<()> {
            let mut file = OpenOptions::new().append(true).create(true).open(&self.path)?;
            file.set_len(self.complete_bytes)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        // After a failed write the file is read again.
        self.stamp = None;
        write().io_context("write", &self.path)?;
        for visit in visits {
            self.line_count += 1;
            self.push(visit);
        }
        self.visits.is_torn = false;
        self.complete_bytes += u64::try_from(text.len()).unwrap_or_default();
        self.stamp = stamp(&self.path)?;
        Ok(())
    }
}

fn stamp(path: &Path) -> Result<Option<Stamp>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some((metadata.len(), metadata.modified().ok()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::io("read", path, error)),
    }
}
