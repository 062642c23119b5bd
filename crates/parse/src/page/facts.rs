//! Reads title, language and date stamp of a page.

use std::sync::LazyLock;

use docdrift_model::{ErrorTable, Lang, Role, Warning, WarningKind};
use jiff::civil::Date;
use regex::Regex;

use crate::{
    lexicon::{
        cells::{has_han, is_han},
        words::is_title_like,
    },
    syntax::block::{Block, Content},
};

/// The labels of date stamps in the languages of vendors' pages.
const STAMP_LABELS: &str = r"(?:最近更新时间|最后更新时间|上次更新时间|更新时间|最近更新|更新時間|上次更新時間|最終更新日|Last updated(?: on| at)?|Updated (?:on|at)|Updated|Actualización más reciente|Última actualización|Terakhir diperbarui|Dernière mise à jour|时间)";

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    let gap = r"\s*(?:[(（]UTC[)）])?\s*[:：]?\s*";
    Regex::new(&format!(r"(?i){STAMP_LABELS}{gap}(\d{{4}})\s*[-./年]\s*(\d{{1,2}})\s*[-./月]\s*(\d{{1,2}})"))
        .expect("a valid pattern")
});
static WORDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i){STAMP_LABELS}\s*[:：]?\s*([A-Z][a-z]{{2,8}})\.? (\d{{1,2}}), (\d{{4}})"))
        .expect("a valid pattern")
});

/// The number of blocks searched for the title of a page without headings. Navigation may stand before the title.
const MAX_TITLE_BLOCKS: usize = 200;

/// Returns the first heading of the first level, or else the first heading. If no heading is marked, returns the first
/// line that reads like the title of an error page.
pub(crate) fn find_title(blocks: &[Block]) -> Option<String> {
    let heading = |block: &'_ Block| match &block.content {
        Content::Heading { level, text } => Some((*level, text.clone())),
        _ => None,
    };
    let first = blocks.iter().filter_map(heading).find(|(level, _)| *level == 1);
    let first = first.or_else(|| blocks.iter().find_map(heading));
    let line = || {
        let texts = blocks.iter().filter_map(|block| match &block.content {
            Content::Text(prose) | Content::Item(prose) => Some(&prose.text),
            _ => None,
        });
        texts.take(MAX_TITLE_BLOCKS).find(|text| is_title_like(text)).cloned()
    };
    first.map(|(_, text)| text).or_else(line)
}

/// Warns if the URL promises another language than the page is written in.
pub(crate) fn check_promised_lang(promised: Option<Lang>, seen: Option<Lang>) -> Option<Warning> {
    let (promised, seen) = (promised?, seen?);
    let detail = || format!("the URL promises a page in {promised}, but its text is in {seen}");
    (promised != seen).then(|| Warning::page(WarningKind::WrongLanguage, detail()))
}

/// Returns the first date stamp labelled as an update.
pub(crate) fn find_update_date(blocks: &[Block]) -> Option<Date> {
    blocks.iter().find_map(|block| parse_stamp(block.words()?))
}

fn parse_stamp(text: &str) -> Option<Date> {
    // The check for digits comes first because it is cheap and pages have a lot of navigation.
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    if let Some(found) = NUMERIC.captures(text) {
        return parse_date(&found[1], found[2].parse().ok()?, &found[3]);
    }
    let found = WORDED.captures(text)?;
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = found[1].to_ascii_lowercase();
    let month = months.iter().position(|month| name.starts_with(month))?;
    parse_date(&found[3], i8::try_from(month + 1).ok()?, &found[2])
}

fn parse_date(year: &str, month: i8, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// Determines the language of the body. Error tables decide, since navigation is often in another language. Among their
/// columns the descriptions decide, since wire messages are English everywhere.
pub(crate) fn detect_lang(tables: &[ErrorTable], blocks: &[Block]) -> Option<Lang> {
    let prose: Vec<&str> = tables.iter().flat_map(describing_cells).collect();
    if !prose.is_empty() {
        let han = prose.iter().filter(|cell| has_han(cell)).count();
        return Some(if han * 10 >= prose.len() * 3 { Lang::Zh } else { Lang::En });
    }
    let zh = tables.iter().flat_map(|table| &table.header).any(|cell| has_han(cell));
    if zh { Some(Lang::Zh) } else { detect_text_lang(blocks).or((!tables.is_empty()).then_some(Lang::En)) }
}

fn describing_cells(table: &ErrorTable) -> impl Iterator<Item = &str> {
    let columns: Vec<usize> =
        (0..table.roles.len()).filter(|n| matches!(table.roles[*n], Role::Description | Role::Solution)).collect();
    let cells = table.rows.iter().flat_map(move |row| columns.clone().into_iter().filter_map(|n| row.get(n)));
    cells.map(String::as_str).filter(|cell| cell.chars().filter(|c| c.is_alphabetic()).count() > 1)
}

/// The minimum number of letters to determine a language. A page with fewer is a menu or an error page.
const MIN_LETTERS: usize = 20;
/// A Chinese character carries about as much as four letters.
const LETTERS_PER_HAN: usize = 4;

fn detect_text_lang(blocks: &[Block]) -> Option<Lang> {
    let (mut han, mut latin, mut other) = (0usize, 0usize, 0usize);
    for block in blocks {
        let Some(text) = block.words() else { continue };
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            match c {
                c if is_han(c) => han += 1,
                c if c.is_ascii() => latin += 1,
                _ => other += 1,
            }
        }
    }
    match () {
        () if han + latin + other < MIN_LETTERS || other > han + latin => None,
        () if han * LETTERS_PER_HAN > latin => Some(Lang::Zh),
        () => Some(Lang::En),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_stamp;

    #[test]
    fn reads_date_stamps_of_vendors() {
        for (text, expected) in [
            ("更新时间:2023-12-18 GMT+08:00", "2023-12-18"),
            ("更新时间：2024-08-27", "2024-08-27"),
            ("Updated on 2024-04-10 GMT+08:00", "2024-04-10"),
            ("Updated at: Dec 29, 2021 GMT+08:00", "2021-12-29"),
            ("Actualización más reciente 2022-12-29 GMT+08:00", "2022-12-29"),
            ("最近更新时间：2023-08-09 11:11:32", "2023-08-09"),
            ("Last updated: 2024-09-05 19:29:15Last updated: 2024-09-05 19:29:15", "2024-09-05"),
            ("最后更新时间: 2025-10-30 21:34:40", "2025-10-30"),
            ("Last Updated:Jun 07, 2023", "2023-06-07"),
            ("更新時間:Jul 10, 2025", "2025-07-10"),
            ("Dernière mise à jour :Aug 10, 2026", "2026-08-10"),
            ("最近更新时间:2024.06.28 11:49:18首次发布时间:2022.05.20 22:11:55", "2024-06-28"),
            ("最后更新时间 (UTC)：2025-08-31。", "2025-08-31"),
            ("Last updated 2025-10-10 UTC.", "2025-10-10"),
            ("Updated at August 15, 2025", "2025-08-15"),
            ("上次更新时间: 2017/03/22", "2017-03-22"),
            ("时间:2024-07-03 16:54:07", "2024-07-03"),
        ] {
            assert_eq!(parse_stamp(text), Some(expected.parse().unwrap()), "{text}");
        }
        for none in [
            "更新时间：",
            "Updated at: 99",
            "Updated on 2024-13-40",
            "Updated on 2023-02-29",
            "Updated at: Feb 30, 2024",
        ] {
            assert_eq!(parse_stamp(none), None, "{none}");
        }
    }
}
