//! Which column is the key, where two pages print a code as a word and as a number and each page heads another one as the
//! code.

use std::collections::HashSet;

use docdrift_model::{ErrorTable, Role};

/// The pages agree on their keys if so many codes in a hundred of the smaller page stand on the other one.
const AGREED_PERCENT: usize = 30;
/// Another column is the key if so many of its cells in a hundred are codes of the other page.
const SHARED_PERCENT: usize = 60;

/// Makes both pages use the same column as the code, where their codes differ and another column of one page holds the
/// codes of the other. The column that was the code is kept as an extra.
pub fn agree_on_keys(zh: &mut [ErrorTable], en: &mut [ErrorTable]) {
    let (zh_codes, en_codes) = (codes(zh), codes(en));
    let smaller = zh_codes.len().min(en_codes.len());
    if smaller == 0 || zh_codes.intersection(&en_codes).count() * 100 >= smaller * AGREED_PERCENT {
        return;
    }
    let (in_zh, in_en) = (columns_with(zh, &en_codes), columns_with(en, &zh_codes));
    let count = |columns: &[Option<(usize, usize)>]| columns.iter().flatten().map(|(_, shared)| shared).sum::<usize>();
    let are_words = zh_codes.iter().any(|code| code.chars().any(char::is_alphabetic));
    // Of two columns that both pages have, the words are the key.
    if (count(&in_en), are_words) >= (count(&in_zh), true) {
        use_as_key(en, &in_en);
    } else {
        use_as_key(zh, &in_zh);
    }
}

fn codes(tables: &[ErrorTable]) -> HashSet<String> {
    let of_table = |table: &ErrorTable| {
        (0..table.rows.len()).map(|row| table.cell(row, Role::Code).to_owned()).collect::<Vec<_>>()
    };
    let mut codes: HashSet<String> = tables.iter().flat_map(of_table).collect();
    codes.remove("");
    codes
}

/// The column of each table that holds most of these codes, and how many, if it holds enough.
fn columns_with(tables: &[ErrorTable], codes: &HashSet<String>) -> Vec<Option<(usize, usize)>> {
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
    fn each_page_heads_another_column_as_the_code() {
        let rows = [["LAMP_DARK", "7001"], ["LAMP_HOT", "7002"]];
        let mut zh = [table([Code, Other], &rows)];
        let mut en = [table([Message, Code], &rows)];
        agree_on_keys(&mut zh, &mut en);
        assert_eq!((&zh[0].roles[..], &en[0].roles[..]), (&[Code, Other][..], &[Code, Other][..]));
        // The other way round the words are the key as well.
        let (mut zh, mut en) = ([table([Message, Code], &rows)], [table([Code, Other], &rows)]);
        agree_on_keys(&mut zh, &mut en);
        assert_eq!((&zh[0].roles[..], &en[0].roles[..]), (&[Code, Other][..], &[Code, Other][..]));
    }

    #[test]
    fn pages_that_agree_or_have_nothing_in_common_stay_as_they_are() {
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
