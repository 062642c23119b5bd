//! The guard: no page that looks wrong ever replaces good data. Each check gives a reason, a sentence; no reason, no
//! quarantine. A false alarm costs a maintainer a look, a miss costs users their data: in doubt, quarantine.

use std::collections::{BTreeMap, HashMap};

use docdrift_model::{
    Bilingual, Drift, Entry, Field, Lang, PageFacts, Reading, Snapshot, Source, WarningKind, text::says_nothing,
};

/// Losing up to so many rows or texts is a vendor's everyday edit, unless it is most of what there is.
const FEW: usize = 2;
/// Losing more than this share, in percent, of rows or of a field's texts is no everyday edit.
const LOSS_PERCENT: usize = 20;

/// Why the new state of a source must not replace the last one; empty when it may.
pub(crate) fn reasons(
    source: &Source,
    last: Option<&Snapshot>,
    new: &Snapshot,
    readings: &Bilingual<Option<Reading>>,
    drift: &Drift,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for lang in Lang::ALL {
        match readings.get(lang) {
            Some(reading) => reasons.extend(page_reasons(lang, reading, last, drift)),
            None => reasons.extend(lost_page(source, lang, last)),
        }
    }
    if let (true, Some(last)) = (reasons.is_empty(), last) {
        let kept = Kept::new(last, new);
        for (lang, url) in source.pages.iter() {
            // A language that sources.toml no longer names was given up by a maintainer.
            if url.is_some() {
                reasons.extend(kept.losses(lang));
                reasons.extend(kept.cut_off(lang));
            }
        }
        reasons.extend(weighed("error codes of the source", drift.removed.len(), last.entries.len()));
        reasons.extend(kept.lost_statuses());
        reasons.extend(kept.lost_tables());
        for lang in Lang::ALL {
            for field in [Field::Message, Field::Description, Field::Solution] {
                reasons.extend(kept.strayed(field, lang));
            }
        }
    }
    reasons
}

/// What one page says of itself.
fn page_reasons(lang: Lang, reading: &Reading, last: Option<&Snapshot>, drift: &Drift) -> Vec<String> {
    // A damaged page that says all it said before has lost nothing yet.
    let has_lost =
        last.is_none() || !drift.removed.is_empty() || !drift.renamed.is_empty() || !drift.changed.is_empty();
    let is_grave = |kind: WarningKind| match kind {
        WarningKind::Empty | WarningKind::Binary | WarningKind::NoTable | WarningKind::TooDeep | WarningKind::Wall => {
            true
        }
        WarningKind::Truncated => has_lost,
        WarningKind::Charset => has_lost && last.is_some(),
        WarningKind::Doubled | WarningKind::UncertainRow | WarningKind::WrongLanguage | WarningKind::Moved => false,
    };
    let grave = reading.warnings.iter().filter(|warning| is_grave(warning.kind));
    let mut reasons: Vec<String> = grave.map(|warning| format!("{lang} page: {}", warning.detail)).collect();
    if let Some(seen) = reading.lang.filter(|seen| *seen != lang && !reading.tables.is_empty()) {
        reasons.push(format!("{lang} page: its error tables are written in {seen}"));
    }
    reasons
}

/// A page that sources.toml names and the last snapshot was read from, but this run has none of.
fn lost_page(source: &Source, lang: Lang, last: Option<&Snapshot>) -> Option<String> {
    source.pages.get(lang).as_ref()?;
    last?.pages.get(lang).as_ref()?;
    Some(format!("{lang} page: there is no copy of it, but the last snapshot had one"))
}

/// The last entries beside what became of each: counted one by one, since as many rows of another page would make up
/// for the lost ones in a sum.
struct Kept<'a> {
    last: &'a Snapshot,
    new: &'a Snapshot,
    entries: Vec<(&'a Entry, Option<&'a Entry>)>,
}

impl<'a> Kept<'a> {
    fn new(last: &'a Snapshot, new: &'a Snapshot) -> Self {
        let by_id: HashMap<&str, &Entry> = new.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        let entries = last.entries.iter().map(|entry| (entry, by_id.get(entry.id.as_str()).copied())).collect();
        Self { last, new, entries }
    }

    fn is_gone(lang: Lang, now: Option<&Entry>) -> bool {
        !now.is_some_and(|now| now.has(lang))
    }

