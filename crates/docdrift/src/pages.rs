//! Where a run's pages come from: saved copies, the archive, or the network.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::Args;
use docdrift_fetch::{Answer, Failure};
use docdrift_model::{Bilingual, Config, Lang, Page, Snapshot, Source, Warning, WarningKind};
use docdrift_report::escape;
use docdrift_store::{Store, Visit};

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

/// A page that a run has.
pub(crate) enum Had {
    /// It was received or read now.
    Page(Page),
    /// The server said that it is the one archived at that visit.
    Unchanged(Visit),
}

impl Had {
    /// `sha256:…` of the body, and its content type: all of a page that reading depends on.
    pub(crate) fn identity(&self) -> (String, Option<&str>) {
        match self {
            Had::Page(page) => (page.digest(), page.header("content-type")),
            Had::Unchanged(visit) => (visit.digest.clone(), visit.content_type.as_deref()),
        }
    }
}

/// The pages of one source, and why others could not be had.
#[derive(Default)]
pub(crate) struct Pages {
    pub(crate) had: Bilingual<Option<Had>>,
    pub(crate) missed: Vec<String>,
    /// What a maintainer should know of how a page came.
    pub(crate) notes: Vec<(Lang, Warning)>,
}

impl Pages {
    fn put(&mut self, lang: Lang, answer: Result<Option<Had>, String>) {
        match answer {
            Ok(page) => *self.had.get_mut(lang) = page,
            Err(reason) => self.missed.push(format!("{lang} page: {reason}")),
        }
    }

    /// Takes what a server answered; `last_visit` tells the visit of the page that it may say is unchanged.
    fn take(
        &mut self,
        lang: Lang,
        answer: Result<Answer, Failure>,
        last_visit: impl FnOnce() -> anyhow::Result<Option<Visit>>,
    ) {
        let moved_to = match answer {
            Ok(Answer::Fresh { page, moved_to }) => {
                self.put(lang, Ok(Some(Had::Page(page))));
                moved_to
            }
            Ok(Answer::NotModified { moved_to }) => {
                let visit = last_visit().and_then(|visit| visit.context("it is unchanged, but not in the archive"));
                self.put(lang, visit.map(|visit| Some(Had::Unchanged(visit))).map_err(|error| format!("{error:#}")));
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

    /// The pages themselves; those that are unchanged are read from the archive. An error, a sentence each, where one
    /// could not be had.
    pub(crate) fn load(&self, store: &Store) -> Result<Bilingual<Option<Page>>, Vec<String>> {
        let (mut pages, mut missed) = (Bilingual::default(), self.missed.clone());
        for (lang, had) in self.had.iter() {
            let page = match had {
                Some(Had::Page(page)) => Ok(Some(page.clone())),
                Some(Had::Unchanged(visit)) => store.archived_at(visit).map(Some),
                None => Ok(None),
            };
            match page {
                Ok(page) => *pages.get_mut(lang) = page,
                Err(error) => missed.push(format!("{lang} page: {error:#}")),
            }
        }
        if missed.is_empty() { Ok(pages) } else { Err(missed) }
    }
}

/// The pages that a snapshot was read from: those at hand, where they are the same, or archived ones. `None` where any is
/// neither; an error where an archived one is damaged.
pub(crate) fn of_snapshot(
    store: &Store,
    snapshot: &Snapshot,
    at_hand: &Bilingual<Option<Page>>,
) -> anyhow::Result<Option<Bilingual<Option<Page>>>> {
    let mut pages = Bilingual::default();
    for (lang, facts) in snapshot.pages.iter() {
        let Some(facts) = facts else { continue };
        let page = match at_hand.get(lang).clone().filter(|page| page.digest() == facts.digest) {
            Some(page) => page,
            None => match store.archived_version(&snapshot.source, lang, &facts.digest)? {
                Some(page) => page,
                None => return Ok(None),
            },
        };
        *pages.get_mut(lang) = Some(page);
    }
    Ok(Some(pages))
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
            pages.put(lang, read(source, lang).map(|page| page.map(Had::Page)).map_err(|error| format!("{error:#}")));
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
            pages.take(lang, answer, || store.last_visit(&source.id, lang));
        }
    }
    pages
}
