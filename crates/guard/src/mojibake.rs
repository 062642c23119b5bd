//! Text that was read in the wrong charset: what it should be is told by putting its bytes back.

use docdrift_model::ErrorTable;
use encoding_rs::{Encoding, GBK, WINDOWS_1252};

/// One cell may quote garbled text; of so many in a hundred the page is garbled.
const PERCENT: usize = 10;
/// Fewer letters than that may be garbled by chance.
const LETTERS: usize = 3;

/// What stands for a letter that was lost.
const LOST: char = '\u{fffd}';
/// A vendor may have lost a letter in so many cells.
const FEW: usize = 2;
/// So many cells tell, taken from all over the page: to put bytes back is slow work.
const LOOKED_AT: usize = 60;
/// So many letters of a run tell.
const TELLING: usize = 6;

/// Characters that most Chinese texts have and garbled ones hardly ever.
const COMMON: &str = "的不请是在无未为已或和有错误数务对可時請無誤數務對";

/// What tells that the cells are garbled; `known` is how many cells had lost letters before.
pub(super) fn find_mojibake(tables: &[ErrorTable], known: usize) -> Option<String> {
    mutilated(tables, known).or_else(|| misread(tables))
}

/// Cells with letters that were lost for good. That is seen in every one of them, so all are looked at.
fn mutilated(tables: &[ErrorTable], known: usize) -> Option<String> {
    let headers = tables.iter().flat_map(|table| &table.header).filter(|cell| cell.contains(LOST)).count();
    let cells: Vec<&String> =
        tables.iter().flat_map(|table| table.rows.iter().flatten()).filter(|cell| cell.contains(LOST)).collect();
    let first = cells.first().filter(|_| headers > 0 || cells.len() > known + FEW)?;
    let quoted: String = first.chars().take(20).collect();
    Some(format!("{} of its cells lost letters, as “{quoted}”", cells.len() + headers))
}

/// How many cells of these texts lost letters.
pub(super) fn count_lossy<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    texts.filter(|text| text.contains(LOST)).count()
}

fn misread(tables: &[ErrorTable]) -> Option<String> {
    let cells = tables.iter().flat_map(|table| table.rows.iter().flatten()).filter(|cell| !cell.is_ascii());
    let cells: Vec<&String> = cells.collect();
    let looked_at = cells.iter().step_by(cells.len().div_ceil(LOOKED_AT).max(1));
    let count = looked_at.len();
    let garbled: Vec<_> = looked_at.filter(|cell| is_garbled(cell)).collect();
    let first = garbled.first().filter(|_| garbled.len() * 100 > count * PERCENT)?;
    let quoted: String = first.chars().take(20).collect();
    Some(format!("{} of {count} cells looked at were read in the wrong charset, as “{quoted}”", garbled.len()))
}

fn is_garbled(cell: &str) -> bool {
    if cell.matches('\u{fffd}').count() >= LETTERS || cell.contains("锟斤拷") {
        return true;
    }
    if cell.contains(|c| COMMON.contains(c)) {
        return false;
    }
    let mut runs = cell.split(|c: char| c.is_ascii() || c == '\u{fffd}').filter(|run| run.chars().count() >= LETTERS);
    runs.any(|run| {
        let end = run.char_indices().nth(TELLING).map_or(run.len(), |(at, _)| at);
        let run = run.get(..end).unwrap_or(run);
        is_utf8_read_as(WINDOWS_1252, run) || is_utf8_read_as(GBK, run)
    })
}

/// Whether the bytes that `run` has in a charset are UTF-8 of other letters.
fn is_utf8_read_as(charset: &'static Encoding, run: &str) -> bool {
    let (bytes, _, is_unmappable) = charset.encode(run);
    if is_unmappable {
        return false;
    }
    // The last letter may have lost its last bytes, where they made one with what followed.
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
    fn utf8_read_in_another_charset_and_the_other_way_round() {
        for text in TEXTS {
            assert!(!is_garbled(text), "{text}");
            assert!(is_garbled(&WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0), "{text}");
            assert!(is_garbled(&GBK.decode_without_bom_handling(text.as_bytes()).0), "{text}");
            assert!(is_garbled(&String::from_utf8_lossy(&GBK.encode(text).0)), "{text}");
        }
    }

    #[test]
    fn foreign_letters_are_none() {
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
    fn one_cell_that_quotes_garbled_text_is_fine() {
        let row = |text: &str| vec!["Lamp.1".to_owned(), text.to_owned()];
        let mut rows = vec![row("显示为 锟斤拷 的文字")];
        rows.extend(vec![row("灯泡不存在"); 20]);
        let table = ErrorTable { rows, ..ErrorTable::default() };
        assert_eq!(find_mojibake(&[table], 0), None);
    }

    #[test]
    fn a_few_lost_letters_are_the_vendors_and_more_are_not() {
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
