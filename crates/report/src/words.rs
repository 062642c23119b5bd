//! Every word of the reports, in both languages. `{0}` and `*` are explained at [`crate::span::say`].

mod en;
mod zh;

use docdrift_model::{Bilingual, Lang, Outcome, Severity, finding::FindingKind};

use crate::{
    items::Kind,
    span::{self, Line, MAX_NAME_CHARS, Span},
    weight::Weight,
};

/// The number of remarks of one kind about a source. A broken page can have thousands.
const MAX_REMARKS: usize = 10;

/// A phrase with a count, for one and for any other number.
#[derive(Clone, Copy)]
pub(crate) struct PluralPhrase(&'static str, &'static str);

impl PluralPhrase {
    /// Returns the phrase with this count.
    pub(crate) fn with_count(self, count: usize) -> Line {
        let Self(one, many) = self;
        span::fill_template(if count == 1 { one } else { many }, &[span::plain(count.to_string())])
    }

    /// Returns the first [`MAX_REMARKS`] lines and, where there are more, this phrase with the count of the rest.
    pub(crate) fn limit(self, lines: impl Iterator<Item = Line>) -> Vec<Line> {
        let mut lines: Vec<Line> = lines.collect();
        let rest = lines.split_off(MAX_REMARKS.min(lines.len())).len();
        lines.extend((rest > 0).then(|| self.with_count(rest)));
        lines
    }
}

/// The words of one language.
pub(crate) struct Words {
    pub(crate) lang: Lang,
    /// The language tag of HTML.
    pub(crate) html_lang: &'static str,
    /// In the order of [`Severity`].
    pub(crate) severities: [&'static str; 6],
    /// In the order of [`Kind`].
    pub(crate) kinds: [&'static str; 8],
    /// `status`, `code`, `message`, `description`, `solution`, `group`.
    pub(crate) fields: [&'static str; 6],
    pub(crate) languages: Bilingual<&'static str>,
    pub(crate) page: Bilingual<&'static str>,
    pub(crate) of_lang: Bilingual<&'static str>,

    // One item.
    pub(crate) removed: &'static str,
    pub(crate) from_table: &'static str,
    pub(crate) added: &'static str,
    pub(crate) to_table: &'static str,
    pub(crate) returned: &'static str,
    pub(crate) renamed: &'static str,
    pub(crate) moved: &'static str,
    pub(crate) table: &'static str,
    pub(crate) untitled: &'static str,
    pub(crate) column_gained: &'static str,
    pub(crate) column_lost: &'static str,
    pub(crate) in_table: &'static str,
    pub(crate) language_gained: &'static str,
    pub(crate) language_lost: &'static str,
    pub(crate) field: &'static str,
    pub(crate) same: &'static str,
    pub(crate) shape: &'static str,
    pub(crate) gained: &'static str,
    pub(crate) lost: &'static str,
    pub(crate) gained_text: &'static str,
    pub(crate) lost_text: &'static str,
    pub(crate) unseen: &'static str,
    pub(crate) unpublished: &'static str,
    pub(crate) members: &'static str,
    pub(crate) and_more: &'static str,
    pub(crate) entries: PluralPhrase,
    pub(crate) colon: &'static str,
    pub(crate) comma: &'static str,
    pub(crate) semicolon: &'static str,
    pub(crate) brackets: &'static str,
    pub(crate) see: &'static str,

    // One source.
    pub(crate) quarantined: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) first: &'static str,
    pub(crate) unchanged: &'static str,
    pub(crate) would_have_been: &'static str,
    pub(crate) not_taken: &'static str,
    pub(crate) examples: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) why: &'static str,
    pub(crate) review: &'static str,
    pub(crate) pairs: PluralPhrase,
    pub(crate) more_reasons: PluralPhrase,
    pub(crate) more_warnings: PluralPhrase,
    pub(crate) more_decisions: PluralPhrase,
    pub(crate) updated: &'static str,
    pub(crate) unknown_date: &'static str,
    pub(crate) reproduce: &'static str,
    /// Removed, renamed, added, returned, changed, moved, columns, languages.
    pub(crate) counts: [PluralPhrase; 8],
    pub(crate) no_drift: &'static str,

    // What another version of the reader changed.
    pub(crate) read_otherwise: &'static str,
    pub(crate) or_read_otherwise: &'static str,
    pub(crate) reader_changed: &'static str,
    pub(crate) paired_otherwise: &'static str,
    pub(crate) would_pair_otherwise: &'static str,
    pub(crate) reader_would_have: &'static str,
    pub(crate) reader_unknown: &'static str,
    pub(crate) only_read_otherwise: &'static str,
    pub(crate) read_otherwise_count: &'static str,
    pub(crate) no_vendor_drift: &'static str,

    // A run.
    pub(crate) sources: PluralPhrase,
    pub(crate) no_sources: &'static str,
    /// Changed, new, unchanged, quarantined, failed.
    pub(crate) outcomes: [&'static str; 5],
    pub(crate) outcome_count: &'static str,
    pub(crate) folded: PluralPhrase,
    pub(crate) left_out: &'static str,
    pub(crate) more_groups: PluralPhrase,
    pub(crate) sources_left_out: PluralPhrase,
    pub(crate) whole_report: &'static str,

    // Beside the text: pages, annotations, tests.
    pub(crate) title: &'static str,
    pub(crate) more_annotations: PluralPhrase,
    pub(crate) filters: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) source: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) language: &'static str,
    pub(crate) search: &'static str,
    pub(crate) all: &'static str,
    pub(crate) shown: &'static str,
    pub(crate) all_members: &'static str,

