use docdrift_model::config::Retention;

use super::{SOURCE, assert_only_problem};
use crate::parse::parse_config;

#[test]
fn retention_is_read_with_its_default() {
    let archive = |text: &str| parse_config(&format!("{text}\n{SOURCE}")).unwrap().archive;
    assert_eq!(archive(""), None);
    assert_eq!(archive("[archive]\nkeep_days = 90"), Some(Retention { keep_days: 90, keep_versions: 1 }));
    let both = Some(Retention { keep_days: 1, keep_versions: 7 });
    assert_eq!(archive("archive = { keep_days = 1, keep_versions = 7 }"), both);
}

#[test]
fn each_mistake_has_a_problem_with_its_line() {
    for (text, expected) in [
        ("[archive]", "1:1: missing key `keep_days` in [archive]: after how many days a visit may go"),
        ("[archive]\nkeep_versions = 1", "1:1: missing key `keep_days` in [archive]"),
        ("[archive]\nkeep_days = 0", "2:13: `keep_days` must be a whole number, 1 to 3650000"),
        ("[archive]\nkeep_days = \"90\"", "2:13: `keep_days` must be a whole number"),
        ("[archive]\nkeep_days = 9\nkeep_versions = -1", "3:17: `keep_versions` must be a whole number"),
        (
            "[archive]\nkeep_days = 9\nkeep = 1",
            "3:1: unknown key `keep` in [archive]; allowed: keep_days, keep_versions",
        ),
        ("archive = 90", "1:11: [archive] must be a table, not an integer"),
    ] {
        assert_only_problem(&format!("{text}\n{SOURCE}"), expected);
    }
}
