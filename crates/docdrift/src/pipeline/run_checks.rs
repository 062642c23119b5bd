//! The guard's checks of a whole run, applied: sources that look right alone are held back where the other sources of
//! the run, or the runs before, speak against them.

use std::collections::BTreeMap;

use docdrift_guard::{RemovalCheck, SourceOutcome, SourcePages, confirm_removals, find_shared_pages, too_many_failing};
use docdrift_model::{Reason, SourceId, drift::PendingRemovals, snapshot::Accepted};
use docdrift_report::english_reasons;

use super::{
    input::Origin,
    run::{EvaluatedSource, Run},
};

/// The removals of each source that more runs have to confirm.
pub(crate) type Pending = BTreeMap<SourceId, PendingRemovals>;

impl Run<'_> {
    /// Quarantines the sources that fail a check of the run. Returns the removals that are pending after it.
    pub(crate) fn apply_run_checks(&self, evaluated: &mut [EvaluatedSource<'_>]) -> anyhow::Result<Pending> {
        self.check_shared_pages(evaluated);
        self.check_failures(evaluated);
        self.check_removals(evaluated)
    }

    fn check_shared_pages(&self, evaluated: &mut [EvaluatedSource<'_>]) {
        let pages = evaluated.iter().map(|source| SourcePages {
            id: &source.source.id,
            now: &source.evaluation.pages,
            last: source.last_pages.as_ref(),
            continues_last: source.evaluation.is_accepted() && source.last_pages.is_some(),
        });
        for (id, reasons) in find_shared_pages(&pages.collect::<Vec<_>>()) {
            evaluated.iter_mut().filter(|source| source.source.id == id).for_each(|source| self.hold(source, &reasons));
        }
    }

    fn check_failures(&self, evaluated: &mut [EvaluatedSource<'_>]) {
        // Where the list of failing sources cannot be read, no source counts as failing before.
        let failing = self.storage.store.state().failures().unwrap_or_default();
        let outcomes: Vec<SourceOutcome<'_>> = evaluated
            .iter()
            .map(|source| SourceOutcome {
                outcome: &source.evaluation.outcome,
                was_failing: failing.contains_key(&source.source.id),
            })
            .collect();
        if let Some(reason) = too_many_failing(&outcomes, &self.config.guard) {
            let is_new = |source: &&mut EvaluatedSource<'_>| !source.evaluation.snapshots.is_empty();
            evaluated.iter_mut().filter(is_new).for_each(|source| self.hold(source, std::slice::from_ref(&reason)));
        }
    }

    /// Counts runs that got new pages. Reading archived pages again confirms nothing.
    fn check_removals(&self, evaluated: &mut [EvaluatedSource<'_>]) -> anyhow::Result<Pending> {
        let earlier = if *self.origin == Origin::Archive {
            Pending::new()
        } else {
            self.storage.store.state().pending_removals()?
        };
        let mut pending = earlier.clone();
        for source in evaluated.iter_mut().filter(|source| source.evaluation.is_accepted()) {
            let id = &source.source.id;
            pending.remove(id);
            let check = confirm_removals(&source.evaluation.drift, earlier.get(id), &source.source.guard);
            if let RemovalCheck::Waiting(removals, reason) = check {
                pending.insert(id.clone(), removals);
                self.hold(source, &[reason]);
            }
        }
        Ok(pending)
    }

    /// Quarantines a source, unless a maintainer accepts its pages. Then the reasons are kept in the snapshot.
    fn hold(&self, source: &mut EvaluatedSource<'_>, reasons: &[Reason]) {
        let accept = self.accept.reason_for(source.source);
        if let (Some(reason), Some(snapshot)) = (accept, source.evaluation.snapshots.last_mut()) {
            let accepted = || Accepted { reason: reason.to_owned(), against: Vec::new() };
            snapshot.accepted.get_or_insert_with(accepted).against.extend(english_reasons(reasons));
            return;
        }
        source.evaluation.quarantine(reasons);
    }
}
