//! The English sentences. Files and JSON answers have them too, so a changed sentence is a changed format.

use docdrift_model::{
    Lang, Reason, Warning, WarningKind,
    check::{Figure, Limit},
    reason::{
        Damage, FetchFailure, FetchProblem, FoundCodes, FoundColumn, Garbling, LostColumn, LostRows, LostTable,
        PageProblem, Sample, Subject, Truncation, WrittenLanguage,
    },
    trace::TraceVerdict,
};

use super::percent;
use crate::{
    escape,
    span::{MAX_TEXT_CHARS, shorten},
};

pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Page { lang, problem: what, lost_rows } => {
            format!("{lang} page: {}{}", problem(what), lost_rows.as_ref().map(rows_gone).unwrap_or_default())
        }
        Reason::Share { subject: what, damage: how, codes, total } => {
            format!("{}: {} of {total} {}{}", subject(*what), codes.count, damage(*how), in_brackets(codes))
        }
        Reason::ColumnsLost(columns) => format!("columns that are gone: {}", join(columns, ", ", lost_column)),
        Reason::TablesLost(tables) => join(tables, "; ", lost_table),
        Reason::TooManyFailing { failed, total, limit } => format!(
            "too many sources of this run failed at once, {}, where {limit} % may: what changed in the others is not \
             to be trusted until that is understood",
            share(*failed, *total)
        ),
        Reason::UnconfirmedRemovals { codes, runs, needed } => format!(
            "error codes that are gone on {runs} of {needed} runs: {}{}; they are taken out when {} more in a row find \
             just these gone",
            codes.count,
            in_brackets(codes),
            needed.saturating_sub(*runs)
        ),
        Reason::Reread(inner) => {
            format!("the last pages, read anew by this version of docdrift: {}", self::reason(inner))
        }
        Reason::LastSnapshotUnreadable(error) => format!("its last snapshot cannot be read: {error}"),
        Reason::EarlierSnapshotsUnreadable(error) => format!("its earlier snapshots cannot be read: {error}"),
        Reason::NewerReader { snapshot, ours } => format!(
            "its last snapshot was read by version {snapshot} of the reader, this docdrift has version {ours}: update it"
        ),
        Reason::NoTable { page, warning } => format!("no error table: {page}: {}", no_table(warning.as_ref())),
        Reason::NotReplayed(inner) => format!("it stays as it is: {}", self::reason(inner)),
        Reason::NothingAcceptable(reasons) => {
            format!("nothing that the archive has of it can be taken: {}", join(reasons, "; ", self::reason))
        }
        Reason::SnapshotRejected { date, reasons } => format!(
            "its snapshot of {date} would not be taken today: {}; replay from a later day with --from",
            join(reasons, "; ", self::reason)
        ),
        Reason::PageNotArchived { lang, date } => format!(
            "the archive lacks the {lang} page of its snapshot of {date}; put the archive back, or replay from a later \
             day with --from"
        ),
        Reason::All(reasons) => join(reasons, "; ", self::reason),
        Reason::Other(error) => error.clone(),
    }
}

fn join<T>(items: &[T], separator: &str, text: impl Fn(&T) -> String) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(separator)
}

pub(super) fn problem(problem: &PageProblem) -> String {
    match problem {
        PageProblem::Missing => "there is no copy of it, but the last snapshot had one".to_owned(),
        PageProblem::Unusable(warning) => format!("{}: {}", unusable(warning.kind), warning.detail),
        PageProblem::Truncated(how) => format!("truncated: {}", truncation(how)),
        PageProblem::Garbled(how) => format!("garbled: {}", garbling(how)),
        PageProblem::WrongLanguage(other) => {
            format!("wrong language: its error tables are written in {}", language(*other))
        }
        PageProblem::SameAsOtherLanguage => "duplicated: it is the page of the other language as well".to_owned(),
        PageProblem::SameAsSource(other) => format!("duplicated: it is byte for byte the page of {other} as well"),
        PageProblem::Smaller { bytes, percent } => format!(
            "far smaller: it has {bytes} bytes, {percent} % less than before, and has lost some of what it said"
        ),
        PageProblem::CodesUnfilled(codes) => format!("codes that have not come whole{}", in_brackets(codes)),
        PageProblem::CodesFound(found) => found_codes(found),
        PageProblem::HintsFound { hints, source } => {
            format!("`{hints}` in sources.toml would read them: see `docdrift heal {source}`")
        }
        PageProblem::NotFetched(failure) => not_fetched(failure),
        PageProblem::NotArchived => "it is unchanged, but not in the archive".to_owned(),
        PageProblem::NoTable(warning) => no_table(warning.as_ref()),
        PageProblem::Unreadable(error) => error.clone(),
    }
}

