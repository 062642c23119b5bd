//! The guard: no page that looks wrong replaces good data.
//!
//! Each check yields a figure and, where the figure speaks against the page, a reason. One reason is enough for
//! quarantine. A false alarm costs a maintainer a look; a miss costs users their data. When in doubt, the guard
//! quarantines. `docs/guard.md` lists all checks.
//!
//! - `page` checks what each page says about itself, with `truncation`, `mojibake` and `language`.
//! - `comparison` pairs the rows of the last snapshot with the new ones. On these pairs, `losses` finds what is gone,
//!   `misplaced` what moved to the wrong place, and `replacements` what became something else.
//! - `run_checks` compares the sources of one run, `removals` successive runs.
//!
//! To add a check: write a function that returns a [`Check`], call it in [`check_source`], and describe it in
//! `docs/guard.md`. A new kind of reason goes to `docdrift_model::reason`, its sentences to `docdrift_report`.

mod check;
mod comparison;
mod language;
mod losses;
mod misplaced;
mod mojibake;
mod page;
mod removals;
mod replacements;
mod run_checks;
mod truncation;

use docdrift_model::{Bilingual, Drift, Lang, Reading, Reason, Snapshot, Source, check::Check};

use comparison::EntryComparison;
use page::PageCheck;
pub use removals::{RemovalCheck, confirm_removals};
pub use run_checks::{SourceOutcome, SourcePages, find_shared_pages, too_many_failing};

/// Checks the new state of a source against its last snapshot. Rows are compared only where every check of the pages
/// themselves passed.
pub fn check_source(
    source: &Source,
    last: Option<&Snapshot>,
    new: &Snapshot,
    readings: &Bilingual<Option<Reading>>,
    drift: &Drift,
) -> Vec<Check> {
    let comparison = last.map(|last| EntryComparison::new(last, new));
    let mut checks = Vec::new();
    for lang in Lang::ALL {
        match readings.get(lang) {
            Some(reading) => {
                let page = PageCheck { source, lang, reading, new, drift, comparison: comparison.as_ref() };
                checks.extend(page.run());
            }
            None => checks.extend(page::check_missing(source, lang, last)),
        }
    }
    let have_passed = checks.iter().all(Check::has_passed);
    if let Some(comparison) = comparison.filter(|_| have_passed) {
        checks.extend(check_rows(source, &comparison, drift));
    }
    checks
}

fn check_rows(source: &Source, comparison: &EntryComparison<'_>, drift: &Drift) -> Vec<Check> {
    let mut checks = Vec::new();
    for (lang, url) in source.pages.iter() {
        // A maintainer gave up a language that sources.toml no longer names.
        if url.is_some() {
            checks.extend(losses::check_page(comparison, lang, &source.guard));
            checks.extend(misplaced::check_page(comparison, lang, &source.guard));
            checks.extend(replacements::check_page(comparison, lang, &source.guard));
        }
    }
    checks.extend(losses::check_source(comparison, drift, &source.guard));
    checks
}

/// Returns the reasons of the failed checks. The new state may replace the last one where there are none.
pub fn collect_reasons(checks: &[Check]) -> Vec<Reason> {
    checks.iter().filter_map(|check| check.reason.clone()).collect()
}
