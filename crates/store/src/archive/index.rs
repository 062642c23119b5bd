//! `index.jsonl`: a line a visit, in the order they were made. Runs only add lines; `prune` writes it anew.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context as _, Error, Result, bail, ensure};
use docdrift_model::{Lang, Page, SourceId, text::is_digest};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::files;

pub(super) const FILE_NAME: &str = "index.jsonl";

/// One visit of a page: that its server gave it, or said that it is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Whose page it is.
    pub source: SourceId,
    /// In which language.
    pub lang: Lang,
    /// The URL asked for, or a file's path.
    pub url: String,
    /// When it was received or said to be unchanged, RFC 3339 in UTC.
    pub fetched_at: String,
    /// `sha256:…` of the body.
    pub digest: String,
    /// The HTTP status; `None` for a file.
    pub status: Option<u16>,
    /// The length of the body; `None` in lines from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    // The same body may come under other headers the next time.
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
    /// The day of the visit, in UTC; `None` where its time is none.
    pub fn day(&self) -> Option<Date> {
        let at: Timestamp = self.fetched_at.parse().ok()?;
        Some(at.to_zoned(TimeZone::UTC).date())
    }

    pub(super) fn of(id: &SourceId, lang: Lang, page: &Page) -> Self {
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

    /// The same page, seen again at another time.
    pub(super) fn again(&self, at: &str) -> Self {
        Self { fetched_at: at.to_owned(), ..self.clone() }
    }

    /// The headers that the page came with this time, in place of those that its body was first kept with.
    pub(super) fn put_headers(&self, page: &mut Page) {
        let now = [("content-type", &self.content_type), ("etag", &self.etag), ("last-modified", &self.last_modified)];
        for (name, value) in now {
            if page.header(name) != value.as_deref() {
                page.headers.retain(|(other, _)| other != name);
                page.headers.extend(value.clone().map(|value| (name.to_owned(), value)));
            }
        }
    }

    fn parse(line: &[u8]) -> Result<Self> {
        let visit: Self = serde_json::from_slice(line)?;
        ensure!(is_digest(&visit.digest), "`{}` is no digest", visit.digest.escape_debug());
        Ok(visit)
    }
}

/// A line of the index that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedLine {
    /// Which, from one.
    pub number: usize,
    /// What is wrong with it.
    pub why: String,
    text: Vec<u8>,
}

impl DamagedLine {
    /// Whether the name of that source can still be read in it.
    fn names(&self, id: &SourceId) -> bool {
        let named = format!("\"{id}\"");
        self.text.windows(named.len()).any(|window| window == named.as_bytes())
    }
}

/// All that the index tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// The visits, in the order they were made.
    pub good: Vec<Visit>,
    /// The lines that tell of none.
    pub damaged: Vec<DamagedLine>,
    /// Whether a killed run left the start of a line at the end. It is as if never written.
    pub torn: bool,
}

/// The index as it was read last, with where each page's visits are.
#[derive(Debug, Default)]
pub(crate) struct Index {
    path: PathBuf,
    stamp: Option<Stamp>,
    visits: Visits,
    /// The number of each visit's line, from one.
    numbers: Vec<usize>,
    pages: BTreeMap<(SourceId, Lang), Vec<usize>>,
    /// How many bytes and lines are whole: a line counts once its line break is there.
    whole: u64,
    lines: usize,
}

/// What tells that a file is not the one that was read.
type Stamp = (u64, Option<SystemTime>);

impl Index {
    /// Reads the index of the archive `folder`, unless that is what was read before.
    pub(super) fn refresh(&mut self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE_NAME);
        let stamp = stamp(&path)?;
        if self.path != path || self.stamp != stamp {
            let bytes = files::read_optional(&path)?.unwrap_or_default();
            *self = Self { path, stamp, ..Self::default() };
            self.take(&bytes);
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if !line.ends_with(b"\n") {
                self.visits.torn = true;
                break;
            }
            self.lines += 1;
            self.whole += u64::try_from(line.len()).unwrap_or_default();
            match Visit::parse(line) {
                Ok(visit) => self.add(visit),
                Err(error) => {
                    let (number, why) = (self.lines, format!("{error:#}"));
                    self.visits.damaged.push(DamagedLine { number, why, text: line.to_vec() });
                }
            }
        }
    }

    /// Takes the visit of the last line.
    fn add(&mut self, visit: Visit) {
        let page = (visit.source.clone(), visit.lang);
        self.pages.entry(page).or_default().push(self.visits.good.len());
        self.numbers.push(self.lines);
        self.visits.good.push(visit);
    }

    pub(super) fn all(&self) -> &Visits {
        &self.visits
    }

    /// The visits, with the numbers of their lines.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, &Visit)> {
        self.numbers.iter().copied().zip(&self.visits.good)
    }

    /// The visits of each page, with the numbers of their lines.
    pub(super) fn pages(&self) -> impl Iterator<Item = Vec<(usize, &Visit)>> {
        self.pages.values().map(|places| self.at(places).collect())
    }

    /// The visits of one page, with the numbers of their lines.
    pub(super) fn of_page(&self, id: &SourceId, lang: Lang) -> impl DoubleEndedIterator<Item = (usize, &Visit)> {
        self.at(self.pages.get(&(id.clone(), lang)).map_or(&[][..], Vec::as_slice))
    }

    fn at(&self, places: &[usize]) -> impl DoubleEndedIterator<Item = (usize, &Visit)> {
        places.iter().filter_map(|place| Some((*self.numbers.get(*place)?, self.visits.good.get(*place)?)))
    }

    /// The last visit of a page.
    ///
    /// A damaged line may be about anybody, but must not stop everybody: it is an error for the source that it names, if
    /// no good line of that source follows it, and for sources without any good line. Others pass it over.
    pub(super) fn latest(&self, id: &SourceId, lang: Lang) -> Result<Option<&Visit>> {
        let last = self.of_page(id, lang).next_back();
        let after = last.map_or(0, |(number, _)| number);
        let naming = self.visits.damaged.iter().rfind(|line| line.number > after && line.names(id));
        let concerning = naming.or_else(|| self.visits.damaged.first().filter(|_| last.is_none()));
        if let Some(line) = concerning {
            let place = format!("{}:{}", self.path.display(), line.number);
            let advice =
                format!("{place} is damaged and may be about {id}: fetch its pages again, or remove that line");
            bail!(Error::msg(line.why.clone()).context(advice));
        }
        Ok(last.map(|(_, visit)| visit))
    }

    /// Adds the visits behind the whole lines; what is behind these is a torn line. On the disk when this returns.
    pub(super) fn append(&mut self, visits: Vec<Visit>) -> Result<()> {
        if visits.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        for visit in &visits {
            text += &serde_json::to_string(visit)?;
            text.push('\n');
        }
        let write = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().append(true).create(true).open(&self.path)?;
            file.set_len(self.whole)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        // What a failed write left is read anew.
        self.stamp = None;
        write().with_context(|| format!("cannot write {}", self.path.display()))?;
        for visit in visits {
            self.lines += 1;
            self.add(visit);
        }
        self.visits.torn = false;
        self.whole += u64::try_from(text.len())?;
        self.stamp = stamp(&self.path)?;
        Ok(())
    }
}

fn stamp(path: &Path) -> Result<Option<Stamp>> {
    match fs::metadata(path) {
        Ok(facts) => Ok(Some((facts.len(), facts.modified().ok()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
