//! `severity`: how grave each kind of change counts, for all sources or for one.

use docdrift_model::{ChangeKind, Severities, Severity};

use crate::fields::{Problems, Section, Value, text};

const SEVERITIES: [Severity; 6] =
    [Severity::Breaking, Severity::Added, Severity::Wording, Severity::Editorial, Severity::Cosmetic, Severity::None];

/// What the table in `value` says; `name` is how a reader of the file knows it.
pub(crate) fn severities(name: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Severities {
    let kinds = ChangeKind::ALL.map(ChangeKind::as_str);
    let Some(section) = Section::new(name, value, &kinds, problems) else { return Severities::default() };
    let said = ChangeKind::ALL.into_iter().filter_map(|kind| {
        let value = section.get(kind.as_str())?;
        Some((kind, severity(kind, value, problems)?))
    });
    said.collect()
}

fn severity(kind: ChangeKind, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Severity> {
    let key = format!("severity.{}", kind.as_str());
    let name = text(&key, value, problems)?;
    let severity = SEVERITIES.into_iter().find(|severity| severity.as_str() == name);
    if severity.is_none() {
        let allowed = SEVERITIES.map(Severity::as_str).join(", ");
        let message = format!("unknown severity `{}` in `{key}`; allowed: {allowed}", name.escape_debug());
        problems.add(&value.span(), message);
    }
    severity
}
