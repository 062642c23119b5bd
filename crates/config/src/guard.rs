//! `guard`: the thresholds of the guard, for all sources or for one.

use docdrift_model::thresholds::{Threshold, Thresholds};

use crate::fields::{Problems, Section, Value};

/// Reads `[guard]`: the thresholds for all sources and for the run.
pub(crate) fn parse_guard(value: &Value<'_>, problems: &mut Problems<'_>) -> Thresholds {
    parse_thresholds("[guard]", value, problems, &Threshold::ALL)
}

/// Reads the `guard` of a `[[source]]`: all thresholds except those for the run.
pub(crate) fn parse_source_guard(value: &Value<'_>, problems: &mut Problems<'_>) -> Thresholds {
    let allowed: Vec<Threshold> = Threshold::ALL.into_iter().filter(|threshold| !threshold.is_of_run()).collect();
    parse_thresholds("`guard`", value, problems, &allowed)
}

fn parse_thresholds(name: &str, value: &Value<'_>, problems: &mut Problems<'_>, allowed: &[Threshold]) -> Thresholds {
    let thresholds = Section::read_value(name, value, problems, |section, problems| {
        let thresholds = allowed.iter().filter_map(|threshold| {
            let number = section.number(threshold.as_str(), threshold.range(), problems)?;
            Some((*threshold, number))
        });
        Some(thresholds.collect())
    });
    thresholds.unwrap_or_default()
}
