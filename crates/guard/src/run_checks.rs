//! Checks of all sources of a run together: too many failures at once, one page served for several sources.

use std::collections::BTreeMap;

use docdrift_model::{
    Bilingual, Lang, Outcome, PageFacts, Reason, SourceId,
    reason::PageProblem,
    thresholds::{Threshold, Thresholds},
};

use super::check::as_u64;

/// Fewer failures say nothing about the other sources: ordinary runs have seen the servers of two vendors down on the
/// same day.
const MIN_FAILED_SOURCES: usize = 3;

/// The outcome of one source in a run.
#[derive(Clone, Copy)]
pub struct SourceOutcome<'a> {
    /// How the source ended in this run.
    pub outcome: &'a Outcome,
    /// Whether it failed in the previous run as well, so that it says nothing about this one.
    pub was_failing: bool,
}

/// Returns the reason to hold back every source that changed in this run, where too many others failed at once. The same
/// broken network, wall or reader may have damaged the rest.
pub fn too_many_failing(run: &[SourceOutcome<'_>], thresholds: &Thresholds) -> Option<Reason> {
    let is_failed =
        |source: &&SourceOutcome<'_>| matches!(source.outcome, Outcome::Quarantined(_) | Outcome::Failed(_));
    let counted: Vec<SourceOutcome<'_>> =
        run.iter().filter(|source| !(source.was_failing && is_failed(source))).copied().collect();
    let failed = counted.iter().filter(is_failed).count();
    let limit = thresholds.get(Threshold::FailingPercent);
    let is_too_much = failed >= MIN_FAILED_SOURCES && as_u64(failed) * 100 > as_u64(counted.len()) * limit;
    is_too_much.then_some(Reason::TooManyFailing { failed, total: counted.len(), limit })
}

/// The pages of a source in this run and in its last snapshot.
#[derive(Clone, Copy)]
pub struct SourcePages<'a> {
    /// The source.
    pub id: &'a SourceId,
    /// The pages of this run.
    pub now: &'a Bilingual<Option<PageFacts>>,
    /// The pages of the last snapshot, if there is one.
    pub last: Option<&'a Bilingual<Option<PageFacts>>>,
    /// Whether its rows continue those of its last snapshot, which shows that the page is its own.
    pub continues_last: bool,
}

