//! Chooses the key column if two pages print a code both as a word and as a number, and each page heads a different one
//! as the code.

use std::collections::HashSet;

use docdrift_model::{ErrorTable, Role};

/// The minimum share of codes of the smaller page, in percent, that the other page must have for the keys to agree.
/// Pages with the same key share nearly all codes; with different keys they share none.
const AGREED_PERCENT: usize = 30;
/// The minimum share of cells of a column, in percent, that are codes of the other page for it to become the key. Some
/// rows stand on one page only.
const SHARED_PERCENT: usize = 60;

/// Makes both pages use the same column as the code if their codes differ and another column of one page holds the
/// codes of the other. The former code column becomes an extra.
pub fn agree_on_keys(zh: &mut [ErrorTable], en: &mut [ErrorTable]) {
    let (zh_codes, en_codes) = (collect_codes(zh), collect_codes(en));
    let smaller = zh_codes.len().min(en_codes.len());
    if smaller == 0 || zh_codes.intersection(&en_codes).count() * 100 >= smaller * AGREED_PERCENT {
        return;
    }
    let (in_zh, in_en) = (columns_holding(zh, &en_codes), columns_holding(en, &zh_codes));
    let count = |columns: &[Option<(usize, usize)>]| columns.iter().flatten().map(|(_, shared)| shared).sum::<usize>();
    let are_words = zh_codes.iter().any(|code| code.chars().any(char::is_alphabetic));
    // If both pages have both columns, the words become the key.
    if (count(&in_en), are_words) >= (count(&in_zh), true) {
        use_as_key(en, &in_en);
    } else {
        use_as_key(zh, &in_zh);
    }
}

fn collect_codes(tables: &[ErrorTable]) -> HashSet<String> {
    let table_codes = |table: &ErrorTable| {
        (0..table.rows.len()).map(|row| table.cell(row, Role::Code).to_owned()).collect::<Vec<_>>()
    };
    let mut codes: HashSet<String> = tables.iter().flat_map(table_codes).collect();
    codes.remove("");
    codes
}

/// Returns for each table the column with the most of these codes and their number, if there are enough.
fn columns_holding(tables: &[ErrorTable], codes: &HashSet<String>) -> Vec<Option<(usize, usize)>> {
    let shared = |table: &ErrorTable, n: usize| {
        table.rows.iter().filter(|row| row.get(n).is_some_and(|cell| codes.contains(cell))).count()
    };
    let best = |table: &ErrorTable| {
        let columns = (0..table.roles.len()).filter(|n| !matches!(table.roles[*n], Role::Code | Role::Status));
        let best = columns.map(|n| (n, shared(table, n))).max_by_key(|(n, shared)| (*shared, usize::MAX - n))?;
        (best.1 * 100 >= table.rows.len() * SHARED_PERCENT && best.1 > 0).then_some(best)
    };
    tables.iter().map(best).collect()
}

fn use_as_key(tables: &mut [ErrorTable], columns: &[Option<(usize, usize)>]) {
    for (table, column) in tables.iter_mut().zip(columns) {
        let Some((key, _)) = column else { continue };
        for role in &mut table.roles {
            if *role == Role::Code {
                *role = Role::Other;
            }
        }
        table.roles[*key] = Role::Code;
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::{
        ErrorTable,
        Role::{self, Code, Message, Other},
    };

    use super::agree_on_keys;

    fn table(roles: [Role; 2], rows: &[[&str; 2]]) -> ErrorTable {
        ErrorTable {
            header: vec![String::new(); 2],
            roles: roles.to_vec(),
            rows: rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect(),
            ..ErrorTable::default()
        }
    }

    #[test]
    fn uses_the_words_if_each_page_heads_a_different_column() {
        let rows = [["LAMP_DARK", "7001"], ["LAMP_HOT", "7002"]];
        let mut zh = [table([Code, Other], &rows)];
        let mut en = [table([Message, Code], &rows)];
        agree_on_keys(&mut zh, &mut en);
        assert_eq!((&zh[0].roles[..], &en[0].roles[..]), (&[Code, Other][..], &[Code, Other][..]));
        // With the pages swapped the words are the key as well.
        let (mut zh, mut en) = ([table([Message, Code], &rows)], [table([Code, Other], &rows)]);
        agree_on_keys(&mut zh, &mut en);
        assert_eq!((&zh[0].roles[..], &en[0].roles[..]), (&[Code, Other][..], &[Code, Other][..]));
    }

    #[test]
    fn leaves_pages_that_agree_or_share_nothing_unchanged() {
        for (zh_rows, en_rows) in [
            ([["A.1", "x"], ["A.2", "y"]], [["A.1", "x"], ["A.3", "A.2"]]),
            ([["A.1", "x"], ["A.2", "y"]], [["B.1", "x"], ["B.2", "y"]]),
        ] {
            let (mut zh, mut en) = ([table([Code, Message], &zh_rows)], [table([Code, Message], &en_rows)]);
            agree_on_keys(&mut zh, &mut en);
            assert_eq!((&zh[0].roles[..], &en[0].roles[..]), (&[Code, Message][..], &[Code, Message][..]));
        }
    }
}
