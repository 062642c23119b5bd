//! Finds disagreements between the two languages.

use docdrift_model::{
    Bilingual, Entry, Field, Lang, SourceId,
    finding::{Finding, FindingKind, How},
    text::{
        digest, fold,
        placeholders::{placeholders, without},
        status_numbers,
    },
};
use jiff::civil::Date;

mod column_languages;
mod literals;
mod messages;

use column_languages::ColumnLanguages;

use crate::text::is_chinese;

/// The minimum number of missing rows for a page to lag. One or two missing rows are reported as rows of one page only.
const MIN_MISSING_ROWS: usize = 3;
/// The minimum number of missing rows for a page to lag, in percent of the other page's rows.
const LAG_PERCENT: usize = 10;

/// How many times more rows the lagging page lacks than the other. Below it both pages have rows of their own, and
/// neither is an older state of the other.
const LAG_RATIO: usize = 3;

/// The number of hexadecimal digits of a fingerprint: 48 bits, so that no two findings of a source share one.
const FINGERPRINT_DIGITS: usize = 12;

/// Finds what the pages of one source disagree about, sorted by kind and then in the order of the entries. `entries`
/// are those of both pages with all texts in full. `updated_on` are the date stamps of the pages.
pub fn find_disagreements(source: &SourceId, entries: &[Entry], updated_on: &Bilingual<Option<Date>>) -> Vec<Finding> {
    let columns = ColumnLanguages::from_entries(entries);
    let mut found: Vec<Finding> = entries.iter().flat_map(|entry| entry_findings(entry, &columns)).collect();
    messages::name_terms(&mut found);
    found.extend(find_lag(entries, updated_on));
    for finding in &mut found {
        finding.fingerprint = fingerprint(source, finding);
    }
    found.sort_by_key(|finding| finding.kind);
    found
}

fn entry_findings(entry: &Entry, columns: &ColumnLanguages) -> Vec<Finding> {
    match Lang::ALL.map(|lang| entry.has(lang)) {
        [true, false] => vec![single_page_finding(entry, FindingKind::OnlyInZh)],
        [false, true] => vec![single_page_finding(entry, FindingKind::OnlyInEn)],
        _ => pair_findings(entry, columns),
    }
}

/// Returns a finding with the most descriptive text of the row: its message, or else its description.
fn single_page_finding(entry: &Entry, kind: FindingKind) -> Finding {
    let (field, texts) =
        if entry.message.is_empty() { ("description", &entry.description) } else { ("message", &entry.message) };
    new_finding(entry, kind, field, texts)
}

fn pair_findings(entry: &Entry, columns: &ColumnLanguages) -> Vec<Finding> {
    let mut found = Vec::new();
    let printed = |lang| entry.printed(lang);
    let ((zh_status, zh_code), (en_status, en_code)) = (printed(Lang::Zh), printed(Lang::En));
    if differs(zh_status, en_status, have_same_numbers) {
        let texts = Bilingual { zh: zh_status.to_owned(), en: en_status.to_owned() };
        found.push(new_finding(entry, FindingKind::StatusDiffers, "status", &texts));
    }
    if differs(zh_code, en_code, |zh, en| zh == en) {
        let texts = Bilingual { zh: zh_code.to_owned(), en: en_code.to_owned() };
        found.push(new_finding(entry, FindingKind::CodeRespelled, "code", &texts));
    }
    found.extend(message_findings(entry));
    for field in [Field::Message, Field::Description, Field::Solution] {
        found.extend(text_findings(entry, field, columns));
    }
    found
}

/// Whether both pages print a text and the texts differ.
fn differs(zh: &str, en: &str, same: impl Fn(&str, &str) -> bool) -> bool {
    !zh.is_empty() && !en.is_empty() && !same(zh, en)
}

/// Compares statuses by their numbers. The order of the numbers and the words around them do not matter.
fn have_same_numbers(zh: &str, en: &str) -> bool {
    let numbers = |status: &str| {
        let mut numbers = status_numbers(status);
        numbers.sort_unstable();
        numbers
    };
    let (a, b) = (numbers(zh), numbers(en));
    if a.is_empty() && b.is_empty() { fold(zh) == fold(en) } else { a == b }
}

