//! Pages in a third language, which reading does not know: told by the script of their texts or by their small words.

use docdrift_model::{ErrorTable, Lang, Role, text};

use super::comparison::{EntryComparison, PROSE, meaningful_text};

/// So many in a hundred texts make the language of the page.
const PERCENT: usize = 30;
/// So many texts tell, of a page whose rows are all of one language.
const LOOKED_AT: usize = 100;
/// Fewer texts than that tell no language.
const TEXTS: usize = 3;

/// Small words that English has not, or has as rare ones only.
const WORDS: [(&str, &[&str]); 8] = [
    ("French", &["le", "la", "les", "des", "est", "une", "du", "pas", "dans", "pour", "vous", "sont", "n'est"]),
    ("German", &["der", "die", "nicht", "ist", "und", "ein", "eine", "wird", "kann", "sie", "den", "mit"]),
    ("Spanish", &["el", "la", "los", "las", "una", "del", "se", "por", "para", "está", "puede", "que"]),
    ("Portuguese", &["não", "uma", "da", "é", "em", "para", "foi", "com", "são", "está", "que"]),
    ("Italian", &["il", "di", "è", "una", "della", "che", "sono", "gli", "nel", "la"]),
    ("Dutch", &["de", "het", "een", "niet", "van", "wordt", "zijn", "voor", "deze", "kan", "te"]),
    ("Indonesian", &["yang", "tidak", "dan", "dengan", "untuk", "telah", "ada", "dari", "atau"]),
    ("Turkish", &["ve", "bir", "bu", "için", "değil", "olarak", "ile", "geçersiz", "lütfen"]),
];
const ENGLISH: [&str; 16] = [
    "the", "is", "of", "to", "not", "and", "be", "has", "cannot", "for", "in", "invalid", "failed", "please", "an",
    "was",
];

/// Characters of traditional Chinese that simplified Chinese writes otherwise.
const TRADITIONAL: &str = "無請務錯誤數參檢權處運發應實對時會設該個與碼請連線區許從過還進當於來長門開關機電傳輸網";
/// The same in simplified Chinese.
const SIMPLIFIED: &str = "无请务错误数参检权处运发应实对时会设该个与码请连线区许从过还进当于来长门开关机电传输网";

/// The third language that most texts of the page in `lang` are written in.
pub(super) fn detect_foreign_language(
    tables: &[ErrorTable],
    lang: Lang,
    comparison: Option<&EntryComparison<'_>>,
) -> Option<&'static str> {
    let texts: Vec<&str> = tables.iter().flat_map(prose).take(LOOKED_AT).collect();
    if texts.len() < TEXTS {
        return None;
    }
    let is_most = |count: usize| count * 100 > texts.len() * PERCENT;
    let in_script = |of: fn(char) -> bool| is_most(texts.iter().filter(|text| is_written_in(text, of)).count());
    let script = SCRIPTS.iter().find(|(_, of)| in_script(*of)).map(|(name, _)| *name);
    let by_words = || (lang == Lang::En).then(|| by_words(&texts, is_most)).flatten();
    let by_characters =
        || comparison.filter(|_| lang == Lang::Zh).and_then(|comparison| turned_traditional(&texts, comparison));
    script.or_else(by_words).or_else(by_characters)
}

type Script = (&'static str, fn(char) -> bool);

const SCRIPTS: [Script; 6] = [
    ("Japanese", |c| matches!(c, '\u{3041}'..='\u{30fa}')),
    ("Korean", |c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}')),
    ("Cyrillic letters", |c| matches!(c, '\u{400}'..='\u{52f}')),
    ("Arabic letters", |c| matches!(c, '\u{600}'..='\u{6ff}')),
    ("Thai", |c| matches!(c, '\u{e00}'..='\u{e7f}')),
    ("Vietnamese", |c| matches!(c, '\u{1ea0}'..='\u{1ef9}' | 'ư' | 'ơ' | 'đ')),
];

/// Whether a good part of the letters is of a script.
fn is_written_in(text: &str, of: fn(char) -> bool) -> bool {
    if text.is_ascii() {
        return false;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    text.chars().filter(|c| of(*c)).count() * 10 > letters
}

fn prose(table: &ErrorTable) -> impl Iterator<Item = &str> {
    let is_prose = |role: &Role| matches!(role, Role::Description | Role::Solution | Role::Message);
    let cells = table.rows.iter().flat_map(|row| table.roles.iter().zip(row));
    cells.filter(move |(role, _)| is_prose(role)).map(|(_, cell)| cell.as_str()).filter(|cell| is_worded(cell))
}

fn is_worded(cell: &str) -> bool {
    cell.chars().filter(|c| c.is_alphabetic()).count() >= 6
}

fn by_words(texts: &[&str], is_most: impl Fn(usize) -> bool) -> Option<&'static str> {
    let mut counts = [0usize; WORDS.len()];
    for text in texts {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic() && c != '\'').collect();
        let hits = |known: &[&str]| words.iter().filter(|word| known.contains(*word)).count();
        let english = hits(&ENGLISH);
        for (count, (_, known)) in counts.iter_mut().zip(WORDS) {
            *count += usize::from(hits(known) > english);
        }
    }
    let (most, name) = counts.iter().zip(WORDS.map(|(name, _)| name)).max_by_key(|(count, _)| **count)?;
    is_most(*most).then_some(name)
}

