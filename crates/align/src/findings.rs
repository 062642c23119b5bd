//! Disagreements between the languages.

use docdrift_model::{
    Bilingual, Entry, Field, Finding, FindingKind, How, Lang, SourceId,
    placeholders::{placeholders, without},
    status_numbers,
    text::{digest, fold},
};

mod columns;
mod literals;
mod messages;

use columns::Columns;

use crate::words::is_chinese;

/// A page that lacks fewer rows than this does not lag.
const FEW: usize = 3;
/// Nor does one that lacks less than this share of the other's rows, in percent.
const LAG_PERCENT: usize = 10;

/// So many hexadecimal digits make a fingerprint.
const DIGITS: usize = 12;

/// What the pages of one source disagree about, kind by kind, each kind in the order of the entries. `entries`: those
/// of both pages with all texts in full; `updated_on`: the pages' own date stamps, as `YYYY-MM-DD`.
pub fn findings(source: &SourceId, entries: &[Entry], updated_on: &Bilingual<Option<String>>) -> Vec<Finding> {
    let columns = Columns::of(entries);
    let mut found: Vec<Finding> = entries.iter().flat_map(|entry| of_entry(entry, &columns)).collect();
    messages::name_terms(&mut found);
    found.extend(lag(entries, updated_on));
    for finding in &mut found {
        finding.fingerprint = fingerprint(source, finding);
    }
    found.sort_by_key(|finding| finding.kind);
    found
}

fn of_entry(entry: &Entry, columns: &Columns) -> Vec<Finding> {
    match Lang::ALL.map(|lang| entry.has(lang)) {
        [true, false] => vec![alone(entry, FindingKind::OnlyInZh)],
        [false, true] => vec![alone(entry, FindingKind::OnlyInEn)],
        _ => of_pair(entry, columns),
    }
}

/// What the row says most of: its message, or its description.
fn alone(entry: &Entry, kind: FindingKind) -> Finding {
    let (field, texts) =
        if entry.message.is_empty() { ("description", &entry.description) } else { ("message", &entry.message) };
    finding(entry, kind, field, texts)
}

fn of_pair(entry: &Entry, columns: &Columns) -> Vec<Finding> {
    let mut found = Vec::new();
    let printed = |lang| entry.printed(lang);
    let ((zh_status, zh_code), (en_status, en_code)) = (printed(Lang::Zh), printed(Lang::En));
    if differs(zh_status, en_status, same_status) {
        let texts = Bilingual { zh: zh_status.to_owned(), en: en_status.to_owned() };
        found.push(finding(entry, FindingKind::StatusDiffers, "status", &texts));
    }
    if differs(zh_code, en_code, |zh, en| zh == en) {
        let texts = Bilingual { zh: zh_code.to_owned(), en: en_code.to_owned() };
        found.push(finding(entry, FindingKind::CodeRespelled, "code", &texts));
    }
    found.extend(of_message(entry));
    for field in [Field::Message, Field::Description, Field::Solution] {
        found.extend(of_text(entry, field, columns));
    }
    found
}

/// Whether both pages print something, and not the same.
fn differs(zh: &str, en: &str, same: impl Fn(&str, &str) -> bool) -> bool {
    !zh.is_empty() && !en.is_empty() && !same(zh, en)
}

/// Words around the numbers do not matter, nor does the order of the numbers.
fn same_status(zh: &str, en: &str) -> bool {
    let numbers = |status: &str| {
        let mut numbers = status_numbers(status);
        numbers.sort_unstable();
        numbers
    };
    let (a, b) = (numbers(zh), numbers(en));
    if a.is_empty() && b.is_empty() { fold(zh) == fold(en) } else { a == b }
}

fn of_message(entry: &Entry) -> Vec<Finding> {
    let mut found = Vec::new();
    let (zh, en) = (&entry.message.zh, &entry.message.en);
    if zh.is_empty() || en.is_empty() {
        return found;
    }
    let one_language = is_chinese(zh) == is_chinese(en);
    // The words in `<…>` are translated with the message around them.
    let named = |text: &str| if one_language { text.to_owned() } else { literals::unnamed(text) };
    let filled_alike = placeholders(&named(zh)) == placeholders(&named(en));
    let how = if filled_alike {
        messages::how(zh, en)
    } else {
        // Where a placeholder is missing, so are the quotes and blanks around it.
        messages::how(&without(zh), &without(en)).filter(|how| *how == How::Reworded)
    };
    if let Some(how) = how.filter(|_| one_language) {
        let finding = finding(entry, FindingKind::MessageDiffers, "message", &entry.message);
        found.push(Finding { how: Some(how), ..finding });
    }
    if !filled_alike {
        found.push(finding(entry, FindingKind::PlaceholdersDiffer, "message", &entry.message));
    }
    found
}

fn of_text(entry: &Entry, field: Field, columns: &Columns) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(texts) = entry.text(field) else { return found };
    if let Some(lang) = columns.untranslated(entry, field) {
        let detail = format!("the {lang} text is not translated");
        found.push(Finding { detail, ..finding(entry, FindingKind::Untranslated, field.as_str(), texts) });
    }
    // What one page alone says is no disagreement; a message has its own kinds.
    let both = field != Field::Message && !texts.zh.is_empty() && !texts.en.is_empty();
    if let Some(detail) = both.then(|| literals::difference(&texts.zh, &texts.en)).flatten() {
        found.push(Finding { detail, ..finding(entry, FindingKind::LiteralsDiffer, field.as_str(), texts) });
    }
    found
}

/// A page that lacks many of the other's rows, while the other lacks hardly any of its own, is an older state of the
/// reference; unless its own date stamp says that it is the newer one.
fn lag(entries: &[Entry], updated_on: &Bilingual<Option<String>>) -> Option<Finding> {
    let rows = |lang| entries.iter().filter(|entry| entry.has(lang)).count();
    let lacks = Bilingual { zh: entries.len() - rows(Lang::Zh), en: entries.len() - rows(Lang::En) };
    let (older, newer) = if lacks.zh > lacks.en { (Lang::Zh, Lang::En) } else { (Lang::En, Lang::Zh) };
    let (missing, other) = (*lacks.get(older), *lacks.get(newer));
    let dated_after = match (updated_on.get(older), updated_on.get(newer)) {
        (Some(older), Some(newer)) => older > newer,
        _ => false,
    };
    if rows(older) == 0
        || missing < FEW
        || missing * 100 < rows(newer) * LAG_PERCENT
        || other * 3 > missing
        || dated_after
    {
        return None;
    }
    let told = |lang| {
        let date = updated_on.get(lang).as_deref().map_or_else(String::new, |date| format!(", updated on {date}"));
        format!("{} of {} rows{date}", rows(lang), entries.len())
    };
    Some(Finding {
        kind: FindingKind::LanguageLags,
        how: None,
        field: "page",
        status: String::new(),
        code: String::new(),
        texts: Bilingual { zh: told(Lang::Zh), en: told(Lang::En) },
        detail: format!("the {older} page lags: it lacks {missing} rows of the {newer} page"),
        fingerprint: String::new(),
    })
}

fn finding(entry: &Entry, kind: FindingKind, field: &'static str, texts: &Bilingual<String>) -> Finding {
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
    digest.trim_start_matches("sha256:").chars().take(DIGITS).collect()
}
