//! What a command line names: a page, a snapshot, a dataset, on disk, on the web or in git.

use std::{path::Path, process::Command};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use docdrift_align::entries;
use docdrift_fetch::{Request, Settings};
use docdrift_model::{Entry, Lang, Page};

use crate::exit::{Ended, wrong};

/// Options of commands that take pages.
#[derive(Args)]
pub(crate) struct PageArgs {
    /// Let URLs be plain http and lie on this machine or network
    #[arg(long)]
    local: bool,
}

/// The page that `name` names: a URL or a file.
pub(crate) fn page(name: &str, args: &PageArgs) -> Result<Page, Ended> {
    if !is_url(name) {
        return docdrift_store::read_page(Path::new(name)).map_err(wrong);
    }
    let request = Request { url: name.to_owned(), local: args.local };
    let mut answers = docdrift_fetch::fetch(&[request], &Settings::default(), |_, _| {});
    let answer = answers.pop().context("no answer")?;
    Ok(answer.map_err(|failure| anyhow!("{failure}"))?)
}

fn is_url(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://")
}

/// One side of a diff.
pub(crate) enum Side {
    /// The entries of one page or snapshot.
    One(Vec<Entry>),
    /// The entries of a dataset by source.
    Sources(Vec<(String, Vec<Entry>)>),
}

impl Side {
    /// All entries, whatever their source.
    pub(crate) fn all(self) -> Vec<Entry> {
        match self {
            Side::One(entries) => entries,
            Side::Sources(sources) => sources.into_iter().flat_map(|(_, entries)| entries).collect(),
        }
    }
}

/// The side that `name` names.
pub(crate) fn side(name: &str) -> Result<Side, Ended> {
    let path = Path::new(name);
    let read = || -> anyhow::Result<Side> {
        if path.is_dir() {
            return Ok(sources(docdrift_store::read_dataset(path)?));
        }
        match name.split_once(':') {
            Some((revision, inside)) if !path.exists() && !is_url(name) => in_git(revision, inside),
            _ => file(path),
        }
    };
    read().map_err(wrong)
}

fn sources(dataset: Vec<(docdrift_model::SourceId, Vec<Entry>)>) -> Side {
    Side::Sources(dataset.into_iter().map(|(id, entries)| (id.to_string(), entries)).collect())
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension == ending)
}

fn file(path: &Path) -> anyhow::Result<Side> {
    if has_ending(path, "jsonl") {
        return Ok(Side::One(docdrift_store::read_snapshot(path)?.entries));
    }
    let page = docdrift_store::read_page(path)?;
    if has_ending(path, "json") {
        let text = String::from_utf8(page.body).with_context(|| format!("{} is not UTF-8", path.display()))?;
        return Ok(sources(vec![docdrift_store::parse_dataset_file(&page.url, &text)?]));
    }
    Ok(Side::One(of_page(&page)?))
}

/// The entries of one page, as if its language were the source's only one.
fn of_page(page: &Page) -> anyhow::Result<Vec<Entry>> {
    let reading = docdrift_parse::read(page);
    if reading.tables.is_empty() {
        let seen = reading.warnings.first().map_or("no error table", |warning| warning.detail.as_str());
        bail!("{}: {seen}", page.url);
    }
    Ok(match reading.lang {
        Some(Lang::Zh) => entries(&reading.tables, &[]),
        _ => entries(&[], &reading.tables),
    })
}

/// A snapshot file or a dataset's folder as a git revision has it.
fn in_git(revision: &str, inside: &str) -> anyhow::Result<Side> {
    if revision.is_empty() || revision.starts_with('-') {
        bail!("`{revision}:{inside}` is neither a file nor REV:PATH");
    }
    let object = format!("{revision}:{inside}");
    if has_ending(Path::new(inside), "jsonl") {
        return Ok(Side::One(docdrift_store::parse_snapshot(&object, &git(&["show", &object])?)?.entries));
    }
    if has_ending(Path::new(inside), "json") {
        return Ok(sources(vec![docdrift_store::parse_dataset_file(&object, &git(&["show", &object])?)?]));
    }
    let listing = git(&["ls-tree", "-r", "-z", "--name-only", &object])?;
    let is_source = |name: &&str| has_ending(Path::new(name), "json") && name.matches('/').count() == 1;
    let read = |name: &str| {
        let object = format!("{}/{name}", object.trim_end_matches('/'));
        docdrift_store::parse_dataset_file(&object, &git(&["show", &object])?)
    };
    let dataset = listing.split('\0').filter(is_source).map(read).collect::<anyhow::Result<Vec<_>>>()?;
    if dataset.is_empty() {
        bail!("{object}: no <vendor>/<service>.json in it; name a dataset's folder, as HEAD:output");
    }
    Ok(sources(dataset))
}

fn git(args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").args(args).output().context("could not run git")?;
    if !output.status.success() {
        bail!("git {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("git {}: the answer is not UTF-8", args.join(" ")))
}
