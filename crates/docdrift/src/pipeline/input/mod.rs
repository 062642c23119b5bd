//! The pages of a run: saved copies, the archive, or the network.

mod failure;
mod network;

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use docdrift_archive::{Archive, Visit};
use docdrift_fetch::{Answer, Failure, HostSummary};
use docdrift_model::{
    Bilingual, Lang, Page, Reason, Snapshot, Source, Warning, WarningKind, config::Config, reason::PageProblem,
};

use super::{Error, storage::Storage};

/// Where the pages of a run come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The vendors' servers.
    Network,
    /// The archive: the pages of the last fetch.
    Archive,
    /// Saved pages in a folder, `<vendor>/<service>/<zh|en>.<any extension>`. Sources without any stay as they are.
    Saved(PathBuf),
}

/// Follows the fetching of pages while it goes on.
pub trait Progress: Sync {
    /// Is called once, before the first page, with the number of pages.
    fn start(&self, page_count: usize);
    /// Is called after each page with its result in a line. The line may hold text from a server.
    fn page_done(&self, line: &str);
    /// Is called after the last page.
    fn finish(&self);
}

/// Shows no progress.
pub(crate) struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _page_count: usize) {}
    fn page_done(&self, _line: &str) {}
    fn finish(&self) {}
}

/// What was requested from the network in a run.
#[derive(Debug, Default)]
pub struct NetworkSummary {
    /// The requests to each host.
    pub hosts: Vec<HostSummary>,
    /// Whether the run was interrupted, so that some sources were not fetched.
    pub is_interrupted: bool,
}

/// A page of this run.
pub(crate) enum FetchedPage {
    /// It was received or read now.
    Fresh(Page),
    /// The server said that it is the page archived at that visit.
    NotModified(Visit),
}

impl FetchedPage {
    /// Returns `sha256:…` of the body and the content type: all that reading depends on.
    pub(crate) fn identity(&self) -> (String, Option<&str>) {
        match self {
            FetchedPage::Fresh(page) => (page.digest(), page.header("content-type")),
            FetchedPage::NotModified(visit) => (visit.digest.clone(), visit.content_type.as_deref()),
        }
    }
}

/// The pages of one source.
#[derive(Default)]
pub(crate) struct FetchedPages {
    pub(crate) pages: Bilingual<Option<FetchedPage>>,
    /// The reasons why other pages are missing.
    pub(crate) errors: Vec<Reason>,
    /// What a maintainer should know about how a page was served.
    pub(crate) warnings: Vec<(Lang, Warning)>,
}

impl FetchedPages {
    fn add(&mut self, lang: Lang, page: Result<Option<FetchedPage>, PageProblem>) {
        match page {
            Ok(page) => *self.pages.get_mut(lang) = page,
            Err(problem) => self.errors.push(Reason::page(lang, problem)),
        }
    }

    /// Adds the answer of a server. `last_visit` reads the visit that an unmodified page refers to.
    fn add_answer(
        &mut self,
        lang: Lang,
        answer: Result<Answer, Failure>,
        last_visit: impl FnOnce() -> anyhow::Result<Option<Visit>>,
    ) {
        let moved_to = match answer {
            Ok(Answer::Fresh { page, moved_to }) => {
                self.add(lang, Ok(Some(FetchedPage::Fresh(page))));
                moved_to
            }
            Ok(Answer::NotModified { moved_to }) => {
                let visit = last_visit().map_err(|error| unreadable(&error));
                let visit = visit.and_then(|visit| visit.ok_or(PageProblem::NotArchived));
                self.add(lang, visit.map(|visit| Some(FetchedPage::NotModified(visit))));
                moved_to
            }
            Err(failure) => {
                self.add(lang, Err(PageProblem::NotFetched(failure::convert(failure))));
                None
            }
        };
        self.warnings.extend(moved_to.map(|url| (lang, moved_warning(&url))));
    }

    fn is_empty(&self) -> bool {
        self.pages.zh.is_none() && self.pages.en.is_none() && self.errors.is_empty()
    }

    /// Loads the pages; those that are not modified come from the archive. An error lists every page that is missing.
    pub(crate) fn load(&self, archive: &Archive) -> Result<Bilingual<Option<Page>>, Vec<Reason>> {
        let (mut pages, mut errors) = (Bilingual::default(), self.errors.clone());
        for (lang, page) in self.pages.iter() {
            let page = match page {
                Some(FetchedPage::Fresh(page)) => Ok(Some(page.clone())),
                Some(FetchedPage::NotModified(visit)) => archive.page_at(visit).map(Some),
                None => Ok(None),
            };
            match page {
                Ok(page) => *pages.get_mut(lang) = page,
                Err(error) => errors.push(Reason::page(lang, unreadable(&error.into()))),
            }
        }
        if errors.is_empty() { Ok(pages) } else { Err(errors) }
    }
}

fn unreadable(error: &anyhow::Error) -> PageProblem {
    PageProblem::Unreadable(format!("{error:#}"))
}

fn moved_warning(url: &str) -> Warning {
    let detail = format!("the server redirects permanently to {url}: put that address into sources.toml");
    Warning::page(WarningKind::Moved, detail)
}

/// The pages that a run works on.
pub(crate) struct Gathered<'a> {
    /// Each source that has any page, in the order of sources.toml.
    pub(crate) sources: Vec<(&'a Source, FetchedPages)>,
    pub(crate) network: NetworkSummary,
}

