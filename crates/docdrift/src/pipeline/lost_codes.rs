//! Codes of the last snapshot that are no longer read from the pages, and where they stand on the pages now. Pure.

use std::collections::BTreeSet;

use docdrift_model::{
    Bilingual, Entry, Lang, Page, ReadRules, Reason, Snapshot, Source,
    check::Check,
    decision::Decision,
    read_rules::ReadHints,
    reason::{FoundCodes, FoundColumn, PageProblem},
    text::says_nothing,
};
use docdrift_parse::{CodeColumn, CodeLocation, format_hints, locate_codes};

use super::evaluate::{merge_readings, read_pages};

/// Checks that fail where a page yields no table or loses its codes.
const CHECKS_OF_LOSS: [&str; 5] = ["readable", "rows-lost", "codes-lost", "codes-emptied", "tables-lost"];
/// A location is reported where it holds at least one in so many of the lost codes. Fewer are chance matches, such as
/// numbers in another table.
const MIN_SHARE_OF_LOST: usize = 10;
/// Longer headers are shortened in a sentence.
const MAX_HEADER_CHARS: usize = 80;

/// Finds the codes that `last` has in a language and `now` lacks, as the page prints them.
pub(crate) fn find_lost_codes(last: &[Entry], now: &[Entry], lang: Lang) -> BTreeSet<String> {
    let codes = |entries: &[Entry]| -> BTreeSet<String> {
        let printed = entries.iter().filter(|entry| entry.has(lang)).map(|entry| entry.printed(lang).1);
        printed.filter(|code| !says_nothing(code)).map(str::to_owned).collect()
    };
    &codes(last) - &codes(now)
}

/// A source that may have lost codes: its pages, and what they are compared with.
pub(crate) struct Loss<'a> {
    pub(crate) source: &'a Source,
    pub(crate) last: &'a Snapshot,
    pub(crate) pages: &'a Bilingual<Option<Page>>,
    pub(crate) rules: &'a ReadRules,
    pub(crate) decisions: &'a [Decision],
}

impl Loss<'_> {
    /// Finds for each page where the codes that it lost are now. Reads the pages again only where the guard held the
    /// source for a loss.
    pub(crate) fn explain(&self, checks: &[Check]) -> Vec<Reason> {
        let is_loss = |check: &Check| !check.has_passed() && CHECKS_OF_LOSS.contains(&check.name);
        if !checks.iter().any(is_loss) {
            return Vec::new();
        }
        let (now, _) = merge_readings(&read_pages(self.pages, self.rules), self.decisions);
        Lang::ALL.into_iter().flat_map(|lang| self.explain_page(lang, &now)).collect()
    }

    /// Finds where the lost codes of a page are and, as a reason of its own, which hint would read them.
    fn explain_page(&self, lang: Lang, now: &[Entry]) -> Vec<Reason> {
        let lost = find_lost_codes(&self.last.entries, now, lang);
        let Some(page) = self.pages.get(lang) else { return Vec::new() };
        let location = locate_codes(page, self.rules, &lost);
        let is_reported = |location: &CodeLocation| location.found * MIN_SHARE_OF_LOST >= lost.len();
        let Some(location) = location.filter(is_reported) else { return Vec::new() };
        let found = PageProblem::CodesFound(found_codes(&location, lost.len()));
        let problems = std::iter::once(found).chain(self.find_hints(location));
        problems.map(|problem| Reason::page(lang, problem)).collect()
    }

    fn find_hints(&self, location: CodeLocation) -> Option<PageProblem> {
        let hints = format_hints(&merge_hints(&self.source.read, &location.column?.hints?));
        Some(PageProblem::HintsFound { hints, source: self.source.id.clone() })
    }
}

/// Describes where some of the `lost` codes are.
pub(crate) fn found_codes(location: &CodeLocation, lost: usize) -> FoundCodes {
    FoundCodes { found: location.found, lost, column: location.column.as_ref().map(found_column) }
}

fn found_column(column: &CodeColumn) -> FoundColumn {
    let candidate = &column.candidate;
    let cells = candidate.header.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
    let cells: Vec<String> = cells.collect();
    let has_header = !cells.iter().all(String::is_empty);
    FoundColumn {
        number: column.index + 1,
        header: if has_header { shorten(&cells.join(" | ")) } else { String::new() },
        script: candidate.script.clone(),
        lines: candidate.lines,
        verdict: candidate.verdict.clone(),
    }
}

fn shorten(header: &str) -> String {
    let mut short: String = header.chars().take(MAX_HEADER_CHARS).collect();
    if short.len() < header.len() {
        short.push('…');
    }
    short
}

/// Adds hints to those of a source. A header word that has a role already gets the new one.
pub(crate) fn merge_hints(known: &ReadHints, new: &ReadHints) -> ReadHints {
    let mut merged = known.clone();
    for table in new.tables.iter().filter(|table| !known.tables.contains(table)) {
        merged.tables.push(table.clone());
    }
    for (word, role) in &new.columns {
        match merged.columns.iter_mut().find(|(known, _)| known == word) {
            Some(column) => column.1 = *role,
            None => merged.columns.push((word.clone(), *role)),
        }
    }
    merged
}
