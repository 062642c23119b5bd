//! Checks of one page, before its rows are compared.

use docdrift_model::{
    Drift, Lang, PageFacts, Reading, Snapshot, Source, Warning, WarningKind,
    check::{Check, Figure, Limit},
    reason::{Garbling, LostRows, PageProblem, Reason, Subject, Truncation, WrittenLanguage},
    thresholds::Threshold,
};

use super::{
    check::{as_u64, check_without_limit, sample},
    comparison::{EntryComparison, PROSE, meaningful_text},
    language, mojibake, truncation,
};

/// A page of this run, and the snapshot that it would replace.
pub(super) struct PageCheck<'a> {
    pub(super) source: &'a Source,
    pub(super) lang: Lang,
    pub(super) reading: &'a Reading,
    pub(super) new: &'a Snapshot,
    pub(super) drift: &'a Drift,
    /// The entries of the last snapshot paired with the new ones, where there is a last snapshot.
    pub(super) comparison: Option<&'a EntryComparison<'a>>,
}

/// Checks a page that this run does not have. It fails where sources.toml names the page and the last snapshot has it.
pub(super) fn check_missing(source: &Source, lang: Lang, last: Option<&Snapshot>) -> Option<Check> {
    source.pages.get(lang).as_ref()?;
    last?.pages.get(lang).as_ref()?;
    let reason = Reason::page(lang, PageProblem::Missing);
    Some(check_without_limit("page-there", Some(lang), Figure::No, Some(reason)))
}

