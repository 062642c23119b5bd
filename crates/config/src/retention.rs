//! `[archive]`: how long the raw pages are kept.

use docdrift_model::Retention;

use crate::fields::{Problems, Section, Value, number};

/// Ten thousand years: more is a mistake, and no date.
const MAX_DAYS: u64 = 3_650_000;
/// No page has so many versions.
const MAX_VERSIONS: u64 = 1_000_000;

/// What `[archive]` says.
pub(crate) fn retention(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Retention> {
    let section = Section::new("[archive]", value, &["keep_days", "keep_versions"], problems)?;
    section.required("keep_days", "after how many days a visit may go", problems)?;
    let days = number(&section, "keep_days", (1, MAX_DAYS), problems);
    let versions = match section.get("keep_versions") {
        Some(_) => number(&section, "keep_versions", (1, MAX_VERSIONS), problems),
        None => Some(1),
    };
    Some(Retention { keep_days: u32::try_from(days?).ok()?, keep_versions: u32::try_from(versions?).ok()? })
}

#[cfg(test)]
mod tests {
    use super::Retention;
    use crate::parse::config;

    const SOURCE: &str = r#"
        [[source]]
        vendor = "acme"
        service = "vault"
        name = { en = "Vault" }
        pages = { en = "https://docs.acme.test/en/errors" }
        licence = "their own"
    "#;

    #[test]
    fn how_long_pages_are_kept() {
        let archive = |text: &str| config(&format!("{text}\n{SOURCE}")).unwrap().archive;
        assert_eq!(archive(""), None);
        assert_eq!(archive("[archive]\nkeep_days = 90"), Some(Retention { keep_days: 90, keep_versions: 1 }));
        let both = Some(Retention { keep_days: 1, keep_versions: 7 });
        assert_eq!(archive("archive = { keep_days = 1, keep_versions = 7 }"), both);
    }

    #[test]
    fn each_mistake_and_its_line() {
        for (text, expected) in [
            ("[archive]", "1: missing key `keep_days` in [archive]: after how many days a visit may go"),
            ("[archive]\nkeep_versions = 1", "1: missing key `keep_days` in [archive]"),
            ("[archive]\nkeep_days = 0", "2: `keep_days` must be a whole number, 1 to 3650000"),
            ("[archive]\nkeep_days = \"90\"", "2: `keep_days` must be a whole number"),
            ("[archive]\nkeep_days = 9\nkeep_versions = -1", "3: `keep_versions` must be a whole number"),
            (
                "[archive]\nkeep_days = 9\nkeep = 1",
                "3: unknown key `keep` in [archive]; allowed: keep_days, keep_versions",
            ),
            ("archive = 90", "1: [archive] must be a table, not an integer"),
        ] {
            let problems = config(&format!("{text}\n{SOURCE}")).unwrap_err();
            let shown = problems.iter().map(|problem| format!("{}: {}", problem.at.unwrap().0, problem.message));
            let shown: Vec<String> = shown.collect();
            assert!(shown.len() == 1 && shown[0].starts_with(expected), "{text}\n{shown:?}");
        }
    }
}
