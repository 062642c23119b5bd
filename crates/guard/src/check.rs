//! Builds checks: shares that are compared with a threshold, and plain yes-or-no checks.

use docdrift_model::{
    Lang,
    check::{Check, Figure, Limit},
    reason::{Damage, Reason, Sample, Subject},
    thresholds::{Threshold, Thresholds},
};

/// The number of codes that a reason names. More would not fit a line of a report.
const SAMPLE_SIZE: usize = 3;
/// Longer codes are cut. Most of them are sentences that were read as codes, and one of them would fill the line.
const MAX_CODE_CHARS: usize = 60;
/// Up to [`Threshold::LostFew`] lost rows are compared with this share, in percent: two of five rows are an everyday
/// change, two of three are not.
const FEW_LIMIT_PERCENT: u64 = 50;

/// Builds a check without a threshold. It fails where there is a `reason`.
pub(crate) fn check_without_limit(
    name: &'static str,
    lang: Option<Lang>,
    figure: Figure,
    reason: Option<Reason>,
) -> Check {
    let subject = lang.map_or(Subject::Source, Subject::Page);
    Check { name, lang, subject, figure, limit: None, sample: Vec::new(), reason }
}

/// A share of rows, codes or texts that was lost or damaged.
pub(crate) struct Share<'a> {
    pub(crate) name: &'static str,
    pub(crate) lang: Option<Lang>,
    pub(crate) subject: Subject,
    pub(crate) damage: Damage,
    /// How many there were.
    pub(crate) total: usize,
    /// The codes of the damaged ones.
    pub(crate) codes: Vec<&'a str>,
}

impl Share<'_> {
    /// Compares the share with a threshold. Up to [`Threshold::LostFew`] are accepted unless they are more than half.
    pub(crate) fn into_check(self, thresholds: &Thresholds, threshold: Threshold) -> Check {
        let (percent, few) = (thresholds.get(threshold), thresholds.get(Threshold::LostFew));
        let (lost, total) = (as_u64(self.codes.len()), as_u64(self.total));
        let limit = if lost > few { percent } else { percent.max(FEW_LIMIT_PERCENT) };
        let is_too_much = lost.saturating_mul(100) > total.saturating_mul(limit);
        let codes = sample(&self.codes);
        Check {
            name: self.name,
            lang: self.lang,
            subject: self.subject,
            figure: Figure::Share { part: self.codes.len(), whole: self.total },
            limit: Some(Limit::Share { percent, few }),
            sample: codes.codes.clone(),
            reason: is_too_much.then_some(Reason::Share {
                subject: self.subject,
                damage: self.damage,
                codes,
                total: self.total,
            }),
        }
    }
}

/// Returns the first few codes, each once, and the number of all.
pub(crate) fn sample(all: &[&str]) -> Sample {
    let mut codes: Vec<String> = Vec::new();
    for code in all {
        let code = shorten(code);
        if !codes.contains(&code) {
            codes.push(code);
        }
        if codes.len() == SAMPLE_SIZE {
            break;
        }
    }
    Sample { codes, count: all.len() }
}

fn shorten(code: &str) -> String {
    let mut short: String = code.chars().take(MAX_CODE_CHARS).collect();
    if short.len() < code.len() {
        short.push('…');
    }
    short
}

pub(crate) fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Share, sample};
    use docdrift_model::{
        Lang,
        reason::{Damage, Subject},
        thresholds::{Threshold, Thresholds},
    };

    fn is_too_much(lost: usize, total: usize, thresholds: &Thresholds) -> bool {
        let codes: Vec<String> = (0..lost).map(|n| format!("C.{n}")).collect();
        let share = Share {
            name: "rows-lost",
            lang: None,
            subject: Subject::Rows(Lang::En),
            damage: Damage::Gone,
            total,
            codes: codes.iter().map(String::as_str).collect(),
        };
        !share.into_check(thresholds, Threshold::LostPercent).has_passed()
    }

    #[test]
    fn everyday_losses_pass_and_large_ones_fail() {
        let default = Thresholds::default();
        for (lost, total, expected) in [
            (0, 0, false),
            (1, 1, true),
            (1, 2, false),
            (2, 3, true),
            (2, 4, false),
            (2, 5, false),
            (3, 14, true),
            (3, 15, false),
            (8, 40, false),
            (9, 40, true),
            (60, 300, false),
            (61, 300, true),
        ] {
            assert_eq!(is_too_much(lost, total, &default), expected, "{lost} of {total}");
        }
        let strict = Thresholds::from_iter([(Threshold::LostPercent, 0), (Threshold::LostFew, 0)]);
        assert!(is_too_much(1, 300, &strict));
        assert!(!is_too_much(0, 300, &strict));
        let lax = Thresholds::from_iter([(Threshold::LostPercent, 100)]);
        assert!(!is_too_much(300, 300, &lax));
    }

    #[test]
    fn a_sample_names_each_code_once() {
        let codes = sample(&["A", "A", "B", "C", "D"]);
        assert_eq!((codes.codes, codes.count), (vec!["A".into(), "B".into(), "C".into()], 5));
        assert_eq!(sample(&["x".repeat(99).as_str()]).codes[0].chars().count(), 61);
    }
}
