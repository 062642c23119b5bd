//! Pages in a format without a marked end that are cut in the middle of a row.

use docdrift_model::{Bilingual, Entry, ErrorTable, Lang, Reading, Role, reason::Truncation, text::is_digest};

use super::{
    check::as_u64,
    comparison::{EntryComparison, is_blank},
};

/// This many texts may end in dots whatever their share is: a vendor may end a sentence in dots.
const MAX_DOTTED_TEXTS: usize = 2;

/// Finds out whether the page breaks off in its last row: the row begins as an earlier row does and stops within a cell.
pub(super) fn find_cut_row(reading: &Reading, lang: Lang, comparison: &EntryComparison<'_>) -> Option<Truncation> {
    reading.ends_in_table.filter(|ends| *ends)?;
    let table = reading.tables.last()?;
    let code = table.cell(table.rows.len().checked_sub(1)?, Role::Code);
    let rows: Vec<&Entry> = comparison.last.entries.iter().filter(|entry| entry.has(lang)).collect();
    let is_cut = match rows.iter().find(|entry| entry.printed(lang).1 == code) {
        Some(before) => breaks_off(table, before, lang),
        None => rows.iter().any(|entry| is_beginning(code, entry.printed(lang).1)),
    };
    is_cut.then(|| Truncation::LastRow(code.to_owned()))
}

/// Finds out whether too many texts end in dots. Is used only where the last snapshot has digests in place of texts, so
/// that the texts themselves cannot be compared.
pub(super) fn find_dotted_texts(
    reading: &Reading,
    comparison: &EntryComparison<'_>,
    percent: u64,
) -> Option<Truncation> {
    let has_digest =
        |entry: &Entry| [&entry.message, &entry.description, &entry.solution].into_iter().any(contains_digest);
    comparison.last.entries.iter().any(has_digest).then_some(())?;
    let texts: Vec<&String> = reading.tables.iter().flat_map(prose_cells).collect();
    let count = texts.iter().filter(|text| ends_in_dots(text)).count();
    let is_too_much = count > MAX_DOTTED_TEXTS && as_u64(count) * 100 > as_u64(texts.len()) * percent;
    is_too_much.then_some(Truncation::Dots { count, total: texts.len() })
}

/// Returns the cells that say in words what an error is.
fn prose_cells(table: &ErrorTable) -> impl Iterator<Item = &String> {
    let is_prose = |role: &Role| matches!(role, Role::Message | Role::Description | Role::Solution);
    let columns: Vec<usize> =
        table.roles.iter().enumerate().filter(|(_, role)| is_prose(role)).map(|(column, _)| column).collect();
    let cells = table.rows.iter().flat_map(move |row| columns.clone().into_iter().filter_map(|column| row.get(column)));
    cells.filter(|cell| !is_blank(cell))
}

/// Whether a text ends in dots, as a text that was cut for display does.
pub(super) fn ends_in_dots(text: &str) -> bool {
    text.ends_with('…') || text.ends_with("...")
}

fn contains_digest(text: &Bilingual<String>) -> bool {
    text.iter().any(|(_, text)| is_digest(text))
}

/// Whether the cells of the last row are those of `before` up to a cell that is only the beginning of what it was.
fn breaks_off(table: &ErrorTable, before: &Entry, lang: Lang) -> bool {
    let Some(row) = table.rows.last() else { return false };
    let cells: Vec<(&str, &str)> = table
        .roles
        .iter()
        .zip(row)
        .zip(&table.header)
        .filter_map(|((role, cell), header)| Some((cell.as_str(), earlier_cell(before, *role, header, lang)?)))
        .collect();
    let Some(first) = cells.iter().position(|(now, old)| now != old) else { return false };
    let (now, old) = cells[first];
    let is_rest_empty = cells[first + 1..].iter().all(|(now, _)| now.is_empty());
    let had_rest = cells[first + 1..].iter().any(|(_, old)| !old.is_empty());
    is_rest_empty && (is_beginning(now, old) || (now.is_empty() && had_rest))
}

fn earlier_cell<'a>(entry: &'a Entry, role: Role, header: &str, lang: Lang) -> Option<&'a str> {
    Some(match role {
        Role::Status => entry.printed(lang).0,
        Role::Code => entry.printed(lang).1,
        Role::Message => entry.message.get(lang),
        Role::Description => entry.description.get(lang),
        Role::Solution => entry.solution.get(lang),
        Role::Group => entry.group.get(lang),
        Role::Other => entry.extra.get(lang).get(header)?,
    })
}

/// Whether `now` is the beginning of `old` and not a sentence of its own.
pub(super) fn is_beginning(now: &str, old: &str) -> bool {
    let is_sentence = now.ends_with(['.', '。', '!', '?', '！', '？', ';', '；']);
    !now.is_empty() && now.len() < old.len() && old.starts_with(now) && !is_sentence && !is_digest(old)
}
