//! The counts of all rounds.

use crate::torture::round::{Fault, RootState, RoundResult};

/// The counts of all rounds.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) kill_count: usize,
    /// Kills while files were staged.
    pub(crate) staging_count: usize,
    /// Kills while files were moved into place.
    pub(crate) moving_count: usize,
    pub(crate) lost_count: usize,
    pub(crate) mixed_count: usize,
    old_count: usize,
    new_count: usize,
    /// Kills of runs that had a fault besides.
    faulty_count: usize,
    /// Runs that ended before the kill, mostly by their fault.
    ended_count: usize,
    /// Whether a problem was found: then all workers stop.
    pub(crate) is_over: bool,
}

impl Tally {
    pub(crate) fn add(&mut self, result: &RoundResult, fault: Fault) {
        match result.state {
            RootState::Old => self.old_count += 1,
            RootState::New => self.new_count += 1,
            RootState::Mixed => self.mixed_count += 1,
            RootState::Lost => self.lost_count += 1,
        }
        if result.was_killed {
            self.kill_count += 1;
            self.staging_count += usize::from(result.was_staging);
            self.moving_count += usize::from(result.was_moving);
            self.faulty_count += usize::from(fault != Fault::None);
        } else {
            self.ended_count += 1;
        }
    }

    /// One sentence about the kills.
    pub(crate) fn summary(&self) -> String {
        format!(
            "{} kills, {} while files were staged, {} while they were moved into place, {} with a fault besides; {} runs \
             ended before; {} ended old, {} new",
            self.kill_count,
            self.staging_count,
            self.moving_count,
            self.faulty_count,
            self.ended_count,
            self.old_count,
            self.new_count
        )
    }
}
