//! The words of commands that print no report, in both languages. `{0}`, `{1}` … are filled by [`fill`].

mod en;
mod zh;

use docdrift_model::{Lang, Outcome};

use crate::words::Words;

/// A phrase with a count, for one and for any other number.
#[derive(Clone, Copy)]
pub struct Plural(&'static str, &'static str);

impl Plural {
    /// Returns the phrase with this count.
    pub fn format(self, count: usize) -> String {
        let Self(one, many) = self;
        fill(if count == 1 { one } else { many }, &[&count.to_string()])
    }
}

/// The phrases of one language.
#[expect(missing_docs, reason = "the phrases say it")]
pub struct Phrases {
    pub colon: &'static str,

    // status
    pub status_header: [&'static str; 4],
    pub never: &'static str,
    pub failing_since: &'static str,

    // explain
    pub check_header: [&'static str; 5],
    pub passed: &'static str,
    pub failed: &'static str,

    // align
    pub pair: &'static str,
    pub pair_for_review: &'static str,
    pub only_in_zh: &'static str,
    pub only_in_en: &'static str,
    pub pair_counts: &'static str,
    pub review_count: &'static str,
    pub no_error_table: &'static str,

    // verify
    pub note: &'static str,
    pub not_checked_against_pages: &'static str,
    pub last_snapshots: Plural,
    pub all_consistent: &'static str,
    pub wrong: Plural,
    pub sources: Plural,
    pub with_snapshots: &'static str,
    pub entries: Plural,
    pub files: Plural,
    pub verify_summary: &'static str,

    // archive
    pub version_header: [&'static str; 8],
    pub no_page_archived: &'static str,
    pub from_file: &'static str,
    pub archive_sound: &'static str,
    pub archive_damaged: &'static str,
    pub archive_summary: &'static str,
    pub index_line: &'static str,
    pub index_lines: &'static str,
    pub would_be_removed: &'static str,
    pub removed: &'static str,
    pub prune_summary: &'static str,

    // refresh and check
    pub files_written: &'static str,
    pub nothing_written: &'static str,
    pub interrupted: &'static str,
    pub host_summary: &'static str,
}

impl Phrases {
    /// Returns the phrases of a language.
    pub fn for_lang(lang: Lang) -> &'static Self {
        match lang {
            Lang::Zh => &zh::PHRASES,
            Lang::En => &en::PHRASES,
        }
    }
}

/// Replaces `{0}`, `{1}` … in a template by these parts.
pub fn fill(template: &str, parts: &[&str]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((index, after)) = after.split_once('}') else { break };
        out.push_str(index.parse().ok().and_then(|index: usize| parts.get(index)).copied().unwrap_or_default());
        rest = after;
    }
    out + rest
}

/// Returns the name of an outcome for people.
pub fn outcome_text(outcome: &Outcome, lang: Lang) -> &'static str {
    match lang {
        Lang::En => outcome.as_str(),
        Lang::Zh => Words::for_lang(lang).outcome(outcome),
    }
}

/// Returns the name of a pairing method for people.
pub fn method_text(method: &str, lang: Lang) -> &str {
    let known = Words::for_lang(lang).methods.iter().find(|(name, _)| *name == method);
    known.map_or(method, |(_, text)| text)
}
