//! Which states a source's pages were in, told from the visits to them.

use docdrift_model::{Bilingual, Lang, PageFacts, Snapshot, Source};
use docdrift_store::Visit;

use super::named;

/// The pages of a source as one run had them.
#[derive(Clone, Debug)]
pub(crate) struct State<'a> {
    pub(crate) visits: Bilingual<Option<&'a Visit>>,
    /// The day of the visit, `YYYY-MM-DD`.
    pub(crate) date: String,
}

/// What tells a state from others.
pub(crate) type Digests<'a> = Bilingual<Option<&'a str>>;

impl<'a> State<'a> {
    pub(crate) fn digests(&self) -> Digests<'a> {
        let digest = |lang| self.visits.get(lang).map(|visit| visit.digest.as_str());
        Bilingual { zh: digest(Lang::Zh), en: digest(Lang::En) }
    }

    /// Whether any of the snapshots was read from its pages.
    pub(crate) fn is_of(&self, snapshots: &[Snapshot]) -> bool {
        snapshots.iter().any(|snapshot| digests(&snapshot.pages) == self.digests())
    }

    fn add(&mut self, visit: &'a Visit) {
        *self.visits.get_mut(visit.lang) = Some(visit);
        self.date = visit.fetched_at.chars().take(10).collect();
    }
}

/// The digests of the pages that a snapshot was read from.
pub(crate) fn digests(pages: &Bilingual<Option<PageFacts>>) -> Digests<'_> {
    let digest = |lang| Some(pages.get(lang).as_ref()?.digest.as_str());
    Bilingual { zh: digest(Lang::Zh), en: digest(Lang::En) }
}

/// The states of a source, one for each time that they changed, given all visits in the order they were made. Only what
/// a run had whole counts: all pages that the source names now, or all that one of its snapshots was read from.
///
/// A run notes the pages of a source one right after the other, the Chinese one first.
pub(crate) fn states<'a>(visits: &'a [Visit], source: &Source, snapshots: &[Snapshot]) -> Vec<State<'a>> {
    let mut states: Vec<State<'a>> = Vec::new();
    let mut was_before = false;
    for visit in visits {
        if visit.source != source.id {
            was_before = false;
            continue;
        }
        match states.last_mut() {
            Some(state) if was_before && visit.lang == Lang::En && state.visits.en.is_none() => state.add(visit),
            _ => {
                let mut state = State { visits: Bilingual::default(), date: String::new() };
                state.add(visit);
                states.push(state);
            }
        }
        was_before = true;
    }
    states.retain(|state| {
        let had = |lang: Lang| state.visits.get(lang).is_some();
        let has_all =
            named(source).all(had) && Lang::ALL.into_iter().all(|lang| !had(lang) || named(source).any(|n| n == lang));
        has_all || state.is_of(snapshots)
    });
    states.dedup_by(|next, before| next.digests() == before.digests());
    states
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Bilingual, Fetching, Lang, Page, Severities, Source, Thresholds};
    use docdrift_store::{Store, Visits};

    use super::{State, states};

    fn page(body: &str, day: u8) -> Page {
        Page {
            url: "https://docs.acme.test/errors".into(),
            fetched_at: format!("2024-05-{day:02}T07:08:09Z"),
            status: Some(200),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The visits of runs, each given as its day and what it had: `zh=` or `en=`, the source's letter, the body.
    fn visits(store: &Store, runs: &[(u8, &[&str])]) -> Visits {
        for (day, had) in runs {
            for one in *had {
                let (lang, rest) = one.split_once('=').unwrap();
                let (letter, body) = rest.split_at(1);
                let lang = Lang::ALL.into_iter().find(|l| l.as_str() == lang).unwrap();
                store.archive(&format!("acme/{letter}").parse().unwrap(), lang, &page(body, *day)).unwrap();
            }
        }
        store.visits().unwrap()
    }

    #[test]
    fn a_state_is_what_one_run_had_whole() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let url = |lang: &str| Some(format!("https://docs.acme.test/{lang}"));
        let source = &Source {
            id: "acme/a".parse().unwrap(),
            names: Bilingual::default(),
            pages: Bilingual { zh: url("zh"), en: url("en") },
            licence: String::new(),
            local: false,
            fetching: Fetching::default(),
            ignore: Vec::new(),
            severities: Severities::default(),
            guard: Thresholds::default(),
        };
        let visits = visits(
            &store,
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
        let told = |state: &State<'_>| {
            let body =
                |lang| String::from_utf8(store.archived_at(state.visits.get(lang).unwrap()).unwrap().body).unwrap();
            (state.date.clone(), body(Lang::Zh), body(Lang::En))
        };
        let found: Vec<_> = states(&visits.good, source, &[]).iter().map(told).collect();
        let expected = [("01", "1", "1"), ("05", "2", "1"), ("06", "2", "2"), ("07", "1", "1")];
        assert_eq!(found, expected.map(|(day, zh, en)| (format!("2024-05-{day}"), zh.to_owned(), en.to_owned())));

        // What a snapshot was read from counts, whatever the source names now.
        let only_zh = Source { pages: Bilingual { zh: source.pages.zh.clone(), en: None }, ..source.clone() };
        assert_eq!(states(&visits.good, &only_zh, &[]).len(), 1, "the day that only the Chinese page was had");
    }
}
