use docdrift_model::ErrorTable;

use crate::alignment::{Alignment, Method, Pair, RowPosition};
use crate::key_columns::{KeyColumns, agree_on_messages, cell};
use crate::matching::Matching;
use crate::overrides::{CodeSpellings, Overrides};
use crate::page_rows::PageRows;
use crate::tables::{self, ByCode};
use crate::text::Vocabulary;
use crate::{candidates, code_blocks};

/// The maximum number of rows of one code on a page for which most pairs of its rows are the same error or look like
/// it. With 4 rows a page at most 4 of 16 pairs are right.
const MAX_ANCHOR_ROWS: usize = 3;

/// Pairs the rows of the zh page with the rows of the en page that document the same error. Accepts any tables: ragged,
/// empty or without columns. Rows without evidence stay unpaired.
pub fn align(zh: &[ErrorTable], en: &[ErrorTable]) -> Alignment {
    align_with_overrides(zh, en, &Overrides::default())
}

/// Pairs rows like [`align`]; overrides take precedence over the evidence.
pub(crate) fn align_with_overrides(zh: &[ErrorTable], en: &[ErrorTable], overrides: &Overrides) -> Alignment {
    if zh.is_empty() || en.is_empty() {
        // Skips the analysis of rows, which is expensive and useless if one page is empty.
        unpaired_alignment(zh, en)
    // The order makes ties fall the same way when the pages are swapped.
    } else if row_contents(zh).gt(row_contents(en)) {
        swap_pages(align_ordered(en, zh, &overrides.swap_pages()))
    } else {
        align_ordered(zh, en, overrides)
    }
}

/// Returns an alignment in which no row has a partner.
fn unpaired_alignment(zh: &[ErrorTable], en: &[ErrorTable]) -> Alignment {
    let rows = |tables: &[ErrorTable]| -> Vec<RowPosition> {
        let table_rows = |(t, table): (usize, &ErrorTable)| (0..table.rows.len()).map(move |r| (t, r));
        tables.iter().enumerate().flat_map(table_rows).collect()
    };
    let tables = tables::in_page_order(&tables::all_tables(zh.len(), en.len(), &[]));
    Alignment { tables, pairs: Vec::new(), zh_only: rows(zh), en_only: rows(en) }
}

fn row_contents(tables: &[ErrorTable]) -> impl Iterator<Item = &Vec<String>> {
    tables.iter().flat_map(|table| std::iter::once(&table.header).chain(&table.rows))
}

fn swap_pages(alignment: Alignment) -> Alignment {
    let mut pairs: Vec<Pair> =
        alignment.pairs.into_iter().map(|pair| Pair { zh: pair.en, en: pair.zh, ..pair }).collect();
    pairs.sort_by_key(|pair| pair.zh);
    let tables: Vec<_> = alignment.tables.into_iter().map(|(zh, en)| (en, zh)).collect();
    Alignment { tables: tables::in_page_order(&tables), pairs, zh_only: alignment.en_only, en_only: alignment.zh_only }
}

fn align_ordered(zh: &[ErrorTable], en: &[ErrorTable], overrides: &Overrides) -> Alignment {
    let mut zh_columns: Vec<KeyColumns> = zh.iter().map(KeyColumns::from_table).collect();
    let mut en_columns: Vec<KeyColumns> = en.iter().map(KeyColumns::from_table).collect();
    let (zh_spellings, en_spellings) = &overrides.spellings;
    let (zh_codes, en_codes) = (fold_codes(zh, &zh_columns, zh_spellings), fold_codes(en, &en_columns, en_spellings));
    let by_code = group_by_code(&zh_codes, &en_codes);
    let tables = tables::pair_tables(zh, en, &by_code);
    let anchors: Vec<(RowPosition, RowPosition)> = by_code.values().flat_map(anchor_pairs).collect();
    agree_on_messages((zh, en), &mut zh_columns, &mut en_columns, &anchors);

    let mut vocabulary = Vocabulary::default();
    let zh_side = PageRows::new(zh, &zh_columns, zh_spellings, &mut vocabulary);
    let en_side = PageRows::new(en, &en_columns, en_spellings, &mut vocabulary);
    let mut matching = Matching::new(&zh_side, &en_side, &vocabulary, &tables);
    apply_overrides(&mut matching, overrides);
    let rounds = [
        code_blocks::pair_unique_codes,
        code_blocks::pair_repeated_codes,
        candidates::pair_by_shared_features,
        code_blocks::pair_large_blocks_in_runs,
        code_blocks::pair_remaining_unique_codes,
    ];
    for round in rounds {
        round(&mut matching);
        matching.update_neighbours();
    }
    build_alignment(&matching, tables::in_page_order(&tables::all_tables(zh.len(), en.len(), &tables)))
}

