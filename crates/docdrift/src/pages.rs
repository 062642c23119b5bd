//! Where a run's pages come from: saved copies, the archive, or the network.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::Args;
use docdrift_fetch::{Answer, Failure};
use docdrift_model::{Bilingual, Lang, Page, Source, Warning, WarningKind};
use docdrift_report::escape;
use docdrift_store::{Config, Store};

use crate::{
    exit::{Ended, wrong},
    network, output,
    progress::Progress,
};

/// Where the pages are taken from; the network where nothing else is said.
#[derive(Args)]
pub(crate) struct Origin {
    /// Read saved pages, DIR/<vendor>/<service>/<zh|en>.<any extension>, in place of the network; sources without any
    /// stay as they are
    #[arg(long, value_name = "DIR", conflicts_with = "offline")]
    pub(crate) pages: Option<PathBuf>,
    /// Read the archived pages of the last fetch in place of the network
    #[arg(long)]
    pub(crate) offline: bool,
}

impl Origin {
    /// Whether the pages come from their servers.
    pub(crate) fn is_network(&self) -> bool {
        self.pages.is_none() && !self.offline
    }
}

/// The pages of one source, and why others could not be had.
#[derive(Default)]
pub(crate) struct Pages {
    pub(crate) had: Bilingual<Option<Page>>,
    pub(crate) missed: Vec<String>,
    /// Whether the server said that the archived page is what it has.
    pub(crate) unchanged: Bilingual<bool>,
    /// What a maintainer should know of how a page came.
    pub(crate) notes: Vec<(Lang, Warning)>,
}

impl Pages {
    fn put(&mut self, lang: Lang, answer: Result<Option<Page>, String>) {
        match answer {
            Ok(page) => *self.had.get_mut(lang) = page,
            Err(reason) => self.missed.push(format!("{lang} page: {reason}")),
        }
    }

    /// Takes what a server answered; `archived` gives the page that it may say is unchanged.
    fn take(
        &mut self,
        lang: Lang,
        answer: Result<Answer, Failure>,
        archived: impl FnOnce() -> anyhow::Result<Option<Page>>,
    ) {
        let moved_to = match answer {
            Ok(Answer::Fresh { page, moved_to }) => {
                self.put(lang, Ok(Some(page)));
                moved_to
            }
            Ok(Answer::NotModified { moved_to }) => {
                let page = archived().and_then(|page| page.context("it is unchanged, but not in the archive"));
                *self.unchanged.get_mut(lang) = page.is_ok();
                self.put(lang, page.map(Some).map_err(|error| format!("{error:#}")));
                moved_to
            }
            Err(failure) => {
                self.put(lang, Err(format!("{}: {failure}", failure.kind)));
                None
            }
        };
        self.notes.extend(moved_to.map(|url| {
            let detail =
                format!("the server says that it has another address for good, {url}: put that into sources.toml");
            (lang, Warning::page(WarningKind::Moved, detail))
        }));
    }

    fn is_empty(&self) -> bool {
        self.had.zh.is_none() && self.had.en.is_none() && self.missed.is_empty()
    }
}

/// The pages of each source that this run is about: without the network, those that have any page. Having read nothing
/// is no success, so that is an error.
pub(crate) fn gather<'a>(
    origin: &Origin,
    store: &Store,
    config: &Config,
    sources: &[&'a Source],
) -> Result<Vec<(&'a Source, Pages)>, Ended> {
    let found = match &origin.pages {
        Some(dir) => kept(sources, |source, lang| docdrift_store::saved_page(dir, &source.id, lang)),
        None if origin.offline => kept(sources, |source, lang| store.archived(&source.id, lang)),
        None => fetched(store, config, sources)?,
    };
    match &origin.pages {
        _ if !found.is_empty() => Ok(found),
        Some(dir) => Err(wrong(anyhow!(
            "--pages {}: it holds no page of any source, as <vendor>/<service>/zh.html",
            dir.display()
        ))),
        None => {
            Err(anyhow!("the archive holds no page of these sources; run `refresh` without --offline first").into())
        }
    }
}

fn kept<'a>(
    sources: &[&'a Source],
    read: impl Fn(&Source, Lang) -> anyhow::Result<Option<Page>>,
) -> Vec<(&'a Source, Pages)> {
    let of = |source: &&'a Source| {
        let mut pages = Pages::default();
        // A page that sources.toml does not name is not the source's.
        for (lang, _) in source.pages.iter().filter(|(_, url)| url.is_some()) {
            pages.put(lang, read(source, lang).map_err(|error| format!("{error:#}")));
        }
        (!pages.is_empty()).then_some((*source, pages))
    };
    sources.iter().filter_map(of).collect()
}

/// Fetches every page; of those that are archived, only what changed.
fn fetched<'a>(store: &Store, config: &Config, sources: &[&'a Source]) -> Result<Vec<(&'a Source, Pages)>, Ended> {
    let settings = network::settings(&config.fetch)?;
    // A file that cannot be read tells nothing of any source: then all of them are asked for the whole page.
    let failing = store.failing().ok();
    let mut requests = Vec::new();
    for source in sources {
        let is_failing = failing.as_ref().is_none_or(|failing| failing.contains_key(&source.id));
        let urls = source.pages.iter().filter_map(|(lang, url)| Some((lang, url.as_ref()?)));
        requests.extend(urls.map(|(lang, url)| network::request(store, source, lang, url, is_failing)));
    }
    let progress = Progress::new(requests.len());
    let fetched = docdrift_fetch::fetch(&requests, &settings, |index, answer| {
        let url = requests.get(index).map_or("", |request| &request.url);
        progress.page(&escape::terminal(&match answer {
            Ok(Answer::Fresh { page, .. }) => format!("{url}: {} bytes", page.body.len()),
            Ok(Answer::NotModified { .. }) => format!("{url}: not modified"),
            Err(failure) => failure.to_string(),
        }));
    });
    progress.end();
    fetched.hosts.iter().for_each(|host| output::note(&escape::terminal(&network::summary(host))));
    if fetched.interrupted {
        output::note("interrupted: what was fetched is kept, the other sources stay as they are");
    }
    let mut answers = fetched.answers.into_iter();
    Ok(sources.iter().map(|source| (*source, of_source(store, source, &mut answers))).collect())
}

/// Takes the answers to a source's requests, in the order the requests were made.
fn of_source(store: &Store, source: &Source, answers: &mut impl Iterator<Item = Result<Answer, Failure>>) -> Pages {
    let mut pages = Pages::default();
    for (lang, _) in source.pages.iter().filter(|(_, url)| url.is_some()) {
        if let Some(answer) = answers.next() {
            pages.take(lang, answer, || store.archived(&source.id, lang));
        }
    }
    pages
}