fn rows_gone(LostRows { codes, total }: &LostRows) -> String {
    format!("; {} of {total} rows are gone{}", codes.count, in_brackets(codes))
}

/// Returns ` (A, B, C …)`; nothing where there are no codes.
fn in_brackets(Sample { codes, count }: &Sample) -> String {
    if codes.is_empty() {
        return String::new();
    }
    let more = if *count > codes.len() { " …" } else { "" };
    format!(" ({}{more})", codes.join(", "))
}

fn unusable(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::Wall => "blocked",
        WarningKind::Empty => "empty",
        WarningKind::Binary => "wrong type",
        WarningKind::NoTable => "no table",
        WarningKind::TooDeep => "too deep",
        other => other.as_str(),
    }
}

fn truncation(how: &Truncation) -> String {
    match how {
        Truncation::Noticed(warning) => warning.detail.clone(),
        Truncation::EndsWithTable => "it ends with its last table, where more followed before".to_owned(),
        Truncation::LastRow(code) => format!("its last row, `{code}`, breaks off in the middle"),
        Truncation::Dots { count, total } => format!("{count} of its {total} texts end in dots"),
    }
}

fn garbling(how: &Garbling) -> String {
    match how {
        Garbling::Noticed(warning) => warning.detail.clone(),
        Garbling::LostLetters { count, example } => format!("{count} of its cells lost letters, as “{example}”"),
        Garbling::WrongCharset { count, checked, example } => {
            format!("{count} of {checked} cells looked at were read in the wrong charset, as “{example}”")
        }
    }
}

fn language(language: WrittenLanguage) -> &'static str {
    match language {
        WrittenLanguage::Known(lang) => lang.as_str(),
        WrittenLanguage::TraditionalChinese => "traditional Chinese",
        WrittenLanguage::SimplifiedChinese => "simplified Chinese",
        WrittenLanguage::French => "French",
        WrittenLanguage::German => "German",
        WrittenLanguage::Spanish => "Spanish",
        WrittenLanguage::Portuguese => "Portuguese",
        WrittenLanguage::Italian => "Italian",
        WrittenLanguage::Dutch => "Dutch",
        WrittenLanguage::Indonesian => "Indonesian",
        WrittenLanguage::Turkish => "Turkish",
        WrittenLanguage::Vietnamese => "Vietnamese",
        WrittenLanguage::Japanese => "Japanese",
        WrittenLanguage::Korean => "Korean",
        WrittenLanguage::Thai => "Thai",
        WrittenLanguage::Cyrillic => "Cyrillic letters",
        WrittenLanguage::Arabic => "Arabic letters",
    }
}

fn damage(damage: Damage) -> &'static str {
    match damage {
        Damage::Gone => "are gone",
        Damage::CodeGone => "have no code any more",
        Damage::Clipped => "stop where they went on before",
        Damage::Misplaced => "are now those of other errors or columns, or all alike",
        Damage::Doubled => "stand there twice",
        Damage::Replaced => "are others now",
        Damage::Rewritten => "kept their code and say something else altogether",
    }
}

fn lost_column(LostColumn { column, table, lang }: &LostColumn) -> String {
    format!("“{column}” of the table “{table}” ({lang})")
}

fn lost_table(LostTable { title, codes, total }: &LostTable) -> String {
    let rows =
        if codes.count == *total { format!("all its {total}") } else { format!("{} of its {total}", codes.count) };
    format!("the table “{title}”: {rows} rows are gone{}", in_brackets(codes))
}

fn found_codes(FoundCodes { found, lost, column }: &FoundCodes) -> String {
    match column {
        Some(column) => format!("{found} of {lost} lost codes stand in {}", found_column(column)),
        None => format!("{found} of {lost} lost codes stand in its text, but in no table"),
    }
}

fn found_column(FoundColumn { number, header, script, lines, verdict }: &FoundColumn) -> String {
    let heading = if header.is_empty() { "without a header".to_owned() } else { format!("headed `{header}`") };
    let why = match verdict {
        TraceVerdict::Rejected { reason } => format!(", left out because {reason}"),
        TraceVerdict::Accepted { .. } => ", of which another column is read as the code".to_owned(),
        TraceVerdict::Overlapped { by } => format!(", which is read as `{by}` proposed it"),
    };
    let place = match (script, lines) {
        (Some(script), _) => format!(" (in {})", escape::terminal(script)),
        (None, Some((first, last))) => format!(" (lines {first}-{last})"),
        (None, None) => String::new(),
    };
    format!("column {number} of a table {heading}{place}{why}")
}

