use docdrift_model::ErrorTable;

use crate::alignment::{Alignment, Method, Pair, Place};
use crate::columns::{self, Columns, cell};
use crate::decisions::{Orders, Spellings};
use crate::matching::Matching;
use crate::side::Side;
use crate::tables::{self, ByCode};
use crate::words::Vocabulary;
use crate::{blocks, candidates};

/// A code in more rows than this tells little about any two of them.
const FEW: usize = 3;

/// Pairs the rows of the zh page with the rows of the en page that document the same error. Any tables will do: ragged,
/// empty or without columns; rows that nothing can be told of stay unpaired.
pub fn align(zh: &[ErrorTable], en: &[ErrorTable]) -> Alignment {
    align_by(zh, en, &Orders::default())
}

/// The same, where a maintainer's orders win over the evidence.
pub(crate) fn align_by(zh: &[ErrorTable], en: &[ErrorTable], orders: &Orders) -> Alignment {
    if zh.is_empty() || en.is_empty() {
        // Weighing rows costs much where there is nobody to pair with.
        alone(zh, en)
    // Ties must fall alike whichever page is called the first.
    } else if content(zh).gt(content(en)) {
        mirrored(align_ordered(en, zh, &orders.mirrored()))
    } else {
        align_ordered(zh, en, orders)
    }
}

/// The alignment of rows of which none has a partner.
fn alone(zh: &[ErrorTable], en: &[ErrorTable]) -> Alignment {
    let rows = |tables: &[ErrorTable]| -> Vec<Place> {
        let rows = |(t, table): (usize, &ErrorTable)| (0..table.rows.len()).map(move |r| (t, r));
        tables.iter().enumerate().flat_map(rows).collect()
    };
    let tables = tables::in_order(&tables::all(zh.len(), en.len(), &[]));
    Alignment { tables, pairs: Vec::new(), zh_only: rows(zh), en_only: rows(en) }
}

fn content(tables: &[ErrorTable]) -> impl Iterator<Item = &Vec<String>> {
    tables.iter().flat_map(|table| std::iter::once(&table.header).chain(&table.rows))
}

fn mirrored(alignment: Alignment) -> Alignment {
    let mut pairs: Vec<Pair> =
        alignment.pairs.into_iter().map(|pair| Pair { zh: pair.en, en: pair.zh, ..pair }).collect();
    pairs.sort_by_key(|pair| pair.zh);
    let tables: Vec<_> = alignment.tables.into_iter().map(|(zh, en)| (en, zh)).collect();
    Alignment { tables: tables::in_order(&tables), pairs, zh_only: alignment.en_only, en_only: alignment.zh_only }
}

fn align_ordered(zh: &[ErrorTable], en: &[ErrorTable], orders: &Orders) -> Alignment {
    let mut zh_columns: Vec<Columns> = zh.iter().map(Columns::of).collect();
    let mut en_columns: Vec<Columns> = en.iter().map(Columns::of).collect();
    let (zh_spellings, en_spellings) = &orders.spellings;
    let (zh_codes, en_codes) = (codes(zh, &zh_columns, zh_spellings), codes(en, &en_columns, en_spellings));
    let by_code = by_code(&zh_codes, &en_codes);
    let tables = tables::pair(zh, en, &by_code);
    let anchors: Vec<(Place, Place)> = by_code.values().flat_map(anchors).collect();
    columns::agree_on_messages((zh, en), &mut zh_columns, &mut en_columns, &anchors);

    let mut vocabulary = Vocabulary::default();
    let zh_side = Side::new(zh, &zh_columns, zh_spellings, &mut vocabulary);
    let en_side = Side::new(en, &en_columns, en_spellings, &mut vocabulary);
    let mut matching = Matching::new(&zh_side, &en_side, &vocabulary, &tables);
    obey(&mut matching, orders);
    let rounds =
        [blocks::pair_single, blocks::pair_repeated, candidates::pair_rest, blocks::pair_stretches, blocks::pair_left];
    for round in rounds {
        round(&mut matching);
        matching.look_around();
    }
    answer(&matching, tables::in_order(&tables::all(zh.len(), en.len(), &tables)))
}

/// Makes the pairs that were ordered, and forbids those that were forbidden.
fn obey(matching: &mut Matching, orders: &Orders) {
    for (zh, en) in &orders.pairs {
        if let (Some(z), Some(e)) = (matching.zh.at(*zh), matching.en.at(*en)) {
            matching.pair(z, e, Method::Decision, 1.0);
        }
    }
    for (zh, en) in &orders.apart {
        if let (Some(z), Some(e)) = (matching.zh.at(*zh), matching.en.at(*en)) {
            matching.keep_apart(z, e);
        }
    }
    matching.look_around();
}

fn codes(tables: &[ErrorTable], columns: &[Columns], spellings: &Spellings) -> Vec<Vec<String>> {
    let of_table = |(table, columns): (&ErrorTable, &Columns)| {
        table.rows.iter().map(|row| spellings.key(cell(row, columns.code))).collect()
    };
    tables.iter().zip(columns).map(of_table).collect()
}

fn by_code<'a>(zh: &'a [Vec<String>], en: &'a [Vec<String>]) -> ByCode<'a> {
    let mut by_code = ByCode::new();
    for (place, key) in places(zh) {
        by_code.entry(key).or_default().0.push(place);
    }
    for (place, key) in places(en) {
        by_code.entry(key).or_default().1.push(place);
    }
    by_code.remove("");
    by_code
}

fn places(codes: &[Vec<String>]) -> impl Iterator<Item = (Place, &str)> {
    codes.iter().enumerate().flat_map(|(t, keys)| keys.iter().enumerate().map(move |(r, key)| ((t, r), key.as_str())))
}

/// The rows that a code joins, where it stands in so few that most of them are pairs or look like them.
fn anchors((zh, en): &(Vec<Place>, Vec<Place>)) -> Vec<(Place, Place)> {
    if zh.len().max(en.len()) > FEW {
        return Vec::new();
    }
    zh.iter().flat_map(|z| en.iter().map(|e| (*z, *e))).collect()
}

fn answer(matching: &Matching, tables: Vec<(Option<usize>, Option<usize>)>) -> Alignment {
    let (zh, en) = (&matching.zh.rows, &matching.en.rows);
    let pairs = matching.pairs.iter();
    Alignment {
        tables,
        pairs: pairs
            .map(|(z, (e, method, score))| Pair { zh: zh[*z].place, en: en[*e].place, method: *method, score: *score })
            .collect(),
        zh_only: matching.free_zh().into_iter().map(|z| zh[z].place).collect(),
        en_only: matching.free_en().into_iter().map(|e| en[e].place).collect(),
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::{ErrorTable, Role};

    use super::{align, align_ordered};
    use crate::decisions::Orders;

    #[test]
    fn without_a_page_to_pair_with_the_answer_is_the_same_and_cheap() {
        let table = |codes: &[&str]| ErrorTable {
            header: vec!["Code".into()],
            roles: vec![Role::Code],
            rows: codes.iter().map(|code| vec![(*code).to_owned()]).collect(),
            ..ErrorTable::default()
        };
        let tables = [table(&["Oar.1", "Oar.2", "Oar.1"]), table(&[]), table(&["Oar.1"])];
        for (zh, en) in [(&tables[..], &[][..]), (&[], &tables), (&[], &[])] {
            assert_eq!(align(zh, en), align_ordered(zh, en, &Orders::default()));
        }
    }
}
