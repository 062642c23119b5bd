//! `guard`: the thresholds of the guard, for all sources or for one.

use docdrift_model::{Threshold, Thresholds};

use crate::fields::{Problems, Section, Value, number};

/// What `[guard]` says: for all sources, and for the run.
pub(crate) fn for_all(value: &Value<'_>, problems: &mut Problems<'_>) -> Thresholds {
    thresholds("[guard]", value, problems, &Threshold::ALL)
}

/// What the `guard` of a `[[source]]` says: all but what is about the run.
pub(crate) fn of_source(value: &Value<'_>, problems: &mut Problems<'_>) -> Thresholds {
    let own: Vec<Threshold> = Threshold::ALL.into_iter().filter(|threshold| !threshold.is_of_run()).collect();
    thresholds("`guard`", value, problems, &own)
}

fn thresholds(name: &str, value: &Value<'_>, problems: &mut Problems<'_>, allowed: &[Threshold]) -> Thresholds {
    let keys: Vec<&str> = allowed.iter().map(|threshold| threshold.as_str()).collect();
    let Some(section) = Section::new(name, value, &keys, problems) else { return Thresholds::default() };
    let said = allowed.iter().filter_map(|threshold| {
        let value = number(&section, threshold.as_str(), threshold.range(), problems)?;
        Some((*threshold, value))
    });
    said.collect()
}