/// Gathers the pages of each source. Sources without any page are left out, except where pages come from the network.
/// A run without any page is an error.
pub(crate) fn gather<'a>(
    origin: &Origin,
    storage: &Storage,
    config: &Config,
    sources: &[&'a Source],
    progress: &dyn Progress,
) -> Result<Gathered<'a>, Error> {
    let gathered = match origin {
        Origin::Saved(dir) => {
            read_local(sources, |source, lang| Ok(docdrift_archive::saved_page(dir, &source.id, lang)?))
        }
        Origin::Archive => read_local(sources, |source, lang| Ok(storage.archive.latest_page(&source.id, lang)?)),
        Origin::Network => fetch(storage, config, sources, progress)?,
    };
    if gathered.sources.is_empty() { Err(nothing_gathered(origin)) } else { Ok(gathered) }
}

fn nothing_gathered(origin: &Origin) -> Error {
    match origin {
        Origin::Saved(dir) => Error::usage(anyhow!(
            "--pages {}: it holds no page of any source, as <vendor>/<service>/zh.html",
            dir.display()
        )),
        Origin::Archive | Origin::Network => {
            anyhow!("the archive holds no page of these sources; run `refresh` without --offline first").into()
        }
    }
}

fn read_local<'a>(
    sources: &[&'a Source],
    read: impl Fn(&Source, Lang) -> anyhow::Result<Option<Page>>,
) -> Gathered<'a> {
    let read_source = |source: &&'a Source| {
        let mut pages = FetchedPages::default();
        // A page that sources.toml does not name does not belong to the source.
        for (lang, _) in source.pages.iter().filter(|(_, url)| url.is_some()) {
            let page = read(source, lang).map_err(|error| unreadable(&error));
            pages.add(lang, page.map(|page| page.map(FetchedPage::Fresh)));
        }
        (!pages.is_empty()).then_some((*source, pages))
    };
    Gathered { sources: sources.iter().filter_map(read_source).collect(), network: NetworkSummary::default() }
}

/// Fetches every page. A page that is archived is requested with its validators, so that only a changed one is sent.
fn fetch<'a>(
    storage: &Storage,
    config: &Config,
    sources: &[&'a Source],
    progress: &dyn Progress,
) -> Result<Gathered<'a>, Error> {
    let settings = network::fetch_settings(&config.fetch)?;
    // Without a readable list of failing sources, every page is requested in full.
    let failing = storage.store.state().failures().ok();
    let mut requests = Vec::new();
    for source in sources {
        let is_failing = failing.as_ref().is_none_or(|failing| failing.contains_key(&source.id));
        let urls = source.pages.iter().filter_map(|(lang, url)| Some((lang, url.as_ref()?)));
        requests
            .extend(urls.map(|(lang, url)| network::build_request(&storage.archive, source, lang, url, is_failing)));
    }
    progress.start(requests.len());
    let fetched = docdrift_fetch::fetch(&requests, &settings, |index, answer| {
        let url = requests.get(index).map_or("", |request| &request.url);
        progress.page_done(&match answer {
            Ok(Answer::Fresh { page, .. }) => format!("{url}: {} bytes", page.body.len()),
            Ok(Answer::NotModified { .. }) => format!("{url}: not modified"),
            Err(failure) => failure.to_string(),
        });
    });
    progress.finish();
    let mut answers = fetched.answers.into_iter();
    let sources = sources.iter().map(|source| (*source, collect_answers(&storage.archive, source, &mut answers)));
    Ok(Gathered {
        sources: sources.collect(),
        network: NetworkSummary { hosts: fetched.hosts, is_interrupted: fetched.interrupted },
    })
}

/// Collects the answers to a source's requests, in the order of the requests.
fn collect_answers(
    archive: &Archive,
    source: &Source,
    answers: &mut impl Iterator<Item = Result<Answer, Failure>>,
) -> FetchedPages {
    let mut pages = FetchedPages::default();
    for (lang, _) in source.pages.iter().filter(|(_, url)| url.is_some()) {
        if let Some(answer) = answers.next() {
            pages.add_answer(lang, answer, || Ok(archive.last_visit(&source.id, lang)?));
        }
    }
    pages
}

/// Returns the pages that a snapshot was read from: those at hand, where they are the same, or archived ones. Returns
/// `None` where any is missing, and an error where an archived one is damaged.
pub(crate) fn load_snapshot_pages(
    archive: &Archive,
    snapshot: &Snapshot,
    at_hand: &Bilingual<Option<Page>>,
) -> anyhow::Result<Option<Bilingual<Option<Page>>>> {
    let mut pages = Bilingual::default();
    for (lang, facts) in snapshot.pages.iter() {
        let Some(facts) = facts else { continue };
        let page = match at_hand.get(lang).clone().filter(|page| page.digest() == facts.digest) {
            Some(page) => page,
            None => match archive.page_version(&snapshot.source, lang, &facts.digest)? {
                Some(page) => page,
                None => return Ok(None),
            },
        };
        *pages.get_mut(lang) = Some(page);
    }
    Ok(Some(pages))
}

/// Returns the folder of saved pages, where the pages come from one.
pub(crate) fn saved_folder(origin: &Origin) -> Option<&Path> {
    match origin {
        Origin::Saved(dir) => Some(dir),
        Origin::Network | Origin::Archive => None,
    }
}