/// Finds pages that are byte for byte the page of another source at another address, and were not before. Returns a
/// reason for each such page. A source without a snapshot may share a page.
pub fn find_shared_pages(run: &[SourcePages<'_>]) -> BTreeMap<SourceId, Vec<Reason>> {
    let mut owners: BTreeMap<&str, Vec<(&SourceId, &str)>> = BTreeMap::new();
    for (source, _, page) in run.iter().flat_map(pages) {
        owners.entry(&page.digest).or_default().push((source.id, &page.url));
    }
    let mut reasons: BTreeMap<SourceId, Vec<Reason>> = BTreeMap::new();
    for (source, lang, page) in run.iter().filter(|source| !source.continues_last).flat_map(pages) {
        if !is_new(source, lang, page) {
            continue;
        }
        let sharing = owners.get(page.digest.as_str()).into_iter().flatten();
        let other = sharing.into_iter().find(|(owner, url)| *owner != source.id && *url != page.url);
        if let Some((other, _)) = other {
            let reason = Reason::page(lang, PageProblem::SameAsSource((*other).clone()));
            reasons.entry(source.id.clone()).or_default().push(reason);
        }
    }
    reasons
}

fn pages<'r, 'a>(source: &'r SourcePages<'a>) -> impl Iterator<Item = (&'r SourcePages<'a>, Lang, &'a PageFacts)> {
    source.now.iter().filter_map(move |(lang, page)| Some((source, lang, page.as_ref()?)))
}

fn is_new(source: &SourcePages<'_>, lang: Lang, page: &PageFacts) -> bool {
    let before = source.last.and_then(|last| last.get(lang).as_ref());
    before.is_some_and(|before| before.digest != page.digest)
}

#[cfg(test)]
mod tests {
    use super::{SourceOutcome, SourcePages, find_shared_pages, too_many_failing};
    use docdrift_model::{
        Bilingual, Lang, Outcome, PageFacts, Reason, SourceId,
        reason::PageProblem,
        table::Format,
        thresholds::{Threshold, Thresholds},
    };

    #[test]
    fn half_of_the_sources_may_fail_at_once() {
        let reason = Reason::page(Lang::En, PageProblem::NotArchived);
        let (failed, held) = (Outcome::Failed(reason.clone()), Outcome::Quarantined(vec![reason]));
        let run = |failing: usize, known: usize, fine: usize| {
            let source = |outcome, was_failing| SourceOutcome { outcome, was_failing };
            let mut run = vec![source(&failed, false); failing.saturating_sub(1)];
            run.extend(vec![source(&held, false); failing.min(1)]);
            run.extend(vec![source(&failed, true); known]);
            run.extend(vec![source(&Outcome::Changed, false); fine]);
            // A source that failed before and is well again counts as a success.
            run.push(source(&Outcome::Unchanged, true));
            run
        };
        for (failing, known, fine, expected) in [
            (0, 0, 5, false),
            (1, 0, 0, false),
            (2, 0, 0, false),
            (3, 0, 1, true),
            (3, 0, 2, false),
            (4, 0, 2, true),
            (50, 0, 50, false),
            (52, 0, 50, true),
            (1, 9, 3, false),
            (3, 9, 1, true),
        ] {
            let reason = too_many_failing(&run(failing, known, fine), &Thresholds::default());
            assert_eq!(reason.is_some(), expected, "{failing} {known} {fine}: {reason:?}");
        }
        let strict = Thresholds::from_iter([(Threshold::FailingPercent, 10)]);
        let reason = too_many_failing(&run(3, 0, 11), &strict);
        assert_eq!(reason, Some(Reason::TooManyFailing { failed: 3, total: 15, limit: 10 }));
    }

    fn page(url: &str, digest: &str) -> PageFacts {
        PageFacts {
            url: url.into(),
            digest: digest.into(),
            format: Format::Html,
            lang: None,
            updated_on: None,
            ends_in_table: None,
            bytes: None,
        }
    }

    #[test]
    fn one_page_served_for_several_sources() {
        let ids: [SourceId; 2] = ["acme/lamps", "acme/ovens"].map(|id| id.parse().unwrap());
        let pages = |en: PageFacts| Bilingual { zh: Some(page("zh", "0")), en: Some(en) };
        let source = |now: [(&str, &str); 2], last: [Option<&str>; 2], continues_last: [bool; 2]| -> Vec<String> {
            let now = now.map(|(url, digest)| pages(page(url, digest)));
            let last = last.map(|digest| digest.map(|digest| pages(page("before", digest))));
            let source = |n: usize| SourcePages {
                id: &ids[n],
                now: &now[n],
                last: last[n].as_ref(),
                continues_last: continues_last[n],
            };
            find_shared_pages(&[0, 1].map(source)).into_keys().map(|id| id.service).collect()
        };
        let known = [Some("1"), Some("2")];
        assert_eq!(source([("a", "2"), ("b", "2")], known, [false, false]), ["lamps"], "the other page did not change");
        assert_eq!(source([("a", "3"), ("b", "3")], known, [false, true]), ["lamps"], "the other page is its own");
        assert_eq!(source([("a", "3"), ("b", "3")], [None, None], [false, false]), [""; 0], "nothing is replaced");
        assert!(source([("a", "3"), ("b", "4")], known, [false, false]).is_empty());
        assert!(source([("a", "3"), ("a", "3")], [None, None], [false, false]).is_empty(), "one address, one page");
    }
}
