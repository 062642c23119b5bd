//! Damaged pages are held back or told for what they are; legitimate changes are let through. All through the whole
//! path of a page, from its bytes to the judgement.

mod damaged;
mod damages;
mod legitimate;
mod pages;
mod real_pages;

use std::collections::BTreeSet;

use docdrift_model::{
    Bilingual, Drift, Field, Lang, Outcome, Page, Publish, ReadRules, Reading, Snapshot, Source, Thresholds,
};

use crate::judge::{self, Judged, Standing};
use pages::Site;

/// The bodies of a source's pages.
type Bodies = Bilingual<Option<Vec<u8>>>;

fn bodies(site: &Site) -> Bodies {
    Bilingual {
        zh: site.docs.zh.as_ref().map(|doc| doc.written().into_bytes()),
        en: site.docs.en.as_ref().map(|doc| doc.written().into_bytes()),
    }
}

fn source() -> Source {
    let url = |lang: Lang| Some(format!("https://docs.test/{lang}/lamps.html"));
    Source {
        id: "acme/lamps".parse().unwrap(),
        names: Bilingual { zh: "灯具".into(), en: "Lamps".into() },
        pages: Bilingual { zh: url(Lang::Zh), en: url(Lang::En) },
        licence: "© Acme".into(),
        local: false,
        fetching: docdrift_model::Fetching::default(),
        read: docdrift_model::ReadHints::default(),
        ignore: Vec::new(),
        severities: docdrift_model::Severities::default(),
        guard: Thresholds::default(),
    }
}

/// What is kept of a good site, once with all texts and once with their digests only.
struct Good {
    source: Source,
    last: Vec<(Publish, Snapshot)>,
}

impl Good {
    fn of(good: &Bodies) -> Self {
        let source = source();
        let (pages, readings) = read(&source, good);
        let first = |publish: Publish| {
            let mut judged = judged(&source, &pages, &readings, &publish, None);
            assert!(matches!(judged.outcome, Outcome::First(_)), "the good page is not good: {:?}", judged.outcome);
            (publish, judged.snapshots.pop().unwrap())
        };
        let last = [Publish::all(), Publish::only([Field::Group])].map(first).into();
        Self { source, last }
    }

    /// What becomes of pages that come after the good ones: as all texts are published, and as none is.
    fn judged(&self, now: &Bodies) -> impl Iterator<Item = (&'static str, Judged)> {
        let (pages, readings) = read(&self.source, now);
        let judged = move |(publish, last): &(Publish, Snapshot)| {
            let how = if publish.carries(Field::Message) { "" } else { ", texts not published" };
            (how, judged(&self.source, &pages, &readings, publish, Some(last)))
        };
        self.last.iter().map(judged)
    }
}

fn read(source: &Source, bodies: &Bodies) -> (Bilingual<Option<Page>>, Bilingual<Option<Reading>>) {
    let page = |lang: Lang| {
        Some(Page {
            url: source.pages.get(lang).clone()?,
            fetched_at: "2025-01-01T00:00:00Z".into(),
            status: Some(200),
            headers: Vec::new(),
            body: bodies.get(lang).clone()?,
        })
    };
    let pages = Bilingual { zh: page(Lang::Zh), en: page(Lang::En) };
    let readings = judge::read(&pages, &ReadRules::default());
    (pages, readings)
}

fn judged(
    source: &Source,
    pages: &Bilingual<Option<Page>>,
    readings: &Bilingual<Option<Reading>>,
    publish: &Publish,
    last: Option<&Snapshot>,
) -> Judged {
    let standing = Standing {
        last,
        pages_of_last: None,
        gone: &|_: &BTreeSet<&str>| Ok(Vec::new()),
        rules: &ReadRules::default(),
        publish,
        decisions: &[],
        accept: None,
        today: "2025-01-02",
    };
    judge::judge(source, judge::Told::new(source, pages, readings.clone(), &[]), &standing).unwrap()
}

/// One line of the table that the tests print.
struct Line {
    name: String,
    site: &'static str,
    seen: String,
    is_right: bool,
}

/// Prints what became of each change, and answers with those that ended wrong.
fn printed(lines: &[Line]) -> Vec<String> {
    let line = |line: &Line| {
        let mark = if line.is_right { ' ' } else { '!' };
        let seen: String = line.seen.chars().take(110).collect();
        format!("{mark} {:<44} {:<32} {seen}", line.name, line.site)
    };
    for one in lines {
        println!("{}", line(one));
    }
    lines.iter().filter(|line| !line.is_right).map(line).collect()
}

/// What a reader of the report sees first.
fn seen(judged: &Judged) -> String {
    match &judged.outcome {
        Outcome::Quarantined(reasons) => format!("held: {}", reasons.join(" | ")),
        Outcome::Changed => format!("changed: {}", counted(&judged.drift)),
        other => format!("{other:?}"),
    }
}

fn counted(drift: &Drift) -> String {
    let [added, removed, renamed, changed, moved] =
        [drift.added.len(), drift.removed.len(), drift.renamed.len(), drift.changed.len(), drift.moved.len()];
    format!("{added} added, {removed} removed, {renamed} renamed, {changed} changed, {moved} moved")
}
