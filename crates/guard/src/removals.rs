//! Removals that several successive runs have to find before they are accepted.

use std::collections::BTreeSet;

use docdrift_model::{
    Drift, Reason,
    drift::PendingRemovals,
    thresholds::{Threshold, Thresholds},
};

use super::check::sample;

/// The result of counting the removals of one source.
#[derive(Debug, PartialEq, Eq)]
pub enum RemovalCheck {
    /// There are none, or enough runs found them.
    Confirmed,
    /// More runs have to find them; the reason says how many.
    Waiting(PendingRemovals, Reason),
}

/// Checks whether enough successive runs, this one included, found the removals of `drift`. `earlier` is what was pending
/// after the last run. A different set of removals is counted from one.
pub fn confirm_removals(drift: &Drift, earlier: Option<&PendingRemovals>, thresholds: &Thresholds) -> RemovalCheck {
    let needed = thresholds.get(Threshold::ConfirmRemovals);
    let removed: BTreeSet<String> = drift.removed.iter().map(|key| key.id.clone()).collect();
    let earlier_runs = earlier.filter(|earlier| earlier.removed == removed).map_or(0, |earlier| earlier.runs);
    let runs = earlier_runs.saturating_add(1);
    if removed.is_empty() || runs >= needed {
        return RemovalCheck::Confirmed;
    }
    let codes: Vec<&str> = drift.removed.iter().map(|key| key.code.as_str()).collect();
    let reason = Reason::UnconfirmedRemovals { codes: sample(&codes), runs, needed };
    RemovalCheck::Waiting(PendingRemovals { removed, runs }, reason)
}

#[cfg(test)]
mod tests {
    use super::{RemovalCheck, confirm_removals};
    use docdrift_model::{
        Drift, Reason,
        drift::{Key, PendingRemovals},
        reason::Sample,
        thresholds::{Threshold, Thresholds},
    };

    fn drift_without(ids: &[&str]) -> Drift {
        let key = |id: &&str| Key { id: (*id).into(), code: format!("Lamp.{id}"), ..Key::default() };
        Drift { removed: ids.iter().map(key).collect(), ..Drift::default() }
    }

    /// Returns what is pending after runs that found these ids removed, one run after the other.
    fn pending_after(needed: u64, runs: &[&[&str]]) -> Option<PendingRemovals> {
        let thresholds = Thresholds::from_iter([(Threshold::ConfirmRemovals, needed)]);
        runs.iter().fold(None, |earlier, ids| {
            match confirm_removals(&drift_without(ids), earlier.as_ref(), &thresholds) {
                RemovalCheck::Confirmed => None,
                RemovalCheck::Waiting(pending, _) => Some(pending),
            }
        })
    }

    #[test]
    fn removals_wait_for_as_many_runs_as_asked() {
        for (needed, runs, expected) in [
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
            assert_eq!(pending_after(needed, runs).map(|pending| pending.runs), expected, "{needed} {runs:?}");
        }
    }

    #[test]
    fn the_reason_counts_codes_and_runs() {
        let thresholds = Thresholds::from_iter([(Threshold::ConfirmRemovals, 3)]);
        let RemovalCheck::Waiting(_, reason) =
            confirm_removals(&drift_without(&["1", "2", "3", "4"]), None, &thresholds)
        else {
            panic!()
        };
        let codes = Sample { codes: ["Lamp.1", "Lamp.2", "Lamp.3"].map(str::to_owned).to_vec(), count: 4 };
        assert_eq!(reason, Reason::UnconfirmedRemovals { codes, runs: 1, needed: 3 });
    }
}