    // The history of an error.
    pub(crate) life: &'static str,
    pub(crate) no_life: &'static str,
    pub(crate) seen: &'static str,
    pub(crate) seen_again: &'static str,
    pub(crate) was_renamed: &'static str,
    pub(crate) was_changed: &'static str,
    pub(crate) was_moved: &'static str,
    pub(crate) was_removed: &'static str,

    // The findings of `lint`.
    pub(crate) findings: PluralPhrase,
    pub(crate) ignored: &'static str,
    pub(crate) typography: &'static str,
    pub(crate) white_space: &'static str,
    pub(crate) reworded: &'static str,
    /// In the order of [`FindingKind::ALL`].
    pub(crate) finding_kinds: [&'static str; 9],
    /// The names of pairing methods; a method that is not listed keeps its name.
    pub(crate) methods: &'static [(&'static str, &'static str)],
}

impl Words {
    /// Returns the words of a language.
    pub(crate) fn for_lang(lang: Lang) -> &'static Words {
        match lang {
            Lang::Zh => &zh::WORDS,
            Lang::En => &en::WORDS,
        }
    }

    pub(crate) fn severity(&self, severity: Severity) -> &'static str {
        let [none, cosmetic, editorial, wording, added, breaking] = self.severities;
        match severity {
            Severity::None => none,
            Severity::Cosmetic => cosmetic,
            Severity::Editorial => editorial,
            Severity::Wording => wording,
            Severity::Added => added,
            Severity::Breaking => breaking,
        }
    }

    pub(crate) fn weight(&self, weight: Weight) -> &'static str {
        match weight {
            Weight::Reader => self.read_otherwise,
            Weight::Vendor(severity) => self.severity(severity),
            Weight::NotTaken => self.not_taken,
        }
    }

    pub(crate) fn kind(&self, kind: Kind) -> &'static str {
        let at = Kind::ALL.iter().position(|other| *other == kind);
        at.and_then(|at| self.kinds.get(at)).copied().unwrap_or_default()
    }

    /// Returns the name of a field: our word for a role, the page's header for another column.
    pub(crate) fn field(&self, field: &str) -> Line {
        let roles = ["status", "code", "message", "description", "solution", "group"];
        match roles.iter().position(|role| *role == field).and_then(|at| self.fields.get(at)) {
            Some(name) => span::plain(*name),
            None => span::text(field, MAX_NAME_CHARS),
        }
    }

    pub(crate) fn finding_kind(&self, kind: FindingKind) -> &'static str {
        let at = FindingKind::ALL.iter().position(|other| *other == kind);
        at.and_then(|at| self.finding_kinds.get(at)).copied().unwrap_or_default()
    }

    /// Returns how the rows of an entry were paired.
    pub(crate) fn method(&self, method: &str) -> Line {
        let known = self.methods.iter().find(|(name, _)| *name == method);
        known.map_or_else(|| span::text(method, MAX_NAME_CHARS), |(_, text)| span::plain(*text))
    }

    /// Returns the name of an outcome in the counts of a run.
    pub(crate) fn outcome(&self, outcome: &Outcome) -> &'static str {
        let [changed, first, unchanged, quarantined, failed] = self.outcomes;
        match outcome {
            Outcome::Changed => changed,
            Outcome::First(_) => first,
            Outcome::Unchanged => unchanged,
            Outcome::Quarantined(_) => quarantined,
            Outcome::Failed(_) => failed,
        }
    }

    /// Returns a line in brackets.
    pub(crate) fn bracketed(&self, line: Line) -> Line {
        span::fill_template(self.brackets, &[line])
    }

    /// Joins lines with commas.
    pub(crate) fn list(&self, lines: impl IntoIterator<Item = Line>) -> Line {
        span::joined(lines, self.comma)
    }

    /// Returns a link to a page, or its path.
    pub(crate) fn page_link(&self, lang: Lang, url: &str) -> Span {
        Span::Link((*self.page.get(lang)).to_owned(), url.to_owned())
    }
}
