//! Detects text that was decoded with the wrong charset: encoded again, its bytes are valid text of another charset.

use docdrift_model::{ErrorTable, reason::Garbling};
use encoding_rs::{Encoding, GBK, WINDOWS_1252};

/// A page is garbled where more than this share of its cells is, in percent. Single cells may quote garbled text on
/// purpose.
const MAX_GARBLED_PERCENT: usize = 10;
/// Shorter runs of letters look garbled by chance.
const MIN_RUN_LETTERS: usize = 3;

/// The character that replaces a lost letter.
const REPLACEMENT: char = '\u{fffd}';
/// This many more cells than before may have lost a letter: a vendor may publish single cells like that itself.
const MAX_NEW_LOSSY_CELLS: usize = 2;
/// The number of cells that are encoded again, taken evenly from the page. More would only take time.
const MAX_CHECKED_CELLS: usize = 60;
/// The number of letters of a run that are encoded again. These are enough to see a whole character.
const MAX_RUN_LETTERS: usize = 6;
/// The number of characters of a garbled cell that the reason quotes.
const EXAMPLE_CHARS: usize = 20;

/// Characters that most Chinese texts contain and garbled texts hardly ever do.
const COMMON: &str = "的不请是在无未为已或和有错误数务对可時請無誤數務對";

/// Finds out whether the cells are garbled. `lossy_before` is how many cells had lost letters before.
pub(super) fn find_mojibake(tables: &[ErrorTable], lossy_before: usize) -> Option<Garbling> {
    find_lost_letters(tables, lossy_before).or_else(|| find_wrong_charset(tables))
}

/// Finds letters that were lost for good. Checks every cell, since a lost letter is visible.
fn find_lost_letters(tables: &[ErrorTable], lossy_before: usize) -> Option<Garbling> {
    let headers = tables.iter().flat_map(|table| &table.header).filter(|cell| cell.contains(REPLACEMENT)).count();
    let cells: Vec<&String> =
        tables.iter().flat_map(|table| table.rows.iter().flatten()).filter(|cell| cell.contains(REPLACEMENT)).collect();
    let first = cells.first().filter(|_| headers > 0 || cells.len() > lossy_before + MAX_NEW_LOSSY_CELLS)?;
    Some(Garbling::LostLetters { count: cells.len() + headers, example: quote(first) })
}

/// Counts the texts that lost letters.
pub(super) fn count_lossy<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    texts.filter(|text| text.contains(REPLACEMENT)).count()
}

/// Finds cells that were decoded with the wrong charset.
fn find_wrong_charset(tables: &[ErrorTable]) -> Option<Garbling> {
    let cells = tables.iter().flat_map(|table| table.rows.iter().flatten()).filter(|cell| !cell.is_ascii());
    let cells: Vec<&String> = cells.collect();
    let examined = cells.iter().step_by(cells.len().div_ceil(MAX_CHECKED_CELLS).max(1));
    let checked = examined.len();
    let garbled: Vec<_> = examined.filter(|cell| is_garbled(cell)).collect();
    let first = garbled.first().filter(|_| garbled.len() * 100 > checked * MAX_GARBLED_PERCENT)?;
    Some(Garbling::WrongCharset { count: garbled.len(), checked, example: quote(first) })
}

fn quote(cell: &str) -> String {
    cell.chars().take(EXAMPLE_CHARS).collect()
}

fn is_garbled(cell: &str) -> bool {
    if cell.matches(REPLACEMENT).count() >= MIN_RUN_LETTERS || cell.contains("锟斤拷") {
        return true;
    }
    if cell.contains(|c| COMMON.contains(c)) {
        return false;
    }
    let runs = cell.split(|c: char| c.is_ascii() || c == REPLACEMENT);
    let mut runs = runs.filter(|run| run.chars().count() >= MIN_RUN_LETTERS);
    runs.any(|run| {
        let end = run.char_indices().nth(MAX_RUN_LETTERS).map_or(run.len(), |(at, _)| at);
        let run = run.get(..end).unwrap_or(run);
        is_utf8_read_as(WINDOWS_1252, run) || is_utf8_read_as(GBK, run)
    })
}

/// Whether `run`, encoded in a charset, gives bytes that are UTF-8 of other letters.
fn is_utf8_read_as(charset: &'static Encoding, run: &str) -> bool {
    let (bytes, _, is_unmappable) = charset.encode(run);
    if is_unmappable {
        return false;
    }
    // The last letter may lack its last bytes: the wrong charset joined them with what followed.
    let valid = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).map_or("", as_text),
        Err(_) => return false,
    };
    valid.chars().filter(|c| !c.is_ascii()).count() >= 2
}

fn as_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{find_mojibake, is_garbled};
    use docdrift_model::ErrorTable;
    use encoding_rs::{GBK, WINDOWS_1252};

    const TEXTS: [&str; 4] = ["灯泡不存在", "请检查开关后再试一次。", "参数 {0} 不正确", "服务器内部错误"];

    #[test]
    fn wrong_charsets_are_detected_in_both_directions() {
        for text in TEXTS {
            assert!(!is_garbled(text), "{text}");
            assert!(is_garbled(&WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0), "{text}");
            assert!(is_garbled(&GBK.decode_without_bom_handling(text.as_bytes()).0), "{text}");
            assert!(is_garbled(&String::from_utf8_lossy(&GBK.encode(text).0)), "{text}");
        }
    }

    #[test]
    fn foreign_letters_are_not_garbled() {
        for text in [
            "El parámetro no es válido: «ñandú»",
            "Größe überschritten",
            "“quoted” – and dashed — text…",
            "ランプがありません",
        ] {
            assert!(!is_garbled(text), "{text}");
        }
    }

    #[test]
    fn one_cell_may_quote_garbled_text() {
        let row = |text: &str| vec!["Lamp.1".to_owned(), text.to_owned()];
        let mut rows = vec![row("显示为 锟斤拷 的文字")];
        rows.extend(vec![row("灯泡不存在"); 20]);
        let table = ErrorTable { rows, ..ErrorTable::default() };
        assert_eq!(find_mojibake(&[table], 0), None);
    }

    #[test]
    fn a_few_lost_letters_are_accepted_and_more_are_not() {
        let row = |text: &str| vec!["Lamp.1".to_owned(), text.to_owned()];
        let table = |lost: usize| {
            let mut rows = vec![row("The lamp is out."); 20];
            rows.iter_mut().take(lost).for_each(|row| row[1] = "The l\u{fffd}mp is out.".into());
            ErrorTable { rows, ..ErrorTable::default() }
        };
        for (lost, known, is_garbled) in [(0, 0, false), (2, 0, false), (3, 0, true), (9, 8, false), (11, 8, true)] {
            assert_eq!(find_mojibake(&[table(lost)], known).is_some(), is_garbled, "{lost} {known}");
        }
        let header = ErrorTable { header: vec!["错\u{fffd}码".into()], ..table(1) };
        assert!(find_mojibake(&[header], 0).is_some());
    }
}
