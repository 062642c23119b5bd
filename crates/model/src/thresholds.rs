//! The thresholds of the guard.

use std::collections::BTreeMap;

use crate::named_enum::named_enum;

named_enum! {
    /// A threshold of the guard, as sources.toml names it.
    pub enum Threshold {
        /// The share of rows, codes or statuses that may be lost, in percent.
        LostPercent = "lost_percent",
        /// This many of them may be lost whatever their share is, unless they are more than half.
        LostFew = "lost_few",
        /// The share of a column's texts that may become empty, in percent.
        EmptiedPercent = "emptied_percent",
        /// The share of a column's texts that may move to other errors or columns, in percent.
        StrayedPercent = "strayed_percent",
        /// The share of errors that may get another code, another status or entirely other texts, in percent.
        ReplacedPercent = "replaced_percent",
        /// The share of its length that a page may lose where content is lost as well, in percent.
        SmallerPercent = "smaller_percent",
        /// The share of a run's sources that may fail, in percent.
        FailingPercent = "failing_percent",
        /// The number of successive runs that have to find a removal.
        ConfirmRemovals = "confirm_removals",
    }
}

impl Threshold {
    /// Returns the default; `docs/guard.md` says why.
    pub fn default_value(self) -> u64 {
        match self {
            Threshold::LostPercent | Threshold::EmptiedPercent | Threshold::StrayedPercent => 20,
            Threshold::LostFew => 2,
            Threshold::ReplacedPercent | Threshold::FailingPercent => 50,
            Threshold::SmallerPercent => 60,
            Threshold::ConfirmRemovals => 1,
        }
    }

    /// Returns the lowest and the highest valid value.
    pub fn range(self) -> (u64, u64) {
        match self {
            Threshold::LostFew => (0, 1_000_000),
            Threshold::ConfirmRemovals => (1, 30),
            _ => (0, 100),
        }
    }

    /// Whether it is about a whole run, not about a single source.
    pub fn is_of_run(self) -> bool {
        self == Threshold::FailingPercent
    }
}

/// The thresholds that differ from the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thresholds(BTreeMap<Threshold, u64>);

impl Thresholds {
    /// Returns the value of a threshold.
    pub fn get(&self, threshold: Threshold) -> u64 {
        self.0.get(&threshold).copied().unwrap_or_else(|| threshold.default_value())
    }

    /// Returns these thresholds, overridden by those of `more`.
    #[must_use]
    pub fn with(mut self, more: &Self) -> Self {
        self.0.extend(&more.0);
        self
    }
}

impl FromIterator<(Threshold, u64)> for Thresholds {
    fn from_iter<I: IntoIterator<Item = (Threshold, u64)>>(values: I) -> Self {
        Self(values.into_iter().collect())
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
    fn later_thresholds_override_earlier_ones() {
        let all = Thresholds::from_iter([(Threshold::LostFew, 5), (Threshold::LostPercent, 30)]);
        let own = Thresholds::from_iter([(Threshold::LostFew, 0)]);
        let both = all.with(&own);
        assert_eq!(both.get(Threshold::LostFew), 0);
        assert_eq!(both.get(Threshold::LostPercent), 30);
        assert_eq!(both.get(Threshold::SmallerPercent), 60);
    }
}
