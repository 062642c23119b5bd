//! Where a run's pages come from: saved copies, the archive, or the network.

use std::{path::PathBuf, time::Duration};

use anyhow::anyhow;
use clap::Args;
use docdrift_fetch::{Failure, Request, Settings};
use docdrift_model::{Bilingual, Lang, Page, Source};
use docdrift_report::escape;
use docdrift_store::{Config, Store};

use crate::{
    exit::{Ended, wrong},
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

/// The pages of one source, and why others could not be had.
#[derive(Default)]
pub(crate) struct Pages {
    pub(crate) had: Bilingual<Option<Page>>,
    pub(crate) missed: Vec<String>,
}

impl Pages {
    fn put(&mut self, lang: Lang, answer: Result<Option<Page>, String>) {
        match answer {
            Ok(page) => *self.had.get_mut(lang) = page,
            Err(reason) => self.missed.push(format!("{lang} page: {reason}")),
        }
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
        None => fetched(config, sources),
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

/// Fetches every page.
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
    let mut pages = Pages::default();
    for (lang, _) in source.pages.iter().filter(|(_, url)| url.is_some()) {
        if let Some(answer) = answers.next() {
            pages.put(lang, answer.map(Some).map_err(|failure| failure.to_string()));
        }
    }
    pages
}
