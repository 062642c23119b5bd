use std::collections::BTreeMap;

use crate::named_enum::named_enum;

named_enum! {
    /// A figure that the guard weighs by, as sources.toml names it.
    pub enum Threshold {
        /// The share of rows, codes or statuses that may go, in percent.
        LostPercent = "lost_percent",
        /// So many of them may go whatever their share is, unless they are most.
        LostFew = "lost_few",
        /// The share of a column's texts that may become empty, in percent.
        EmptiedPercent = "emptied_percent",
        /// The share of a column's texts that may stand with other errors or in other columns, in percent.
        StrayedPercent = "strayed_percent",
        /// The share of errors that may get another code or status, or other texts altogether, in percent.
        ReplacedPercent = "replaced_percent",
        /// The share of its length that a page which lost something may have lost, in percent.
        SmallerPercent = "smaller_percent",
        /// The share of a run's sources that may fail, in percent.
        FailingPercent = "failing_percent",
        /// On how many successive runs a removal has to be seen.
        ConfirmRemovals = "confirm_removals",
    }
}

impl Threshold {
    /// What it is where nothing else is said; `docs/guard.md` says why.
    pub fn default_value(self) -> u64 {
        match self {
            Threshold::LostPercent | Threshold::EmptiedPercent | Threshold::StrayedPercent => 20,
            Threshold::LostFew => 2,
            Threshold::ReplacedPercent | Threshold::FailingPercent => 50,
            Threshold::SmallerPercent => 60,
            Threshold::ConfirmRemovals => 1,
        }
    }

    /// The least and the most that it can be.
    pub fn range(self) -> (u64, u64) {
        match self {
            Threshold::LostFew => (0, 1_000_000),
            Threshold::ConfirmRemovals => (1, 30),
            _ => (0, 100),
        }
    }

    /// Whether it is about a run and not about a single source.
    pub fn is_of_run(self) -> bool {
        self == Threshold::FailingPercent
    }
}

/// What the guard weighs by, where that is not the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thresholds(BTreeMap<Threshold, u64>);

impl Thresholds {
    /// The value of one.
    pub fn get(&self, threshold: Threshold) -> u64 {
        self.0.get(&threshold).copied().unwrap_or_else(|| threshold.default_value())
    }

    /// These, with what `more` says instead where it says anything.
    #[must_use]
    pub fn with(mut self, more: &Self) -> Self {
        self.0.extend(&more.0);
        self
    }
}

impl FromIterator<(Threshold, u64)> for Thresholds {
    fn from_iter<I: IntoIterator<Item = (Threshold, u64)>>(said: I) -> Self {
        Self(said.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Threshold, Thresholds};

    #[test]
    fn defaults_are_within_the_range() {
        for threshold in Threshold::ALL {
            let (least, most) = threshold.range();
            assert!((least..=most).contains(&threshold.default_value()), "{}", threshold.as_str());
        }
    }

    #[test]
    fn what_is_said_last_counts() {
        let all = Thresholds::from_iter([(Threshold::LostFew, 5), (Threshold::LostPercent, 30)]);
        let own = Thresholds::from_iter([(Threshold::LostFew, 0)]);
        let both = all.with(&own);
        assert_eq!(both.get(Threshold::LostFew), 0);
        assert_eq!(both.get(Threshold::LostPercent), 30);
        assert_eq!(both.get(Threshold::SmallerPercent), 60);
    }
}
