//! RemovalCheck that have to be seen on several successive runs before they are taken.

use std::collections::BTreeSet;

use docdrift_model::PendingRemovals;
use docdrift_model::{Drift, Threshold, Thresholds};

use super::check::{in_brackets, sample_codes};

/// The result of counting the removals of one source.
#[derive(Debug, PartialEq, Eq)]
pub enum RemovalCheck {
    /// There are none, or enough runs found them.
    Confirmed,
    /// More runs have to find them; the reason says how many.
    Waiting(PendingRemovals, String),
}

/// Checks whether enough successive runs, this one included, found the removals of `drift`. `earlier` is what was pending
/// after the last run. A different set of removals is counted from one.
pub fn confirm_removals(drift: &Drift, earlier: Option<&PendingRemovals>, thresholds: &Thresholds) -> RemovalCheck {
    let needed = thresholds.get(Threshold::ConfirmRemovals);
    let removed: BTreeSet<String> = drift.removed.iter().map(|key| key.id.clone()).collect();
    let seen = earlier.filter(|earlier| earlier.removed == removed).map_or(0, |earlier| earlier.runs);
    let runs = seen.saturating_add(1);
    if removed.is_empty() || runs >= needed {
        return RemovalCheck::Confirmed;
    }
    let codes: Vec<&str> = drift.removed.iter().map(|key| key.code.as_str()).collect();
    let reason = format!(
        "error codes that are gone on {runs} of {needed} runs: {}{}; they are taken out when {} more in a row find \
         just these gone",
        codes.len(),
        in_brackets(&sample_codes(&codes), codes.len()),
        needed - runs
    );
    RemovalCheck::Waiting(PendingRemovals { removed, runs }, reason)
}

#[cfg(test)]
mod tests {
    use super::{RemovalCheck, confirm_removals};
    use docdrift_model::PendingRemovals;
    use docdrift_model::{Drift, Key, Threshold, Thresholds};

    fn gone(ids: &[&str]) -> Drift {
        let key = |id: &&str| Key { id: (*id).into(), code: format!("Lamp.{id}"), ..Key::default() };
        Drift { removed: ids.iter().map(key).collect(), ..Drift::default() }
    }

    /// What waits after runs that found `runs` gone, one after the other.
    fn waiting(needed: u64, runs: &[&[&str]]) -> Option<PendingRemovals> {
        let thresholds = Thresholds::from_iter([(Threshold::ConfirmRemovals, needed)]);
        runs.iter().fold(None, |earlier, ids| match confirm_removals(&gone(ids), earlier.as_ref(), &thresholds) {
            RemovalCheck::Confirmed => None,
            RemovalCheck::Waiting(pending, _) => Some(pending),
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
        let RemovalCheck::Waiting(_, why) = confirm_removals(&gone(&["1", "2", "3", "4"]), None, &thresholds) else {
            panic!()
        };
        assert_eq!(
            why,
            "error codes that are gone on 1 of 3 runs: 4 (Lamp.1, Lamp.2, Lamp.3 …); they are taken out when 2 more in \
             a row find just these gone"
        );
    }
}
