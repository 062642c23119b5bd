//! `[archive]`: how long raw pages are kept.

use docdrift_model::config::Retention;

use crate::fields::{Problems, Section, Value};

/// The largest `keep_days`: ten thousand years. A larger number is a mistake, and leads before the first date.
const MAX_DAYS: u64 = 3_650_000;
/// The largest `keep_versions`. One version a day would take 2,700 years to reach it.
const MAX_VERSIONS: u64 = 1_000_000;

/// Reads `[archive]`.
pub(crate) fn parse_retention(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Retention> {
    Section::read_value("[archive]", value, problems, |section, problems| {
        let advice = "after how many days a visit may go";
        let days = section.required_number("keep_days", advice, (1, MAX_DAYS), problems);
        let versions = section.number("keep_versions", (1, MAX_VERSIONS), problems).unwrap_or(1);
        Some(Retention { keep_days: u32::try_from(days?).ok()?, keep_versions: u32::try_from(versions).ok()? })
    })
}
