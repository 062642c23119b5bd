//! Healing: hints by which a source's pages give back the codes that they lost. Pure.

mod patch;

use docdrift_model::{Bilingual, Decision, Entry, Lang, Page, ReadHints, ReadRules, Snapshot};
use docdrift_parse::locate_codes;
pub(crate) use patch::write_hints;

use crate::{
    judge,
    lost_codes::{describe_location, lost_codes, merge_hints},
};

/// So many hints are tried, one table each.
const MAX_STEPS: usize = 12;

/// Hints that give codes back.
pub(crate) struct Proposal {
    /// All hints of the source: the known ones and the new ones.
    pub(crate) hints: ReadHints,
    /// How many codes of the last snapshot are not read without the new hints.
    pub(crate) lost_count: usize,
    /// How many of them are read with the new hints.
    pub(crate) regained_count: usize,
    /// Where they stand, a sentence each.
    pub(crate) places: Vec<String>,
}

/// What healing a source depends on: its pages, the last snapshot, and what pages are read by.
pub(crate) struct HealInput<'a> {
    pub(crate) pages: &'a Bilingual<Option<Page>>,
    pub(crate) last: &'a Snapshot,
    pub(crate) rules: &'a ReadRules,
    pub(crate) decisions: &'a [Decision],
}

impl HealInput<'_> {
    /// Proposes hints, each of which was tried on the pages; else says why there is none.
    pub(crate) fn propose_hints(&self) -> Result<Proposal, String> {
        let mut rules = self.rules.clone();
        let mut entries = self.read_entries(&rules);
        let lost_count = self.count_lost(&entries);
        if lost_count == 0 {
            return Err("its pages read well: they have every code of the last snapshot".to_owned());
        }
        let mut places = Vec::new();
        for _ in 0..MAX_STEPS {
            let Some((hints, read, place)) = self.improve(&rules, &entries) else { break };
            (rules.hints, entries) = (hints, read);
            places.push(place);
        }
        if places.is_empty() {
            return Err(self.explain_failure(&rules, &entries));
        }
        let regained_count = lost_count - self.count_lost(&entries);
        Ok(Proposal { hints: rules.hints, lost_count, regained_count, places })
    }

    /// Finds a hint more with which fewer codes are lost.
    fn improve(&self, rules: &ReadRules, entries: &[Entry]) -> Option<(ReadHints, Vec<Entry>, String)> {
        let before = self.count_lost(entries);
        Lang::ALL.into_iter().find_map(|lang| {
            let lost = lost_codes(&self.last.entries, entries, lang);
            let location = locate_codes(self.pages.get(lang).as_ref()?, rules, &lost)?;
            let hints = merge_hints(&rules.hints, location.column.as_ref()?.hints.as_ref()?);
            let read = self.read_entries(&ReadRules { hints: hints.clone(), ..rules.clone() });
            let place = format!("{lang} page: {}", describe_location(&location, lost.len()));
            (self.count_lost(&read) < before).then_some((hints, read, place))
        })
    }

    fn read_entries(&self, rules: &ReadRules) -> Vec<Entry> {
        judge::merged(&judge::read(self.pages, rules), self.decisions).0
    }

    fn count_lost(&self, entries: &[Entry]) -> usize {
        self.langs().map(|lang| lost_codes(&self.last.entries, entries, lang).len()).sum()
    }

    /// The languages that there is a page of.
    fn langs(&self) -> impl Iterator<Item = Lang> {
        Lang::ALL.into_iter().filter(|lang| self.pages.get(*lang).is_some())
    }

    fn explain_failure(&self, rules: &ReadRules, entries: &[Entry]) -> String {
        let of_page = |lang: Lang| {
            let lost = lost_codes(&self.last.entries, entries, lang);
            let location = locate_codes(self.pages.get(lang).as_ref()?, rules, &lost);
            let why = match location {
                _ if lost.is_empty() => return None,
                None => format!("none of its {} lost codes stands anywhere on it", lost.len()),
                Some(location) => format!("{}; no hint reads them", describe_location(&location, lost.len())),
            };
            Some(format!("{lang} page: {why}"))
        };
        self.langs().filter_map(of_page).collect::<Vec<_>>().join("; ")
    }
}
