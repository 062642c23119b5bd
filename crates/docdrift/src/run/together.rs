//! What speaks against taking sources that look fine by themselves: the other sources of the run, and the runs before.

use std::collections::BTreeMap;

use docdrift_model::{Accepted, Outcome, SourceId};
use docdrift_store::Pending;

use super::{Looked, Run};
use crate::guard::{
    confirm::{Removals, removals},
    run::{Ended, Told, shared_pages, too_many_failing},
};

/// The removals of each source that wait to be seen again.
pub(crate) type Waiting = BTreeMap<SourceId, Pending>;

impl Run<'_> {
    /// Holds back what must not be taken; answers with the removals that wait after this run. Removals are counted by
    /// runs that had pages anew: reading the archived ones again tells nothing more.
    pub(crate) fn weigh_together(&self, looked: &mut [Looked<'_>]) -> anyhow::Result<Waiting> {
        for (id, reasons) in shared(looked) {
            looked.iter_mut().filter(|of| of.source.id == id).for_each(|of| self.hold(of, &reasons));
        }
        self.weigh_failures(looked);
        let earlier = if self.origin.offline { Waiting::new() } else { self.store.pending()? };
        let mut waiting = earlier.clone();
        for of in looked.iter_mut().filter(|of| of.judged.is_taken()) {
            let id = &of.source.id;
            waiting.remove(id);
            if let Removals::Waiting(pending, why) = removals(&of.judged.drift, earlier.get(id), &of.source.guard) {
                waiting.insert(id.clone(), pending);
                self.hold(of, &[why]);
            }
        }
        Ok(waiting)
    }

    fn weigh_failures(&self, looked: &mut [Looked<'_>]) {
        // A note that cannot be read tells of nobody that it failed before.
        let failing = self.store.failing().unwrap_or_default();
        let ended: Vec<Ended<'_>> = looked
            .iter()
            .map(|of| Ended { outcome: &of.judged.outcome, was_failing: failing.contains_key(&of.source.id) })
            .collect();
        if let Some(why) = too_many_failing(&ended, &self.config.guard) {
            let is_news = |of: &&mut Looked<'_>| !of.judged.snapshots.is_empty();
            looked.iter_mut().filter(is_news).for_each(|of| self.hold(of, std::slice::from_ref(&why)));
        }
    }

    /// Keeps what a source had, unless a maintainer says otherwise; then what speaks against it is noted.
    fn hold(&self, looked: &mut Looked<'_>, reasons: &[String]) {
        let judged = &mut looked.judged;
        if let (Some(reason), Some(snapshot)) = (self.accept.reason_for(looked.source), judged.snapshots.last_mut()) {
            let accepted = || Accepted { reason: reason.to_owned(), against: Vec::new() };
            snapshot.accepted.get_or_insert_with(accepted).against.extend_from_slice(reasons);
            return;
        }
        let mut all = match &judged.outcome {
            Outcome::Quarantined(known) => known.clone(),
            _ => Vec::new(),
        };
        all.extend_from_slice(reasons);
        judged.outcome = Outcome::Quarantined(all);
        judged.snapshots.clear();
        judged.doubts.clear();
        judged.stale.clear();
    }
}

/// The sources that have the very page of another one, and why that is wrong.
fn shared(looked: &[Looked<'_>]) -> BTreeMap<SourceId, Vec<String>> {
    let told = looked.iter().map(|of| Told {
        source: &of.source.id,
        now: &of.judged.pages,
        last: of.pages_of_last.as_ref(),
        goes_on: of.judged.is_taken() && of.pages_of_last.is_some(),
    });
    shared_pages(&told.collect::<Vec<_>>())
}
