//! Diagnoses a page without an error table.

use std::{collections::BTreeSet, sync::LazyLock};

use docdrift_model::{Warning, WarningKind};
use regex::Regex;

use crate::syntax::block::Block;

/// The number of characters of a page's first words in a warning: about one line.
const MAX_FIRST_WORDS: usize = 120;

/// Words of pages that stand in for the real page, in lower case, with the kind of page.
const WALLS: [(&str, &[&str]); 5] = [
    (
        "a login form",
        &["sign in to", "log in to", "please log in", "please sign in", "登录后", "请登录", "请先登录", "账号登录"],
    ),
    (
        "a test for robots",
        &["captcha", "verify you are human", "are you a robot", "unusual traffic", "验证码", "人机验证", "滑块"],
    ),
    (
        "a notice that scripts are needed",
        &["enable javascript", "javascript is required", "javascript is disabled", "启用javascript", "开启javascript"],
    ),
    ("a refusal", &["access denied", "request blocked", "403 forbidden", "访问被拒绝", "访问受限"]),
    ("a cookie notice", &["accept cookies", "accept all cookies", "we use cookies", "接受cookie"]),
];

/// The number of characters searched for such words. A wall begins with them, while documentation may mention them
/// further down.
const MAX_WALL_CHARS: usize = 600;

/// Words that look like error codes because of their final number.
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z][A-Za-z0-9-]*[._][0-9]{3,8}").expect("a valid pattern"));

/// Counts the different words that look like error codes, and returns the first of them.
fn count_codes<'a>(texts: impl Iterator<Item = &'a str>) -> (usize, Option<String>) {
    let mut seen = BTreeSet::new();
    let mut first = None;
    for found in texts.flat_map(|text| NUMBERED.find_iter(text)) {
        first.get_or_insert_with(|| found.as_str().to_owned());
        seen.insert(found.as_str());
    }
    (seen.len(), first)
}

/// What is known about a page that may have no error table.
pub(crate) struct PageDiagnosis {
    /// The first words of the page, which show a person what was received.
    first_words: String,
    /// The number of words that look like error codes, and the first of them.
    codes: (usize, Option<String>),
    wall: Option<&'static str>,
}

/// Diagnoses a page for the case that it has no error table.
pub(crate) fn diagnose(blocks: &[Block]) -> PageDiagnosis {
    let mut words = String::new();
    for block in blocks {
        let Some(text) = block.words() else { continue };
        if !words.is_empty() {
            words.push_str(" / ");
        }
        words.extend(text.chars().take(MAX_WALL_CHARS));
        if words.len() > MAX_WALL_CHARS {
            break;
        }
    }
    let lower = words.to_lowercase();
    let wall = WALLS.iter().find(|(_, marks)| marks.iter().any(|mark| lower.contains(mark)));
    let codes = count_codes(blocks.iter().filter_map(Block::words));
    PageDiagnosis {
        codes,
        first_words: words.chars().take(MAX_FIRST_WORDS).collect(),
        wall: wall.map(|(what, _)| *what),
    }
}

impl PageDiagnosis {
    /// Returns the warning about a page without an error table. `others` is the number of its other tables.
    pub(crate) fn to_warning(&self, others: usize) -> Warning {
        let first_words = &self.first_words;
        if first_words.is_empty() && others == 0 {
            return Warning::page(WarningKind::Empty, "the page has no visible text");
        }
        if let (Some(wall), 0) = (self.wall, others) {
            return Warning::page(
                WarningKind::Wall,
                format!("{wall} was received instead of the page; it begins with “{first_words}”"),
            );
        }
        let tables = match others {
            0 => "no table at all".to_owned(),
            1 => "one table, which lists no error codes".to_owned(),
            n => format!("{n} tables, none of which lists error codes"),
        };
        let codes = match &self.codes {
            (3.., Some(first)) => format!(
                "; {} words of its text look like error codes, such as `{first}`, but could not be read as a table",
                self.codes.0
            ),
            _ => String::new(),
        };
        Warning::page(WarningKind::NoTable, format!("the page has {tables}{codes}; it begins with “{first_words}”"))
    }
}

#[cfg(test)]
mod tests {
    use super::diagnose;
    use crate::syntax::block::Block;
    use docdrift_model::WarningKind;

    #[test]
    fn recognizes_pages_that_stand_in_for_the_real_one() {
        for (text, others, kind) in [
            ("Sign in to continue", 0, WarningKind::Wall),
            ("请先登录", 0, WarningKind::Wall),
            ("You need to enable JavaScript to run this app.", 0, WarningKind::Wall),
            ("Please complete the CAPTCHA", 0, WarningKind::Wall),
            ("How to sign in to the console", 2, WarningKind::NoTable),
            ("Lamps", 0, WarningKind::NoTable),
        ] {
            assert_eq!(diagnose(&[Block::text(text)]).to_warning(others).kind, kind, "{text}");
        }
        assert_eq!(diagnose(&[]).to_warning(0).kind, WarningKind::Empty);
    }

    #[test]
    fn counts_codes_outside_of_tables() {
        let first_words = |text: &str| diagnose(&[Block::text(text)]).to_warning(0).detail;
        assert!(first_words("Lamp.0001 dark, Lamp.0002 hot, Lamp.0002 again, Lamp.0003 gone").contains("3 words"));
        assert!(first_words("Lamp.0001 dark, Lamp.0001 hot").contains("no table at all; it begins"));
    }
}
