//! The states of a source's pages over time: those that its snapshots were read from or, without snapshots, those that
//! the archive's visits show.

use std::collections::HashMap;

use docdrift_archive::Visit;
use docdrift_model::{Bilingual, Lang, Reason, Snapshot, Source};
use jiff::civil::Date;

/// The pages of a source in one run.
#[derive(Clone, Debug)]
pub(crate) struct State<'a> {
    pub(crate) visits: Bilingual<Option<&'a Visit>>,
    /// The day, in UTC.
    pub(crate) date: Date,
    /// The snapshot that was read from them.
    pub(crate) snapshot: Option<&'a Snapshot>,
}

/// Collects the states that the snapshots were read from. Returns an error where the archive lacks a page of any.
pub(crate) fn collect_from_snapshots<'a>(
    visits: &'a [Visit],
    source: &Source,
    snapshots: &'a [Snapshot],
) -> Result<Vec<State<'a>>, Reason> {
    let ours = visits.iter().filter(|visit| visit.source == source.id);
    let known: HashMap<(Lang, &str), &Visit> = ours.map(|visit| ((visit.lang, visit.digest.as_str()), visit)).collect();
    let state = |snapshot: &'a Snapshot| -> Result<State<'a>, Reason> {
        let mut visits = Bilingual::default();
        for (lang, page) in snapshot.pages.iter() {
            let Some(page) = page else { continue };
            let visit = known.get(&(lang, page.digest.as_str()));
            let is_missing = || Reason::PageNotArchived { lang, date: snapshot.date };
            *visits.get_mut(lang) = Some(*visit.ok_or_else(is_missing)?);
        }
        Ok(State { visits, date: snapshot.date, snapshot: Some(snapshot) })
    };
    snapshots.iter().map(state).collect()
}

/// Collects the states of a source without snapshots, one for each change. `visits` are all visits in their order. A
/// state needs all pages that the source names.
///
/// A run writes the visits of a source one right after the other, the Chinese page first.
pub(crate) fn collect_from_visits<'a>(visits: &'a [Visit], source: &Source) -> Vec<State<'a>> {
    let mut states: Vec<State<'a>> = Vec::new();
    let mut was_before = false;
    for visit in visits {
        let (Some(day), true) = (visit.day(), visit.source == source.id) else {
            was_before = false;
            continue;
        };
        match states.last_mut() {
            Some(state) if was_before && visit.lang == Lang::En && state.visits.en.is_none() => {
                (state.visits.en, state.date) = (Some(visit), day);
            }
            _ => {
                let mut visits = Bilingual::default();
                *visits.get_mut(visit.lang) = Some(visit);
                states.push(State { visits, date: day, snapshot: None });
            }
        }
        was_before = true;
    }
    states.retain(|state| {
        Lang::ALL.into_iter().all(|lang| source.pages.get(lang).is_some() == state.visits.get(lang).is_some())
    });
    let digests = |state: &State<'a>| state.visits.clone().map(|visit| visit.map(|visit| &visit.digest));
    states.dedup_by(|next, before| digests(next) == digests(before));
    states
}

#[cfg(test)]
mod tests {
    use docdrift_archive::{Archive, Visits};
    use docdrift_model::{
        Bilingual, Lang, Page, Source, read_rules::ReadHints, severities::Severities, source::Fetching,
        thresholds::Thresholds,
    };
    use docdrift_store::Store;

    use super::{State, collect_from_visits};

    fn page(body: &str, day: u8) -> Page {
        Page {
            url: "https://docs.acme.test/errors".into(),
            fetched_at: format!("2024-05-{day:02}T07:08:09Z"),
            status: Some(200),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Archives the pages of runs and returns the visits. A run is its day and its pages: `zh=` or `en=`, the letter of
    /// the source, the body.
    fn visits(archive: &Archive, runs: &[(u8, &[&str])]) -> Visits {
        for (day, pages) in runs {
            for text in *pages {
                let (lang, rest) = text.split_once('=').unwrap();
                let (letter, body) = rest.split_at(1);
                let lang = Lang::ALL.into_iter().find(|l| l.as_str() == lang).unwrap();
                archive.add(&format!("acme/{letter}").parse().unwrap(), lang, &page(body, *day)).unwrap();
            }
        }
        archive.visits().unwrap()
    }

    #[test]
    fn a_state_needs_all_pages_of_a_source_from_one_run() {
        let dir = tempfile::tempdir().unwrap();
        let archive = Archive::new(dir.path(), Store::open(dir.path()).unwrap().lock());
        let url = |lang: &str| Some(format!("https://docs.acme.test/{lang}"));
        let source = &Source {
            id: "acme/a".parse().unwrap(),
            names: Bilingual::default(),
            pages: Bilingual { zh: url("zh"), en: url("en") },
            licence: String::new(),
            local: false,
            fetching: Fetching::default(),
            read: ReadHints::default(),
            ignore: Vec::new(),
            severities: Severities::default(),
            guard: Thresholds::default(),
        };
        let visits = visits(
            &archive,
            &[
                (1, &["zh=a1", "en=a1", "en=b1"]),
                (2, &["zh=a1", "en=a1", "en=b1"]),
                (3, &["zh=a2", "en=b2"]),
                (4, &["en=a2", "en=b2"]),
                (5, &["zh=a2", "en=a1"]),
                (6, &["zh=a2", "en=a2", "en=b2"]),
                (7, &["zh=a1", "en=a1"]),
            ],
        );
        let summarize = |state: &State<'_>| {
            let body =
                |lang| String::from_utf8(archive.page_at(state.visits.get(lang).unwrap()).unwrap().body).unwrap();
            (state.date.to_string(), body(Lang::Zh), body(Lang::En))
        };
        let found: Vec<_> = collect_from_visits(&visits.good, source).iter().map(summarize).collect();
        let expected = [("01", "1", "1"), ("05", "2", "1"), ("06", "2", "2"), ("07", "1", "1")];
        assert_eq!(found, expected.map(|(day, zh, en)| (format!("2024-05-{day}"), zh.to_owned(), en.to_owned())));
        let only_zh = Source { pages: Bilingual { zh: url("zh"), en: None }, ..source.clone() };
        assert_eq!(collect_from_visits(&visits.good, &only_zh).len(), 1, "only the run without an en page counts");
    }
}
