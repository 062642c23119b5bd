//! The sentences of reasons, checks and warnings: `en` and `zh` have one for each.

mod en;
mod zh;

use docdrift_model::{
    Lang, Reason, Warning,
    check::{Figure, Limit},
    finding::{Finding, FindingKind},
    reason::{FoundCodes, PageProblem, Subject},
};

/// Returns a reason as one sentence.
pub fn reason_text(reason: &Reason, lang: Lang) -> String {
    match lang {
        Lang::En => en::reason(reason),
        Lang::Zh => zh::reason(reason),
    }
}

/// Returns reasons in English, as files and JSON answers have them.
pub fn english_reasons(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(en::reason).collect()
}

/// Returns what is wrong with a page, without the name of the page.
pub fn problem_text(problem: &PageProblem, lang: Lang) -> String {
    match lang {
        Lang::En => en::problem(problem),
        Lang::Zh => zh::problem(problem),
    }
}

/// Returns where lost codes are now, without the name of the page.
pub fn found_codes_text(found: &FoundCodes, lang: Lang) -> String {
    problem_text(&PageProblem::CodesFound(found.clone()), lang)
}

/// Returns why a page has no error table. `warning` is what reading noticed.
pub fn no_table_text(warning: Option<&Warning>, lang: Lang) -> String {
    match lang {
        Lang::En => en::no_table(warning),
        Lang::Zh => zh::no_table(warning),
    }
}

/// Returns a warning on one line, as `uncertain-row, table 2, row 14: …`. Positions are counted from one. The line is
/// safe for a terminal.
pub fn warning_line(warning: &Warning, lang: Lang) -> String {
    match lang {
        Lang::En => en::warning(warning),
        Lang::Zh => zh::warning(warning),
    }
}

/// Returns why a decision or an `ignore` no longer applies. `stale` is the English sentence, `FILE:LINE: why`.
pub(crate) fn stale_text(stale: &str, lang: Lang) -> String {
    match lang {
        Lang::En => stale.to_owned(),
        Lang::Zh => zh::stale(stale),
    }
}

/// Returns what exactly differs in a finding of `lint`; empty where its texts show it.
pub(crate) fn finding_detail(finding: &Finding, lang: Lang) -> String {
    match lang {
        Lang::En => finding.detail.clone(),
        Lang::Zh => zh::finding_detail(finding),
    }
}

/// Returns what a page says in a finding of `lint`.
pub(crate) fn finding_side(finding: &Finding, side: Lang, lang: Lang) -> String {
    let text = finding.texts.get(side);
    match (lang, finding.kind) {
        (Lang::Zh, FindingKind::LanguageLags) => zh::row_count(text),
        _ => text.clone(),
    }
}

/// Returns what a check of the guard is about.
pub fn subject_text(subject: Subject, lang: Lang) -> String {
    match lang {
        Lang::En => en::subject(subject),
        Lang::Zh => zh::subject(subject),
    }
}

/// Returns what a check of the guard found.
pub fn figure_text(figure: Figure, lang: Lang) -> String {
    match lang {
        Lang::En => en::figure(figure),
        Lang::Zh => zh::figure(figure),
    }
}

/// Returns what a check of the guard accepts; empty where it has no threshold.
pub fn limit_text(limit: Option<Limit>, lang: Lang) -> String {
    let text = match lang {
        Lang::En => en::limit,
        Lang::Zh => zh::limit,
    };
    limit.map(text).unwrap_or_default()
}

/// Returns a share in percent, rounded.
fn percent(part: usize, whole: usize) -> usize {
    (part * 200 + whole) / (whole * 2)
}