fn message_findings(entry: &Entry) -> Vec<Finding> {
    let mut found = Vec::new();
    let (zh, en) = (&entry.message.zh, &entry.message.en);
    if zh.is_empty() || en.is_empty() {
        return found;
    }
    let is_one_language = is_chinese(zh) == is_chinese(en);
    // The names in `<…>` are translated together with the message.
    let comparable =
        |text: &str| if is_one_language { text.to_owned() } else { literals::without_placeholder_names(text) };
    let has_same_placeholders = placeholders(&comparable(zh)) == placeholders(&comparable(en));
    let how = if has_same_placeholders {
        messages::difference_kind(zh, en)
    } else {
        // A missing placeholder takes its quotes and blanks along, so only other words count.
        messages::difference_kind(&without(zh), &without(en)).filter(|how| *how == How::Reworded)
    };
    if let Some(how) = how.filter(|_| is_one_language) {
        let finding = new_finding(entry, FindingKind::MessageDiffers, "message", &entry.message);
        found.push(Finding { how: Some(how), ..finding });
    }
    if !has_same_placeholders {
        found.push(new_finding(entry, FindingKind::PlaceholdersDiffer, "message", &entry.message));
    }
    found
}

fn text_findings(entry: &Entry, field: Field, columns: &ColumnLanguages) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(texts) = entry.text(field) else { return found };
    if let Some(lang) = columns.untranslated_lang(entry, field) {
        let detail = format!("the {lang} text is not translated");
        found.push(Finding { detail, ..new_finding(entry, FindingKind::Untranslated, field.as_str(), texts) });
    }
    // A text of one page alone is no disagreement. Messages have kinds of their own.
    let both = field != Field::Message && !texts.zh.is_empty() && !texts.en.is_empty();
    if let Some(detail) = both.then(|| literals::describe_difference(&texts.zh, &texts.en)).flatten() {
        found.push(Finding { detail, ..new_finding(entry, FindingKind::LiteralsDiffer, field.as_str(), texts) });
    }
    found
}

/// Finds a page that lags: it lacks many rows of the other page, while the other lacks few of its own. Its own date
/// stamp may show that it is the newer page nevertheless.
fn find_lag(entries: &[Entry], updated_on: &Bilingual<Option<Date>>) -> Option<Finding> {
    let rows = |lang| entries.iter().filter(|entry| entry.has(lang)).count();
    let lacks = Bilingual { zh: entries.len() - rows(Lang::Zh), en: entries.len() - rows(Lang::En) };
    let (older, newer) = if lacks.zh > lacks.en { (Lang::Zh, Lang::En) } else { (Lang::En, Lang::Zh) };
    let (missing, other) = (*lacks.get(older), *lacks.get(newer));
    let dated_after = match (updated_on.get(older), updated_on.get(newer)) {
        (Some(older), Some(newer)) => older > newer,
        _ => false,
    };
    if rows(older) == 0
        || missing < MIN_MISSING_ROWS
        || missing * 100 < rows(newer) * LAG_PERCENT
        || other * LAG_RATIO > missing
        || dated_after
    {
        return None;
    }
    let describe_rows = |lang| {
        let date = updated_on.get(lang).map_or_else(String::new, |date| format!(", updated on {date}"));
        format!("{} of {} rows{date}", rows(lang), entries.len())
    };
    Some(Finding {
        kind: FindingKind::LanguageLags,
        how: None,
        field: "page",
        status: String::new(),
        code: String::new(),
        texts: Bilingual { zh: describe_rows(Lang::Zh), en: describe_rows(Lang::En) },
        detail: format!("the {older} page lags: it lacks {missing} rows of the {newer} page"),
        fingerprint: String::new(),
    })
}

fn new_finding(entry: &Entry, kind: FindingKind, field: &'static str, texts: &Bilingual<String>) -> Finding {
    Finding {
        kind,
        how: None,
        field,
        status: entry.status.clone(),
        code: entry.code.clone(),
        texts: texts.clone(),
        detail: String::new(),
        fingerprint: String::new(),
    }
}

fn fingerprint(source: &SourceId, finding: &Finding) -> String {
    let Finding { kind, field, status, code, texts, .. } = finding;
    let (zh, en) = (fold(&texts.zh), fold(&texts.en));
    let parts = [&source.to_string(), kind.as_str(), status, code, field, &zh, &en];
    let digest = digest(parts.join("\0").as_bytes());
    digest.trim_start_matches("sha256:").chars().take(FINGERPRINT_DIGITS).collect()
}
