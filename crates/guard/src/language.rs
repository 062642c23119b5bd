//! Detects pages in a third language, which reading does not know, by the script of their texts or by their function
//! words.

use docdrift_model::{ErrorTable, Lang, Role, reason::WrittenLanguage, text};

use super::comparison::{EntryComparison, PROSE, meaningful_text};

/// A page is in a language where more than this share of its texts is, in percent. Many texts of a foreign page are too
/// short to be recognized, so the limit is well below one half; single quotations stay below it.
const MIN_SHARE_PERCENT: usize = 30;
/// The number of texts that are examined. The rows of a page are all in one language, so more would only take time.
const MAX_EXAMINED: usize = 100;
/// Fewer texts are not enough evidence.
const MIN_TEXTS: usize = 3;
/// Shorter cells are names or numbers, not words of a language.
const MIN_LETTERS: usize = 6;
/// A text is in a script where more than one in so many of its letters is. Japanese mixes its own letters with Chinese
/// characters.
const SCRIPT_SHARE: usize = 10;
/// Simplified and traditional Chinese share most characters. Fewer of the distinct ones are no evidence.
const MIN_DISTINCT_CHARS: usize = 10;
/// One form must occur more than so many times as often as the other, since pages quote words in the other form.
const DISTINCT_RATIO: usize = 4;

/// Function words that English lacks or has as rare words only.
const FUNCTION_WORDS: [(WrittenLanguage, &[&str]); 8] = [
    (
        WrittenLanguage::French,
        &["le", "la", "les", "des", "est", "une", "du", "pas", "dans", "pour", "vous", "sont", "n'est"],
    ),
    (
        WrittenLanguage::German,
        &["der", "die", "nicht", "ist", "und", "ein", "eine", "wird", "kann", "sie", "den", "mit"],
    ),
    (WrittenLanguage::Spanish, &["el", "la", "los", "las", "una", "del", "se", "por", "para", "está", "puede", "que"]),
    (WrittenLanguage::Portuguese, &["não", "uma", "da", "é", "em", "para", "foi", "com", "são", "está", "que"]),
    (WrittenLanguage::Italian, &["il", "di", "è", "una", "della", "che", "sono", "gli", "nel", "la"]),
    (WrittenLanguage::Dutch, &["de", "het", "een", "niet", "van", "wordt", "zijn", "voor", "deze", "kan", "te"]),
    (WrittenLanguage::Indonesian, &["yang", "tidak", "dan", "dengan", "untuk", "telah", "ada", "dari", "atau"]),
    (WrittenLanguage::Turkish, &["ve", "bir", "bu", "için", "değil", "olarak", "ile", "geçersiz", "lütfen"]),
];
/// Function words of English.
const ENGLISH: [&str; 16] = [
    "the", "is", "of", "to", "not", "and", "be", "has", "cannot", "for", "in", "invalid", "failed", "please", "an",
    "was",
];

/// Characters of traditional Chinese that simplified Chinese writes in another form.
const TRADITIONAL: &str = "無請務錯誤數參檢權處運發應實對時會設該個與碼請連線區許從過還進當於來長門開關機電傳輸網";
/// The same in simplified Chinese.
const SIMPLIFIED: &str = "无请务错误数参检权处运发应实对时会设该个与码请连线区许从过还进当于来长门开关机电传输网";

/// Detects the third language that the page in `lang` is written in; `None` where it is in Chinese or English.
pub(super) fn detect_foreign_language(
    tables: &[ErrorTable],
    lang: Lang,
    comparison: Option<&EntryComparison<'_>>,
) -> Option<WrittenLanguage> {
    let texts: Vec<&str> = tables.iter().flat_map(prose_cells).take(MAX_EXAMINED).collect();
    if texts.len() < MIN_TEXTS {
        return None;
    }
    let is_most = |count: usize| count * 100 > texts.len() * MIN_SHARE_PERCENT;
    let in_script =
        |is_letter: fn(char) -> bool| is_most(texts.iter().filter(|text| is_written_in(text, is_letter)).count());
    let script = SCRIPTS.iter().find(|(_, is_letter)| in_script(*is_letter)).map(|(language, _)| *language);
    let by_words = || (lang == Lang::En).then(|| detect_by_words(&texts, is_most)).flatten();
    let by_form = || comparison.filter(|_| lang == Lang::Zh).and_then(|comparison| detect_new_form(&texts, comparison));
    script.or_else(by_words).or_else(by_form)
}

/// A language, and whether a character is a letter of its script.
type Script = (WrittenLanguage, fn(char) -> bool);

const SCRIPTS: [Script; 6] = [
    (WrittenLanguage::Japanese, |c| matches!(c, '\u{3041}'..='\u{30fa}')),
    (WrittenLanguage::Korean, |c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}')),
    (WrittenLanguage::Cyrillic, |c| matches!(c, '\u{400}'..='\u{52f}')),
    (WrittenLanguage::Arabic, |c| matches!(c, '\u{600}'..='\u{6ff}')),
    (WrittenLanguage::Thai, |c| matches!(c, '\u{e00}'..='\u{e7f}')),
    (WrittenLanguage::Vietnamese, |c| matches!(c, '\u{1ea0}'..='\u{1ef9}' | 'ư' | 'ơ' | 'đ')),
];

