//! Every reason, check and warning has a sentence in both languages.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests do")]

use docdrift_model::{
    Field, Lang, Reason, Warning, WarningKind,
    check::{Figure, Limit},
    reason::{
        Damage, FetchFailure, FetchProblem, FoundCodes, FoundColumn, Garbling, LostColumn, LostRows, LostTable,
        PageProblem, Sample, Subject, Truncation, WrittenLanguage,
    },
    table::Place,
    trace::TraceVerdict,
};
use docdrift_report::{figure_text, limit_text, reason_text, subject_text, warning_line};
use insta::assert_snapshot;
use jiff::civil::date;

/// Words that Chinese technical texts use as they are, and names that stand without quotes.
const ALLOWED: [&str; 12] =
    ["docdrift", "sources", "toml", "robots", "txt", "TLS", "CA", "HTTP", "Chromium", "acme", "ovens", "status"];

fn sample() -> Sample {
    Sample { codes: ["Lamp.1", "Lamp.2", "Lamp.3"].map(str::to_owned).to_vec(), count: 4 }
}

fn warning(kind: WarningKind) -> Warning {
    Warning::page(kind, "the page has no table at all; it begins with “Sign in to Acme”")
}

fn found(column: Option<FoundColumn>) -> PageProblem {
    PageProblem::CodesFound(FoundCodes { found: 3, lost: 4, column })
}

fn column(header: &str, script: Option<&str>, lines: Option<(usize, usize)>, verdict: TraceVerdict) -> FoundColumn {
    FoundColumn { number: 2, header: header.into(), script: script.map(str::to_owned), lines, verdict }
}

fn problems() -> Vec<PageProblem> {
    let rejected = TraceVerdict::Rejected { reason: "no column has codes".into() };
    let overlapped = TraceVerdict::Overlapped { by: "printed" };
    let fixed = [
        PageProblem::Missing,
        PageProblem::Unusable(warning(WarningKind::Wall)),
        PageProblem::Truncated(Truncation::Noticed(warning(WarningKind::Truncated))),
        PageProblem::Truncated(Truncation::EndsWithTable),
        PageProblem::Truncated(Truncation::LastRow("Lamp.9".into())),
        PageProblem::Truncated(Truncation::Dots { count: 5, total: 9 }),
        PageProblem::Garbled(Garbling::Noticed(warning(WarningKind::Charset))),
        PageProblem::Garbled(Garbling::LostLetters { count: 5, example: "The l\u{fffd}mp".into() }),
        PageProblem::Garbled(Garbling::WrongCharset { count: 5, checked: 9, example: "ç¯æ³¡".into() }),
        PageProblem::SameAsOtherLanguage,
        PageProblem::SameAsSource("acme/ovens".parse().unwrap()),
        PageProblem::Smaller { bytes: 100, percent: 70 },
        PageProblem::CodesUnfilled(sample()),
        found(None),
        found(Some(column("", None, None, TraceVerdict::Accepted { table: 0 }))),
        found(Some(column("Name | Code", None, Some((3, 9)), rejected))),
        found(Some(column("Name | Code", Some("data.js"), None, overlapped))),
        PageProblem::HintsFound { hints: "read = {}".into(), source: "acme/ovens".parse().unwrap() },
        PageProblem::NotArchived,
        PageProblem::NoTable(None),
        PageProblem::NoTable(Some(warning(WarningKind::NoTable))),
        PageProblem::Unreadable("permission denied".into()),
    ];
    let languages = WRITTEN.into_iter().map(PageProblem::WrongLanguage);
    let failures = FetchProblem::ALL.into_iter().map(|problem| {
        let (url, detail) = ("https://docs.acme.test/a".into(), "the server answered so".into());
        PageProblem::NotFetched(FetchFailure { problem, url, detail })
    });
    fixed.into_iter().chain(languages).chain(failures).collect()
}

const WRITTEN: [WrittenLanguage; 18] = [
    WrittenLanguage::Known(Lang::Zh),
    WrittenLanguage::Known(Lang::En),
    WrittenLanguage::TraditionalChinese,
    WrittenLanguage::SimplifiedChinese,
    WrittenLanguage::French,
    WrittenLanguage::German,
    WrittenLanguage::Spanish,
    WrittenLanguage::Portuguese,
    WrittenLanguage::Italian,
    WrittenLanguage::Dutch,
    WrittenLanguage::Indonesian,
    WrittenLanguage::Turkish,
    WrittenLanguage::Vietnamese,
    WrittenLanguage::Japanese,
    WrittenLanguage::Korean,
    WrittenLanguage::Thai,
    WrittenLanguage::Cyrillic,
    WrittenLanguage::Arabic,
];

fn subjects() -> Vec<Subject> {
    let fixed = [Subject::Source, Subject::Codes(None), Subject::Columns, Subject::Tables];
    let of_page = |lang| {
        let texts = Field::ALL.map(|field| Subject::Texts(field, lang));
        let others = [
            Subject::Page(lang),
            Subject::PageLength(lang),
            Subject::Rows(lang),
            Subject::Codes(Some(lang)),
            Subject::Statuses(lang),
        ];
        texts.into_iter().chain(others)
    };
    fixed.into_iter().chain(Lang::ALL.into_iter().flat_map(of_page)).collect()
}

const DAMAGES: [Damage; 7] = [
    Damage::Gone,
    Damage::CodeGone,
    Damage::Clipped,
    Damage::Misplaced,
    Damage::Doubled,
    Damage::Replaced,
    Damage::Rewritten,
];

