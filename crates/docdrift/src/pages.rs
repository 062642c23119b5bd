//! Where a run's pages come from: saved copies, the archive, or the network.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use docdrift_fetch::{Failure, Request, Settings};
use docdrift_model::{Bilingual, Lang, Page, Source};
use docdrift_report::escape;
use docdrift_store::{Config, Store};

use crate::progress::Progress;

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

/// The pages of one source, or why one of them could not be had.
pub(crate) type Pages = Result<Bilingual<Option<Page>>, String>;

/// The pages of each source that this run is about: without the network, those that have any page.
pub(crate) fn gather<'a>(
    origin: &Origin,
    store: &Store,
    config: &Config,
    sources: &[&'a Source],
) -> Vec<(&'a Source, Pages)> {
    match &origin.pages {
        Some(dir) => kept(sources, |source, lang| docdrift_store::saved_page(dir, &source.id, lang)),
        None if origin.offline => kept(sources, |source, lang| store.archived(&source.id, lang)),
        None => fetched(config, sources),
    }
}

fn kept<'a>(
    sources: &[&'a Source],
    read: impl Fn(&Source, Lang) -> anyhow::Result<Option<Page>>,
) -> Vec<(&'a Source, Pages)> {
    let of = |source: &&'a Source| {
        let pages = read(source, Lang::Zh).and_then(|zh| Ok(Bilingual { zh, en: read(source, Lang::En)? }));
        match pages {
            Ok(Bilingual { zh: None, en: None }) => None,
            Ok(pages) => Some((*source, Ok(pages))),
            Err(error) => Some((*source, Err(format!("{error:#}")))),
        }
    };
    sources.iter().filter_map(of).collect()
}

/// Fetches every page; a source has either all its pages or the reason why not.
fn fetched<'a>(config: &Config, sources: &[&'a Source]) -> Vec<(&'a Source, Pages)> {
    let mut requests = Vec::new();
    for source in sources {
        let urls = [&source.pages.zh, &source.pages.en].into_iter().flatten();
        requests.extend(urls.map(|url| Request { url: url.clone(), local: source.local }));
    }
    let progress = Progress::new(requests.len());
    let answers = docdrift_fetch::fetch(&requests, &settings(config), |_, answer| match answer {
        Ok(page) => progress.page(&escape::terminal(&format!("{}: {} bytes", page.url, page.body.len()))),
        Err(failure) => progress.page(&escape::terminal(&failure.to_string())),
    });
    progress.end();
    let mut answers = answers.into_iter();
    sources.iter().map(|source| (*source, of_source(source, &mut answers))).collect()
}

fn settings(config: &Config) -> Settings {
    let defaults = Settings::default();
    let user_agent = match &config.fetch.contact {
        Some(contact) => format!("docdrift/{} (+{contact})", env!("CARGO_PKG_VERSION")),
        None => defaults.user_agent.clone(),
    };
    Settings { user_agent, interval: Duration::from_millis(config.fetch.interval_ms), ..defaults }
}

/// Takes the answers to a source's requests, in the order the requests were made.
fn of_source(source: &Source, answers: &mut impl Iterator<Item = Result<Page, Failure>>) -> Pages {
    let mut pages = Bilingual::default();
    let mut reasons = Vec::new();
    for lang in Lang::ALL {
        match source.pages.get(lang).as_ref().and_then(|_| answers.next()) {
            Some(Ok(page)) => *pages.get_mut(lang) = Some(page),
            Some(Err(failure)) => reasons.push(failure.to_string()),
            None => {}
        }
    }
    if reasons.is_empty() { Ok(pages) } else { Err(reasons.join("; ")) }
}
