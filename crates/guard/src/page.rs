//! What one page says of itself, before its rows are counted.

use docdrift_model::{Drift, Lang, PageFacts, Reading, Snapshot, Source, Threshold, WarningKind};

use super::{
    check::{Check, Verdict, as_u64, in_brackets, sample_codes, subject},
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
    /// The last entries beside what became of them, where there is a last snapshot.
    pub(super) comparison: Option<&'a EntryComparison<'a>>,
}

/// A page that sources.toml names and the last snapshot was read from, but this run has none of.
pub(super) fn check_missing(source: &Source, lang: Lang, last: Option<&Snapshot>) -> Option<Check> {
    source.pages.get(lang).as_ref()?;
    last?.pages.get(lang).as_ref()?;
    let reason = format!("{lang} page: there is no copy of it, but the last snapshot had one");
    Some(Check::from_reason("page-there", Some(lang), "no", Some(reason)))
}

impl PageCheck<'_> {
    /// What can be told without comparing rows.
    pub(super) fn run(&self) -> Vec<Check> {
        let mut checks = vec![
            Check::from_reason("page-there", Some(self.lang), "yes", None),
            self.warned("wall", "wall", &[(WarningKind::Wall, "blocked")]),
            self.warned(
                "readable",
                "unreadable",
                &[
                    (WarningKind::Empty, "empty"),
                    (WarningKind::Binary, "wrong type"),
                    (WarningKind::NoTable, "no table"),
                    (WarningKind::TooDeep, "too deep"),
                ],
            ),
            self.whole(),
            self.charset(),
            self.language(),
        ];
        checks.extend(self.same_page());
        checks.extend(self.length());
        checks
    }

    fn last_page(&self) -> Option<&PageFacts> {
        self.comparison?.last.pages.get(self.lang).as_ref()
    }

    /// A damaged page that says all it said before has lost nothing yet.
    fn has_lost(&self) -> bool {
        let drift = self.drift;
        self.comparison.is_none() || !drift.removed.is_empty() || !drift.renamed.is_empty() || !drift.changed.is_empty()
    }

    /// The first warning of one of the kinds, under the word that its kind goes by.
    fn warned(&self, name: &'static str, seen: &str, kinds: &[(WarningKind, &str)]) -> Check {
        let found = kinds.iter().find_map(|(kind, word)| Some((word, self.warning(*kind)?)));
        let reason = found.map(|(word, detail)| format!("{} page: {word}: {detail}", self.lang));
        let figure = if reason.is_some() { seen } else { "nothing seen" };
        Check::from_reason(name, Some(self.lang), figure, reason)
    }

    fn warning(&self, kind: WarningKind) -> Option<&str> {
        self.reading.warnings.iter().find(|warning| warning.kind == kind).map(|warning| warning.detail.as_str())
    }

    /// Whether the page goes on to its end.
    fn whole(&self) -> Check {
        let marked = self.warning(WarningKind::Truncated).filter(|_| self.has_lost()).map(str::to_owned);
        let dotted = || {
            truncation::find_dotted(self.reading, self.comparison?, self.source.guard.get(Threshold::EmptiedPercent))
        };
        let last_row = || truncation::find_cut_row(self.reading, self.lang, self.comparison?);
        let seen = marked.or_else(|| self.ends_early()).or_else(last_row);
        let seen = seen.or_else(|| self.has_lost().then(dotted).flatten());
        let figure = if seen.is_some() { "cut" } else { "whole" };
        Check::from_reason("whole", Some(self.lang), figure, seen.map(|detail| self.reason("truncated", &detail)))
    }

    /// Where something followed the last table before and nothing does now, a lost row was cut off with it.
    fn ends_early(&self) -> Option<String> {
        let comparison = self.comparison?;
        let ends_in_table = |snapshot: &Snapshot| snapshot.pages.get(self.lang).as_ref()?.ends_in_table;
        let is_early = (ends_in_table(comparison.last), ends_in_table(self.new)) == (Some(false), Some(true));
        (is_early && !comparison.rows_in(self.lang).1.is_empty())
            .then(|| "it ends with its last table, where more followed before".to_owned())
    }

    fn charset(&self) -> Check {
        let replaced = self.warning(WarningKind::Charset).filter(|_| self.comparison.is_some()).map(str::to_owned);
        let seen = || replaced.or_else(|| mojibake::find_mojibake(&self.reading.tables, self.lost_before()));
        let seen = self.has_lost().then(seen).flatten();
        let figure = if seen.is_some() { "garbled" } else { "readable" };
        Check::from_reason("charset", Some(self.lang), figure, seen.map(|detail| self.reason("garbled", &detail)))
    }

    /// How many texts had lost letters before.
    fn lost_before(&self) -> usize {
        let entries = self.comparison.map_or(&[][..], |comparison| &comparison.last.entries).iter();
        mojibake::count_lossy(
            entries.flat_map(|entry| PROSE.into_iter().filter_map(|field| meaningful_text(entry, field, self.lang))),
        )
    }

    fn language(&self) -> Check {
        let seen = self.reading.lang.filter(|_| !self.reading.tables.is_empty());
        let other = seen.filter(|seen| *seen != self.lang).map(Lang::as_str);
        let third = || language::detect_foreign_language(&self.reading.tables, self.lang, self.comparison);
        let other = other.or_else(|| self.has_lost().then(third).flatten());
        let figure = other.or(seen.map(Lang::as_str)).unwrap_or("not known");
        let reason =
            other.map(|other| self.reason("wrong language", &format!("its error tables are written in {other}")));
        Check { limit: self.lang.to_string(), ..Check::from_reason("language", Some(self.lang), figure, reason) }
    }

    /// One page in the place of both.
    fn same_page(&self) -> Option<Check> {
        let digests = |snapshot: &Snapshot| {
            let digest = |lang| snapshot.pages.get(lang).as_ref().map(|page| page.digest.clone());
            digest(Lang::Zh).zip(digest(Lang::En))
        };
        let is_same = |snapshot: &Snapshot| digests(snapshot).is_some_and(|(zh, en)| zh == en);
        digests(self.new).filter(|_| self.source.pages.zh != self.source.pages.en)?;
        let was_same = self.comparison.is_some_and(|comparison| is_same(comparison.last));
        let (is_doubled, lang) = (is_same(self.new) && !was_same, self.lang);
        let reason = is_doubled.then(|| self.reason("duplicated", "it is the page of the other language as well"));
        Some(Check::from_reason("own-page", Some(lang), if is_doubled { "no" } else { "yes" }, reason))
    }

    /// A page that lost most of its length with the rows; one that lost none of them was only made another way.
    fn length(&self) -> Option<Check> {
        let (before, now) = (self.last_page()?, self.new.pages.get(self.lang).as_ref()?);
        let limit = self.source.guard.get(Threshold::SmallerPercent);
        let (old, new) = (before.bytes.filter(|bytes| *bytes > 0)?, now.bytes?);
        let shrunk = old.saturating_sub(new).saturating_mul(100) / old;
        let emptied = self.drift.changed.iter().flat_map(|change| &change.edits).any(|edit| edit.new.is_empty());
        // A few rows less, and nothing else, are told as what they are.
        let few = self.source.guard.get(Threshold::LostFew);
        let has_lost = as_u64(self.drift.removed.len()) > few || emptied;
        let is_much = shrunk > limit && has_lost && before.format == now.format;
        let detail = || format!("it has {new} bytes, {shrunk} % less than before, and has lost some of what it said");
        Some(Check {
            name: "smaller",
            lang: Some(self.lang),
            what: format!("length of the {}", subject(Some(self.lang))),
            figure: format!("{new} of {old} bytes"),
            limit: format!("{limit} % less"),
            sample: Vec::new(),
            verdict: if is_much { Verdict::Failed(self.reason("far smaller", &detail())) } else { Verdict::Passed },
        })
    }

    /// The sentence, with what it cost in rows.
    fn reason(&self, word: &str, detail: &str) -> String {
        let (rows, gone) = self.comparison.map(|comparison| comparison.rows_in(self.lang)).unwrap_or_default();
        let cost = match gone.len() {
            0 => String::new(),
            lost => format!("; {lost} of {rows} rows are gone{}", in_brackets(&sample_codes(&gone), lost)),
        };
        format!("{} page: {word}: {detail}{cost}", self.lang)
    }
}