/// Whether a good part of the letters is of a script.
fn is_written_in(text: &str, is_letter: fn(char) -> bool) -> bool {
    if text.is_ascii() {
        return false;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    text.chars().filter(|c| is_letter(*c)).count() * SCRIPT_SHARE > letters
}

fn prose_cells(table: &ErrorTable) -> impl Iterator<Item = &str> {
    let is_prose = |role: &Role| matches!(role, Role::Description | Role::Solution | Role::Message);
    let cells = table.rows.iter().flat_map(|row| table.roles.iter().zip(row));
    cells.filter(move |(role, _)| is_prose(role)).map(|(_, cell)| cell.as_str()).filter(|cell| has_words(cell))
}

fn has_words(cell: &str) -> bool {
    cell.chars().filter(|c| c.is_alphabetic()).count() >= MIN_LETTERS
}

fn detect_by_words(texts: &[&str], is_most: impl Fn(usize) -> bool) -> Option<WrittenLanguage> {
    let mut counts = [0usize; FUNCTION_WORDS.len()];
    for text in texts {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic() && c != '\'').collect();
        let hits = |known: &[&str]| words.iter().filter(|word| known.contains(*word)).count();
        let english = hits(&ENGLISH);
        for (count, (_, known)) in counts.iter_mut().zip(FUNCTION_WORDS) {
            *count += usize::from(hits(known) > english);
        }
    }
    let languages = FUNCTION_WORDS.map(|(language, _)| language);
    let (most, language) = counts.iter().zip(languages).max_by_key(|(count, _)| **count)?;
    is_most(*most).then_some(language)
}

/// Detects traditional Chinese where the last snapshot has simplified Chinese, and the reverse.
fn detect_new_form(texts: &[&str], comparison: &EntryComparison<'_>) -> Option<WrittenLanguage> {
    let before =
        comparison.last.entries.iter().flat_map(|entry| PROSE.map(|field| meaningful_text(entry, field, Lang::Zh)));
    let before: Vec<&str> = before.flatten().filter(|text| !text::is_digest(text)).take(MAX_EXAMINED).collect();
    match (is_traditional(&before)?, is_traditional(texts)?) {
        (false, true) => Some(WrittenLanguage::TraditionalChinese),
        (true, false) => Some(WrittenLanguage::SimplifiedChinese),
        _ => None,
    }
}

/// Whether the texts are in traditional Chinese; `None` where there is not enough evidence.
fn is_traditional(texts: &[&str]) -> Option<bool> {
    let (mut traditional, mut simplified) = (0usize, 0usize);
    for c in texts.iter().flat_map(|text| text.chars()) {
        match (TRADITIONAL.contains(c), SIMPLIFIED.contains(c)) {
            (true, false) => traditional += 1,
            (false, true) => simplified += 1,
            _ => {}
        }
    }
    match (traditional, simplified) {
        (t, s) if t > MIN_DISTINCT_CHARS && t > s * DISTINCT_RATIO => Some(true),
        (t, s) if s > MIN_DISTINCT_CHARS && s > t * DISTINCT_RATIO => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::detect_foreign_language;
    use docdrift_model::{ErrorTable, Lang, Role, reason::WrittenLanguage};

    fn detect(lang: Lang, texts: [&str; 4]) -> Option<WrittenLanguage> {
        let rows = texts.iter().map(|text| vec!["Lamp.1".to_owned(), (*text).to_owned()]).collect();
        let roles = vec![Role::Code, Role::Description];
        detect_foreign_language(&[ErrorTable { roles, rows, ..ErrorTable::default() }], lang, None)
    }

    #[test]
    fn third_languages_are_detected() {
        for (language, texts) in [
            (
                WrittenLanguage::French,
                [
                    "La lampe est éteinte.",
                    "Le bouton n'est pas là.",
                    "Une ampoule manque dans la salle.",
                    "Les fils sont usés.",
                ],
            ),
            (
                WrittenLanguage::German,
                [
                    "Die Lampe ist aus.",
                    "Der Schalter wird nicht gefunden.",
                    "Eine Birne fehlt, und das ist schlecht.",
                    "Nicht da.",
                ],
            ),
            (
                WrittenLanguage::Spanish,
                [
                    "La lámpara no está.",
                    "El interruptor se ha roto.",
                    "No se puede encender la luz.",
                    "Una bombilla falta.",
                ],
            ),
            (
                WrittenLanguage::Japanese,
                [
                    "ランプがありません。",
                    "スイッチを確認してください。",
                    "電球が切れています。",
                    "もう一度お試しください。",
                ],
            ),
            (
                WrittenLanguage::Korean,
                ["램프가 없습니다.", "스위치를 확인하십시오.", "전구가 나갔습니다.", "다시 시도하십시오."],
            ),
            (
                WrittenLanguage::Cyrillic,
                ["Лампа не найдена.", "Проверьте выключатель.", "Лампочка перегорела.", "Повторите попытку."],
            ),
        ] {
            assert_eq!(detect(Lang::En, texts), Some(language), "{language:?}");
        }
    }

    #[test]
    fn english_and_chinese_are_not_third_languages() {
        let english = ["No such lamp in la casa.", "The die is cast.", "Contact support.", "Il-86 is not a lamp."];
        assert_eq!(detect(Lang::En, english), None);
        let terse = ["Invalid lamp.", "No lamp.", "Lamp missing.", "Wrong switch."];
        assert_eq!(detect(Lang::En, terse), None);
        let chinese = ["灯泡不存在，请检查。", "开关未连接。", "参数错误。", "请稍后再试一次。"];
        assert_eq!(detect(Lang::Zh, chinese), None);
    }
}