    /// Rows that a page lost, and texts of rows that it kept.
    fn losses(&self, lang: Lang) -> Vec<String> {
        let rows: Vec<_> = self.entries.iter().filter(|(entry, _)| entry.has(lang)).collect();
        let lost = rows.iter().filter(|(_, now)| Self::is_gone(lang, *now)).count();
        let mut reasons: Vec<String> =
            weighed(&format!("rows of the {lang} page"), lost, rows.len()).into_iter().collect();
        for field in [Field::Message, Field::Description, Field::Solution] {
            let told = rows.iter().filter(|(entry, _)| has_text(entry, field, lang));
            let (mut lost, mut before) = (0, 0);
            for now in told.filter_map(|(_, now)| now.filter(|now| now.has(lang))) {
                before += 1;
                lost += usize::from(!has_text(now, field, lang));
            }
            reasons.extend(weighed(
                &format!("texts in the {} column of the {lang} page", field.as_str()),
                lost,
                before,
            ));
        }
        reasons
    }

    /// Where something followed the last table before and nothing does now, a lost row was cut off with it.
    fn cut_off(&self, lang: Lang) -> Option<String> {
        let ends_in_table = |facts: &Option<PageFacts>| facts.as_ref().and_then(|facts| facts.ends_in_table);
        let (before, now) = (ends_in_table(self.last.pages.get(lang)), ends_in_table(self.new.pages.get(lang)));
        let lost = self.entries.iter().filter(|(entry, now)| entry.has(lang) && Self::is_gone(lang, *now)).count();
        let is_cut = (before, now) == (Some(false), Some(true)) && lost > 0;
        is_cut.then(|| {
            format!("{lang} page: it ends with its last table, where more followed before, and {lost} row(s) are gone")
        })
    }

    /// A table of which no row is left, while others are: it did not load, or was taken for something else.
    fn lost_tables(&self) -> Vec<String> {
        let mut tables: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (entry, now) in &self.entries {
            let (rows, gone) = tables.entry(entry.table.as_str()).or_default();
            *rows += 1;
            *gone += usize::from(now.is_none());
        }
        let lost = tables.into_iter().filter(|(_, (rows, gone))| rows == gone && *rows > FEW);
        lost.map(|(title, (rows, _))| format!("the table “{title}”: all its {rows} rows are gone")).collect()
    }

    /// Texts that stood with another error, or in another column, before: cells that slipped. One text for all is the
    /// same damage.
    fn strayed(&self, field: Field, lang: Lang) -> Option<String> {
        let text = |entry: &'a Entry, field: Field| {
            entry.text(field).map(|text| text.get(lang).as_str()).filter(|text| !says_nothing(text))
        };
        let mut owners: HashMap<&str, usize> = HashMap::new();
        for (entry, _) in &self.entries {
            for field in [Field::Message, Field::Description, Field::Solution] {
                if let Some(text) = text(entry, field) {
                    *owners.entry(text).or_default() += 1;
                }
            }
        }
        let kept: Vec<_> = self.entries.iter().filter_map(|(old, now)| Some((*old, (*now)?))).collect();
        let told: Vec<_> = kept.iter().filter_map(|(old, now)| Some((text(old, field)?, text(now, field)?))).collect();
        let mut repeats: HashMap<&str, usize> = HashMap::new();
        for (_, now) in &told {
            *repeats.entry(*now).or_default() += 1;
        }
        let is_strayed = |(old, now): &&(&str, &str)| {
            // A text that many errors share is shared by one more; one that a single error had was moved.
            let is_anothers = owners.get(now) == Some(&1);
            let is_for_all = repeats.get(now).is_some_and(|count| count * 2 > told.len());
            old != now && (is_anothers || is_for_all)
        };
        let strayed = told.iter().filter(is_strayed).count();
        let is_much = strayed > FEW && strayed * 100 > told.len() * LOSS_PERCENT;
        let what = format!("texts in the {} column of the {lang} page", field.as_str());
        is_much.then(|| {
            format!("{what}: {strayed} of {} are now those of other errors or columns, or all alike", told.len())
        })
    }

    fn lost_statuses(&self) -> Option<String> {
        let told = self.entries.iter().filter(|(entry, _)| !entry.status.is_empty());
        let kept: Vec<&Entry> = told.filter_map(|(_, now)| *now).collect();
        weighed("HTTP statuses", kept.iter().filter(|entry| entry.status.is_empty()).count(), kept.len())
    }
}

fn has_text(entry: &Entry, field: Field, lang: Lang) -> bool {
    entry.text(field).is_some_and(|text| !says_nothing(text.get(lang)))
}

/// A reason, if losing so many of so many is no everyday edit.
fn weighed(what: &str, lost: usize, before: usize) -> Option<String> {
    let is_much = (lost > FEW && lost * 100 > before * LOSS_PERCENT) || lost * 2 > before;
    is_much.then(|| format!("{what}: {lost} of {before} are gone"))
}
