//! Removals that have to be seen on several successive runs before they are taken.

use std::collections::BTreeSet;

use docdrift_model::{Drift, Threshold, Thresholds};
use docdrift_store::Pending;

use super::check::{in_brackets, sampled};

/// What a run makes of the removals of one source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Removals {
    /// There are none, or they were seen often enough: nothing waits any more.
    Taken,
    /// They have to be seen again; the sentence says so.
    Waiting(Pending, String),
}

/// Whether the removals of `drift` were seen on enough successive runs, this one included. `earlier` is what waited
/// after the last run; other removals than those are counted from one.
pub(crate) fn removals(drift: &Drift, earlier: Option<&Pending>, thresholds: &Thresholds) -> Removals {
    let needed = thresholds.of(Threshold::ConfirmRemovals);
    let removed: BTreeSet<String> = drift.removed.iter().map(|key| key.id.clone()).collect();
    let seen = earlier.filter(|earlier| earlier.removed == removed).map_or(0, |earlier| earlier.runs);
    let runs = seen.saturating_add(1);
    if removed.is_empty() || runs >= needed {
        return Removals::Taken;
    }
    let codes: Vec<&str> = drift.removed.iter().map(|key| key.code.as_str()).collect();
    let reason = format!(
        "error codes that are gone on {runs} of {needed} runs: {}{}; they are taken out when {} more in a row find \
         just these gone",
        codes.len(),
        in_brackets(&sampled(&codes), codes.len()),
        needed - runs
    );
    Removals::Waiting(Pending { removed, runs }, reason)
}

#[cfg(test)]
mod tests {
    use super::{Removals, removals};
    use docdrift_model::{Drift, Key, Threshold, Thresholds};
    use docdrift_store::Pending;

    fn gone(ids: &[&str]) -> Drift {
        let key = |id: &&str| Key { id: (*id).into(), code: format!("Lamp.{id}"), ..Key::default() };
        Drift { removed: ids.iter().map(key).collect(), ..Drift::default() }
    }

    /// What waits after runs that found `runs` gone, one after the other.
    fn waiting(needed: u64, runs: &[&[&str]]) -> Option<Pending> {
        let thresholds = Thresholds::from_iter([(Threshold::ConfirmRemovals, needed)]);
        runs.iter().fold(None, |earlier, ids| match removals(&gone(ids), earlier.as_ref(), &thresholds) {
            Removals::Taken => None,
            Removals::Waiting(pending, _) => Some(pending),
        })
    }

    #[test]
    fn removals_wait_for_as_many_runs_as_asked() {
        for (needed, runs, left) in [
            (1, &[&["a"][..]][..], None),
            (2, &[&["a"]], Some(1)),
            (2, &[&["a"], &["a"]], None),
            (3, &[&["a", "b"], &["b", "a"]], Some(2)),
            (3, &[&["a"], &["a"], &["a"]], None),
            (3, &[&["a"], &["a", "b"]], Some(1)),
            (3, &[&["a", "b"], &["a"], &["a"]], Some(2)),
            (3, &[&["a"], &[], &["a"]], Some(1)),
            (3, &[&["a"], &[]], None),
        ] {
            assert_eq!(waiting(needed, runs).map(|pending| pending.runs), left, "{needed} {runs:?}");
        }
    }

    #[test]
    fn the_sentence_counts() {
        let thresholds = Thresholds::from_iter([(Threshold::ConfirmRemovals, 3)]);
        let Removals::Waiting(_, why) = removals(&gone(&["1", "2", "3", "4"]), None, &thresholds) else { panic!() };
        assert_eq!(
            why,
            "error codes that are gone on 1 of 3 runs: 4 (Lamp.1, Lamp.2, Lamp.3 …); they are taken out when 2 more in \
             a row find just these gone"
        );
    }
}
