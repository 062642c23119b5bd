//! A page whose shape has no marked end, cut in the middle of a row.

use docdrift_model::{Bilingual, Entry, ErrorTable, Lang, Reading, Role, text::is_digest};

use super::{
    check::as_u64,
    comparison::{EntryComparison, is_blank},
};

/// So many texts may end in dots whatever their share is.
const DOTTED: usize = 2;

/// What tells that the page breaks off in its last row: it begins as a row did before and stops within a cell.
pub(super) fn find_cut_row(reading: &Reading, lang: Lang, comparison: &EntryComparison<'_>) -> Option<String> {
    reading.ends_in_table.filter(|ends| *ends)?;
    let table = reading.tables.last()?;
    let code = table.cell(table.rows.len().checked_sub(1)?, Role::Code);
    let rows: Vec<&Entry> = comparison.last.entries.iter().filter(|entry| entry.has(lang)).collect();
    let is_cut = match rows.iter().find(|entry| entry.printed(lang).1 == code) {
        Some(before) => breaks_off(table, before, lang),
        None => rows.iter().any(|entry| is_beginning(code, entry.printed(lang).1)),
    };
    is_cut.then(|| format!("its last row, `{code}`, breaks off in the middle"))
}

/// What tells that texts stop short where only digests are left of what they were: too many of them end in dots.
pub(super) fn find_dotted(reading: &Reading, comparison: &EntryComparison<'_>, percent: u64) -> Option<String> {
    let is_hidden = |entry: &Entry| [&entry.message, &entry.description, &entry.solution].into_iter().any(hides);
    comparison.last.entries.iter().any(is_hidden).then_some(())?;
    let is_prose = |role: &Role| matches!(role, Role::Message | Role::Description | Role::Solution);
    let cells = |table: &'_ ErrorTable| -> Vec<String> {
        let places: Vec<usize> =
            table.roles.iter().enumerate().filter(|(_, role)| is_prose(role)).map(|(n, _)| n).collect();
        let cells = table.rows.iter().flat_map(|row| places.iter().filter_map(|place| row.get(*place)));
        cells.filter(|cell| !is_blank(cell)).cloned().collect()
    };
    let texts: Vec<String> = reading.tables.iter().flat_map(cells).collect();
    let dotted = texts.iter().filter(|text| text.ends_with('…') || text.ends_with("...")).count();
    let is_much = dotted > DOTTED && as_u64(dotted) * 100 > as_u64(texts.len()) * percent;
    is_much.then(|| format!("{dotted} of its {} texts end in dots", texts.len()))
}

fn hides(text: &Bilingual<String>) -> bool {
    text.iter().any(|(_, text)| is_digest(text))
}

/// Whether the cells of the last row are those of `before` up to one that is only the beginning of what it was.
fn breaks_off(table: &ErrorTable, before: &Entry, lang: Lang) -> bool {
    let Some(row) = table.rows.last() else { return false };
    let cells: Vec<(&str, &str)> = table
        .roles
        .iter()
        .zip(row)
        .zip(&table.header)
        .filter_map(|((role, cell), header)| Some((cell.as_str(), cell_before(before, *role, header, lang)?)))
        .collect();
    let Some(first) = cells.iter().position(|(now, old)| now != old) else { return false };
    let (now, old) = cells[first];
    let rest_is_gone = cells[first + 1..].iter().all(|(now, _)| now.is_empty());
    let has_gone_on = cells[first + 1..].iter().any(|(_, old)| !old.is_empty());
    rest_is_gone && (is_beginning(now, old) || (now.is_empty() && has_gone_on))
}

fn cell_before<'a>(entry: &'a Entry, role: Role, header: &str, lang: Lang) -> Option<&'a str> {
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

/// Whether `now` stops where `old` went on, and is no sentence of its own.
pub(super) fn is_beginning(now: &str, old: &str) -> bool {
    let is_sentence = now.ends_with(['.', '。', '!', '?', '！', '？', ';', '；']);
    !now.is_empty() && now.len() < old.len() && old.starts_with(now) && !is_sentence && !is_digest(old)
}
