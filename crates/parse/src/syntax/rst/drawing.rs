//! Addresses drawn text by display column.

/// Returns the character in each column. A wide character takes two columns, and the second is a NUL. Combining
/// characters take none and are dropped.
pub(super) fn to_columns(line: &str) -> Vec<char> {
    let mut columns = Vec::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\0' => columns.push('\u{fffd}'),
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            c => {
                columns.push(c);
                if is_wide(c) {
                    columns.push('\0');
                }
            }
        }
    }
    columns
}

/// Whether a character takes two columns: the wide blocks of Unicode's East Asian Width that pages use.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}

/// Returns the number of columns of a text.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// Returns the text between two columns.
pub(super) fn slice(columns: &[char], from: usize, to: usize) -> String {
    let to = to.min(columns.len());
    let part = columns.get(from.min(to)..to).unwrap_or_default();
    part.iter().filter(|c| **c != '\0').collect()
}

#[cfg(test)]
mod tests {
    use super::{slice, to_columns, width};

    #[test]
    fn counts_two_columns_for_wide_characters() {
        let columns = to_columns("错误 a");
        assert_eq!(columns.len(), 6);
        assert_eq!(slice(&columns, 2, 5), "误 ");
        assert_eq!(slice(&columns, 9, 2), "");
        assert_eq!(width("错误 a"), 6);
    }
}
