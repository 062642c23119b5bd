//! Healing: hints for a source whose pages lost codes of its last snapshot.

mod patch;

use std::path::Path;

use anyhow::{Context as _, anyhow};
use docdrift_model::{
    Bilingual, Entry, Lang, Page, ReadRules, Report, Snapshot, SourceId, config::Config, decision::Decision,
    read_rules::ReadHints,
};
use docdrift_parse::locate_codes;
use docdrift_report::{english_reasons, found_codes_text};

use super::{
    Error,
    evaluate::{merge_readings, read_pages},
    input::Origin,
    lost_codes::{find_lost_codes, found_codes, merge_hints},
    settings,
    storage::Storage,
    workspace::Workspace,
};
use patch::insert_hints;

/// The number of hints that are tried, one for each table. Of 189 labelled pages, 5 have more error tables.
const MAX_STEPS: usize = 12;

/// Hints with which lost codes are read again.
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

/// A proposal, with the report of what the pages say with its hints.
pub(crate) struct Healed {
    pub(crate) proposal: Proposal,
    pub(crate) report: Report,
}

impl Workspace {
    /// Proposes hints for a source; the inner error says why there are none.
    pub(crate) fn heal(
        &self,
        id: &SourceId,
        origin: &Origin,
        now: jiff::Timestamp,
    ) -> Result<Result<Healed, String>, Error> {
        let source = settings::find_source(&self.config, id)?;
        let storage = Storage::open_read_only(&self.root)?;
        let gathered = self.gather(&storage, origin, &[source])?;
        let (_, pages) = gathered.sources.first().context("there is no page of the source")?;
        let pages =
            pages.load(&storage.archive).map_err(|errors| anyhow!("{}", english_reasons(&errors).join("; ")))?;
        let Some(last) = storage.store.last_snapshot(id)? else {
            return Ok(Err("it has no snapshot yet, so it lost nothing".to_owned()));
        };
        let input = HealInput {
            pages: &pages,
            last: &last,
            rules: &settings::read_rules(&self.config, source),
            decisions: &settings::select_decisions(&self.decisions, id),
        };
        let proposal = match input.propose_hints() {
            Ok(proposal) => proposal,
            Err(why) => return Ok(Err(why)),
        };
        let mut healed = Self::open(&self.root)?;
        healed.config = with_hints(&self.config, id, &proposal.hints);
        let evaluated = healed.evaluate_source(id, origin, now)?;
        let (_, report) = evaluated.context("there is no page of the source")?;
        Ok(Ok(Healed { proposal, report }))
    }
}

/// Returns the configuration in which the source has these hints.
fn with_hints(config: &Config, id: &SourceId, hints: &ReadHints) -> Config {
    let mut config = config.clone();
    for source in config.sources.iter_mut().filter(|source| source.id == *id) {
        source.read = hints.clone();
    }
    config
}

/// Writes the hints into sources.toml. Restores the file where the result would be wrong.
pub(crate) fn write_hints(root: &Path, id: &SourceId, hints: &ReadHints) -> Result<(), Error> {
    let path = root.join(settings::SOURCES);
    let before = docdrift_files::read_text(&path)?;
    docdrift_files::replace_text(&path, &insert_hints(&before, id, hints)?)?;
    let is_written = |config: &Config| settings::find_source(config, id).is_ok_and(|source| source.read == *hints);
    match settings::load_config(root) {
        Ok(config) if is_written(&config) => Ok(()),
        _ => {
            docdrift_files::replace_text(&path, &before)?;
            Err(anyhow!("sources.toml is laid out in a way that cannot be edited: add the hints by hand").into())
        }
    }
}

/// The pages of a source, the last snapshot, and the rules that pages are read by.
struct HealInput<'a> {
    pages: &'a Bilingual<Option<Page>>,
    last: &'a Snapshot,
    rules: &'a ReadRules,
    decisions: &'a [Decision],
}

impl HealInput<'_> {
    /// Proposes hints that were tried on the pages. The error says why there is none.
    fn propose_hints(&self) -> Result<Proposal, String> {
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

    /// Finds one more hint with which fewer codes are lost.
    fn improve(&self, rules: &ReadRules, entries: &[Entry]) -> Option<(ReadHints, Vec<Entry>, String)> {
        let before = self.count_lost(entries);
        Lang::ALL.into_iter().find_map(|lang| {
            let lost = find_lost_codes(&self.last.entries, entries, lang);
            let location = locate_codes(self.pages.get(lang).as_ref()?, rules, &lost)?;
            let hints = merge_hints(&rules.hints, location.column.as_ref()?.hints.as_ref()?);
            let read = self.read_entries(&ReadRules { hints: hints.clone(), ..rules.clone() });
            let found = found_codes(&location, lost.len());
            let place = format!("{lang} page: {}", found_codes_text(&found, Lang::En));
            (self.count_lost(&read) < before).then_some((hints, read, place))
        })
    }

    fn read_entries(&self, rules: &ReadRules) -> Vec<Entry> {
        merge_readings(&read_pages(self.pages, rules), self.decisions).0
    }

    fn count_lost(&self, entries: &[Entry]) -> usize {
        self.langs().map(|lang| find_lost_codes(&self.last.entries, entries, lang).len()).sum()
    }

    /// Returns the languages whose page is at hand.
    fn langs(&self) -> impl Iterator<Item = Lang> {
        Lang::ALL.into_iter().filter(|lang| self.pages.get(*lang).is_some())
    }

    fn explain_failure(&self, rules: &ReadRules, entries: &[Entry]) -> String {
        let explain_page = |lang: Lang| {
            let lost = find_lost_codes(&self.last.entries, entries, lang);
            let location = locate_codes(self.pages.get(lang).as_ref()?, rules, &lost);
            let why = match location {
                _ if lost.is_empty() => return None,
                None => format!("none of its {} lost codes stands anywhere on it", lost.len()),
                Some(location) => {
                    let found = found_codes(&location, lost.len());
                    format!("{}; no hint reads them", found_codes_text(&found, Lang::En))
                }
            };
            Some(format!("{lang} page: {why}"))
        };
        self.langs().filter_map(explain_page).collect::<Vec<_>>().join("; ")
    }
}