fn reasons() -> Vec<Reason> {
    let lost_rows = Some(LostRows { codes: sample(), total: 9 });
    let share = |damage| Reason::Share { subject: Subject::Rows(Lang::En), damage, codes: sample(), total: 9 };
    let lost_column = |column: &str| LostColumn { column: column.into(), table: "Errors".into(), lang: Lang::En };
    let lost_table = |total| LostTable { title: "Errors".into(), codes: sample(), total };
    let missing = || Reason::page(Lang::Zh, PageProblem::Missing);
    let fixed = [
        Reason::Page { lang: Lang::En, problem: Box::new(PageProblem::SameAsOtherLanguage), lost_rows },
        Reason::ColumnsLost(vec![lost_column("solution"), lost_column("status"), lost_column("责任人")]),
        Reason::TablesLost(vec![lost_table(4), lost_table(9)]),
        Reason::TooManyFailing { failed: 3, total: 4, limit: 50 },
        Reason::UnconfirmedRemovals { codes: sample(), runs: 1, needed: 3 },
        Reason::Reread(Box::new(missing())),
        Reason::LastSnapshotUnreadable("permission denied".into()),
        Reason::EarlierSnapshotsUnreadable("permission denied".into()),
        Reason::NewerReader { snapshot: 9, ours: 8 },
        Reason::NoTable { page: "页面".into(), warning: None },
        Reason::NotReplayed(Box::new(missing())),
        Reason::NothingAcceptable(vec![missing(), missing()]),
        Reason::SnapshotRejected { date: date(2025, 1, 2), reasons: vec![missing()] },
        Reason::PageNotArchived { lang: Lang::En, date: date(2025, 1, 2) },
        Reason::All(vec![missing(), missing()]),
        Reason::Other("permission denied".into()),
    ];
    let pages = problems().into_iter().map(|problem| Reason::page(Lang::Zh, problem));
    fixed.into_iter().chain(pages).chain(DAMAGES.map(share)).collect()
}

fn warnings() -> Vec<Warning> {
    let mut warnings = WarningKind::ALL.map(warning).to_vec();
    let address = "the server redirects permanently to https://docs.acme.test/b: put that address into sources.toml";
    warnings.push(Warning::page(WarningKind::Moved, address));
    let place = Some(Place { table: 1, row: Some(13) });
    warnings.push(Warning { kind: WarningKind::UncertainRow, place, detail: "it has 3 of 5 cells".into() });
    warnings
}

fn figures() -> Vec<Figure> {
    let fixed = [
        Figure::Yes,
        Figure::No,
        Figure::NothingSeen,
        Figure::Wall,
        Figure::Unreadable,
        Figure::Whole,
        Figure::Cut,
        Figure::Readable,
        Figure::Garbled,
        Figure::Language(None),
        Figure::Language(Some(WrittenLanguage::French)),
        Figure::Share { part: 3, whole: 285 },
        Figure::Share { part: 0, whole: 0 },
        Figure::Tables { part: 1, whole: 2 },
        Figure::Gone(1),
        Figure::Unfilled(2),
        Figure::Bytes { new: 1, old: 2 },
    ];
    fixed.to_vec()
}

const LIMITS: [Limit; 5] = [
    Limit::Share { percent: 20, few: 2 },
    Limit::Share { percent: 20, few: 0 },
    Limit::ShareOfTable { percent: 50, few: 2 },
    Limit::Shorter(60),
    Limit::Language(Lang::En),
];

fn sentences(lang: Lang) -> Vec<String> {
    let reasons = reasons().into_iter().map(|reason| reason_text(&reason, lang));
    let subjects = subjects().into_iter().map(|subject| subject_text(subject, lang));
    let figures = figures().into_iter().map(|figure| figure_text(figure, lang));
    let limits = LIMITS.into_iter().map(|limit| limit_text(Some(limit), lang));
    let warnings = warnings().into_iter().map(|warning| warning_line(&warning, lang));
    reasons.chain(subjects).chain(figures).chain(limits).chain(warnings).collect()
}

/// Returns the sentence without code, quotations, addresses and codes.
fn without_quotes(sentence: &str) -> String {
    let mut out = String::new();
    let mut quote_end = None;
    for c in sentence.chars() {
        match (quote_end, c) {
            (Some(end), c) if c == end => quote_end = None,
            (Some(_), _) => {}
            (None, '`') => quote_end = Some('`'),
            (None, '“') => quote_end = Some('”'),
            (None, c) => out.push(c),
        }
    }
    let words = out.split_whitespace().filter(|word| !word.contains("://"));
    words.collect::<Vec<_>>().join(" ").replace("Lamp", "")
}

#[test]
fn chinese_sentences_are_chinese_to_the_last_word() {
    for sentence in sentences(Lang::Zh) {
        let plain = without_quotes(&sentence);
        let english: Vec<&str> = plain
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty() && !ALLOWED.contains(word))
            .collect();
        assert!(english.is_empty(), "{english:?} in: {sentence}");
    }
}

#[test]
fn english_sentences_are_english_outside_of_quotations() {
    for sentence in sentences(Lang::En) {
        let plain = without_quotes(&sentence).replace("页面", "");
        assert!(!plain.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)), "{sentence}");
    }
}

#[test]
fn no_two_sentences_are_the_same() {
    for lang in Lang::ALL {
        let mut all: Vec<String> = problems()
            .into_iter()
            .map(|problem| reason_text(&Reason::page(Lang::Zh, problem), lang))
            .chain(DAMAGES.map(|damage| {
                reason_text(&Reason::Share { subject: Subject::Tables, damage, codes: sample(), total: 9 }, lang)
            }))
            .chain(subjects().into_iter().map(|subject| subject_text(subject, lang)))
            .collect();
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}

#[test]
fn sentences_in_both_languages() {
    assert_snapshot!("reasons_en", sentences(Lang::En).join("\n"));
    assert_snapshot!("reasons_zh", sentences(Lang::Zh).join("\n"));
}
