//! One look at one thing: what was counted, what is let through, and how it ended.

use docdrift_model::{Lang, Threshold, Thresholds};

/// So many codes stand for all in a sentence.
const SAMPLE: usize = 3;
/// A code longer than that is cut short in a sentence.
const CODE: usize = 60;

/// What one check of the guard found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name in answers, as `rows-lost`.
    pub name: &'static str,
    /// Whose page it is about; `None` for what both pages share.
    pub lang: Option<Lang>,
    /// What was looked at, for people.
    pub what: String,
    /// What was counted, as `3 of 285 (1 %)`.
    pub figure: String,
    /// What is let through; empty where nothing is.
    pub limit: String,
    /// Some of the codes that it is about.
    pub sample: Vec<String>,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing speaks against the page.
    Passed,
    /// A sentence: what speaks against it.
    Failed(String),
}

impl Check {
    /// A check of something that either is or is not: `reason` where it speaks against the page.
    pub(super) fn from_reason(name: &'static str, lang: Option<Lang>, figure: &str, reason: Option<String>) -> Self {
        Self {
            name,
            lang,
            what: subject(lang),
            figure: figure.to_owned(),
            limit: String::new(),
            sample: Vec::new(),
            verdict: reason.map_or(Verdict::Passed, Verdict::Failed),
        }
    }

    /// What speaks against the page, if anything does.
    pub fn reason(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Passed => None,
            Verdict::Failed(reason) => Some(reason),
        }
    }
}

/// `zh page`, or `source`.
pub(super) fn subject(lang: Option<Lang>) -> String {
    lang.map_or_else(|| "source".to_owned(), |lang| format!("{lang} page"))
}

/// What a share is weighed by.
pub(super) struct Share<'a> {
    pub(super) name: &'static str,
    pub(super) lang: Option<Lang>,
    /// What was counted, as `rows of the zh page`.
    pub(super) what: String,
    /// What became of them, as `are gone`.
    pub(super) became: &'a str,
    /// How many there were.
    pub(super) before: usize,
    /// The codes of those that it became so of.
    pub(super) codes: Vec<&'a str>,
}

impl Share<'_> {
    /// Weighs the share by a threshold; so few as are everyday count only where they are most of what there is.
    pub(super) fn into_check(self, thresholds: &Thresholds, by: Threshold) -> Check {
        let (percent, few) = (thresholds.get(by), thresholds.get(Threshold::LostFew));
        let (lost, before) = (as_u64(self.codes.len()), as_u64(self.before));
        let limit = if lost > few { percent } else { percent.max(50) };
        let is_much = lost.saturating_mul(100) > before.saturating_mul(limit);
        let sample = sample_codes(&self.codes);
        let codes = in_brackets(&sample, self.codes.len());
        let reason = || format!("{}: {lost} of {before} {}{codes}", self.what, self.became);
        Check {
            name: self.name,
            lang: self.lang,
            figure: figure(self.codes.len(), self.before),
            limit: describe_limit(percent, few),
            verdict: if is_much { Verdict::Failed(reason()) } else { Verdict::Passed },
            what: self.what,
            sample,
        }
    }
}

/// `3 of 285 (1 %)`.
pub(super) fn figure(part: usize, whole: usize) -> String {
    match whole {
        0 => "none there".to_owned(),
        _ => format!("{part} of {whole} ({} %)", (part * 200 + whole) / (whole * 2)),
    }
}

fn describe_limit(percent: u64, few: u64) -> String {
    match few {
        0 => format!("{percent} %"),
        _ => format!("{percent} %, or {few}"),
    }
}

/// The first few of the codes, each once.
pub(super) fn sample_codes(codes: &[&str]) -> Vec<String> {
    let mut sample: Vec<String> = Vec::new();
    for code in codes {
        let code = shortened(code);
        if !sample.contains(&code) {
            sample.push(code);
        }
        if sample.len() == SAMPLE {
            break;
        }
    }
    sample
}

fn shortened(code: &str) -> String {
    let mut short: String = code.chars().take(CODE).collect();
    if short.len() < code.len() {
        short.push('…');
    }
    short
}

/// ` (A, B, C …)`, where the sample stands for `count`.
pub(super) fn in_brackets(sample: &[String], count: usize) -> String {
    if sample.is_empty() {
        return String::new();
    }
    let more = if count > sample.len() { " …" } else { "" };
    format!(" ({}{more})", sample.join(", "))
}

pub(super) fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Share, Verdict, figure, sample_codes};
    use docdrift_model::{Threshold, Thresholds};

    fn into_check(lost: usize, before: usize, thresholds: &Thresholds) -> bool {
        let codes: Vec<String> = (0..lost).map(|n| format!("C.{n}")).collect();
        let share = Share {
            name: "rows-lost",
            lang: None,
            what: "rows".into(),
            became: "are gone",
            before,
            codes: codes.iter().map(String::as_str).collect(),
        };
        share.into_check(thresholds, Threshold::LostPercent).verdict != Verdict::Passed
    }

    #[test]
    fn what_is_everyday_and_what_is_not() {
        let default = Thresholds::default();
        for (lost, before, is_much) in [
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
            assert_eq!(into_check(lost, before, &default), is_much, "{lost} of {before}");
        }
        let strict = Thresholds::from_iter([(Threshold::LostPercent, 0), (Threshold::LostFew, 0)]);
        assert!(into_check(1, 300, &strict));
        assert!(!into_check(0, 300, &strict));
        let lax = Thresholds::from_iter([(Threshold::LostPercent, 100)]);
        assert!(!into_check(300, 300, &lax));
    }

    #[test]
    fn a_share_for_people() {
        assert_eq!(figure(3, 285), "3 of 285 (1 %)");
        assert_eq!(figure(0, 0), "none there");
        assert_eq!(sample_codes(&["A", "A", "B", "C", "D"]), ["A", "B", "C"]);
        assert_eq!(sample_codes(&["x".repeat(99).as_str()])[0].chars().count(), 61);
    }
}