/// Applies the overrides: makes their pairs and forbids the pairs they exclude.
fn apply_overrides(matching: &mut Matching, overrides: &Overrides) {
    for (zh, en) in &overrides.pairs {
        if let (Some(z), Some(e)) = (matching.zh.row_at(*zh), matching.en.row_at(*en)) {
            matching.add_pair(z, e, Method::Decision, 1.0);
        }
    }
    for (zh, en) in &overrides.apart {
        if let (Some(z), Some(e)) = (matching.zh.row_at(*zh), matching.en.row_at(*en)) {
            matching.forbid(z, e);
        }
    }
    matching.update_neighbours();
}

fn fold_codes(tables: &[ErrorTable], columns: &[KeyColumns], spellings: &CodeSpellings) -> Vec<Vec<String>> {
    let table_codes = |(table, columns): (&ErrorTable, &KeyColumns)| {
        table.rows.iter().map(|row| spellings.code_key(cell(row, columns.code))).collect()
    };
    tables.iter().zip(columns).map(table_codes).collect()
}

fn group_by_code<'a>(zh: &'a [Vec<String>], en: &'a [Vec<String>]) -> ByCode<'a> {
    let mut by_code = ByCode::new();
    for (position, key) in positions(zh) {
        by_code.entry(key).or_default().0.push(position);
    }
    for (position, key) in positions(en) {
        by_code.entry(key).or_default().1.push(position);
    }
    by_code.remove("");
    by_code
}

fn positions(codes: &[Vec<String>]) -> impl Iterator<Item = (RowPosition, &str)> {
    codes.iter().enumerate().flat_map(|(t, keys)| keys.iter().enumerate().map(move |(r, key)| ((t, r), key.as_str())))
}

/// Returns the row pairs of a code, if it stands in so few rows that most of them are real pairs or look like them.
fn anchor_pairs((zh, en): &(Vec<RowPosition>, Vec<RowPosition>)) -> Vec<(RowPosition, RowPosition)> {
    if zh.len().max(en.len()) > MAX_ANCHOR_ROWS {
        return Vec::new();
    }
    zh.iter().flat_map(|z| en.iter().map(|e| (*z, *e))).collect()
}

fn build_alignment(matching: &Matching, tables: Vec<(Option<usize>, Option<usize>)>) -> Alignment {
    let (zh, en) = (&matching.zh.rows, &matching.en.rows);
    let pairs = matching.pairs.iter();
    Alignment {
        tables,
        pairs: pairs
            .map(|(z, (e, method, score))| Pair {
                zh: zh[*z].position,
                en: en[*e].position,
                method: *method,
                score: *score,
            })
            .collect(),
        zh_only: matching.unpaired_zh().into_iter().map(|z| zh[z].position).collect(),
        en_only: matching.unpaired_en().into_iter().map(|e| en[e].position).collect(),
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::{ErrorTable, Role};

    use super::{align, align_ordered};
    use crate::overrides::Overrides;

    #[test]
    fn the_shortcut_for_an_empty_page_gives_the_same_alignment() {
        let table = |codes: &[&str]| ErrorTable {
            header: vec!["Code".into()],
            roles: vec![Role::Code],
            rows: codes.iter().map(|code| vec![(*code).to_owned()]).collect(),
            ..ErrorTable::default()
        };
        let tables = [table(&["Oar.1", "Oar.2", "Oar.1"]), table(&[]), table(&["Oar.1"])];
        for (zh, en) in [(&tables[..], &[][..]), (&[], &tables), (&[], &[])] {
            assert_eq!(align(zh, en), align_ordered(zh, en, &Overrides::default()));
        }
    }
}
