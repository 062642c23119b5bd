//! `severity`: how severe each kind of change is, for all sources or for one.

use docdrift_model::{
    Severity,
    severities::{ChangeKind, Severities},
};

use crate::fields::{Problems, Section, Value, parse_choice};

const SEVERITIES: [Severity; 6] =
    [Severity::Breaking, Severity::Added, Severity::Wording, Severity::Editorial, Severity::Cosmetic, Severity::None];

/// Reads the table in `value`. `name` is its name in messages.
pub(crate) fn parse_severities(name: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Severities {
    let choices = SEVERITIES.map(|severity| (severity.as_str(), severity));
    let severities = Section::read_value(name, value, problems, |section, problems| {
        let severities = ChangeKind::ALL.into_iter().filter_map(|kind| {
            let value = section.get(kind.as_str())?;
            let key = format!("severity.{}", kind.as_str());
            Some((kind, parse_choice("severity", &key, value, &choices, problems)?))
        });
        Some(severities.collect())
    });
    severities.unwrap_or_default()
}