fn not_fetched(FetchFailure { problem, url, detail }: &FetchFailure) -> String {
    format!("{}: {url}: {detail}; {}", problem.as_str(), advice(*problem))
}

fn advice(problem: FetchProblem) -> &'static str {
    match problem {
        FetchProblem::Gone => "find the page's new address",
        FetchProblem::Blocked => "try later or from another network, and open the page in a browser",
        FetchProblem::ServerError | FetchProblem::Truncated | FetchProblem::TimedOut | FetchProblem::Dropped => {
            "try later"
        }
        FetchProblem::Moved => "use the new address if it is the right page",
        FetchProblem::Refused => "correct the address, or mark a page on this machine or network as local",
        FetchProblem::UnknownHost => "check the spelling of the host and the network",
        FetchProblem::NoConnection => "check the network and its proxy",
        FetchProblem::Untrusted => "check the clock and the CA certificates of this machine",
        FetchProblem::Empty => "open the page in a browser",
        FetchProblem::TooLarge | FetchProblem::WrongType => "check that the address is that of a page",
        FetchProblem::Robots => {
            "ask the owner of the site, or find another page; sources.toml can override this with a reason"
        }
        FetchProblem::OverBudget => "raise the budget in sources.toml, or fetch fewer pages",
        FetchProblem::Interrupted => "run again",
        FetchProblem::NoBrowser => "install Chromium, or set a browser in sources.toml",
    }
}

pub(super) fn no_table(warning: Option<&Warning>) -> String {
    warning.map_or_else(|| "it has no error table".to_owned(), |warning| warning.detail.clone())
}

pub(super) fn warning(warning: &Warning) -> String {
    let place = match warning.place {
        Some(place) => {
            let row = place.row.map(|row| format!(", row {}", row + 1)).unwrap_or_default();
            format!(", table {}{row}", place.table + 1)
        }
        None => String::new(),
    };
    let detail = escape::terminal(&shorten(&warning.detail, MAX_TEXT_CHARS));
    format!("{}{place}: {detail}", warning.kind.as_str())
}

pub(super) fn subject(subject: Subject) -> String {
    match subject {
        Subject::Source => "source".to_owned(),
        Subject::Page(lang) => format!("{lang} page"),
        Subject::PageLength(lang) => format!("length of the {lang} page"),
        Subject::Rows(lang) => format!("rows of the {lang} page"),
        Subject::Codes(Some(lang)) => format!("error codes of the {lang} page"),
        Subject::Codes(None) => "error codes of the source".to_owned(),
        Subject::Texts(field, lang) => format!("texts in the {} column of the {lang} page", field.as_str()),
        Subject::Statuses(lang) => format!("HTTP statuses of the {lang} page"),
        Subject::Columns => "columns".to_owned(),
        Subject::Tables => "tables".to_owned(),
    }
}

fn share(part: usize, whole: usize) -> String {
    match whole {
        0 => "none there".to_owned(),
        _ => format!("{part} of {whole} ({} %)", percent(part, whole)),
    }
}

pub(super) fn figure(figure: Figure) -> String {
    let word = match figure {
        Figure::Share { part, whole } => return share(part, whole),
        Figure::Tables { part, whole } => return format!("{part} of {whole}"),
        Figure::Gone(count) => return format!("{count} gone"),
        Figure::Unfilled(count) => return format!("{count} not filled in"),
        Figure::Bytes { new, old } => return format!("{new} of {old} bytes"),
        Figure::Language(seen) => seen.map_or("not known", language),
        Figure::Yes => "yes",
        Figure::No => "no",
        Figure::NothingSeen => "nothing seen",
        Figure::Wall => "wall",
        Figure::Unreadable => "unreadable",
        Figure::Whole => "whole",
        Figure::Cut => "cut",
        Figure::Readable => "readable",
        Figure::Garbled => "garbled",
    };
    word.to_owned()
}

pub(super) fn limit(limit: Limit) -> String {
    match limit {
        Limit::Share { percent, few: 0 } => format!("{percent} %"),
        Limit::Share { percent, few } => format!("{percent} %, or {few}"),
        Limit::ShareOfTable { percent, few } => format!("{percent} % of a table, or {few}"),
        Limit::Shorter(percent) => format!("{percent} % less"),
        Limit::Language(lang) => Lang::as_str(lang).to_owned(),
    }
}
