//! The inputs of `diff`: a page, a snapshot or a dataset, on disk or in git.

use std::{path::Path, process::Command};

use anyhow::{Context as _, bail};
use docdrift_align::align_entries;
use docdrift_model::{Bilingual, Entry, Lang, Page, PageFacts, ReadRules, Snapshot, Warning};
use docdrift_store::PublishedSource;

use crate::{
    cli::is_url,
    pipeline::{Error, find_no_table},
};

/// A page without an error table.
pub(crate) struct PageWithoutTable {
    /// Its URL or path.
    pub(crate) page: String,
    /// What reading noticed, if anything.
    pub(crate) warning: Option<Warning>,
}

/// The entries of one source, and the pages they were read from.
#[derive(Default)]
pub(crate) struct State {
    /// `vendor/service`; empty where it is not known.
    pub(crate) name: String,
    pub(crate) pages: Bilingual<Option<PageFacts>>,
    pub(crate) entries: Vec<Entry>,
    /// The page, where it has no error table.
    pub(crate) no_table: Option<PageWithoutTable>,
}

impl State {
    /// Whether it is of no source at all, as where git has no earlier version of a file.
    pub(crate) fn is_nothing(&self) -> bool {
        self.name.is_empty() && self.entries.is_empty()
    }
}

impl From<Snapshot> for State {
    fn from(snapshot: Snapshot) -> Self {
        Self { name: snapshot.source.to_string(), pages: snapshot.pages, entries: snapshot.entries, no_table: None }
    }
}

impl From<PublishedSource> for State {
    fn from(published: PublishedSource) -> Self {
        Self { name: published.source.to_string(), pages: published.pages, entries: published.entries, no_table: None }
    }
}

/// One side of a diff.
pub(crate) enum Input {
    /// One page, snapshot or file of a dataset.
    One(Box<State>),
    /// A dataset.
    Sources(Vec<State>),
}

fn one(state: impl Into<State>) -> Input {
    Input::One(Box::new(state.into()))
}

impl Input {
    /// What is there before a file is made and after it is removed.
    pub(crate) fn nothing() -> Self {
        Input::One(Box::default())
    }

    /// Returns its page, where that has no error table.
    pub(crate) fn no_table(&self) -> Option<&PageWithoutTable> {
        match self {
            Input::One(state) => state.no_table.as_ref(),
            Input::Sources(_) => None,
        }
    }

    /// Whether it tells whose entries it has.
    pub(crate) fn is_named(&self) -> bool {
        match self {
            Input::One(state) => !state.name.is_empty(),
            Input::Sources(_) => true,
        }
    }

    /// All entries, whatever their source.
    pub(crate) fn all(self) -> State {
        match self {
            Input::One(state) => *state,
            Input::Sources(sources) => {
                State { entries: sources.into_iter().flat_map(|state| state.entries).collect(), ..State::default() }
            }
        }
    }
}

/// The side that `name` names; a page is read by `rules`.
pub(crate) fn load(name: &str, rules: &ReadRules) -> Result<Input, Error> {
    let path = Path::new(name);
    let read = || -> anyhow::Result<Input> {
        if path.is_dir() {
            return Ok(sources(docdrift_store::read_dataset(path)?));
        }
        match name.split_once(':') {
            Some((revision, inside)) if !path.exists() && !is_url(name) => load_from_git(revision, inside),
            _ => load_file(path, rules),
        }
    };
    read().map_err(Error::usage)
}

fn sources(dataset: Vec<PublishedSource>) -> Input {
    Input::Sources(dataset.into_iter().map(State::from).collect())
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension == ending)
}

fn load_file(path: &Path, rules: &ReadRules) -> anyhow::Result<Input> {
    if has_ending(path, "jsonl") {
        return load_snapshot(path);
    }
    if has_ending(path, "json") {
        return load_dataset_file(path);
    }
    Ok(one(read_state(&docdrift_archive::read_page(path)?, rules)))
}

/// The snapshot in a file.
pub(crate) fn load_snapshot(path: &Path) -> anyhow::Result<Input> {
    Ok(one(docdrift_store::read_snapshot(path)?))
}

/// The source in a file of a dataset.
pub(crate) fn load_dataset_file(path: &Path) -> anyhow::Result<Input> {
    let file = docdrift_archive::read_page(path)?;
    let text = String::from_utf8(file.body).with_context(|| format!("{} is not UTF-8", path.display()))?;
    Ok(one(docdrift_store::parse_dataset_file(&file.url, &text)?))
}

/// The entries of one page, as if its language were the source's only one.
fn read_state(page: &Page, rules: &ReadRules) -> State {
    let reading = docdrift_parse::read(page, rules);
    if let Some(warning) = find_no_table(&reading) {
        return State { no_table: Some(PageWithoutTable { page: page.url.clone(), warning }), ..State::default() };
    }
    let lang = reading.lang.unwrap_or(Lang::En);
    let facts = PageFacts {
        url: page.url.clone(),
        digest: page.digest(),
        format: reading.format,
        lang: reading.lang,
        updated_on: reading.updated_on,
        ends_in_table: reading.ends_in_table,
        bytes: u64::try_from(page.body.len()).ok(),
    };
    let mut state = State::default();
    *state.pages.get_mut(lang) = Some(facts);
    state.entries = match lang {
        Lang::Zh => align_entries(&reading.tables, &[]),
        Lang::En => align_entries(&[], &reading.tables),
    };
    state
}

/// A snapshot file or a dataset's folder as a git revision has it.
fn load_from_git(revision: &str, inside: &str) -> anyhow::Result<Input> {
    if revision.is_empty() || revision.starts_with('-') {
        bail!("`{revision}:{inside}` is neither a file nor REV:PATH");
    }
    let object = format!("{revision}:{inside}");
    if has_ending(Path::new(inside), "jsonl") {
        return Ok(one(docdrift_store::parse_snapshot(&object, &run_git(&["show", &object])?)?));
    }
    if has_ending(Path::new(inside), "json") {
        return Ok(one(docdrift_store::parse_dataset_file(&object, &run_git(&["show", &object])?)?));
    }
    let listing = run_git(&["ls-tree", "-r", "-z", "--name-only", &object])?;
    let is_source = |name: &&str| has_ending(Path::new(name), "json") && name.matches('/').count() == 1;
    let read = |name: &str| {
        let object = format!("{}/{name}", object.trim_end_matches('/'));
        anyhow::Ok(docdrift_store::parse_dataset_file(&object, &run_git(&["show", &object])?)?)
    };
    let dataset = listing.split('\0').filter(is_source).map(read).collect::<anyhow::Result<Vec<_>>>()?;
    if dataset.is_empty() {
        bail!("{object}: no <vendor>/<service>.json in it; name a dataset's folder, as HEAD:output");
    }
    Ok(sources(dataset))
}

fn run_git(args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").args(args).output().context("could not run git")?;
    if !output.status.success() {
        bail!("git {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("git {}: the answer is not UTF-8", args.join(" ")))
}
