//! The guard: no page that looks wrong ever replaces good data. Each check gives a figure and, where the figure speaks
//! against the page, a reason, a sentence; no reason, no quarantine. A false alarm costs a maintainer a look, a miss
//! costs users their data: in doubt, quarantine. `docs/guard.md` tells all checks.
//!
//! `page` looks at what each page says of itself (`cut`, `garbled`, `language`); then rows are compared one by one
//! (`kept`): what is gone (`losses`), what slipped (`mixups`), what became something else (`replaced`). `run` looks at
//! all sources of a run, `confirm` at removals over several runs.

mod check;
pub(crate) mod confirm;
mod cut;
mod garbled;
mod kept;
mod language;
mod losses;
mod mixups;
mod page;
mod replaced;
pub(crate) mod run;
#[cfg(test)]
mod tests;

use docdrift_model::{Bilingual, Drift, Lang, Reading, Snapshot, Source};

pub(crate) use check::{Check, Verdict};
use kept::Kept;
use page::Seen;

/// What the guard looked at in the new state of a source, and what it saw. Rows are compared only where the pages
/// themselves look right.
pub(crate) fn checks(
    source: &Source,
    last: Option<&Snapshot>,
    new: &Snapshot,
    readings: &Bilingual<Option<Reading>>,
    drift: &Drift,
) -> Vec<Check> {
    let kept = last.map(|last| Kept::new(last, new));
    let mut checks = Vec::new();
    for lang in Lang::ALL {
        match readings.get(lang) {
            Some(reading) => {
                checks.extend(Seen { source, lang, reading, new, drift, kept: kept.as_ref() }.checks());
            }
            None => checks.extend(page::missing(source, lang, last)),
        }
    }
    let is_fine = checks.iter().all(|check| check.verdict == Verdict::Passed);
    if let Some(kept) = kept.filter(|_| is_fine) {
        checks.extend(of_rows(source, &kept, drift));
    }
    checks
}

fn of_rows(source: &Source, kept: &Kept<'_>, drift: &Drift) -> Vec<Check> {
    let mut checks = Vec::new();
    for (lang, url) in source.pages.iter() {
        // A language that sources.toml no longer names was given up by a maintainer.
        if url.is_some() {
            checks.extend(losses::of_page(kept, lang, &source.guard));
            checks.extend(mixups::of_page(kept, lang, &source.guard));
            checks.extend(replaced::of_page(kept, lang, &source.guard));
        }
    }
    checks.extend(losses::of_source(kept, drift, &source.guard));
    checks
}

/// Why the new state must not replace the last one, a sentence each; empty when it may.
pub(crate) fn reasons(checks: &[Check]) -> Vec<String> {
    checks.iter().filter_map(|check| check.reason().map(str::to_owned)).collect()
}
