//! Damaged pages are quarantined, or reported with the right removals. Legitimate changes are accepted. Each test covers
//! the whole way from the bytes of the pages to the evaluation.

mod damaged;
mod damages;
mod legitimate;
mod pages;
mod real_pages;

use docdrift_model::{
    Bilingual, Drift, Field, Lang, Outcome, Page, Publish, ReadRules, Reading, Snapshot, Source, thresholds::Thresholds,
};
use docdrift_report::english_reasons;
use jiff::civil::date;

use super::{Evaluation, EvaluationContext, SourceReading, evaluate, read_pages};
use pages::Site;

/// The bodies of a source's pages.
type Bodies = Bilingual<Option<Vec<u8>>>;

fn bodies(site: &Site) -> Bodies {
    Bilingual {
        zh: site.docs.zh.as_ref().map(|doc| doc.render().into_bytes()),
        en: site.docs.en.as_ref().map(|doc| doc.render().into_bytes()),
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
        fetching: docdrift_model::source::Fetching::default(),
        read: docdrift_model::read_rules::ReadHints::default(),
        ignore: Vec::new(),
        severities: docdrift_model::severities::Severities::default(),
        guard: Thresholds::default(),
    }
}

/// The snapshots of an intact site: one with all texts, one with their digests only.
struct Baseline {
    source: Source,
    last: Vec<(Publish, Snapshot)>,
}

impl Baseline {
    fn new(good: &Bodies) -> Self {
        let source = source();
        let (pages, readings) = read(&source, good);
        let first = |publish: Publish| {
            let mut first = evaluate_readings(&source, &pages, &readings, &publish, None);
            assert!(matches!(first.outcome, Outcome::First(_)), "the good page is not good: {:?}", first.outcome);
            (publish, first.snapshots.pop().unwrap())
        };
        let last = [Publish::all(), Publish::only([Field::Group])].map(first).into();
        Self { source, last }
    }

    /// Evaluates the next pages of the site: once with all texts published, once with none.
    fn evaluate(&self, now: &Bodies) -> impl Iterator<Item = (&'static str, Evaluation)> {
        let (pages, readings) = read(&self.source, now);
        let evaluate = move |(publish, last): &(Publish, Snapshot)| {
            let how = if publish.carries(Field::Message) { "" } else { ", texts not published" };
            (how, evaluate_readings(&self.source, &pages, &readings, publish, Some(last)))
        };
        self.last.iter().map(evaluate)
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
    let readings = read_pages(&pages, &ReadRules::default());
    (pages, readings)
}

fn evaluate_readings(
    source: &Source,
    pages: &Bilingual<Option<Page>>,
    readings: &Bilingual<Option<Reading>>,
    publish: &Publish,
    last: Option<&Snapshot>,
) -> Evaluation {
    let context =
        EvaluationContext { last, last_reading: None, removed: &[], publish, accept: None, today: date(2025, 1, 2) };
    evaluate(source, SourceReading::from_readings(source, pages, readings.clone(), &[]), &context)
}

/// A line of the table that the tests print.
struct Line {
    name: String,
    site: &'static str,
    summary: String,
    is_right: bool,
}

/// Returns a line for each evaluation of the pages that a change made of a site.
fn check_change(
    site: &Site,
    name: &str,
    (before, now): (&Baseline, &Bodies),
    is_right: impl Fn(&Evaluation) -> bool,
) -> Vec<Line> {
    let line = |(how, evaluation): (&str, Evaluation)| Line {
        name: format!("{name}{how}"),
        site: site.name,
        summary: summarize(&evaluation),
        is_right: is_right(&evaluation),
    };
    before.evaluate(now).map(line).collect()
}

/// Prints the result of each change. Returns those with a wrong result.
fn print_lines(lines: &[Line]) -> Vec<String> {
    let line = |line: &Line| {
        let mark = if line.is_right { ' ' } else { '!' };
        let summary: String = line.summary.chars().take(110).collect();
        format!("{mark} {:<44} {:<32} {summary}", line.name, line.site)
    };
    for one in lines {
        println!("{}", line(one));
    }
    lines.iter().filter(|line| !line.is_right).map(line).collect()
}

/// Returns the outcome as one line.
fn summarize(evaluation: &Evaluation) -> String {
    match &evaluation.outcome {
        Outcome::Quarantined(reasons) => format!("held: {}", english_reasons(reasons).join(" | ")),
        Outcome::Changed => format!("changed: {}", count_drift(&evaluation.drift)),
        other => format!("{other:?}"),
    }
}

fn count_drift(drift: &Drift) -> String {
    let [added, removed, renamed, changed, moved] =
        [drift.added.len(), drift.removed.len(), drift.renamed.len(), drift.changed.len(), drift.moved.len()];
    format!("{added} added, {removed} removed, {renamed} renamed, {changed} changed, {moved} moved")
}
