//! What only the whole run shows: too many sources that fail at once, one page in the place of several.

use std::collections::BTreeMap;

use docdrift_model::{Bilingual, Lang, Outcome, PageFacts, SourceId, Threshold, Thresholds};

use super::check::{as_u64, figure};

/// Fewer sources that fail are those sources' own trouble.
const MANY: usize = 3;

/// How one source of a run ended.
#[derive(Clone, Copy)]
pub(crate) struct Ended<'a> {
    pub(crate) outcome: &'a Outcome,
    /// Whether it failed the last time already: then it says nothing about this run.
    pub(crate) was_failing: bool,
}

/// Why no source that changed in this run should be taken: too many others failed at once. What is left may be told by
/// the same broken network, wall or reader.
pub(crate) fn too_many_failing(run: &[Ended<'_>], thresholds: &Thresholds) -> Option<String> {
    let is_failed = |source: &&Ended<'_>| matches!(source.outcome, Outcome::Quarantined(_) | Outcome::Failed(_));
    let counted: Vec<Ended<'_>> =
        run.iter().filter(|source| !(source.was_failing && is_failed(source))).copied().collect();
    let failed = counted.iter().filter(is_failed).count();
    let limit = thresholds.of(Threshold::FailingPercent);
    let is_much = failed >= MANY && as_u64(failed) * 100 > as_u64(counted.len()) * limit;
    is_much.then(|| {
        format!(
            "too many sources of this run failed at once, {}, where {limit} % may: what changed in the others is not \
             to be trusted until that is understood",
            figure(failed, counted.len())
        )
    })
}

/// The pages that a source is told from in this run, and those of its last snapshot.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) source: &'a SourceId,
    pub(crate) now: &'a Bilingual<Option<PageFacts>>,
    pub(crate) last: Option<&'a Bilingual<Option<PageFacts>>>,
    /// Whether its rows go on from those of its last snapshot: then the page is its own.
    pub(crate) goes_on: bool,
}

/// What sources have in the place of their own page whose page is, byte for byte, that of another source at another
/// address, and was not before: a reason for each such page. Sources that nothing is known of may share a page.
pub(crate) fn shared_pages(run: &[Told<'_>]) -> BTreeMap<SourceId, Vec<String>> {
    let mut owners: BTreeMap<&str, Vec<(&SourceId, &str)>> = BTreeMap::new();
    for (told, _, page) in run.iter().flat_map(pages) {
        owners.entry(&page.digest).or_default().push((told.source, &page.url));
    }
    let mut reasons: BTreeMap<SourceId, Vec<String>> = BTreeMap::new();
    for (told, lang, page) in run.iter().filter(|told| !told.goes_on).flat_map(pages) {
        if !is_new(told, lang, page) {
            continue;
        }
        let sharing = owners.get(page.digest.as_str()).into_iter().flatten();
        let other = sharing.into_iter().find(|(source, url)| *source != told.source && *url != page.url);
        if let Some((other, _)) = other {
            let reason = format!("{lang} page: duplicated: it is byte for byte the page of {other} as well");
            reasons.entry(told.source.clone()).or_default().push(reason);
        }
    }
    reasons
}

fn pages<'r, 'a>(told: &'r Told<'a>) -> impl Iterator<Item = (&'r Told<'a>, Lang, &'a PageFacts)> {
    told.now.iter().filter_map(move |(lang, page)| Some((told, lang, page.as_ref()?)))
}

fn is_new(told: &Told<'_>, lang: Lang, page: &PageFacts) -> bool {
    let before = told.last.and_then(|last| last.get(lang).as_ref());
    before.is_some_and(|before| before.digest != page.digest)
}

#[cfg(test)]
mod tests {
    use super::{Ended, Told, shared_pages, too_many_failing};
    use docdrift_model::{Bilingual, Format, Outcome, PageFacts, SourceId, Threshold, Thresholds};

    #[test]
    fn so_many_sources_may_fail() {
        let failed = Outcome::Failed("en page: unreachable".into());
        let held = Outcome::Quarantined(vec!["en page: blocked".into()]);
        let run = |failing: usize, known: usize, fine: usize| {
            let of = |outcome, was_failing| Ended { outcome, was_failing };
            let mut run = vec![of(&failed, false); failing.saturating_sub(1)];
            run.extend(vec![of(&held, false); failing.min(1)]);
            run.extend(vec![of(&failed, true); known]);
            run.extend(vec![of(&Outcome::Changed, false); fine]);
            // One that failed and is well again speaks for the run.
            run.push(of(&Outcome::Unchanged, true));
            run
        };
        for (failing, known, fine, is_much) in [
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
            assert_eq!(reason.is_some(), is_much, "{failing} {known} {fine}: {reason:?}");
        }
        let strict = Thresholds::from_iter([(Threshold::FailingPercent, 10)]);
        let reason = too_many_failing(&run(3, 0, 11), &strict).unwrap();
        assert!(reason.contains("3 of 15 (20 %), where 10 % may"), "{reason}");
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
    fn one_page_in_the_place_of_several() {
        let ids: [SourceId; 2] = ["acme/lamps", "acme/ovens"].map(|id| id.parse().unwrap());
        let of = |en: PageFacts| Bilingual { zh: Some(page("zh", "0")), en: Some(en) };
        let told = |now: [(&str, &str); 2], last: [Option<&str>; 2], goes_on: [bool; 2]| -> Vec<String> {
            let now = now.map(|(url, digest)| of(page(url, digest)));
            let last = last.map(|digest| digest.map(|digest| of(page("before", digest))));
            let told = |n: usize| Told { source: &ids[n], now: &now[n], last: last[n].as_ref(), goes_on: goes_on[n] };
            shared_pages(&[0, 1].map(told)).into_keys().map(|id| id.service).collect()
        };
        let known = [Some("1"), Some("2")];
        assert_eq!(told([("a", "2"), ("b", "2")], known, [false, false]), ["lamps"], "the other page did not change");
        assert_eq!(told([("a", "3"), ("b", "3")], known, [false, true]), ["lamps"], "the other page is its own");
        assert_eq!(told([("a", "3"), ("b", "3")], [None, None], [false, false]), [""; 0], "nothing is replaced");
        assert!(told([("a", "3"), ("b", "4")], known, [false, false]).is_empty());
        assert!(told([("a", "3"), ("a", "3")], [None, None], [false, false]).is_empty(), "one address, one page");
    }
}