impl PageCheck<'_> {
    /// Runs every check that needs no comparison of rows.
    pub(super) fn run(&self) -> Vec<Check> {
        use WarningKind::{Binary, Empty, NoTable, TooDeep, Wall};
        let mut checks = vec![
            self.check("page-there", Figure::Yes, None),
            self.check_warnings("wall", Figure::Wall, &[Wall]),
            self.check_warnings("readable", Figure::Unreadable, &[Empty, Binary, NoTable, TooDeep]),
            self.check_whole(),
            self.check_charset(),
            self.check_language(),
        ];
        checks.extend(self.check_own_page());
        checks.extend(self.check_length());
        checks
    }

    fn check(&self, name: &'static str, figure: Figure, reason: Option<Reason>) -> Check {
        check_without_limit(name, Some(self.lang), figure, reason)
    }

    fn last_page(&self) -> Option<&PageFacts> {
        self.comparison?.last.pages.get(self.lang).as_ref()
    }

    /// Whether anything of the source was lost or changed. A damaged page that still has everything is no loss yet.
    fn has_lost(&self) -> bool {
        let drift = self.drift;
        self.comparison.is_none() || !drift.removed.is_empty() || !drift.renamed.is_empty() || !drift.changed.is_empty()
    }

    /// Fails where the page has a warning of one of the kinds; the first kind counts.
    fn check_warnings(&self, name: &'static str, figure: Figure, kinds: &[WarningKind]) -> Check {
        let warning = kinds.iter().find_map(|kind| self.find_warning(*kind));
        let figure = if warning.is_some() { figure } else { Figure::NothingSeen };
        let reason = warning.map(|warning| Reason::page(self.lang, PageProblem::Unusable(warning)));
        self.check(name, figure, reason)
    }

    fn find_warning(&self, kind: WarningKind) -> Option<Warning> {
        self.reading.warnings.iter().find(|warning| warning.kind == kind).cloned()
    }

    /// Fails where the page is cut and something was lost.
    fn check_whole(&self) -> Check {
        let noticed = self.find_warning(WarningKind::Truncated).filter(|_| self.has_lost()).map(Truncation::Noticed);
        let last_row = || truncation::find_cut_row(self.reading, self.lang, self.comparison?);
        let dotted = || {
            let percent = self.source.guard.get(Threshold::EmptiedPercent);
            truncation::find_dotted_texts(self.reading, self.comparison?, percent)
        };
        let truncation = noticed.or_else(|| self.find_early_end()).or_else(last_row);
        let truncation = truncation.or_else(|| self.has_lost().then(dotted).flatten());
        let figure = if truncation.is_some() { Figure::Cut } else { Figure::Whole };
        self.check("whole", figure, truncation.map(|how| self.reason(PageProblem::Truncated(how))))
    }

    /// Finds a page that ends with its last table now, had more after the table before, and lost rows.
    fn find_early_end(&self) -> Option<Truncation> {
        let comparison = self.comparison?;
        let ends_in_table = |snapshot: &Snapshot| snapshot.pages.get(self.lang).as_ref()?.ends_in_table;
        let is_early = (ends_in_table(comparison.last), ends_in_table(self.new)) == (Some(false), Some(true));
        (is_early && !comparison.rows_in(self.lang).1.is_empty()).then_some(Truncation::EndsWithTable)
    }

    fn check_charset(&self) -> Check {
        let noticed = self.find_warning(WarningKind::Charset).filter(|_| self.comparison.is_some());
        let find = || {
            let in_cells = || mojibake::find_mojibake(&self.reading.tables, self.count_lossy_before());
            noticed.map(Garbling::Noticed).or_else(in_cells)
        };
        let garbling = self.has_lost().then(find).flatten();
        let figure = if garbling.is_some() { Figure::Garbled } else { Figure::Readable };
        self.check("charset", figure, garbling.map(|how| self.reason(PageProblem::Garbled(how))))
    }

    /// Counts the texts of the last snapshot that had lost letters already.
    fn count_lossy_before(&self) -> usize {
        let entries = self.comparison.map_or(&[][..], |comparison| &comparison.last.entries).iter();
        mojibake::count_lossy(
            entries.flat_map(|entry| PROSE.into_iter().filter_map(|field| meaningful_text(entry, field, self.lang))),
        )
    }

    fn check_language(&self) -> Check {
        let seen = self.reading.lang.filter(|_| !self.reading.tables.is_empty());
        let other = seen.filter(|seen| *seen != self.lang).map(WrittenLanguage::Known);
        let third = || language::detect_foreign_language(&self.reading.tables, self.lang, self.comparison);
        let other = other.or_else(|| self.has_lost().then(third).flatten());
        let figure = Figure::Language(other.or(seen.map(WrittenLanguage::Known)));
        let reason = other.map(|other| self.reason(PageProblem::WrongLanguage(other)));
        Check { limit: Some(Limit::Language(self.lang)), ..self.check("language", figure, reason) }
    }

    /// Fails where one page is served at both addresses and was not before.
    fn check_own_page(&self) -> Option<Check> {
        let digests = |snapshot: &Snapshot| {
            let digest = |lang| snapshot.pages.get(lang).as_ref().map(|page| page.digest.clone());
            digest(Lang::Zh).zip(digest(Lang::En))
        };
        let is_same = |snapshot: &Snapshot| digests(snapshot).is_some_and(|(zh, en)| zh == en);
        digests(self.new).filter(|_| self.source.pages.zh != self.source.pages.en)?;
        let was_same = self.comparison.is_some_and(|comparison| is_same(comparison.last));
        let is_duplicate = is_same(self.new) && !was_same;
        let reason = is_duplicate.then(|| self.reason(PageProblem::SameAsOtherLanguage));
        Some(self.check("own-page", if is_duplicate { Figure::No } else { Figure::Yes }, reason))
    }

    /// Fails where the page lost most of its length and some of its content. A page that lost only length has a new
    /// design.
    fn check_length(&self) -> Option<Check> {
        let (before, now) = (self.last_page()?, self.new.pages.get(self.lang).as_ref()?);
        let limit = self.source.guard.get(Threshold::SmallerPercent);
        let (old, new) = (before.bytes.filter(|bytes| *bytes > 0)?, now.bytes?);
        let percent = old.saturating_sub(new).saturating_mul(100) / old;
        let has_emptied_text =
            self.drift.changed.iter().flat_map(|change| &change.edits).any(|edit| edit.new.is_empty());
        // A few lost rows alone are reported as removals.
        let few = self.source.guard.get(Threshold::LostFew);
        let has_lost = as_u64(self.drift.removed.len()) > few || has_emptied_text;
        let is_too_much = percent > limit && has_lost && before.format == now.format;
        let reason = is_too_much.then(|| self.reason(PageProblem::Smaller { bytes: new, percent }));
        Some(Check {
            subject: Subject::PageLength(self.lang),
            limit: Some(Limit::Shorter(limit)),
            ..self.check("smaller", Figure::Bytes { new, old }, reason)
        })
    }

    /// Returns the reason with the rows that the page lost.
    fn reason(&self, problem: PageProblem) -> Reason {
        let (total, codes) = self.comparison.map(|comparison| comparison.rows_in(self.lang)).unwrap_or_default();
        let lost_rows = (!codes.is_empty()).then(|| LostRows { codes: sample(&codes), total });
        Reason::Page { lang: self.lang, problem: Box::new(problem), lost_rows }
    }
}