/// Traditional Chinese where simplified Chinese stood before, or the other way round.
fn turned_traditional(texts: &[&str], comparison: &EntryComparison<'_>) -> Option<&'static str> {
    let before =
        comparison.last.entries.iter().flat_map(|entry| PROSE.map(|field| meaningful_text(entry, field, Lang::Zh)));
    let before: Vec<&str> = before.flatten().filter(|text| !text::is_digest(text)).take(LOOKED_AT).collect();
    match (is_traditional(&before)?, is_traditional(texts)?) {
        (false, true) => Some("traditional Chinese"),
        (true, false) => Some("simplified Chinese"),
        _ => None,
    }
}

/// Which of the two the texts are written in, where they tell.
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
        (t, s) if t > 10 && t > s * 4 => Some(true),
        (t, s) if s > 10 && s > t * 4 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::detect_foreign_language;
    use docdrift_model::{ErrorTable, Lang, Role};

    fn meaningful_text(lang: Lang, texts: [&str; 4]) -> Option<&'static str> {
        let rows = texts.iter().map(|text| vec!["Lamp.1".to_owned(), (*text).to_owned()]).collect();
        let roles = vec![Role::Code, Role::Description];
        detect_foreign_language(&[ErrorTable { roles, rows, ..ErrorTable::default() }], lang, None)
    }

    #[test]
    fn languages_that_a_page_should_not_be_in() {
        for (language, texts) in [
            (
                "French",
                [
                    "La lampe est éteinte.",
                    "Le bouton n'est pas là.",
                    "Une ampoule manque dans la salle.",
                    "Les fils sont usés.",
                ],
            ),
            (
                "German",
                [
                    "Die Lampe ist aus.",
                    "Der Schalter wird nicht gefunden.",
                    "Eine Birne fehlt, und das ist schlecht.",
                    "Nicht da.",
                ],
            ),
            (
                "Spanish",
                [
                    "La lámpara no está.",
                    "El interruptor se ha roto.",
                    "No se puede encender la luz.",
                    "Una bombilla falta.",
                ],
            ),
            (
                "Japanese",
                [
                    "ランプがありません。",
                    "スイッチを確認してください。",
                    "電球が切れています。",
                    "もう一度お試しください。",
                ],
            ),
            ("Korean", ["램프가 없습니다.", "스위치를 확인하십시오.", "전구가 나갔습니다.", "다시 시도하십시오."]),
            (
                "Cyrillic letters",
                ["Лампа не найдена.", "Проверьте выключатель.", "Лампочка перегорела.", "Повторите попытку."],
            ),
        ] {
            assert_eq!(meaningful_text(Lang::En, texts), Some(language), "{language}");
        }
    }

    #[test]
    fn english_and_chinese_are_none() {
        let english = ["No such lamp in la casa.", "The die is cast.", "Contact support.", "Il-86 is not a lamp."];
        assert_eq!(meaningful_text(Lang::En, english), None);
        let terse = ["Invalid lamp.", "No lamp.", "Lamp missing.", "Wrong switch."];
        assert_eq!(meaningful_text(Lang::En, terse), None);
        let chinese = ["灯泡不存在，请检查。", "开关未连接。", "参数错误。", "请稍后再试一次。"];
        assert_eq!(meaningful_text(Lang::Zh, chinese), None);
    }
}
